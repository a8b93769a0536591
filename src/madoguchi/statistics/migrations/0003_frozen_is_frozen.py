"""What was frozen stays frozen: triggers that refuse to change or delete a published return."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER frozen_no_{verb} BEFORE {VERB} ON statistics_frozenreturn
BEGIN SELECT RAISE(ABORT, 'what was frozen is written once'); END
"""
_SQLITE_REPLACE = """
CREATE TRIGGER frozen_no_replace BEFORE INSERT ON statistics_frozenreturn
WHEN EXISTS (
    SELECT 1 FROM statistics_frozenreturn
    WHERE id = NEW.id OR (
        desk_id = NEW.desk_id AND sort = NEW.sort AND first = NEW.first
        AND last = NEW.last AND version = NEW.version
    )
)
BEGIN SELECT RAISE(ABORT, 'what was frozen is written once'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION frozen_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was frozen is written once'; END $$;
CREATE TRIGGER frozen_no_change BEFORE UPDATE OR DELETE ON statistics_frozenreturn
FOR EACH ROW EXECUTE FUNCTION frozen_refuse();
CREATE TRIGGER frozen_no_truncate BEFORE TRUNCATE ON statistics_frozenreturn
FOR EACH STATEMENT EXECUTE FUNCTION frozen_refuse();
"""
_POSTGRES_BACK = """
DROP TRIGGER frozen_no_change ON statistics_frozenreturn;
DROP TRIGGER frozen_no_truncate ON statistics_frozenreturn;
DROP FUNCTION frozen_refuse();
"""


def add(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Put the triggers on the table."""
    if schema.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema.execute(_SQLITE.format(verb=verb, VERB=verb.upper()))
        schema.execute(_SQLITE_REPLACE)
    else:
        schema.execute(_POSTGRES)


def remove(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Take the triggers off again."""
    if schema.connection.vendor == "sqlite":
        for verb in ("update", "delete", "replace"):
            schema.execute(f"DROP TRIGGER frozen_no_{verb}")
    else:
        schema.execute(_POSTGRES_BACK)


class Migration(migrations.Migration):
    dependencies = [("statistics", "0002_reports")]
    operations = [migrations.RunPython(add, remove)]
