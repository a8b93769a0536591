from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "madoguchi.correspondence"
    label = "correspondence"
