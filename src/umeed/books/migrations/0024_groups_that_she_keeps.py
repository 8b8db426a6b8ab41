"""Which of some groups the viewer reaches, and what each lies in, from the groups upwards.

A phone that sends one meeting in a message asked this through all that its bookkeeper reaches, planned anew each time: a third
of all that PostgreSQL did for the message. It is the same look as that at a book (`umeed_sees_book`), for groups that may not
have one yet; whether she may keep them says the scope, by what they lie in.
"""

from importlib import import_module

from django.db import migrations

one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")

REACHED = f"""
CREATE FUNCTION books_groups_reached(
    asked uuid[], day date, OUT id uuid, OUT book integer, OUT place bigint, OUT places bigint[], OUT above uuid[]
) RETURNS SETOF record LANGUAGE plpgsql STABLE {one_look.PLANNED_ONCE} AS $$
DECLARE {one_pass.VIEWER}
BEGIN
    {one_pass.LOOK}
    RETURN QUERY SELECT i.id, b.id, i.place_id,
        ARRAY(SELECT w.above_id FROM places_within w WHERE w.below_id = i.place_id AND w.during @> day),
        ARRAY(SELECT umeed_federated_above(i.id, day))
    FROM institutions_institution i LEFT JOIN books_book b ON b.institution_id = i.id
    WHERE i.id = ANY(asked) AND i.kind = 'shg' AND (viewer = 'system' OR EXISTS (
        SELECT FROM access_posting p JOIN access_user u ON u.id = p.user_id AND u.is_active
        WHERE p.user_id::text = viewer AND p.during @> umeed_today() AND (
            p.place_id IN (SELECT w.above_id FROM places_within w WHERE w.below_id = i.place_id AND w.during @> umeed_today())
            OR p.institution_id IN (SELECT umeed_federated_above(i.id, umeed_today())))));
    {one_pass.LOOKED}
END $$;
COMMENT ON FUNCTION books_groups_reached IS
    'Of some groups those that the viewer reaches: book, village, and the places and institutions that each lies in on a day.';
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0023_what_a_meeting_names"), ("access", "0005_postings_by_viewer")]
    operations = [migrations.RunSQL(REACHED, "DROP FUNCTION books_groups_reached;")]
