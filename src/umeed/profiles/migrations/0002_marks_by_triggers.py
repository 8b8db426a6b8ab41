"""Every change to a record that a profile is counted from marks its village as stale, whichever path wrote it."""

from django.db import migrations

HERE = "SELECT place_id FROM changed"
OF_INSTITUTION = "SELECT i.place_id FROM changed c JOIN institutions_institution i ON i.id = c.{column}"
OF_WOMAN = "SELECT w.place_id FROM changed c JOIN institutions_woman w ON w.id = c.woman_id"
PLACES = {
    "institutions_woman": HERE,
    "institutions_institution": HERE,
    "institutions_membership": f"{OF_INSTITUTION.format(column='institution_id')} UNION {OF_WOMAN}",
    "institutions_officeterm": OF_INSTITUTION.format(column="institution_id"),
    "institutions_bankaccount": OF_INSTITUTION.format(column="institution_id"),
    "institutions_federation": (
        f"{OF_INSTITUTION.format(column='member_id')} UNION {OF_INSTITUTION.format(column='above_id')}"
    ),
    "institutions_consent": OF_WOMAN,
}
EVENTS = {"ins": ("INSERT", "NEW"), "upn": ("UPDATE", "NEW"), "upo": ("UPDATE", "OLD"), "del": ("DELETE", "OLD")}


def _marks(table: str, places: str) -> migrations.RunSQL:
    function = f"profiles_mark_{table.removeprefix('institutions_')}"
    make = f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO profiles_stale (place_id) SELECT DISTINCT place_id FROM ({places}) AS touched;
            RETURN NULL;
        END $$;
    """
    drop = ""
    for short, (event, side) in EVENTS.items():
        make += f"""
            CREATE TRIGGER {function}_{short} AFTER {event} ON {table}
                REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        """
        drop += f"DROP TRIGGER {function}_{short} ON {table};"
    return migrations.RunSQL(make, f"{drop} DROP FUNCTION {function}();")


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_standings"), ("institutions", "0002_guards_and_row_security")]
    operations = [_marks(table, places) for table, places in PLACES.items()]
