"""A book in scope behind an address, and the head of its pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from umeed.books.ledger.reach import open_to_viewer
from umeed.books.models import Book
from umeed.core.scope import Scope
from umeed.institutions.models import Institution

SEE, KEEP = "books.see", "books.keep"
REGISTERS = {"shg": "shgs", "vo": "vos", "clf": "clfs"}


def institution_behind(scope: Scope, id: UUID, capability: str = SEE) -> Institution:
    """A group, VO or CLF that the viewer reaches; 404 otherwise."""
    rows = Institution.objects.filter(pk=id, kind__in=REGISTERS).select_related("place")
    found = rows.seen_by(scope, capability).first()
    if found is None:
        raise Http404
    return found


def book_behind(scope: Scope, id: UUID, capability: str = SEE) -> Book:
    """The book of an institution (by the institution's id); 404 when it is out of reach or keeps none yet."""
    rows = Book.objects.filter(institution=id).select_related("institution__place")
    found = rows.seen_by(scope, capability).first()
    if found is None:
        raise Http404
    open_to_viewer(found.pk)
    return found


def may_keep(scope: Scope, book: Book) -> bool:
    """Whether the viewer writes in this very book."""
    return scope.can(KEEP) and Book.objects.filter(pk=book.pk).seen_by(scope, KEEP).exists()


def page(request: HttpRequest, book: Book, title: Any, **more: Any) -> dict[str, Any]:
    """The head of a page of a book: title, whose it is, the way back."""
    group = book.institution
    crumbs = [
        {"title": group.get_kind_display(), "url": reverse(f"{REGISTERS[group.kind]}:list")},
        {"title": group.name, "url": reverse("books:home", args=[group.pk])},
    ]
    return {"title": title, "lead": f"{group.name} · {group.place.called}", "crumbs": crumbs, **more}
