"""What the tree allows: which kind lies in which, which days and names a change may have. Plain values in, reasons out.

Sources: levels and both lines of the tree from the Local Government Directory; "entered on the day" from the mission's
own practice (a change is recorded once it holds, never ahead of the gazette).
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from umeed.kernel.refusals import N_, Refusal

STATE, DISTRICT, TEHSIL, BLOCK = "state", "district", "tehsil", "block"
PANCHAYAT, VILLAGE, HABITATION = "panchayat", "village", "habitation"
DEVELOPMENT, REVENUE, MERGED = "development", "revenue", "merged"
# From the widest to the narrowest; the order of breadcrumbs.
KINDS = (STATE, DISTRICT, TEHSIL, BLOCK, PANCHAYAT, VILLAGE, HABITATION)

# Which kind may lie directly in which, and in which line of the tree that is.
LINES: Mapping[str, Mapping[str, str]] = {
    STATE: {},
    DISTRICT: {STATE: DEVELOPMENT},
    TEHSIL: {DISTRICT: REVENUE},
    BLOCK: {DISTRICT: DEVELOPMENT},
    PANCHAYAT: {BLOCK: DEVELOPMENT},
    VILLAGE: {TEHSIL: REVENUE, DISTRICT: REVENUE, PANCHAYAT: DEVELOPMENT, BLOCK: DEVELOPMENT},
    HABITATION: {VILLAGE: DEVELOPMENT},
}
SHORTEST_NAME = 2
LONGEST_NAME = 120


def line_of(kind: str, parent_kind: str) -> str | None:
    """The line of the tree in which a place of `kind` lies in one of `parent_kind`; None when it may not."""
    return LINES.get(kind, {}).get(parent_kind)


def kinds_below(kind: str) -> tuple[str, ...]:
    """The kinds that may lie directly in a place of `kind`, widest first."""
    return tuple(below for below in KINDS if kind in LINES[below])


def why_not_name(name: str) -> list[Refusal]:
    """A name has at least two letters, in any script, and fits its column."""
    reasons = []
    if sum(sign.isalpha() for sign in name) < SHORTEST_NAME:
        reasons.append(Refusal("name", "name_too_short", N_("A name has at least two letters.")))
    if len(name) > LONGEST_NAME:
        text = N_("A name has at most %(most)s characters.")
        reasons.append(Refusal("name", "name_too_long", text, {"most": LONGEST_NAME}))
    return reasons


def why_not_on(on: datetime.date, today: datetime.date) -> list[Refusal]:
    """A change is entered on its day or later, never ahead of it."""
    if on > today:
        text = N_("The date lies in the future. Enter the change on the day it holds.")
        return [Refusal("on", "in_the_future", text)]
    return []


def why_not_there(
    name: str, life: Sequence[tuple[datetime.date, datetime.date | None]], on: datetime.date, field: str = "on"
) -> list[Refusal]:
    """A change concerns a place that exists on its day. `life` is its spans `[from, to)`, in order."""
    if any(first <= on and (end is None or on < end) for first, end in life):
        return []
    if not life or on < life[0][0]:
        text = N_("%(place)s did not exist yet on this date.")
        return [Refusal(field, "before_it_existed", text, {"place": name})]
    return [Refusal(field, "no_longer_exists", N_("%(place)s no longer existed on this date."), {"place": name})]


def why_not_until(
    name: str,
    life: Sequence[tuple[datetime.date, datetime.date | None]],
    on: datetime.date,
    until: datetime.date | None,
    field: str = "parent",
) -> list[Refusal]:
    """What receives places must exist for as long as they lie in it."""
    if any(first <= on and (end is None or (until is not None and until <= end)) for first, end in life):
        return []
    text = N_("%(place)s ended later. Choose the place that followed it.")
    return [Refusal(field, "parent_ends", text, {"place": name})]


def why_not_parent(
    kind: str, parent_kind: str, kind_names: Mapping[str, object], field: str = "parent"
) -> list[Refusal]:
    """Whether a place of one kind may lie directly in another. `kind_names` are the kinds in the reader's words."""
    if line_of(kind, parent_kind):
        return []
    text = N_("%(kind)s: it cannot lie directly in this: %(parent_kind)s.")
    named = {"kind": kind_names[kind], "parent_kind": kind_names[parent_kind]}
    return [Refusal(field, "wrong_kind_of_parent", text, named)]


def why_not_parents(kind: str, parent_kinds: Sequence[str], kind_names: Mapping[str, object]) -> list[Refusal]:
    """A place lies in at least one other (a State in none), and in at most one in each line."""
    reasons = [reason for parent in parent_kinds for reason in why_not_parent(kind, parent, kind_names)]
    lines = [line_of(kind, parent) for parent in parent_kinds]
    if LINES[kind] and not parent_kinds:
        reasons.append(Refusal("parent", "no_parent", N_("Say in which place it lies.")))
    if not reasons and len(set(lines)) < len(lines):
        text = N_("It cannot lie in two places of one line of the tree.")
        reasons.append(Refusal("parent", "two_parents", text))
    return reasons


def why_not_together(
    places: Iterable[tuple[str, str, object]], mission: str, state: object, field: str = "parent"
) -> list[Refusal]:
    """Places that are tied belong to one mission and one State. `places` gives (name, mission key, state id)."""
    reasons = []
    for name, its_mission, its_state in places:
        if its_mission != mission:
            text = N_("%(place)s belongs to another mission.")
            reasons.append(Refusal(field, "other_mission", text, {"place": name}))
        elif its_state is not None and state is not None and its_state != state:
            text = N_("%(place)s belongs to another State.")
            reasons.append(Refusal(field, "other_state", text, {"place": name}))
    return reasons


def why_not_merge(kind: str, into_kind: str, same: bool) -> list[Refusal]:
    """Like merges with like, and never with itself; States stay."""
    if same:
        return [Refusal("into", "merged_with_itself", N_("A place cannot be merged into itself."))]
    if kind == STATE:
        return [Refusal(None, "state_stays", N_("A State is not merged here."))]
    if kind != into_kind:
        return [Refusal("into", "other_kind", N_("Only places of the same kind can be merged."))]
    return []


def why_not_end(name: str, children: int, records: int) -> list[Refusal]:
    """A place ends only when nothing would be left without a place: no children, no records."""
    reasons = []
    if children:
        text = N_("Places still lie in %(place)s: %(count)s. Move them first, or merge it into another place.")
        reasons.append(Refusal(None, "children_left", text, {"place": name, "count": children}))
    if records:
        text = N_("Records still stand at %(place)s: %(count)s. Merge it into another place; then they stay counted.")
        reasons.append(Refusal(None, "records_left", text, {"place": name, "count": records}))
    return reasons


def why_not_file(name: str, kind: str, parent_kind: str) -> list[Refusal]:
    """Only villages and panchayats are brought into a block, and only villages into a panchayat."""
    if line_of(kind, parent_kind) == DEVELOPMENT and parent_kind in (BLOCK, PANCHAYAT):
        return []
    text = N_("%(place)s cannot be brought into a block or panchayat this way.")
    return [Refusal("parent", "not_a_block", text, {"place": name})]


def outside_district(name: str) -> Refusal:
    """What a person may not load: everything beyond her own district."""
    return Refusal(None, "outside_district", N_("%(place)s lies outside your district."), {"place": name})
