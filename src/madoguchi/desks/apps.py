from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "madoguchi.desks"
    label = "desks"

    def ready(self) -> None:
        import madoguchi.desks.operations.keys
        import madoguchi.desks.tasks  # noqa: F401 (they register themselves)
