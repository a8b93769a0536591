from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "madoguchi.consultations"
    label = "consultations"

    def ready(self) -> None:
        import madoguchi.consultations.tasks  # noqa: F401 (they register themselves)
