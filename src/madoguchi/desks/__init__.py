"""Desks (相談窓口), the people who work there, their roles and their sign-in."""
