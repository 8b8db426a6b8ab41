"""The first page of a book: what it holds today and what may be done."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from umeed.books.ledger.balances import balances
from umeed.books.pages.opening import SEE, book_behind, page
from umeed.core.doors import needs


@needs(SEE, of="institutions_institution")
def home(request: HttpRequest, id: UUID) -> HttpResponse:
    """Cash and bank today, and the ways on."""
    book = book_behind(request.scope, id)
    held = balances(book.pk, request.scope.today)
    return render(request, "books/home.html", {
        "page": page(request, book, book.institution.name), "book": book, "held": held, "as_of": request.scope.today,
    })  # fmt: skip


routes = [path("books/<uuid:id>/", home, name="home")]
