"""How changes of the tree are told in "who did what"."""

from umeed.core.audit_pages.queries import changes_of
from umeed.core.models import AuditEntry
from umeed.places.actions import tag_place, untag_place
from umeed.places.tests.world import day, us


def test_a_row_about_a_place_is_told_by_its_name(valley) -> None:
    tag_place(place=valley.chinar, tag="vibrant", on=day("2023-01-01"), by=us())
    untag_place(place=valley.chinar, tag="vibrant", on=day("2024-01-01"), by=us())
    entry = AuditEntry.objects.filter(did="untag_place").get()
    told = changes_of(us(), entry)
    assert [(change.what, change.name) for change in told] == [("Tag of a place", "Chinar")]
