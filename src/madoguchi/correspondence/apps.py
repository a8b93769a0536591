from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "madoguchi.correspondence"
    label = "correspondence"

    def ready(self) -> None:
        import madoguchi.correspondence.tasks  # noqa: F401 (they register themselves)
