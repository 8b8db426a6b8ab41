"""What PostgreSQL guards by itself: a woman lives where her household is, postings point at real institutions, and the
second door (row security) on every table that holds people.
"""

from django.db import migrations

GUARDS = """
ALTER TABLE institutions_woman ADD CONSTRAINT woman_lives_with_her_household
    FOREIGN KEY (household_id, place_id) REFERENCES institutions_household (id, place_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE access_posting ADD CONSTRAINT posting_institution_exists
    FOREIGN KEY (institution_id) REFERENCES institutions_institution (id) DEFERRABLE INITIALLY DEFERRED;

CREATE VIEW institutions_reach AS
    WITH RECURSIVE held AS (
        SELECT p.institution_id AS id, umeed_role_sees_people(p.role) AS people
        FROM access_posting p
        JOIN access_user u ON u.id = p.user_id AND u.is_active
        WHERE p.institution_id IS NOT NULL
          AND p.user_id::text = coalesce(current_setting('umeed.viewer', true), '')
          AND p.during @> (now() AT TIME ZONE 'Asia/Kolkata')::date
        UNION
        SELECT f.member_id, held.people FROM held
        JOIN institutions_federation f ON f.above_id = held.id
          AND f.during @> (now() AT TIME ZONE 'Asia/Kolkata')::date
    )
    SELECT id, people FROM held;
"""
UNGUARD = """
DROP VIEW institutions_reach;
ALTER TABLE access_posting DROP CONSTRAINT posting_institution_exists;
ALTER TABLE institutions_woman DROP CONSTRAINT woman_lives_with_her_household;
"""

# Uncorrelated subqueries are hashed once a statement, so a long list costs one look-up a row, not a search.
HERE = "place_id IN (SELECT place_id FROM access_reach{people})"
BY_INSTITUTION = "{column} IN (SELECT id FROM institutions_reach{people})"
PEOPLE = " WHERE people"
MEMBER_OF_MINE = (
    "id IN (SELECT m.woman_id FROM institutions_membership m WHERE m.institution_id IN "
    "(SELECT id FROM institutions_reach WHERE people))"
)
HOUSE_OF_MINE = (
    "id IN (SELECT w.household_id FROM institutions_woman w WHERE "
    + MEMBER_OF_MINE.replace("id IN", "w.id IN", 1)
    + ")"
)
INSTITUTION = HERE.format(people="") + " OR " + BY_INSTITUTION.format(column="id", people="")
SEEN_WOMAN = "EXISTS (SELECT 1 FROM institutions_woman w WHERE w.id = woman_id)"
SEEN_INSTITUTION = "EXISTS (SELECT 1 FROM institutions_institution i WHERE i.id = institution_id)"
POLICIES = {
    "institutions_institution": INSTITUTION,
    "institutions_household": HERE.format(people=PEOPLE) + " OR " + HOUSE_OF_MINE,
    "institutions_woman": HERE.format(people=PEOPLE) + " OR " + MEMBER_OF_MINE,
    "institutions_bankaccount": SEEN_INSTITUTION,
    "institutions_consent": SEEN_WOMAN,
    "institutions_officeterm": SEEN_WOMAN,
}


def _secure(table, seen):
    door = f"(SELECT umeed_viewer_is_system()) OR {seen}"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});",
        f"DROP POLICY {table}_seen ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0001_women_and_institutions"),
        ("access", "0002_who_reaches_which_place"),
    ]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        *[_secure(table, seen) for table, seen in POLICIES.items()],
    ]
