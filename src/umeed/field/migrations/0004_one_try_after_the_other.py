"""Tries of one command are looked at one after the other, however many requests bring them at once."""

from django.db import migrations

MAKE = """
CREATE FUNCTION field_turn(who uuid, command uuid) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(42, hashtext(who::text || command::text));
    -- A statement of its own, so that it sees what whoever had the turn before has kept.
    RETURN (SELECT max(c.attempt) FROM field_command c WHERE c.owner_id = who AND c.uid = command);
END $$;
COMMENT ON FUNCTION field_turn(uuid, uuid) IS
    'Waits until nobody else looks at a command; the last try of it that is kept then, NULL when there is none.';
"""
DROP = "DROP FUNCTION field_turn(uuid, uuid);"


class Migration(migrations.Migration):
    dependencies = [("field", "0003_marks_by_triggers")]
    operations = [migrations.RunSQL(MAKE, DROP)]
