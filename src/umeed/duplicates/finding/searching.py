"""Searches a district, or across districts, and keeps what it finds as candidates for review.

A whole district is read even where only a block is asked for: how common a name is decides what it proves, so a pair
scores the same whoever searches. One district is one transaction and fits in memory; a mission is one after the other.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.duplicates.bands import band_of
from umeed.duplicates.finding import records
from umeed.duplicates.finding.likeness import Alike, alike
from umeed.duplicates.models import Candidate, Search, State
from umeed.institutions.models import Woman
from umeed.places.models import Place, Within

Told = Callable[[int, str], None]
Pair = tuple[UUID, UUID]
_LOCK = 7_013_008


@dataclass(frozen=True)
class Found:
    """What a search came to: women read, pairs open for review, of these new ones, and open ones that fell away."""

    women: int
    open: int
    new: int
    gone: int
    milliseconds: int


def search_district(district: Place, *, by: Scope) -> Found:
    """Search one district. `by` is the product itself: what a search reads is not shown to anybody."""
    started = time.monotonic()
    with as_system(), audited(by=by, did="find_duplicates") as trail:
        _one_at_a_time()
        trail.at_place(district.pk)
        gathered = records.women_of(district, by.today)
        pairs = _named(alike(gathered.table), gathered)
        inside = Within.objects.on(by.today).filter(above=district).values("below")
        known = Candidate.objects.filter(low__place__in=inside, high__place__in=inside)
        return _kept(trail, by, district, len(gathered.ids), pairs, list(known), started)


def search_across(*, by: Scope) -> Found:
    """Compare women of different districts who share a phone, an account or an identity number."""
    started = time.monotonic()
    with as_system(), audited(by=by, did="find_duplicates") as trail:
        _one_at_a_time()
        gathered = records.women_across(by.today)
        found = alike(gathered.table, everybody=gathered.everybody)
        apart = [pair for pair in found if gathered.district_of(pair.low) != gathered.district_of(pair.high)]
        known = list(_across_districts(by))
        return _kept(trail, by, None, len(gathered.ids), _named(apart, gathered), known, started)


def search_places(
    places: Iterable[Place] | None, *, by: Scope, told: Told | None = None, only_changed: bool = False
) -> list[tuple[str, Found]]:
    """Search the districts of some places (None: all, and across them), one after the other: (name, what came of it).

    `only_changed` leaves out districts where no record changed since they were last searched.
    """
    tell = told or (lambda percent, words: None)
    with as_system():
        everywhere = places is None
        districts = _districts(places, by)
        wanted = [one for one in districts if not only_changed or _has_changed(one, by)]
    done = []
    for number, district in enumerate(wanted):
        tell(100 * number // (len(wanted) + 1), district.name)
        done.append((district.name, search_district(district, by=by)))
    if everywhere and wanted:
        tell(100 * len(wanted) // (len(wanted) + 1), "Across districts")
        done.append(("Across districts", search_across(by=by)))
    tell(100, "Ready")
    return done


def _districts(places: Iterable[Place] | None, by: Scope) -> list[Place]:
    if places is None:
        here = Within.objects.on(by.today).filter(above__kind="district").values("above")
        return list(Place.objects.filter(kind="district", pk__in=here).order_by("name", "pk"))
    found = {one.pk: one for place in places for one in records.districts_of(place, by.today)}
    return list(found.values())


def _has_changed(district: Place, by: Scope) -> bool:
    last = Search.objects.filter(district=district).order_by("-at").first()
    women = Woman.objects.filter(place__in=Within.objects.on(by.today).filter(above=district).values("below"))
    return women.exists() if last is None else women.filter(changed_at__gt=last.at).exists()


def _one_at_a_time() -> None:
    """Two searches at once would both add the same pair."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _named(found: list[Alike], gathered: records.Gathered) -> dict[Pair, Alike]:
    """The pairs by the women's ids, smaller id first."""
    named = {}
    for pair in found:
        low, high = sorted((gathered.ids[pair.low], gathered.ids[pair.high]))
        named[(low, high)] = pair
    return named


def _across_districts(by: Scope) -> Iterable[Candidate]:
    """Known pairs whose women live in different districts."""
    homes = Within.objects.on(by.today).filter(above__kind="district")
    district = dict(homes.order_by().values_list("below_id", "above_id"))
    for candidate in Candidate.objects.select_related("low", "high").iterator():
        if district.get(candidate.low.place_id) != district.get(candidate.high.place_id):
            yield candidate


def _kept(
    trail: Trail, by: Scope, district: Place | None, women: int, pairs: dict[Pair, Alike], known: list[Candidate],
    started: float,
) -> Found:  # fmt: skip
    """Write what is new, correct what scores differently, drop open pairs that are no longer alike; note the search."""
    by_pair = {(one.low_id, one.high_id): one for one in known}
    by_pair |= _elsewhere(set(pairs) - set(by_pair))
    new = _add(trail, by, {pair: one for pair, one in pairs.items() if pair not in by_pair})
    _correct(trail, by_pair, pairs)
    gone = _drop(trail, [one for pair, one in by_pair.items() if pair not in pairs and one.state == State.OPEN])
    settled = sum(1 for pair in pairs if pair in by_pair and by_pair[pair].state != State.OPEN)
    found = Found(women, len(pairs) - settled, new, gone, int(1000 * (time.monotonic() - started)))
    Search.objects.create(
        district=district, at=timezone.now(), women=women, found=found.open, milliseconds=found.milliseconds
    )
    return found


def _elsewhere(pairs: set[Pair]) -> dict[Pair, Candidate]:
    """Pairs that are known from a time when one of the women lived in another district."""
    if not pairs:
        return {}
    lows = Candidate.objects.filter(low__in={low for low, _high in pairs})
    return {(one.low_id, one.high_id): one for one in lows if (one.low_id, one.high_id) in pairs}


def _add(trail: Trail, by: Scope, pairs: dict[Pair, Alike]) -> int:
    made = [Candidate(low_id=low, high_id=high, found_on=by.today, **_score(one)) for (low, high), one in pairs.items()]
    Candidate.objects.bulk_create(made, batch_size=1000)
    trail.rows("created", Candidate._meta.db_table, [(str(one.pk), None, _noted(one)) for one in made])
    return len(made)


def _correct(trail: Trail, known: dict[Pair, Candidate], pairs: dict[Pair, Alike]) -> None:
    """Open pairs get their new score; settled ones keep the score that the person saw."""
    changed = []
    for pair, one in known.items():
        if pair not in pairs or one.state != State.OPEN:
            continue
        score = _score(pairs[pair])
        if one.signs == score["signs"] and abs(float(one.bits) - score["bits"]) < 0.5 and one.band == score["band"]:
            continue
        before = _noted(one)
        for name, value in score.items():
            setattr(one, name, value)
        one.revision += 1
        changed.append(one)
        trail.rows("changed", Candidate._meta.db_table, [(str(one.pk), before, _noted(one))])
    Candidate.objects.bulk_update(changed, ["bits", "band", "signs", "revision"], batch_size=1000)


def _drop(trail: Trail, gone: list[Candidate]) -> int:
    trail.rows("removed", Candidate._meta.db_table, [(str(one.pk), _noted(one), None) for one in gone])
    Candidate.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)


def _score(one: Alike) -> dict[str, object]:
    return {"bits": one.bits, "band": str(band_of(one.bits)), "signs": one.signs}


def _noted(one: Candidate) -> dict[str, object]:
    """A pair as the audit entry keeps it: who, how likely, what agrees; no value of any record."""
    return {
        "low_id": str(one.low_id), "high_id": str(one.high_id), "band": str(one.band), "bits": f"{one.bits:.2f}",
        "signs": one.signs,
    }  # fmt: skip
