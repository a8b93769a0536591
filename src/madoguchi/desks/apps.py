from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "madoguchi.desks"
    label = "desks"
