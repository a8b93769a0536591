"""Since when a person waits for us, so that writing again costs nobody their place."""

from django.db import migrations, models
from django.db.models import F


def wait_since_the_last_contact(apps, schema_editor):
    """Let whoever has written unread words wait since their last contact: nothing older is sure."""
    rows = apps.get_model("consultations", "Consultation").objects
    rows.filter(unread=True).exclude(status="CLOSED").update(waiting_since=F("last_contact_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0003_touch_what_is_there'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultation',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(wait_since_the_last_contact, migrations.RunPython.noop),
    ]
