"""What is known already is read for a whole file, in statements of bounded size."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from umeed.institutions.loads.known import Known
from umeed.institutions.tests.making import make_group, make_member, officer_at


def test_the_groups_of_very_many_women_are_asked_for_in_parts(valley):
    group = make_group(valley.chinar, "Roshni")
    tie = make_member(group, "Zeba")
    known = Known(officer_at(valley.north), "women.change")
    with CaptureQueriesContext(connection) as asked:
        found = known.groups_of([tie.woman_id, *(uuid4() for _ in range(10_000))])
    assert found == {tie.woman_id: (group.pk, tie.during.lower)}
    assert len(asked) == 3 and max(len(query["sql"]) for query in asked) < 300_000
