"""The second door's own reckoning: which places the viewer reaches, worked out from the postings by the database.

`umeed.viewer` is set per transaction: a person's id, 'system' for the product's own work, empty for nobody. The list of
roles that see people is written here a second time on purpose; a test holds it equal to access.capabilities.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION umeed_viewer_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('umeed.viewer', true), '') = 'system' $$;

CREATE FUNCTION umeed_role_sees_people(role text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT role IN ('group_bookkeeper', 'vo_bookkeeper', 'clf_bookkeeper', 'resource_person', 'block_officer',
    'district_officer', 'ut_officer', 'mis_officer', 'accounts', 'partner', 'auditor') $$;

CREATE VIEW access_reach AS
    SELECT w.below_id AS place_id, umeed_role_sees_people(p.role) AS people
    FROM access_posting p
    JOIN access_user u ON u.id = p.user_id AND u.is_active
    JOIN places_within w ON w.above_id = p.place_id AND w.during @> (now() AT TIME ZONE 'Asia/Kolkata')::date
    WHERE p.user_id::text = coalesce(current_setting('umeed.viewer', true), '')
      AND p.during @> (now() AT TIME ZONE 'Asia/Kolkata')::date;
"""
BACK = """
DROP VIEW access_reach;
DROP FUNCTION umeed_role_sees_people(text);
DROP FUNCTION umeed_viewer_is_system();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_people_and_postings"), ("places", "0001_missions_and_the_dated_tree")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
