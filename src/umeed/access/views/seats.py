"""Choosing a seat step by step, without a script: the role, then the place or institution found by name."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from umeed.access import queries, records, rules
from umeed.access.capabilities import ROLES
from umeed.places.models import Place
from umeed.places.queries import lines_of


@dataclass(frozen=True)
class ChosenSeat:
    """What has been chosen so far; anything unknown or not hers to give counts as not chosen."""

    role: str = ""
    place: Place | None = None
    institution: records.InstitutionFacts | None = None
    lies: str = ""  # in which district, block …: many villages and groups are called alike

    @property
    def is_complete(self) -> bool:
        at = ROLES[self.role].at if self.role else ""
        return (
            at == "nowhere"
            or (at == "place" and self.place is not None)
            or (at == "institution" and self.institution is not None)
        )

    @property
    def role_name(self) -> str:
        return queries.role_name(self.role)

    @property
    def where(self) -> str:
        if self.place is not None:
            return self.place.called
        return self.institution.name if self.institution else _("the whole installation")

    @property
    def lets(self) -> list[str]:
        """What the role lets one do."""
        return queries.capability_names(self.role)

    @property
    def initial(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "place": self.place.pk if self.place else None,
            "institution": self.institution.id if self.institution else None,
        }


def chosen_seat(request: HttpRequest) -> ChosenSeat:
    """The seat as the address or the form says it."""
    given = request.POST or request.GET
    role = given.get("role", "")
    if role not in queries.roles_to_give(request.scope):
        return ChosenSeat()
    place = institution = None
    if ROLES[role].at == "place" and given.get("place", "").isdigit():
        place = queries.places_to_post_at(request.scope, role).filter(pk=given["place"]).first()
    if ROLES[role].at == "institution" and (key := _uuid(given.get("institution", ""))):
        institution = records.institution_facts({key}).get(key)
    return ChosenSeat(role, place, institution, _lies(place, institution, request.scope.today))


def _lies(place: Place | None, institution: records.InstitutionFacts | None, today: datetime.date) -> str:
    if institution is not None:
        return _ways_to({institution.place_id}, today).get(institution.place_id, "")
    return lines_of([place.pk], today).get(place.pk, "") if place is not None else ""


def _ways_to(place_ids: Collection[int], today: datetime.date) -> dict[int, str]:
    """The way down to each place, the place itself at its end: 'Anantnag › Achabal › Rangund'. Two queries."""
    above = lines_of(place_ids, today)
    places = Place.objects.filter(pk__in=place_ids)
    return {place.pk: " › ".join(filter(None, [above.get(place.pk, ""), place.called])) for place in places}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def seat_page(request: HttpRequest, seat: ChosenSeat, *, title: Any, crumbs: list[dict[str, Any]]) -> HttpResponse:
    """The page of the next step: which role, or where."""
    roles = [
        {"name": queries.role_name(key), "lets": queries.capability_names(key), "url": "?" + urlencode({"role": key})}
        for key in queries.roles_to_give(request.scope)
    ]
    q = request.GET.get("q", "").strip()
    return render(request, "access/seat.html", {
        "page": {"title": title, "crumbs": crumbs},
        "seat": seat, "roles": roles, "q": q, "found": _found(request, seat.role, q) if seat.role else [],
    })  # fmt: skip


def _found(request: HttpRequest, role: str, q: str) -> list[dict[str, str]]:
    """At most twenty places or institutions to hold the role at."""
    today = request.scope.today
    if ROLES[role].at == "place":
        places = list(queries.places_to_post_at(request.scope, role, q).order_by("name", "pk")[:20])
        ways = lines_of([place.pk for place in places], today)
        return [
            _line(role, "place", place.pk, place.called, place.get_kind_display(), ways.get(place.pk, ""))
            for place in places
        ]
    kinds = rules.HELD_AT.get(role, frozenset())
    found = records.institutions_found(request.scope, q, kinds) if q else []
    ways = _ways_to({facts.place_id for facts in found}, today)
    return [
        _line(role, "institution", facts.id, facts.name, facts.kind.upper(), ways.get(facts.place_id, ""))
        for facts in found
    ]


def _line(role: str, field: str, key: object, name: str, kind: str, lies: str) -> dict[str, str]:
    return {"url": "?" + urlencode({"role": role, field: key}), "name": name, "kind": kind, "lies": lies}
