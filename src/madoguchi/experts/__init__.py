"""Experts who are asked: their hours, the questions to them, what came of it."""
