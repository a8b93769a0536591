from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "madoguchi.directory"
    label = "directory"
