from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "madoguchi.matters"
    label = "matters"
