"""Row security by functions instead of views (see access 0003 for why and what was measured), and the walk down the
federation as one function for both doors.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION umeed_federated(roots uuid[], day date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 20 AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE held(id) AS (
        SELECT unnest(roots)
        UNION
        SELECT f.member_id FROM held JOIN institutions_federation f ON f.above_id = held.id AND f.during @> day
    ) SELECT held.id FROM held;
END $$;
COMMENT ON FUNCTION umeed_federated(uuid[], date) IS 'The institutions, and all that is federated below them on a day.';

CREATE FUNCTION umeed_institutions(only_people boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT umeed_federated(array_agg(p.institution_id), umeed_today())
    FROM access_posting p JOIN access_user u ON u.id = p.user_id AND u.is_active
    WHERE p.institution_id IS NOT NULL AND p.user_id::text = coalesce(current_setting('umeed.viewer', true), '')
      AND p.during @> umeed_today() AND (umeed_role_sees_people(p.role) OR NOT only_people);
END $$;
COMMENT ON FUNCTION umeed_institutions(boolean) IS
    'Institutions that the viewer reaches by postings today; with true only by roles that see people.';
"""
NO_FUNCTIONS = """
DROP FUNCTION umeed_institutions(boolean);
DROP FUNCTION umeed_federated(uuid[], date);
"""

HERE = (
    "place_id IN (SELECT w.below_id FROM places_within w"
    " WHERE w.above_id IN (SELECT umeed_roots({people})) AND w.during @> umeed_today())"
)
MEMBERS = "SELECT m.woman_id FROM institutions_membership m WHERE m.institution_id IN (SELECT umeed_institutions(true))"
AFTER = {
    "institutions_institution": f"{HERE.format(people='false')} OR id IN (SELECT umeed_institutions(false))",
    "institutions_household": (
        f"{HERE.format(people='true')}"
        f" OR id IN (SELECT w.household_id FROM institutions_woman w WHERE w.id IN ({MEMBERS}))"
    ),
    "institutions_woman": f"{HERE.format(people='true')} OR id IN ({MEMBERS})",
}

OLD_HERE = "place_id IN (SELECT place_id FROM access_reach{people})"
OLD_MEMBERS = (
    "SELECT m.woman_id FROM institutions_membership m WHERE m.institution_id IN "
    "(SELECT id FROM institutions_reach WHERE people)"
)
BEFORE = {
    "institutions_institution": f"{OLD_HERE.format(people='')} OR id IN (SELECT id FROM institutions_reach)",
    "institutions_household": (
        f"{OLD_HERE.format(people=' WHERE people')}"
        f" OR id IN (SELECT w.household_id FROM institutions_woman w WHERE w.id IN ({OLD_MEMBERS}))"
    ),
    "institutions_woman": f"{OLD_HERE.format(people=' WHERE people')} OR id IN ({OLD_MEMBERS})",
}


def _policy(table, seen):
    door = f"(SELECT umeed_viewer_is_system()) OR {seen}"
    return f"ALTER POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});"


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0004_membership_by_institution"),
        ("access", "0003_roots_of_the_viewer"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *[migrations.RunSQL(_policy(table, AFTER[table]), _policy(table, BEFORE[table])) for table in AFTER],
    ]
