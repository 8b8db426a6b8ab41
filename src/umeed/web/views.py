"""The pages that belong to no single room: today's work, search, the public page, and whether the site lives."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from umeed.core.charts import tile_key
from umeed.core.doors import public, signed_in
from umeed.core.registers.declare import all_registers
from umeed.core.registers.listing import Listing
from umeed.core.registers.tables import plain_table
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day, percent
from umeed.kernel.refusals import N_
from umeed.places.models import Place
from umeed.places.naming import called
from umeed.profiles import queries as profiles
from umeed.profiles.kinds import Kind
from umeed.profiles.rules import Ranked
from umeed.web import today

FOUND_SHOWN, FOUND_COLUMNS = 8, 5
_LEVEL_NAMES = {"district": N_("%(place)s district"), "block": N_("%(place)s block")}


@public
def home(request: HttpRequest) -> HttpResponse:
    """Today's work for a person with a posting; for a visitor the public page."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    if not scope.viewer:
        return render(request, "web/public.html", {"page": {}})
    if not scope.grants:
        return redirect("access:no_posting")
    hers = today.Day(scope)
    place = hers.home
    lead = day(scope.today) if hers.only_looks else _("%(day)s. What waits for you comes first.")
    context: dict[str, Any] = {
        "page": {
            "title": _("Today in %(place)s") % {"place": place.called} if place else _("Today"),
            "lead": lead % {"day": day(scope.today)},
        },
        "work": hers.work,
        "only_looks": hers.only_looks,
        "today": scope.today,
    }
    if place is not None and scope.can("profiles.see"):
        context |= _standing(hers, place)
    elif place is None:
        context["numbers"] = today.institutions_of(scope)
    return render(request, "web/home.html", context)


def _standing(hers: today.Day, place: Place) -> dict[str, Any]:
    """The numbers of a place, its ranks, and the map of its State."""
    scope = hers.scope
    rankings, _on = profiles.rankings(
        scope, kinds=Kind.values, levels=profiles.LEVELS, missions=profiles.missions_of(scope)
    )
    near = profiles.mine_and_above(scope)
    placed = rankings[Kind.WOMAN, "district"]
    tiles = {tile_key(item.unit.lgd_code, item.unit.name): item.unit for item in placed}
    shares = {key: float(unit.share or 0) * 100 for key, unit in tiles.items()}
    return {
        "place": place,
        "numbers": today.numbers(hers),
        "values": shares,
        "shown": {code: percent(share / 100) for code, share in shares.items()},
        "names": {key: called("district", *unit.names) for key, unit in tiles.items()},
        "mine": next((key for key, unit in tiles.items() if unit.id in near), None),
        "ranks": _ranks(rankings, near),
    }


def _ranks(rankings: dict[tuple[str, str], list[Ranked]], near: set[int]) -> dict[str, Any]:
    """Where the viewer's own district and block stand among the others: a row a kind of profile, a column a place."""
    places: dict[str, str] = {}
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for (kind, level), placed in rankings.items():
        mine = [item for item in placed if item.unit.id in near]
        if len(mine) != 1:
            continue
        places[level] = _(_LEVEL_NAMES[level]) % {"place": called(level, *mine[0].unit.names)}
        cells[kind, level] = {
            "rank": mine[0].rank,
            "of": len(placed),
            "move": mine[0].move,
            "url": f"{reverse('profiles:ranking')}?kind={kind}&level={level}",
        }
    kinds = [kind for kind in Kind.values if any((kind, level) in cells for level in places)]
    rows = [{"kind": Kind(kind).label, "cells": [cells.get((kind, level)) for level in places]} for kind in kinds]
    return {"places": list(places.values()), "rows": rows} if rows else {}


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """One box over all registers that the viewer may see; spelling is forgiven."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()
    found = [_found(scope, register, text) for register in all_registers() if text and scope.can(register.see)]
    context = {
        "page": {"title": _("Search")},
        "text": text,
        "found": [group for group in found if group["table"]],
    }
    return render(request, "web/search.html", context)


def _found(scope: Scope, register: Any, text: str) -> dict[str, Any]:
    """The first that fit of one register, with what tells two of the same name apart."""
    query = urlencode({"q": text})
    keys = tuple(column.key for column in register.listed if not column.sealed)[:FOUND_COLUMNS]
    listing = Listing(register, scope, QueryDict(query), at_most=FOUND_SHOWN, keys=keys)
    rows = listing.rows if listing.filters.is_valid() else []
    return {
        "title": register.plural,
        "table": plain_table(listing.values, rows) if rows else None,
        "more": f"{register.url()}?{query}" if rows and listing.has_next else "",
    }


@public
def health(request: HttpRequest) -> JsonResponse:
    """Answers `{"status": "ok"}` when the database answers; for load balancers and the launcher."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
