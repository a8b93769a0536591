"""Madoguchi (窓口): for the desks that help people harmed online, and for those people."""
