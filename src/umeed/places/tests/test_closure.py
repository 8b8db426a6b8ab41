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


def naive_closure(on):
    """(above, below) pairs of one day, by walking up from every place, as a bookkeeper would."""
    lying, life = {}, {}
    for row in Lying.objects.select_related("place"):
        if on in row_days(row):
            lying.setdefault(row.place_id, []).append(row.parent_id)
            if row.line != "merged":
                life[row.place_id] = True
    for state in Place.objects.filter(kind="state"):
        life[state.pk] = on >= state.mission.opened_on
    pairs = set()
    for place in Place.objects.all():
        above = reached = {place.pk}
        while reached:
            reached = {parent for one in reached for parent in lying.get(one, [])} - above
            above = above | reached
        pairs |= {(one, place.pk) for one in above if life.get(one)}
    return pairs


class row_days:  # noqa: N801 (reads as a word: `on in row_days(row)`)
    def __init__(self, row):
        self.first, self.end = row.during.lower, row.during.upper

    def __contains__(self, on):
        return self.first <= on and (self.end is None or on < self.end)


def kept_closure(on):
    return set(Within.objects.on(on).values_list("above_id", "below_id"))


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


def count_in(place_ids, records, on):
    """How many records lie in any of these places, each counted once for each place it lies in."""
    lying = Within.objects.on(on).filter(above__in=place_ids).values_list("below_id", flat=True)
    return sum(records.get(below_id, 0) for below_id in lying)


def alive(on, **which):
    ids = Within.objects.on(on).filter(above__in=Place.objects.filter(**which)).values_list("above_id", "below_id")
    return [above for above, below in ids if above == below]


def sums_agree(state, records, on):
    total = sum(records.values())
    assert count_in([state.pk], records, on) == total, "the State counts every record on every day"
    for kind in ("district", "block", "tehsil", "village"):
        assert count_in(alive(on, kind=kind), records, on) == total, f"the {kind}s add up to the State"
    for district in alive(on, kind="district"):
        inside = Within.objects.on(on).filter(above=district).values_list("below_id", flat=True)
        for kind in ("block", "tehsil"):
            parts = alive(on, kind=kind, pk__in=list(inside))
            assert count_in(parts, records, on) == count_in([district], records, on)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sums_over_the_old_and_the_new_tree_agree_on_every_date(db, data):
    with transaction.atomic():
        grove = Grove(data.draw)
        records = {village.pk: data.draw(st.integers(1, 9)) for village in grove.villages}
        for n in range(data.draw(st.integers(1, 6))):
            with contextlib.suppress(Refused):
                any_change(data.draw, n)
        for days in range(-1, 8):
            on = BEGAN + datetime.timedelta(days=days)
            assert kept_closure(on) == naive_closure(on)
            if on >= BEGAN:
                sums_agree(grove.state, records, on)
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
    with pytest.raises(SystemExit):
        call_command("places_recount", "--repair", stderr=io.StringIO())
    assert closure.first_difference() is None


def test_a_circle_written_past_the_rules_ends(valley):
    with audited(by=us(), did="break"):
        Lying(place=valley.chinar, parent=valley.deodar, line="merged", during=since(day("2020-01-01"))).save()
        Lying(place=valley.deodar, parent=valley.chinar, line="merged", during=since(day("2020-01-01"))).save()
    closure.refresh([valley.chinar.pk])
    assert Within.objects.filter(above=valley.deodar, below=valley.chinar).exists()
