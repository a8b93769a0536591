from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "madoguchi.administration"
    label = "administration"

    def ready(self) -> None:
        """Make the jobs of this storey known."""
        from madoguchi.administration import tasks  # noqa: F401 (once apps are ready)
