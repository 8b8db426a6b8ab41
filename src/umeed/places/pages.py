"""What the pages of the tree show, as plain values: one place on a day, its children, its history in sentences."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from umeed.core.audit_pages import words
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day as day_in_words
from umeed.core.templatetags.umeed_text import grouped, listed
from umeed.places import naming, queries, rules
from umeed.places.models import Kind, Line, Place, PlaceChange, Tag

PLURALS = {
    Kind.STATE: gettext_lazy("States and UTs"),
    Kind.DISTRICT: gettext_lazy("Districts"),
    Kind.TEHSIL: gettext_lazy("Tehsils"),
    Kind.BLOCK: gettext_lazy("Blocks"),
    Kind.PANCHAYAT: gettext_lazy("Panchayats"),
    Kind.VILLAGE: gettext_lazy("Villages"),
    Kind.HABITATION: gettext_lazy("Habitations"),
}
_What = PlaceChange.What


@dataclass(frozen=True)
class Group:
    """Children of one kind: the rows of a table."""

    title: Any
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Told:
    """One line of what happened to a place."""

    on: datetime.date | None
    text: str
    why: str
    note: str
    url: str


@dataclass(frozen=True)
class Span:
    """What was so for a time: a name, a parent, a tag."""

    text: str
    since: datetime.date | None
    until: datetime.date | None


@dataclass(frozen=True)
class PlacePage:
    """One place as it was on a day. `name` is in the reader's language; the other two are empty where they say the
    same.
    """

    name: str
    name_written: str
    name_local: str
    lead: str
    crumbs: Sequence[Mapping[str, Any]]
    counts: Sequence[tuple[Any, int]]
    groups: Sequence[Group]
    tags: Sequence[str]
    lies_in: Sequence[Mapping[str, Any]]
    told: Sequence[Told]
    names: Sequence[Span]
    parents: Sequence[Span]
    carried: Sequence[Span]
    exists: bool
    exists_today: bool
    life: Sequence[tuple[datetime.date | None, datetime.date | None]]


def place_page(scope: Scope, place: Place, on: datetime.date) -> PlacePage:
    """Everything that a place's page shows. Nine queries, however many children."""
    children = queries.children_of(scope, place, on=on)
    below = queries.counts_below([place.pk, *(child.id for child in children)], on)
    counts = dict(below.get(place.pk, ()))
    events = queries.history_of(scope, place)
    now = [event for event in events if _within([(event.on, event.until)], on)]
    life = queries.life_of(place)
    written, local = _names_on(events, on, place)
    name = naming.called(place.kind, written, local)
    return PlacePage(
        name=name,
        name_written=written if written != name else "",
        name_local=local if local != name else "",
        lead=_lead(place, on, scope.today),
        crumbs=crumbs(scope, place, on),
        counts=[(PLURALS[Kind(kind)], counts[kind]) for kind in rules.KINDS if kind in counts],
        groups=[_group(kind, children, below, on, scope.today) for kind in rules.KINDS if _of(kind, children)],
        tags=[Tag(tag).label for tag in sorted(event.says["tag"] for event in now if event.what == "tag")],
        lies_in=_lies_in([event.says for event in reversed(now) if event.what == "parent"]),
        told=[_told(event, place) for event in events if event.what in _What.values],
        names=[_named(event, place) for event in events if event.what == "name"],
        parents=[_parent(event) for event in events if event.what == "parent"],
        carried=[_carried(event) for event in events if event.what == "tag"],
        exists=_within(life, on),
        exists_today=_within(life, scope.today),
        life=life,
    )


def crumbs(scope: Scope, place: Place, on: datetime.date) -> list[dict[str, Any]]:
    """The way down to a place on a day; links only to what the viewer reaches. Two queries."""
    above = [crumb for crumb in queries.ancestors([place.pk], on).get(place.pk, ()) if crumb.id != place.pk]
    mine = queries.reachable(scope, [crumb.id for crumb in above])
    return [
        {"title": crumb.called, "url": _url(crumb.id, on, scope.today) if crumb.id in mine else ""} for crumb in above
    ]


def villages_in_no_block(scope: Scope) -> tuple[str, str] | None:
    """(How many villages lie in no block, in words; the page that brings them into one), or None. Two queries."""
    count = queries.lost_villages(scope).count()
    text = ngettext("%(count)s village lies in no block yet", "%(count)s villages lie in no block yet", count)
    return (text % {"count": grouped(count)}, reverse("places:lost")) if count else None


def crumb(place: Place) -> dict[str, Any]:
    return {"title": place.called, "url": reverse("places:place", args=[place.pk])}


def root_rows(roots: Sequence[Place], on: datetime.date) -> list[dict[str, Any]]:
    """The places where a viewer's tree begins, with what lies in each. One query."""
    counts = queries.counts_below([root.pk for root in roots], on)
    query = f"?on={on.isoformat()}"
    return [
        {
            "name": {
                "text": root.called,
                "url": reverse("places:place", args=[root.pk]) + query,
                "note": _kind(root.kind),
            },
            "lgd_code": root.lgd_code or "",
            **{kind: grouped(count) for kind, count in counts.get(root.pk, ())},
        }
        for root in roots
    ]


def columns_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Name, code, and a column for each kind that any of the rows counts."""
    counted = [kind for kind in rules.KINDS if any(kind in row for row in rows)]
    return [
        {"key": "name", "title": gettext("Place")},
        {"key": "lgd_code", "title": gettext("LGD code"), "number": True},
        *({"key": kind, "title": PLURALS[Kind(kind)], "number": True} for kind in counted),
    ]


def _group(
    kind: str, children: Sequence[queries.Child], below: queries.Below, on: datetime.date, today: datetime.date
) -> Group:
    rows = [_child_row(child, below.get(child.id, ()), on, today) for child in _of(kind, children)]
    return Group(PLURALS[Kind(kind)], columns_of(rows), rows)


def _of(kind: str, children: Sequence[queries.Child]) -> list[queries.Child]:
    return [child for child in children if child.kind == kind]


def _child_row(
    child: queries.Child, counts: Iterable[tuple[str, int]], on: datetime.date, today: datetime.date
) -> dict[str, Any]:
    other = child.name if child.name != child.called else child.name_local
    note = other or (gettext("Invented for the demonstration") if child.is_invented else "")
    return {
        "name": {"text": child.called, "url": _url(child.id, on, today), "note": note},
        "lgd_code": child.lgd_code or "",
        **{kind: grouped(count) for kind, count in counts},
    }


def _url(place_id: int, on: datetime.date, today: datetime.date) -> str:
    query = "" if on == today else f"?on={on.isoformat()}"
    return reverse("places:place", args=[place_id]) + query


def _kind(kind: str) -> str:
    return str(Kind(kind).label)


def _lead(place: Place, on: datetime.date, today: datetime.date) -> str:
    if on == today:
        return _kind(place.kind)
    return gettext("%(kind)s, as it was on %(day)s") % {"kind": _kind(place.kind), "day": day_in_words(on)}


def _names_on(events: Iterable[queries.Event], on: datetime.date, place: Place) -> tuple[str, str]:
    for event in events:
        if event.what == "name" and event.on is not None and _within([(event.on, event.until)], on):
            return event.says["name"], event.says["local"]
    return place.name, place.name_local


def _within(spans: Iterable[tuple[datetime.date | None, datetime.date | None]], on: datetime.date) -> bool:
    return any((first is None or first <= on) and (end is None or on < end) for first, end in spans)


def _lies_in(parents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where it lies directly; the line is named only where there are two."""
    return [
        {
            "line": Line(parent["line"]).label if len(parents) > 1 else gettext("Lies in"),
            "kind": _kind(parent["kind"]),
            "name": parent["to"],
        }
        for parent in parents
    ]


def _named(event: queries.Event, place: Place) -> Span:
    """A name as the reader's language writes it, and as it stands in the orders where that differs."""
    written = event.says["name"]
    told = naming.called(place.kind, written, event.says["local"])
    return Span(" · ".join(dict.fromkeys([told, written])), event.on, event.until)


def _parent(event: queries.Event) -> Span:
    named = {"kind": _kind(event.says["kind"]), "place": event.says["to"]}
    pattern = gettext("Merged into %(place)s") if event.says["line"] == Line.MERGED else gettext("%(kind)s %(place)s")
    return Span(pattern % named, event.on, event.until)


def _carried(event: queries.Event) -> Span:
    """A tag with who said so."""
    text = " · ".join(filter(None, [str(Tag(event.says["tag"]).label), event.says["source"]]))
    return Span(text, event.on, event.until)


def _told(event: queries.Event, place: Place) -> Told:
    kind_below = (*rules.kinds_below(place.kind), "")[0]
    taken = [naming.called(kind_below, name) for name in event.says.get("took") or []]
    note = gettext("With it went: %(places)s") % {"places": listed(taken)} if taken else ""
    url = reverse("places:place", args=[event.other.pk]) if event.other else ""
    return Told(event.on, _sentence(event, place), words.reason("", event.why), note, url)


def _as_told(event: queries.Event, side: str, place: Place) -> str:
    """A name that a change tells of. A move is between parents; every other change is among places of one kind."""
    name, other = event.says.get(side) or "", event.other
    kind = place.kind if event.what != _What.MOVE else other.kind if other else ""
    local = other.name_local if other and other.name == name else event.says.get(f"{side}_local") or ""
    return naming.called(kind, name, local)


def _sentence(event: queries.Event, place: Place) -> str:
    """What happened, in the reader's words."""
    before, after = _as_told(event, "from", place), _as_told(event, "to", place)
    sentences = {
        (_What.OPEN, False, False): gettext("Opened"),
        (_What.OPEN, True, False): gettext("Cut out of %(before)s"),
        (_What.SPLIT, False, True): gettext("%(after)s was cut out of it"),
        (_What.MERGE, False, True): gettext("Merged into %(after)s"),
        (_What.MERGE, True, False): gettext("%(before)s was merged into it"),
        (_What.MOVE, True, True): gettext("Moved from %(before)s to %(after)s"),
        (_What.MOVE, False, True): gettext("Came into %(after)s"),
        (_What.MOVE, True, False): gettext("Left %(before)s"),
        (_What.RENAME, True, True): gettext("Renamed from %(before)s to %(after)s"),
        (_What.RENAME, False, True): gettext("Named %(after)s"),
    }
    what = _What(event.what)
    pattern = sentences.get((what, bool(before), bool(after)), str(what.label))
    return pattern % {"before": before, "after": after}
