"""Months counted before their cases had tags are counted once more when next read."""

from django.db import migrations


def touch_what_is_counted(apps, schema_editor):
    """Let every month that has columns be counted anew."""
    counted = apps.get_model("statistics", "MonthColumns").objects.values_list("desk", "month")
    touched = apps.get_model("consultations", "TouchedMonth")
    touched.objects.bulk_create(
        touched(desk_id=desk, year=month.year, month=month.month) for desk, month in counted
    )


class Migration(migrations.Migration):

    dependencies = [
        ('statistics', '0004_gathered_frozen'),
        ('consultations', '0010_touched_matters'),
    ]

    operations = [
        migrations.RunPython(touch_what_is_counted, migrations.RunPython.noop),
    ]
