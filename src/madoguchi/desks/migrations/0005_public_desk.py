from typing import Any

from django.db import migrations, models


def _let_the_only_one_stay(apps: Any, _schema: Any) -> None:
    """One desk ran the public pages so far; where there were several, none did."""
    desks = apps.get_model("desks", "Desk").objects
    if desks.count() == 1:
        desks.update(is_public=True)


class Migration(migrations.Migration):
    dependencies = [
        ("desks", "0004_experts_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="is_public",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(_let_the_only_one_stay, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_public", True)),
                fields=("is_public",),
                name="one_desk_is_public",
            ),
        ),
    ]
