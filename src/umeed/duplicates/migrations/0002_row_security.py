"""The second door: a pair is seen by those who see both women. And a pair goes with a woman whose load is taken back."""

from django.db import migrations

SEEN = "EXISTS (SELECT 1 FROM institutions_woman w WHERE w.id = {0}) AND EXISTS (SELECT 1 FROM institutions_woman w WHERE w.id = {1})"
TABLES = {"duplicates_candidate": ("low_id", "high_id"), "duplicates_merge": ("survivor_id", "merged_id")}
# A load that is taken back deletes its women past Django, so the database itself must take their pairs along.
ENDS = """
DO $$
DECLARE named record;
BEGIN
    FOR named IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'duplicates_candidate'::regclass AND contype = 'f' AND confrelid = 'institutions_woman'::regclass
    LOOP EXECUTE format('ALTER TABLE duplicates_candidate DROP CONSTRAINT %I', named.conname); END LOOP;
END $$;
ALTER TABLE duplicates_candidate
    ADD CONSTRAINT candidate_low_exists FOREIGN KEY (low_id) REFERENCES institutions_woman (id){end} DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT candidate_high_exists FOREIGN KEY (high_id) REFERENCES institutions_woman (id){end} DEFERRABLE INITIALLY DEFERRED;
"""


def _secure(table, seen):
    door = f"(SELECT umeed_viewer_is_system()) OR ({seen})"
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
        ("duplicates", "0001_candidates_and_merges"),
        ("institutions", "0004_membership_by_institution"),
        ("access", "0002_who_reaches_which_place"),
    ]
    operations = [
        migrations.RunSQL(ENDS.replace("{end}", " ON DELETE CASCADE"), ENDS.replace("{end}", "")),
        *[_secure(table, SEEN.format(*ends)) for table, ends in TABLES.items()],
    ]
