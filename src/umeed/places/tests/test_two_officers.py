"""Two officers at the same moment, on two connections: changes of the tree take turns, and each sees the one before."""

import threading

import pytest
from django.db import connection

from umeed.core.actions import Refused
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_system
from umeed.places import closure
from umeed.places.actions import move_place, open_place
from umeed.places.models import Place, Within
from umeed.places.tests.world import Valley, day, make, us

_TREE = ("places_within", "places_placechange", "places_placetag", "places_placename", "places_lying")
_CHAIN = ("core_auditchange", "core_auditentry")
MOVED, LATER = day("2021-03-01"), day("2021-04-01")


@pytest.fixture
def committed_valley(db):
    """A valley that other connections see; it is laid aside by the owner afterwards."""
    made = []
    _on_its_own_connection(lambda: made.append(_valley()))
    yield made[0]
    _on_its_own_connection(_lay_aside)


def _valley() -> Valley:
    valley = Valley()
    valley.west = make("block", "West", valley.upper)
    return valley


def _on_its_own_connection(work) -> None:
    hand = Officer(work)
    hand.start()
    hand.join(timeout=60)
    assert hand.changed.is_set()


def _lay_aside() -> None:
    work_as_owner()
    with connection.cursor() as cursor:
        for table in _CHAIN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in (*_TREE, *_CHAIN, "places_place", "places_mission"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _CHAIN:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    work_as_app()


class Officer(threading.Thread):
    """Somebody who changes the tree on a connection of her own, and keeps her transaction open when told to wait."""

    def __init__(self, change, *, until: threading.Event | None = None) -> None:
        super().__init__(daemon=True)
        self._change, self._until = change, until
        self.changed, self.refused = threading.Event(), None

    def run(self) -> None:
        try:
            with as_system():
                self._change()
                self.changed.set()
                if self._until:
                    self._until.wait(timeout=30)
        except Refused as refused:
            self.refused = {reason.code for reason in refused.refusals}
        finally:
            connection.close()


def _one_after_the_other(first, second) -> tuple[Officer, Officer]:
    """The first has changed the tree and not yet ended; the second begins, and is seen to wait for her."""
    go_on = threading.Event()
    one, other = Officer(first, until=go_on), Officer(second)
    one.start()
    assert one.changed.wait(timeout=30)
    other.start()
    waited = not other.changed.wait(timeout=0.7) and other.is_alive()
    go_on.set()
    for officer in (one, other):
        officer.join(timeout=30)
    assert waited, "the second did not wait for the first"
    return one, other


def test_what_one_opens_in_a_block_lies_where_the_other_just_moved_the_block(committed_valley) -> None:
    valley = committed_valley
    _one_after_the_other(
        lambda: move_place(place=valley.west, parent=valley.lower, on=MOVED, by=us()),
        lambda: open_place(kind="panchayat", name="Meadow", parents=[valley.west], on=LATER, by=us()),
    )
    meadow = Place.objects.get(name="Meadow")
    above = set(Within.objects.on(LATER).filter(below=meadow).values_list("above__name", flat=True))
    assert above == {"Meadow", "West", "Lower", "Testland"}
    assert closure.first_difference() is None


def test_of_two_who_open_the_same_place_the_second_is_told_so(committed_valley) -> None:
    def open_meadow() -> None:
        open_place(kind="panchayat", name="Meadow", parents=[committed_valley.west], on=LATER, by=us())

    one, other = _one_after_the_other(open_meadow, open_meadow)
    assert (one.refused, other.refused) == (None, {"namesake"})
    assert Place.objects.filter(name="Meadow").count() == 1
    assert closure.first_difference() is None
