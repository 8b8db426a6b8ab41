"""Row security asks for the woman of a consent or an office, and the institution of an account, one by one.

Written as an equality, PostgreSQL may turn "is she in sight" into a hash of every woman in sight, which for an officer of
a whole UT is read anew for a single page. A range of one id cannot be hashed, so each is looked up by its key (as in
duplicates 0003).
"""

from django.db import migrations

EQUAL = "EXISTS (SELECT 1 FROM {table} seen WHERE seen.id = {column})"
ONE_BY_ONE = "EXISTS (SELECT 1 FROM {table} seen WHERE seen.id BETWEEN {column} AND {column})"
TABLES = {
    "institutions_consent": ("institutions_woman", "woman_id"),
    "institutions_officeterm": ("institutions_woman", "woman_id"),
    "institutions_bankaccount": ("institutions_institution", "institution_id"),
}


def _policy(table, seen):
    other, column = TABLES[table]
    door = f"(SELECT umeed_viewer_is_system()) OR {seen.format(table=other, column=column)}"
    return f"ALTER POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});"


class Migration(migrations.Migration):
    dependencies = [("institutions", "0009_offices_of_a_woman")]
    operations = [migrations.RunSQL(_policy(table, ONE_BY_ONE), _policy(table, EQUAL)) for table in TABLES]
