from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "madoguchi.directory"
    label = "directory"

    def ready(self) -> None:
        """Read every data file once: a server whose data are wrong does not start."""
        from madoguchi.directory.checks import every_fact

        list(every_fact())
