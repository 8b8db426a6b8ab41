"""Who is asking: the grants of a person today. Built by `access.scope_of`, taken first by every query.

A grant is a set of capabilities at one place (and all that lies within it) or at one institution (and all that is
federated below it). Capabilities are never pooled: what a person may do in one block says nothing about another.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from django.db import models

SYSTEM = "system"


@dataclass(frozen=True)
class Grant:
    """Capabilities at one place or at one institution, with the role that gives them and the last day, if any."""

    role: str
    capabilities: frozenset[str]
    place_id: int | None = None
    institution_id: UUID | None = None
    until: datetime.date | None = None


@dataclass(frozen=True)
class Scope:
    """A viewer on a day. `viewer` is the person's id as text, or SYSTEM for the product's own work; '' is nobody."""

    viewer: str
    name: str
    today: datetime.date
    grants: tuple[Grant, ...] = ()
    origin: str = field(default="", compare=False)
    # What was looked up once for this viewer (by what asks). A scope lives as long as one request.
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_system(self) -> bool:
        return self.viewer == SYSTEM

    def can(self, capability: str) -> bool:
        """Whether any posting gives the capability, wherever it may be."""
        return self.is_system or any(capability in grant.capabilities for grant in self.grants)

    def implies(self, seen: str, wanted: str) -> bool:
        """Whether every posting that gives one capability also gives the other.

        Then a record that was found by the one need not be asked about for the other.
        """
        return self.can(wanted) and all(
            wanted in grant.capabilities for grant in self.grants if seen in grant.capabilities
        )

    def place_roots(self, capability: str) -> tuple[int, ...]:
        """Places at which the capability holds, without what lies within them."""
        return tuple(grant.place_id for grant in self.grants if grant.place_id and capability in grant.capabilities)

    def institution_roots(self, capability: str) -> tuple[UUID, ...]:
        """Institutions at which the capability holds, without what is federated below them."""
        return tuple(
            grant.institution_id for grant in self.grants if grant.institution_id and capability in grant.capabilities
        )

    def reaches(self, capability: str, places: Collection[int], institutions: Collection[UUID]) -> bool:
        """Whether the capability holds where one record lies: at a place or an institution that it is in, or above."""
        if self.is_system:
            return True
        return not (
            set(places).isdisjoint(self.place_roots(capability))
            and set(institutions).isdisjoint(self.institution_roots(capability))
        )


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that pass one door. A model says in `visible_to(rows, scope, capability)` how it lies in places."""

    def seen_by(self, scope: Scope, capability: str) -> Self:
        if scope.is_system:
            return self
        if not scope.can(capability):
            return self.none()
        return self.model.visible_to(self, scope, capability)


def nobody(today: datetime.date) -> Scope:
    """The scope of a visitor who has not signed in: sees what is public and nothing else."""
    return Scope(viewer="", name="", today=today)


def system(today: datetime.date, *, name: str = "Umeed", origin: str = "command") -> Scope:
    """The product's own work (set-up, simulator, nightly recount). Never given to a request."""
    return Scope(viewer=SYSTEM, name=name, today=today, origin=origin)
