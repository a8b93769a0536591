"""An index that holds all that the inbox asks of what is open, and one of what is closed alone.

SQLite would take the old one for both, and fetch every open row of a big table.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the one; make the other anew."""

    dependencies: ClassVar = [("consultations", "0007_keeping")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="consultation", name="closed_last"),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["desk", "closed_at", "last_contact_at"],
                name="closed_last",
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=[
                    "desk",
                    "closed_at",
                    "urgency",
                    "unread",
                    "status",
                    "waiting_since",
                    "last_contact_at",
                    "adviser",
                    "safety_check_due",
                    "batch",
                    "matter",
                ],
                name="what_is_open",
            ),
        ),
    ]
