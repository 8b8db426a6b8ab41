"""The dated closure against a plain recount in Python, over random trees and random splits, merges and moves."""

import contextlib
import datetime
import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.places import closure
from umeed.places.actions import NewPlace, merge_places, move_places, split_place
from umeed.places.models import Lying, Place, Within
from umeed.places.tests.world import BEGAN, day, make_mission, us

pytestmark = pytest.mark.django_db
PARENT_KINDS = {"block": "district", "tehsil": "district"}


def holds(during, on):
    return during.lower <= on and (during.upper is None or on < during.upper)


def naive_closure(rows, on):
    """(above, below) pairs of one day, by walking up from every place, as a bookkeeper would."""
    here = [row for row in rows if holds(row.during, on)]
    alive = {row.place_id for row in here if row.line != "merged"}
    alive |= {state.pk for state in Place.objects.filter(kind="state", mission__opened_on__lte=on)}
    pairs = set()
    for place_id in {row.place_id for row in rows} | alive:
        above = reached = {place_id}
        while reached:
            reached = {row.parent_id for row in here if row.place_id in reached} - above
            above = above | reached
        pairs |= {(one, place_id) for one in above & alive}
    return pairs


class Grove:
    """A random tree written at once: every village lies in a block and a tehsil of one district."""

    def __init__(self, draw):
        _mission, self.state = make_mission()
        with audited(by=us(), did="plant"):
            self.districts = [self._make("district", f"D{n}", self.state) for n in range(draw(st.integers(2, 3)))]
            for kind in ("block", "tehsil"):
                for district in self.districts:
                    for n in range(draw(st.integers(1, 2))):
                        self._make(kind, f"{kind[0].upper()}{n} {district.name}", district)
            self.villages = [self._village(draw, n) for n in range(draw(st.integers(2, 6)))]
            closure.rebuild()

    def _make(self, kind, name, *parents):
        place = Place.objects.create(mission=self.state.mission, kind=kind, name=name)
        for parent in parents:
            line = "revenue" if "tehsil" in (kind, parent.kind) else "development"
            Lying.objects.create(place=place, parent=parent, line=line, during=since(BEGAN))
        return place

    def _village(self, draw, n):
        district = draw(st.sampled_from(self.districts))
        parents = [draw(st.sampled_from(self._children(district, kind))) for kind in ("block", "tehsil")]
        return self._make("village", f"V{n}", *parents)

    def _children(self, district, kind):
        return list(Place.objects.filter(kind=kind, lyings__parent=district).order_by("pk"))


def places_of(kind):
    return list(Place.objects.filter(kind=kind).order_by("pk"))


def any_change(draw, n):
    """One change drawn at random; many are refused, which is part of the test."""
    on = BEGAN + datetime.timedelta(days=draw(st.integers(0, 6)))
    what = draw(st.sampled_from(["split", "merge", "move_line", "move_village"]))
    if what == "split":
        place = draw(st.sampled_from(places_of(draw(st.sampled_from(["district", "block", "tehsil"])))))
        held = [row.place for row in Lying.objects.on(on).filter(parent=place).exclude(line="merged")]
        children = draw(st.lists(st.sampled_from(held), unique=True)) if held else []
        split_place(place=place, into=[NewPlace(f"New {n}", children=children)], on=on, by=us())
    elif what == "merge":
        kind = draw(st.sampled_from(["district", "block", "tehsil", "village"]))
        some = places_of(kind)
        merge_places(places=[draw(st.sampled_from(some))], into=draw(st.sampled_from(some)), on=on, by=us())
    elif what == "move_line":
        kind = draw(st.sampled_from(sorted(PARENT_KINDS)))
        parent = draw(st.sampled_from(places_of(PARENT_KINDS[kind])))
        move_places(moves=[(draw(st.sampled_from(places_of(kind))), parent)], on=on, by=us())
    else:
        village = draw(st.sampled_from(places_of("village")))
        parents = [draw(st.sampled_from(places_of(kind))) for kind in ("block", "tehsil")]
        move_places(moves=[(village, parent) for parent in parents], on=on, by=us())


class OneDay:
    """The closure of one day, to add records up over it."""

    def __init__(self, pairs, kinds, records):
        self.pairs, self.kinds, self.records = pairs, kinds, records

    def count_in(self, place_ids):
        """How many records lie in these places, each counted once for each place it lies in."""
        return sum(self.records.get(below, 0) for above, below in self.pairs if above in place_ids)

    def alive(self, kind, inside=None):
        """Places of a kind that exist, in another place if one is given."""
        within = {below for above, below in self.pairs if inside in (None, above)}
        return {a for a, b in self.pairs if a == b and self.kinds[a] == kind and a in within}


def sums_agree(today, state):
    total = sum(today.records.values())
    assert today.count_in({state.pk}) == total, "the State counts every record on every day"
    for kind in ("district", "block", "tehsil", "village"):
        assert today.count_in(today.alive(kind)) == total, f"the {kind}s add up to the State"
    for district in today.alive("district"):
        for kind in ("block", "tehsil"):
            assert today.count_in(today.alive(kind, inside=district)) == today.count_in({district})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sums_over_the_old_and_the_new_tree_agree_on_every_date(db, data):
    with transaction.atomic():
        grove = Grove(data.draw)
        records = {village.pk: data.draw(st.integers(1, 9)) for village in grove.villages}
        for n in range(data.draw(st.integers(1, 6))):
            with contextlib.suppress(Refused):
                any_change(data.draw, n)
        lying, within = list(Lying.objects.all()), list(Within.objects.all())
        kinds = dict(Place.objects.values_list("pk", "kind"))
        for days in range(-1, 8):
            on = BEGAN + datetime.timedelta(days=days)
            pairs = {(row.above_id, row.below_id) for row in within if holds(row.during, on)}
            assert pairs == naive_closure(lying, on)
            if on >= BEGAN:
                sums_agree(OneDay(pairs, kinds, records), grove.state)
        assert closure.first_difference() is None
        transaction.set_rollback(True)


def test_rebuild_makes_the_whole_closure_again(valley):
    kept = set(Within.objects.values_list("above_id", "below_id", "during"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_within")
    assert closure.rebuild() == len(kept)
    assert set(Within.objects.values_list("above_id", "below_id", "during")) == kept
    assert closure.rebuild() == 0, "nothing is written twice"


def test_recount_names_the_first_difference(valley):
    out = io.StringIO()
    call_command("places_recount", stdout=out)
    assert out.getvalue().startswith("equal:")
    Within.objects.filter(above=valley.upper, below=valley.chinar).update(during=since(day("2015-01-01")))
    Within.objects.filter(above=valley.state, below=valley.walnut).delete()
    found = closure.first_difference()
    assert (found.above_id, found.below_id) == (valley.state.pk, valley.walnut.pk)
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("places_recount", stderr=err)
    assert ended.value.code == 1
    assert "village Walnut" in err.getvalue() and "kept nothing" in err.getvalue()
    call_command("places_recount", "--repair", stderr=io.StringIO())
    assert closure.first_difference() is None


def test_a_circle_written_past_the_rules_ends(valley):
    with audited(by=us(), did="break"):
        Lying(place=valley.chinar, parent=valley.deodar, line="merged", during=since(day("2020-01-01"))).save()
        Lying(place=valley.deodar, parent=valley.chinar, line="merged", during=since(day("2020-01-01"))).save()
    closure.refresh([valley.chinar.pk])
    assert Within.objects.filter(above=valley.deodar, below=valley.chinar).exists()
