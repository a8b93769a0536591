"""What must not be changed cannot be: triggers that refuse to rewrite the ledger."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER ledger_no_{verb} BEFORE {VERB} ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is written once'; END $$;
CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""
_POSTGRES_BACK = """
DROP TRIGGER ledger_no_change ON ledger_entry;
DROP TRIGGER ledger_no_truncate ON ledger_entry;
DROP FUNCTION ledger_refuse();
"""


def add(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Put the triggers on the table."""
    if schema.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema.execute(_SQLITE.format(verb=verb, VERB=verb.upper()))
    else:
        schema.execute(_POSTGRES)


def remove(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Take the triggers off again."""
    if schema.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema.execute(f"DROP TRIGGER ledger_no_{verb}")
    else:
        schema.execute(_POSTGRES_BACK)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
