from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "madoguchi.statistics"
    label = "statistics"

    def ready(self) -> None:
        import madoguchi.statistics.tasks  # noqa: F401 (they register themselves)
