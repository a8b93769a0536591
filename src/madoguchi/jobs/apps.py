from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "madoguchi.jobs"
    label = "jobs"

    def ready(self) -> None:
        import madoguchi.jobs.tasks  # noqa: F401 (they register themselves)
