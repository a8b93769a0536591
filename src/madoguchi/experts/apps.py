from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "madoguchi.experts"
    label = "experts"
