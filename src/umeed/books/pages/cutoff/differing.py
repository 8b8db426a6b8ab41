"""A cut-off of a closed month put right by what it differs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions.cutoffs import OfCutOff, why_not_correct
from umeed.books.cutoffs.facts import standing_cut_off
from umeed.books.cutoffs.written import bodies_between
from umeed.books.heads import BY_KEY
from umeed.books.ledger.others import bodies_called
from umeed.books.meetings.written import Written
from umeed.books.models import CutOff
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.putting_right import put_right_page
from umeed.books.registers.papering import head_title
from umeed.core.doors import needs
from umeed.kernel.refusals import N_

_WHO_READS = N_("Every woman whose amount changes reads this in her passbook. Name nobody else in it.")


@needs(KEEP, of="institutions_institution")
def differing(request: HttpRequest, id: UUID) -> HttpResponse:
    """What was written, what is right, and why; the difference is posted today."""
    book = book_behind(request.scope, id, KEEP)
    stands = standing_cut_off(book)
    if stands is None or not why_not_correct(stands):
        return redirect("books:cut_off", id)
    stands.book = book
    title = gettext("Put it right by what it differs")
    return put_right_page(
        request, OfCutOff(stands), _called, back=reverse("books:cut_off", args=[id]),
        template="books/cutoff/differing.html", between=_between(stands), loans=reverse("books:loans", args=[id]),
        page=page(request, book, title, lead=f"{book.institution.name} · {gettext('Cut-off')}"),
        who_reads=gettext(_WHO_READS) if book.institution.kind == "shg" else "",
    )  # fmt: skip


def _between(stands: CutOff) -> list[tuple[str, str]]:
    """(body, where both books stand beside each other) of what stands in its book too."""
    url, bodies = reverse("books:between", args=[stands.book.institution_id]), bodies_between(stands)
    called = bodies_called(bodies)
    return sorted((called.get(body, gettext("VO or CLF")), f"{url}?with={body}") for body in bodies)


def _called(line: Written, *, is_of_both: bool) -> str:
    return head_title(BY_KEY[line.head])


routes = [path("books/<uuid:id>/cut-off/put-right/", differing, name="cut_off_differing")]
