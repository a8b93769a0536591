"""Waking Django for the commands that need a database."""

import os

import django


def set_up() -> None:
    """Load the settings and the apps, as the server does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
