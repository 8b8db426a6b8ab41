"""What higher rooms tell this one about their records, so that "who can see this, and why" has an answer.

A room offers its tables once, when it starts: `records.offer("institutions_woman", resolver, …)`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.core.scope import Scope


@dataclass(frozen=True)
class Whereabouts:
    """Where a record lies today: its place, and the institutions whose postings reach it (its own and all above)."""

    name: str
    place_id: int | None
    institution_ids: tuple[UUID, ...] = ()
    url: str = ""


# Answers None when the record does not exist or the scope may not see it: both are 404.
Resolver = Callable[[Scope, str], Whereabouts | None]


@dataclass(frozen=True)
class Offer:
    """A table that can be asked about. `title` is what one record is called; `sensitive` are capabilities that show
    more of it than `capability` does, with what they show."""

    resolver: Resolver
    capability: str
    title: Any
    sensitive: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstitutionFacts:
    """What this room needs to know of an institution: its name, kind (shg, vo, clf …) and place."""

    id: UUID
    name: str
    kind: str
    place_id: int


@dataclass(frozen=True)
class Institutions:
    """How to find institutions: facts by ids; ids in reach of a scope (a queryset); by kinds and part of the name."""

    facts: Callable[[Collection[UUID]], Mapping[UUID, InstitutionFacts]]
    in_reach: Callable[[Scope, str], Any]
    search: Callable[[Scope, str, Collection[str]], Iterable[InstitutionFacts]]


_offers: dict[str, Offer] = {}
_institutions: list[Institutions] = []


def offer(table: str, resolver: Resolver, *, capability: str, title: Any, sensitive: Collection[str] = ()) -> None:
    """Offer a table for "who can see this record". Offering it again replaces the first."""
    _offers[table] = Offer(resolver, capability, title, tuple(sensitive))


def offered(table: str) -> Offer | None:
    return _offers.get(table)


def offer_institutions(institutions: Institutions) -> None:
    """Say how institutions are found. Offering again replaces the first."""
    _institutions[:] = [institutions]


def institution_facts(ids: Collection[UUID]) -> Mapping[UUID, InstitutionFacts]:
    """Facts of the institutions that the present viewer may know; others are missing."""
    return _institutions[0].facts(ids) if _institutions and ids else {}


def institutions_in_reach(scope: Scope, capability: str) -> Any:
    """Ids (a queryset or an empty tuple) of the institutions where the scope has the capability."""
    return _institutions[0].in_reach(scope, capability) if _institutions else ()


def institutions_found(scope: Scope, text: str, kinds: Collection[str]) -> list[InstitutionFacts]:
    """At most twenty institutions of some kinds, within users.change of the scope, whose name contains the text."""
    return list(_institutions[0].search(scope, text, kinds)) if _institutions else []


def offer_places() -> None:
    """Offer the places themselves: who sees what lies in a place."""
    from umeed.access.capabilities import CAPABILITIES
    from umeed.places.models import Place

    def resolver(scope: Scope, place_id: str) -> Whereabouts | None:
        rows = Place.objects.seen_by(scope, "places.see") if place_id.isdigit() else Place.objects.none()
        place = rows.filter(pk=place_id).first() if len(place_id) < 18 else None
        return Whereabouts(place.called, place.pk) if place else None

    offer(
        "places_place", resolver, capability="places.see", title=Place._meta.verbose_name,
        sensitive=[key for key in CAPABILITIES if key.startswith("women.")],
    )  # fmt: skip
