from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "madoguchi.workbench"
    label = "workbench"
