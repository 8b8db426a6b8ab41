"""A meeting of a closed month, or a day of a VO or CLF, put right by what it differs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext

from umeed.books.actions.differing import OfMeeting
from umeed.books.actions.records import NOT_STANDING, why_not_correct
from umeed.books.ledger.others import bodies_called
from umeed.books.meetings.facts import standing_meetings
from umeed.books.meetings.written import TO_AND_FROM, Written, bodies_between
from umeed.books.models import Meeting
from umeed.books.pages.days.closed import _title as day_title
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.meetings import LAST, _title, meeting_behind
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.putting_right import put_right_page
from umeed.books.pages.writing.steps import MEETING
from umeed.books.registers.put_right import side_title
from umeed.books.registers.slips import slip_title
from umeed.core.doors import needs
from umeed.kernel.refusals import N_

_WHO_READS = N_("Every woman whose amount changes reads this on her slip and in her passbook. Name nobody else in it.")


@needs(KEEP, of="institutions_institution")
def differing(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """What was written, what is right, and why; the difference is posted today."""
    book = book_behind(request.scope, id, KEEP)
    walk, title = (MEETING, _title) if book.institution.kind == "shg" else (DAY, day_title)
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect(f"books:{walk.name}s", id)
    held = meeting_behind(request, book, which)
    if not standing_meetings(book).filter(pk=held.pk).exists():
        messages.error(request, gettext(NOT_STANDING))
        return redirect(f"books:{walk.name}", id, held.pk)
    if not why_not_correct(held):
        return redirect(f"books:{walk.name}_correct", id, held.pk)
    return put_right_page(
        request, OfMeeting(held), _called, back=reverse(f"books:{walk.name}", args=[id, held.pk]),
        template="books/meetings/differing.html", between=_between(held),
        who_reads=gettext(_WHO_READS) if walk is MEETING else "",
        page=page(
            request, book, gettext("Put it right by what it differs"), lead=f"{book.institution.name} · {title(held)}"
        ),
        take_back=reverse(f"books:{walk.name}_take_back", args=[id, held.pk]),
    )  # fmt: skip


def _between(held: Meeting) -> list[tuple[str, str]]:
    """(body, where both books stand beside each other) of what is one event in two books."""
    url, bodies = reverse("books:between", args=[held.book.institution_id]), bodies_between(held)
    called = bodies_called(bodies)
    return sorted((called.get(body, gettext("VO or CLF")), f"{url}?with={body}") for body in bodies)


def _called(line: Written, *, is_of_both: bool) -> str:
    title = side_title(line.head, line.sign > 0, _in_her_words, is_of_both=is_of_both)
    is_apart = line.by == "bank" and line.head != TO_AND_FROM
    return f"{title} · {pgettext('money', 'Bank')}" if is_apart else title


def _in_her_words(head: str, *, is_receipt: bool) -> str:
    return slip_title(head, is_paid=is_receipt)


routes = [path("books/<uuid:id>/meetings/<str:which>/put-right/", differing, name="meeting_differing")]
