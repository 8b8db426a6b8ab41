"""All slips of one meeting: on one page, and in one print to be cut apart."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.models import Meeting
from umeed.books.pages.meetings import LAST, meeting_behind
from umeed.books.pages.opening import SEE, book_behind, page
from umeed.books.pages.papers import confirm_at
from umeed.books.pages.writing.state import group_only
from umeed.books.registers.slips import held_in, slip_papers
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.papers.answers import AS, PDF, cut_response


@needs(SEE, of="institutions_institution")
def slips(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Every woman's slip; with `?as=pdf` several on a page, with lines to cut along and a code on each."""
    book = group_only(book_behind(request.scope, id))
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect("books:meetings", id)
    held = held_in(book, meeting_behind(request, book, which).pk)
    papers = slip_papers(held, confirm_at(request)) if held is not None else []
    if held is None or not papers:
        raise Http404
    title = gettext("Slips of meeting %(number)s") % {"number": held.number}
    if kind := request.GET.get(AS, ""):
        if kind != PDF:
            raise Http404
        return cut_response(request, papers, title, of=book)
    # What a woman has and owes is hers: a look at all of them stands in the chain.
    with audited(by=request.scope, did="look_at_slips") as trail:
        trail.rows("read", "books_meeting", [(str(held.pk), None, {"slips": len(papers)})])
        trail.at_place(book.institution.place_id)
    head = page(request, book, title)
    head["crumbs"].append({"title": gettext("Meeting"), "url": reverse("books:meeting", args=[id, held.pk])})
    answer = render(request, "books/meetings/slips.html", {"page": head, "book": book, "papers": papers})
    answer["Cache-Control"] = "private, no-store"
    return answer


routes = [path("books/<uuid:id>/meetings/<str:which>/slips/", slips, name="meeting_slips")]
