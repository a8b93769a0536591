"""SQLite's INSERT OR REPLACE deletes a row without asking its triggers: refuse it, too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_TRIGGER = """
CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger_entry
WHEN EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE id = NEW.id OR (chain = NEW.chain AND seq = NEW.seq)
)
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END
"""


def add(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Put the trigger on the table."""
    if schema.connection.vendor == "sqlite":
        schema.execute(_TRIGGER)


def remove(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Take it off again."""
    if schema.connection.vendor == "sqlite":
        schema.execute("DROP TRIGGER ledger_no_replace")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_triggers")]
    operations = [migrations.RunPython(add, remove)]
