"""Groups, VOs and CLFs that keep no book yet: who is led to begin one, and who sees which are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from umeed.books.models import OpenCutOff
from umeed.core.scope import Scope
from umeed.institutions.models import Institution

SEE, KEEP = "books.see", "books.keep"
KINDS = ("shg", "vo", "clf")
# Whoever would begin more books than these looks at the list.
MOST_LED = 5


@dataclass(frozen=True, slots=True)
class ToBegin:
    """An institution without a book; `is_begun`: its cut-off is being written."""

    institution: UUID
    name: str
    is_begun: bool

    @property
    def text(self) -> str:
        said = _("Go on with the cut-off of %(group)s") if self.is_begun else _("Begin the book of %(group)s")
        return said % {"group": self.name}

    @property
    def url(self) -> str:
        return reverse("books:cut_off", args=[self.institution])


def without_book(scope: Scope, capability: str = SEE) -> QuerySet[Institution]:
    """Those at work that have no book yet."""
    rows = Institution.objects.filter(kind__in=KINDS, status="active", book__isnull=True)
    return rows.seen_by(scope, capability)


def books_to_begin(scope: Scope) -> list[ToBegin]:
    """The books that the viewer herself is to begin; none when they are too many to be today's work. Two questions."""
    if not scope.can(KEEP):
        return []
    found = list(without_book(scope, KEEP).order_by("name", "pk").values_list("pk", "name")[: MOST_LED + 1])
    if not found or len(found) > MOST_LED:
        return []
    open_ones = OpenCutOff.objects.filter(institution__in=[pk for pk, _name in found])
    begun = set(open_ones.values_list("institution", flat=True))
    return [ToBegin(pk, name, pk in begun) for pk, name in found]


def ways_of_books(scope: Scope) -> Sequence[dict[str, Any]]:
    """At the head of the list of books: what she may begin, and which have none."""
    led = [{"title": one.text, "url": one.url, "icon": "add"} for one in books_to_begin(scope)]
    return [*led, {"title": _("Without a book"), "url": reverse("unkept:list"), "icon": "list", "quiet": True}]
