"""Loads that were judged before it was counted how many of their rows wait, or are not in the file: counted now.

A page tells what stands under its tabs by these counts, and others than the sender cannot count the rows themselves.
"""

from django.db import migrations

COUNT = """
UPDATE core_load SET counts = jsonb_build_object('gone', counted.gone) || counted.waits || counts
FROM (
    SELECT load_id, count(*) FILTER (WHERE number = 0) AS gone,
        CASE WHEN count(*) FILTER (WHERE number <> 0 AND after <> '{}') = 0 THEN '{}'::jsonb
        ELSE jsonb_build_object('waits', count(*) FILTER (WHERE number <> 0 AND after <> '{}')) END AS waits
    FROM core_loadrow WHERE what = 'leave' GROUP BY load_id
) AS counted
WHERE counted.load_id = core_load.id AND counts <> '{}' AND NOT counts ?& ARRAY['gone', 'waits'];
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_saved_views")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
