"""What may be merged and how: which value stays, which of two memberships was entered twice. No database, no clock.

What is judged stands in docs/rules/README.md (“a merge of two records”): merging keeps both histories and can be
undone, and a woman is in one self-help group at a time.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from umeed.kernel.refusals import N_, Refusal

Side = Literal["keep", "other"]
Agreement = Literal["same", "alike", "differs", "one", "none"]

_NOTHING: tuple[object, ...] = (None, "", [], {})
_SELF = N_("A record cannot be merged into itself.")
_MERGED = N_("%(name)s was already merged into another record.")
_REASON = N_("Say why.")
_CHOOSE = N_("Say whether she is in %(keep)s or in %(other)s; she cannot be in both at once.")
_BOTH_DOUBLE = N_("%(keep)s and %(other)s overlap, and both are marked as entered twice. One of them is the real one.")
_DAY_MISSING = N_("Give the day on which the second entry in %(group)s ends.")
_DAY_FUTURE = N_("%(day)s lies in the future; today is %(today)s.")
_DAY_EARLY = N_("The entry in %(group)s began on %(start)s; it ends on a later day.")
_TWO_OFFICES = N_(
    "At the same time one record is %(first)s and the other %(second)s of %(group)s. "
    "One woman holds one office: end one of them first, or these are two women."
)
_LATER_OFFICE = N_("She was elected %(office)s of %(group)s on %(day)s, after the day on which that membership ends.")
_UNDONE = N_("This merge was already undone on %(day)s.")
_MERGED_ON = N_("The kept record was itself merged into another one since. Undo that merge first.")
_CHANGED = N_("%(what)s was changed since the merge.")
_GONE = N_("%(what)s was removed since the merge.")
_NEW_TIES = N_(
    "%(what)s was added to the kept record since the merge, and we cannot know to which of the two it belongs."
)
_LATER_MERGE = N_("Another record was merged into the kept one since. Undo that merge first.")


@dataclass(frozen=True)
class Span:
    """Days `[first, until)`; None is open."""

    first: datetime.date | None
    until: datetime.date | None

    def overlaps(self, other: "Span") -> bool:
        return (self.until is None or other.first is None or other.first < self.until) and (
            other.until is None or self.first is None or self.first < other.until
        )

    def ended(self, day: datetime.date) -> "Span":
        """The same days, but none from `day` on."""
        return Span(self.first, day if self.until is None else min(self.until, day))


@dataclass(frozen=True)
class Tie:
    """A membership, or an office (then `what` is its name), of one of the two records in an institution."""

    id: object
    side: Side
    institution: object
    name: str
    span: Span
    is_group: bool = False
    what: str = ""


@dataclass(frozen=True)
class Double:
    """A membership that the person calls entered twice, and the first day on which it no longer holds."""

    id: object
    on: datetime.date | None


@dataclass(frozen=True)
class Placed:
    """Where a tie rests after the merge: on the kept or on the merged record, and for which days."""

    tie: Tie
    side: Side
    span: Span
    is_double: bool = False


def which_stays(kept: Sequence[object], other: Sequence[object]) -> Side:
    """Which values a merge proposes: what the kept record says, unless the other says all of it and more."""
    said = [(one, two) for one, two in zip(kept, other, strict=True) if one not in _NOTHING]
    agrees = all(one == two for one, two in said)
    return "other" if agrees and sum(two not in _NOTHING for two in other) > len(said) else "keep"


def agreement(kept: object, other: object, *, alike: bool = False) -> Agreement:
    """How two values compare: the same, alike (a name in another spelling), different, only one known, or neither."""
    if kept in _NOTHING or other in _NOTHING:
        return "none" if kept in _NOTHING and other in _NOTHING else "one"
    if kept == other:
        return "same"
    return "alike" if alike else "differs"


def overlapping(keep: Iterable[Tie], other: Iterable[Tie]) -> list[tuple[Tie, Tie]]:
    """Pairs of memberships that one woman cannot have: two groups at once, or one institution twice at once."""
    others = list(other)
    return [
        (one, two)
        for one in keep
        for two in others
        if one.span.overlaps(two.span) and (one.institution == two.institution or (one.is_group and two.is_group))
    ]


def why_not_settle(why: str) -> list[Refusal]:
    """A decision about two people's records has a reason."""
    return [] if why.strip() else [Refusal("why", "reason_missing", _REASON)]


def why_not_merge(*, is_same_record: bool, merged_already: Sequence[str], why: str) -> list[Refusal]:
    """Whether two records may become one; `merged_already` names those that were merged away."""
    reasons = why_not_settle(why)
    if is_same_record:
        reasons.append(Refusal(None, "same_record", _SELF))
    return reasons + [Refusal(None, "merged_already", _MERGED, {"name": name}) for name in merged_already]


def why_not_doubles(
    pairs: Sequence[tuple[Tie, Tie]], doubles: Mapping[object, Double], today: datetime.date
) -> list[Refusal]:
    """Of two memberships at once exactly one was entered twice, and it ends on a day that makes sense."""
    reasons = []
    for number, (keep, other) in enumerate(pairs):
        marked = [tie for tie in (keep, other) if tie.id in doubles]
        names = {"keep": keep.name, "other": other.name}
        if not marked:
            reasons.append(Refusal(f"stays_{number}", "which_group", _CHOOSE, names))
        elif len(marked) == 2:
            reasons.append(Refusal(f"stays_{number}", "both_double", _BOTH_DOUBLE, names))
        else:
            reasons += _why_not_day(f"ends_{number}", marked[0], doubles[marked[0].id].on, today)
    return reasons


def _why_not_day(field: str, tie: Tie, on: datetime.date | None, today: datetime.date) -> list[Refusal]:
    if on is None:
        return [Refusal(field, "day_missing", _DAY_MISSING, {"group": tie.name})]
    if on > today:
        return [Refusal(field, "in_the_future", _DAY_FUTURE, {"day": on, "today": today})]
    if tie.span.first is not None and on <= tie.span.first:
        return [Refusal(field, "before_it_began", _DAY_EARLY, {"group": tie.name, "start": tie.span.first})]
    return []


def placed_memberships(ties: Sequence[Tie], doubles: Mapping[object, Double]) -> list[Placed]:
    """Where every membership rests: with the kept record, unless it was entered twice and still overlaps."""
    real = [Placed(tie, "keep", tie.span) for tie in ties if tie.id not in doubles]
    placed = list(real)
    for tie in ties:
        if tie.id not in doubles:
            continue
        span = tie.span.ended(doubles[tie.id].on or datetime.date.max)
        clashes = overlapping([_with(tie, span)], [one.tie for one in real])
        placed.append(Placed(tie, "other" if clashes else "keep", span, is_double=True))
    return placed


def placed_offices(offices: Sequence[Tie], memberships: Sequence[Placed]) -> list[Placed]:
    """An office goes with the membership it was held in, and ends with it; all others go to the kept record."""
    remains = {one.tie.institution for one in memberships if not one.is_double and one.span.until is None}
    ended = {(one.tie.side, one.tie.institution): one for one in memberships if one.is_double}
    placed = []
    for office in offices:
        membership = ended.get((office.side, office.institution))
        if membership is None or office.institution in remains:
            placed.append(Placed(office, "keep", office.span))
        else:
            end = membership.span.until
            placed.append(Placed(office, membership.side, office.span.ended(end) if end else office.span))
    return placed


def why_not_offices(placed: Sequence[Placed]) -> list[Refusal]:
    """One woman holds one office of an institution at a time, and none after she has left."""
    reasons = [
        Refusal(
            None,
            "office_later",
            _LATER_OFFICE,
            {"office": one.tie.what, "group": one.tie.name, "day": one.span.first},
        )
        for one in placed
        if one.span.first and one.span.until and one.span.until <= one.span.first
    ]
    kept = [one for one in placed if one.side == "keep"]
    for number, one in enumerate(kept):
        for two in kept[number + 1 :]:
            if one.tie.institution == two.tie.institution and one.span.overlaps(two.span):
                values = {"first": one.tie.what, "second": two.tie.what, "group": one.tie.name}
                reasons.append(Refusal(None, "two_offices", _TWO_OFFICES, values))
    return reasons


def _with(tie: Tie, span: Span) -> Tie:
    return Tie(tie.id, tie.side, tie.institution, tie.name, span, tie.is_group, tie.what)


def why_not_undo(
    *,
    undone_on: datetime.date | None,
    is_survivor_merged: bool,
    is_merged_into_since: bool,
    changed: Sequence[str],
    gone: Sequence[str],
    added: Sequence[str],
    why: str,
) -> list[Refusal]:
    """Whether a merge can be taken back exactly: nothing that it touched has changed, nothing was built on it since."""
    if undone_on is not None:
        return [Refusal(None, "undone_already", _UNDONE, {"day": undone_on})]
    reasons = why_not_settle(why)
    if is_survivor_merged:
        reasons.append(Refusal(None, "survivor_merged", _MERGED_ON))
    if is_merged_into_since:
        reasons.append(Refusal(None, "later_merge", _LATER_MERGE))
    reasons += [Refusal(None, "changed_since", _CHANGED, {"what": what}) for what in changed]
    reasons += [Refusal(None, "gone_since", _GONE, {"what": what}) for what in gone]
    reasons += [Refusal(None, "added_since", _NEW_TIES, {"what": what}) for what in added]
    return reasons
