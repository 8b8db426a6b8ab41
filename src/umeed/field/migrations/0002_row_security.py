"""The second door: what a phone sent is seen by whose phone it is, and by those who see people where the group lies.

Whose posting ended sees the group no more, and still what she sent herself: she learns what became of it. Phones, codes
and keys are read before anybody is known; marks hold ids.
"""

from django.db import migrations

# Her own first: asked of every command that comes.
SEEN = """(SELECT umeed_viewer_is_system())
    OR owner_id::text = (SELECT coalesce(current_setting('umeed.viewer', true), ''))
    OR group_id IN (SELECT umeed_institutions(true))
    OR group_id IN (SELECT i.id FROM institutions_institution i WHERE i.place_id IN (SELECT umeed_places(true)))"""


def _secure(table):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_seen ON {table} USING ({SEEN}) WITH CHECK ({SEEN});",
        f"DROP POLICY {table}_seen ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0001_phones_and_commands"),
        ("institutions", "0013_a_short_second_door"),
        ("access", "0003_roots_of_the_viewer"),
    ]
    operations = [_secure("field_command"), _secure("field_page")]
