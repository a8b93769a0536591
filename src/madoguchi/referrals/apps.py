from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "madoguchi.referrals"
    label = "referrals"

    def ready(self) -> None:
        import madoguchi.referrals.tasks  # noqa: F401 (they register themselves)
