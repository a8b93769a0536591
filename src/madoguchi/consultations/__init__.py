"""Consultations (相談) and the contacts they are made of."""
