"""Pages of profile capture: the ranking, one place, and the list of what to fill next."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from umeed.core.charts import tile_key
from umeed.core.doors import needs
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import grouped, percent
from umeed.places.models import Place
from umeed.places.naming import called
from umeed.profiles import filling, queries
from umeed.profiles.kinds import Kind
from umeed.profiles.rules import FIELDS, Ranked

# A place's weakest parts are shown by the next level down.
NEXT_LEVEL = {
    "state": "district",
    "district": "block",
    "block": "panchayat",
    "tehsil": "village",
    "panchayat": "village",
}
PAGE_SIZE = 50
REGISTERS = {"woman": "women", "shg": "shgs", "vo": "vos", "clf": "clfs"}


def _chosen(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in allowed else allowed[0]


def _tabs(request: HttpRequest, name: str, choices: Sequence[tuple[str, Any]], now: str) -> list[dict[str, Any]]:
    def url(value: str) -> str:
        query = request.GET.copy()
        query[name] = value
        query.pop("page", None)
        return f"{request.path}?{query.urlencode()}"

    return [{"title": title, "url": url(value), "current": value == now} for value, title in choices]


@needs("profiles.see")
def ranking(request: HttpRequest) -> HttpResponse:
    """Districts or blocks of the viewer's missions, best captured first, with movement."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    kind = _chosen(request, "kind", Kind.values)
    level = _chosen(request, "level", queries.LEVELS)
    placed, earlier_on = queries.ranking(scope, kind=kind, level=level, missions=queries.missions_of(scope))
    mine = queries.mine_and_above(scope)
    opens = queries.reachable(scope, [item.unit.id for item in placed])
    tiles = {tile_key(item.unit.lgd_code, item.unit.name): item for item in placed} if level == "district" else {}
    context = {
        "page": {"title": _("Profile ranks"), "lead": _("How completely the profiles are captured, place by place.")},
        "kinds": _tabs(request, "kind", Kind.choices, kind),
        "levels": _tabs(request, "level", [("district", _("Districts")), ("block", _("Blocks"))], level),
        "items": [_item(item, kind, level, mine, opens) for item in placed],
        "values": {key: 100 * float(item.unit.share or 0) for key, item in tiles.items()},
        "shown": {key: percent(float(item.unit.share or 0)) for key, item in tiles.items()},
        "names": {key: called(level, *item.unit.names) for key, item in tiles.items()},
        "urls": {key: _place_url(item.unit.id, kind) for key, item in tiles.items() if item.unit.id in opens},
        "earlier_on": earlier_on,
        "today": scope.today,
        "records": sum(item.unit.records for item in placed),
        "kind_name": Kind(kind).label,
        "is_map": level == "district" and bool(placed),
    }
    return render(request, "profiles/ranking.html", context)


def _item(item: Ranked, kind: str, level: str, mine: set[int], opens: set[int]) -> dict[str, Any]:
    return {
        "rank": item.rank,
        "name": called(level, *item.unit.names),
        "shown": percent(float(item.unit.share or 0), 1),
        "move": item.move,
        "mine": item.unit.id in mine,
        "url": _place_url(item.unit.id, kind) if item.unit.id in opens else "",
    }


def _place_url(place_id: int, kind: str) -> str:
    return f"{reverse('profiles:place', args=[place_id])}?kind={kind}"


@needs("profiles.see", of="places_place")
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    """One place: what is missing most, and which of its parts are weakest."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    found = get_object_or_404(Place.objects.seen_by(scope, "profiles.see"), pk=place_id)
    kind = _chosen(request, "kind", Kind.values)
    standing = queries.standing(scope, place_id=found.pk, kind=kind)
    below = NEXT_LEVEL.get(found.kind, "")
    parts = queries.parts(scope, place_id=found.pk, kind=kind, level=below) if below else []
    context = {
        "page": {"title": found.called, "crumbs": [{"title": _("Profile ranks"), "url": reverse("profiles:ranking")}]},
        "kinds": _tabs(request, "kind", Kind.choices, kind),
        "standing": standing,
        "share": standing.filled / standing.possible if standing.possible else None,
        "gaps": [_gap(gap, found.pk, kind) for gap in standing.gaps],
        "parts": [_part(unit, below, kind) for unit in parts],
        "today": scope.today,
        "kind_name": Kind(kind).label,
        "to_fill_url": f"{reverse('profiles:to_fill', args=[found.pk])}?kind={kind}",
    }
    return render(request, "profiles/place.html", context)


def _gap(gap: queries.Gap, place_id: int, kind: str) -> dict[str, Any]:
    return {
        "name": _(gap.field.title),
        "value": gap.count,
        "shown": _("%(count)s of %(records)s") % {"count": grouped(gap.count), "records": grouped(gap.records)},
        "url": f"{reverse('profiles:to_fill', args=[place_id])}?kind={kind}&field={gap.field.key}",
    }


def _part(unit: Any, level: str, kind: str) -> dict[str, Any]:
    share = float(unit.share or 0)
    name = called(level, *unit.names)
    return {"name": name, "value": share, "shown": percent(share), "url": _place_url(unit.id, kind)}


@needs("women.see", "institutions.see", of="places_place")
def to_fill(request: HttpRequest, place_id: int) -> HttpResponse:
    """The records of a place that lack a field, and who should fill it."""
    found = get_object_or_404(Place.objects.seen_by(request.scope, "profiles.see"), pk=place_id)  # type: ignore[attr-defined]
    return _to_fill(request, found)


@needs("women.see", "institutions.see")
def mine(request: HttpRequest) -> HttpResponse:
    """The records that lack a field, wherever the viewer has any: a bookkeeper's own list."""
    return _to_fill(request, None)


def _to_fill(request: HttpRequest, found: Place | None) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    place_id = found.pk if found else None
    kind = _chosen(request, "kind", Kind.values)
    capability = "women.see" if kind == "woman" else "institutions.see"
    if not scope.can(capability):
        raise Http404
    field = _chosen(request, "field", ["", *(item.key for item in FIELDS[kind])])
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and 0 < len(asked) < 6 else 1
    wanted: dict[str, Any] = {"place_id": place_id, "kind": kind, "field": field, "size": PAGE_SIZE}
    records, count = filling.page_to_fill(scope, page=max(number, 1), **wanted)
    if not records and number > 1:
        number = 1
        records, count = filling.page_to_fill(scope, page=1, **wanted)
    first = (max(number, 1) - 1) * PAGE_SIZE
    title = next((_(item.title) for item in FIELDS[kind] if item.key == field), "")
    context = {
        "page": {
            "title": _("To fill: %(field)s") % {"field": title} if title else _("Profiles to fill"),
            "crumbs": [
                {"title": _("Profile ranks"), "url": reverse("profiles:ranking")},
                *([{"title": found.called, "url": _place_url(found.pk, kind)}] if found else []),
            ],
        },
        "rows": [
            (reverse(f"{REGISTERS[kind]}:detail", args=[row.record.pk]), row)
            for row in filling.with_fillers(scope, records, kind=kind, place_id=place_id)
        ],
        "count": count,
        "field_name": title,
        "today": scope.today,
        "first": first + 1,
        "last": first + len(records),
        "kind_name": Kind(kind).label,
        "previous_url": _page_url(request, number - 1) if number > 1 else "",
        "next_url": _page_url(request, number + 1) if first + len(records) < count else "",
    }
    return render(request, "profiles/to_fill.html", context)


def _page_url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
