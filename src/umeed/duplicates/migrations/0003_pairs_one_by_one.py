"""Row security asks for the two women of a pair one by one.

Written as an equality, PostgreSQL turned "is she in sight" into a hash of all women in sight: 250 ms in a district of 45,000
women for a list of 170 pairs. A range of one id cannot be hashed, so each woman is looked up by her key: 6 ms.
"""

from django.db import migrations

EQUAL = "EXISTS (SELECT 1 FROM institutions_woman w WHERE w.id = {0})"
ONE_BY_ONE = "EXISTS (SELECT 1 FROM institutions_woman w WHERE w.id BETWEEN {0} AND {0})"
TABLES = {"duplicates_candidate": ("low_id", "high_id"), "duplicates_merge": ("survivor_id", "merged_id")}


def _policy(table, seen):
    both = " AND ".join(seen.format(column) for column in TABLES[table])
    door = f"(SELECT umeed_viewer_is_system()) OR ({both})"
    return f"ALTER POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});"


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0002_row_security")]
    operations = [migrations.RunSQL(_policy(table, ONE_BY_ONE), _policy(table, EQUAL)) for table in TABLES]
