"""The second door by one function a question, so that PostgreSQL has little to plan.

A question about one woman took 0.75 ms to plan, about an outside id 5 ms, and 0.1 ms to answer: each policy was planned with
all policies of the tables it named, anew for every question. A function's own plan is kept by the session. The conditions
stay `… IN (SELECT …)`, hashed once a question, as access 0003 asks.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION umeed_places(only_people boolean) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 100 AS $$
BEGIN
    RETURN QUERY
    SELECT w.below_id FROM places_within w
    WHERE w.above_id IN (SELECT umeed_roots(only_people)) AND w.during @> umeed_today();
END $$;
COMMENT ON FUNCTION umeed_places(boolean) IS
    'Places that the viewer reaches by postings today; with true only by roles that see people.';

CREATE FUNCTION umeed_members() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 20 AS $$
BEGIN
    RETURN QUERY
    SELECT m.woman_id FROM institutions_membership m WHERE m.institution_id IN (SELECT umeed_institutions(true));
END $$;
COMMENT ON FUNCTION umeed_members() IS
    'Women who are or were members of institutions that the viewer reaches today by roles that see people.';

CREATE FUNCTION umeed_households() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 20 AS $$
BEGIN
    RETURN QUERY
    SELECT w.household_id FROM institutions_woman w WHERE w.id IN (SELECT umeed_members());
END $$;
COMMENT ON FUNCTION umeed_households() IS 'Households of the women of umeed_members().';
"""
NO_FUNCTIONS = """
DROP FUNCTION umeed_households();
DROP FUNCTION umeed_members();
DROP FUNCTION umeed_places(boolean);
"""

AFTER = {
    "institutions_institution": (
        "place_id IN (SELECT umeed_places(false)) OR id IN (SELECT umeed_institutions(false))"
    ),
    "institutions_household": "place_id IN (SELECT umeed_places(true)) OR id IN (SELECT umeed_households())",
    "institutions_woman": "place_id IN (SELECT umeed_places(true)) OR id IN (SELECT umeed_members())",
}

HERE = (
    "place_id IN (SELECT w.below_id FROM places_within w"
    " WHERE w.above_id IN (SELECT umeed_roots({people})) AND w.during @> umeed_today())"
)
MEMBERS = "SELECT m.woman_id FROM institutions_membership m WHERE m.institution_id IN (SELECT umeed_institutions(true))"
BEFORE = {
    "institutions_institution": f"{HERE.format(people='false')} OR id IN (SELECT umeed_institutions(false))",
    "institutions_household": (
        f"{HERE.format(people='true')}"
        f" OR id IN (SELECT w.household_id FROM institutions_woman w WHERE w.id IN ({MEMBERS}))"
    ),
    "institutions_woman": f"{HERE.format(people='true')} OR id IN ({MEMBERS})",
}


def _policy(table, seen):
    door = f"(SELECT umeed_viewer_is_system()) OR {seen}"
    return f"ALTER POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});"


class Migration(migrations.Migration):
    dependencies = [("institutions", "0012_ids_seen_with_their_record")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *[migrations.RunSQL(_policy(table, AFTER[table]), _policy(table, BEFORE[table])) for table in AFTER],
    ]
