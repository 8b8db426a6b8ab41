"""What pages read: the pairs to review, one pair side by side, one merge with both histories. Scope first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When

from umeed.core.audit_pages.queries import Difference, Event, history_of
from umeed.core.scope import Scope
from umeed.duplicates import rules
from umeed.duplicates.actions.reaching import SETTLE
from umeed.duplicates.actions.ties import CARRIED, Ties, ties_of
from umeed.duplicates.bands import Band
from umeed.duplicates.fields import PARTS, Part
from umeed.duplicates.models import Candidate, Merge, Search, State
from umeed.institutions.models import Institution, Membership, Woman
from umeed.kernel.names import spelling_key
from umeed.places.models import Place, Within
from umeed.places.queries import roots_of

LATER = "later"
EVENTS = 30


@dataclass(frozen=True)
class Asked:
    """What a reviewer looks for: a state (or put off), a band, a place; empty is all."""

    state: str = State.OPEN
    band: str = ""
    place_id: int | None = None


def pairs(scope: Scope, asked: Asked) -> QuerySet[Candidate]:
    """Pairs of which the viewer may settle both women, strongest first, with both women and their villages."""
    rows = _narrowed(scope, asked)
    if asked.band:
        rows = rows.filter(band=asked.band)
    order = ("-bits", "pk") if asked.state in (State.OPEN, LATER) else ("-settled_at", "pk")
    return rows.select_related("low__place", "high__place").order_by(*order)


@dataclass(frozen=True)
class Counts:
    """How many pairs there are in a place: by state, and by band of the state asked for ('' is all bands)."""

    by_state: Mapping[str, int]
    by_band: Mapping[str, int]


def counts(scope: Scope, asked: Asked) -> Counts:
    """Pairs by state and by band, in the place asked for. One query."""
    is_off = Case(When(put_off_until__gt=scope.today, then=True), default=False)
    rows = _in_place(_seen(scope), scope, asked).annotate(off=is_off).order_by()
    by_state, by_band = dict.fromkeys((*State.values, LATER), 0), dict.fromkeys(("", *Band.values), 0)
    for state, off, band, count in rows.values_list("state", "off", "band").annotate(count=Count("pk")):
        state = LATER if state == State.OPEN and off else state
        by_state[state] += count
        if state == asked.state:
            by_band[band] += count
            by_band[""] += count
    return Counts(by_state, by_band)


def counts_by_state(scope: Scope) -> Mapping[str, int]:
    """How many pairs there are to review (`open`), put off (`later`), and settled either way. One query."""
    return counts(scope, Asked()).by_state


def _seen(scope: Scope) -> QuerySet[Candidate]:
    """Pairs in sight; an open pair whose woman was merged elsewhere waits until that merge is undone."""
    whole = Q(low__merged_into__isnull=True, high__merged_into__isnull=True)
    return Candidate.objects.seen_by(scope, SETTLE).filter(whole | ~Q(state=State.OPEN))


def _narrowed(scope: Scope, asked: Asked) -> QuerySet[Candidate]:
    rows = _seen(scope).filter(state=State.OPEN if asked.state == LATER else asked.state)
    off = Q(put_off_until__gt=scope.today)
    if asked.state == LATER:
        rows = rows.filter(off)
    elif asked.state == State.OPEN:
        rows = rows.exclude(off)
    return _in_place(rows, scope, asked)


def _in_place(rows: QuerySet[Candidate], scope: Scope, asked: Asked) -> QuerySet[Candidate]:
    if asked.place_id is None:
        return rows
    inside = Within.objects.on(scope.today).filter(above=asked.place_id).values("below")
    return rows.filter(Q(low__place__in=inside) | Q(high__place__in=inside))


def places_to_choose(scope: Scope) -> list[Place]:
    """The places directly below those where the viewer settles duplicates, for the filter. Two queries."""
    roots = [root.pk for root in roots_of(scope, capability=SETTLE)]
    inside = Within.objects.on(scope.today).filter(above__in=roots).exclude(above=F("below"))
    kinds = dict(Place.objects.filter(pk__in=roots).values_list("pk", "kind"))
    wanted = {_NEXT[kind] for kind in kinds.values() if kind in _NEXT}
    return list(Place.objects.filter(pk__in=inside.values("below"), kind__in=wanted).order_by("name", "pk"))


_NEXT = {"state": "district", "district": "block", "block": "panchayat", "tehsil": "village", "panchayat": "village"}


def last_search(scope: Scope) -> Search | None:
    """The last search of the district(s) in which the viewer works; of several, the oldest of their last ones."""
    roots = scope.place_roots(SETTLE)
    here = Within.objects.on(scope.today)
    above = here.filter(below__in=roots, above__kind="district").values("above")
    below = here.filter(above__in=roots, below__kind="district").values("below")
    mine = Search.objects.filter(Q(district__in=above) | Q(district__in=below))
    newest = mine.order_by("district", "-at").distinct("district")
    return min(newest, key=lambda search: search.at, default=None)


def groups_of(scope: Scope, woman_ids: Sequence[UUID]) -> dict[UUID, str]:
    """{woman: name of her self-help group today}, as far as the viewer sees groups. One query."""
    seen = Institution.objects.seen_by(scope, "institutions.see").values("pk")
    rows = Membership.objects.on(scope.today).filter(woman__in=woman_ids, kind="shg", institution__in=seen)
    return dict(rows.order_by().values_list("woman_id", "institution__name"))


def pair_of(scope: Scope, pk: UUID) -> Candidate | None:
    """One pair with both women, or None when the viewer may not settle both."""
    rows = Candidate.objects.seen_by(scope, SETTLE).filter(pk=pk)
    return rows.select_related("low__place", "low__household", "high__place", "high__household").first()


@dataclass(frozen=True)
class Compared:
    """One part of two records: how they compare, and whose value a merge proposes to keep."""

    part: Part
    agreement: rules.Agreement
    stays: rules.Side


@dataclass(frozen=True)
class Comparison:
    """Two records side by side: `keep` is the one that a merge would keep."""

    keep: Woman
    other: Woman
    parts: list[Compared]
    ties: Ties
    overlapping: list[tuple[rules.Tie, rules.Tie]]
    neighbours: list[str] = field(default_factory=list)


def comparison(scope: Scope, keep: Woman, other: Woman) -> Comparison:
    """Two women of a pair that the viewer may settle, part by part, with what hangs on them. Nine queries."""
    ties = ties_of(scope, keep, other)
    return Comparison(
        keep, other, [_compared(part, keep, other) for part in PARTS], ties, ties.overlapping(),
        neighbours=_in_both(scope, ties),
    )  # fmt: skip


def _compared(part: Part, keep: Woman, other: Woman) -> Compared:
    mine, hers = list(part.values(keep).values()), list(part.values(other).values())
    if part.key == "born":
        mine, hers = [keep.born_on or keep.born_year, *mine], [other.born_on or other.born_year, *hers]
    if part.key == "home":
        agrees: rules.Agreement = rules.agreement(mine, hers, alike=keep.place_id == other.place_id)
    else:
        agrees = rules.agreement(mine[0], hers[0], alike=_alike(part, keep, other))
    return Compared(part, agrees, rules.which_stays(mine, hers))


def _alike(part: Part, keep: Woman, other: Woman) -> bool:
    """Whether two different values may still mean one thing: a name in another spelling, a year and a day in it."""
    if part.key == "born":
        return keep.born_year is not None and keep.born_year == other.born_year
    return part.key in ("name", "belonging") and _sounds_alike(part.value(keep), part.value(other))


def turned(one: Compared, keep: Woman, other: Woman) -> rules.Side:
    """Whose value is proposed when the second record of a comparison is the one to keep."""
    return _compared(one.part, keep, other).stays


def _sounds_alike(one: object, two: object) -> bool:
    return bool(one and two) and spelling_key(str(one)) == spelling_key(str(two))


def _in_both(scope: Scope, ties: Ties) -> list[str]:
    """Women who are members of a group of each: neighbours who can tell whether she is one. One query."""
    mine = {row.institution_id for row in ties.memberships if ties.side(row) == "keep" and row.kind == "shg"}
    hers = {row.institution_id for row in ties.memberships if ties.side(row) == "other" and row.kind == "shg"}
    if not mine or not hers:
        return []
    members = Membership.objects.filter(institution__in=mine).values("woman")
    both = Membership.objects.filter(institution__in=hers, woman__in=members)
    both = both.exclude(woman__in=[ties.keep.pk, ties.other.pk])
    women = Woman.objects.filter(pk__in=both.values("woman")).seen_by(scope, "women.see").order_by("name", "pk")
    return list(women.values_list("name", flat=True)[:12])


def merge_of(scope: Scope, pk: UUID) -> Merge | None:
    """One merge with both women, or None when the viewer may not settle both."""
    rows = Merge.objects.seen_by(scope, SETTLE).filter(pk=pk)
    return rows.select_related("survivor__place", "survivor__household", "merged__place", "merged__household").first()


def merge_of_pair(pair: Candidate) -> Merge | None:
    """The merge of a pair that holds today. One query."""
    women = [pair.low_id, pair.high_id]
    return Merge.objects.filter(survivor__in=women, merged__in=women, undone_at__isnull=True).first()


def merges_of(scope: Scope, woman_id: UUID) -> list[Merge]:
    """Every merge in which a woman's record was kept or merged, newest first. One query where there is none."""
    rows = Merge.objects.filter(Q(survivor=woman_id) | Q(merged=woman_id))
    if not rows.exists():
        return []
    return list(rows.seen_by(scope, SETTLE).select_related("survivor", "merged").order_by("-merged_at"))


def history_of_merge(scope: Scope, merge: Merge, *, may_see: frozenset[str]) -> tuple[list[Event], list[Event]]:
    """What happened to the kept and to the merged record and to what hung on each, newest first. Nine queries.

    What the merge carried over belongs to the history of the record from which it came.
    """
    carried = [
        (CARRIED[one["model"]]._meta.db_table, one["id"])
        for one in merge.moved["changes"]
        if one["model"] in CARRIED and one["before"].get("woman_id") == str(merge.merged_id)
    ]
    ids = {pk for _table, pk in carried}
    hers = [(table, pk) for table, pk in _tied(merge.survivor_id) if str(pk) not in ids]
    theirs = [("institutions_woman", merge.merged_id), *_tied(merge.merged_id), *carried]
    names = {str(woman.pk): woman.name for woman in (merge.survivor, merge.merged)}
    return (
        _named(history_of(("institutions_woman", merge.survivor_id), *hers, may_see=may_see, count=EVENTS), names),
        _named(history_of(*theirs, may_see=may_see, count=EVENTS), names),
    )


def history_of_pair(scope: Scope, pair: Candidate, *, may_see: frozenset[str]) -> tuple[list[Event], list[Event]]:
    """What happened to each record of a pair and to what hangs on it, newest first. Fourteen queries."""
    names = {str(woman.pk): woman.name for woman in (pair.low, pair.high)}
    first, second = (
        _named(history_of(("institutions_woman", pk), *_tied(pk), may_see=may_see, count=EVENTS), names)
        for pk in (pair.low_id, pair.high_id)
    )
    return first, second


def _named(events: list[Event], names: Mapping[str, str]) -> list[Event]:
    """The same events with the two women's names where a change tells only their ids."""

    def told(one: Difference) -> Difference:
        return replace(one, before=names.get(one.before, one.before), after=names.get(one.after, one.after))

    return [replace(event, changes=tuple(told(one) for one in event.changes)) for event in events]


def _tied(woman_id: UUID) -> list[tuple[str, UUID]]:
    return [
        (model._meta.db_table, pk)
        for model in CARRIED.values()
        for pk in model.objects.filter(woman=woman_id).values_list("pk", flat=True)
    ]


def may_see_of(scope: Scope, women: Sequence[Woman]) -> frozenset[str]:
    """Of the sensitive parts' capabilities those that hold over every one of the women. One query each at most."""
    wanted = {part.sealed for part in PARTS if part.sealed and scope.can(part.sealed)}
    ids = {woman.pk for woman in women}
    return frozenset(one for one in wanted if Woman.objects.filter(pk__in=ids).seen_by(scope, one).count() == len(ids))
