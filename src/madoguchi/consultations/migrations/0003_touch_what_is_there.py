"""Months with contacts from before they were kept in step are counted when next read."""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models.functions import TruncMonth

JAPAN = ZoneInfo("Asia/Tokyo")


def touch_what_is_there(apps, schema_editor):
    """Let every month that already has contacts be counted."""
    contacts = apps.get_model("consultations", "Contact").objects
    months = contacts.annotate(begin=TruncMonth("at", tzinfo=JAPAN)).values_list("desk", "begin")
    touched = apps.get_model("consultations", "TouchedMonth")
    touched.objects.bulk_create(
        touched(desk_id=desk, year=begin.year, month=begin.month)
        for desk, begin in months.distinct()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0002_touched_months'),
    ]

    operations = [
        migrations.RunPython(touch_what_is_there, migrations.RunPython.noop),
    ]
