"""Meetings and days that were not held, each with its reason: of groups, VOs and CLFs."""

from __future__ import annotations

import datetime
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from umeed.books.actions import close_meeting
from umeed.books.actions.days import close_day
from umeed.books.meetings.calendar import calendar_of
from umeed.books.models import Book
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.typed import Typed, sent_by
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.kernel.refusals import N_, Refusal

# What keeps groups from meeting; anything else is written.
REASONS = (
    gettext_lazy("Snow or rain"), gettext_lazy("Festival"), gettext_lazy("A death in the village"),
    gettext_lazy("Harvest"), gettext_lazy("Too few came"),
)  # fmt: skip


@needs(KEEP, of="institutions_institution")
def missed(request: HttpRequest, id: UUID) -> HttpResponse:
    """Weeks without a meeting, or months without a day of a VO or CLF: each with its reason, in one press."""
    book = book_behind(request.scope, id, KEEP)
    calendar = calendar_of(book, request.scope.today)
    reasons: list[Refusal] = []
    if request.method == "POST":
        reasons = _miss(request, book)
        if not reasons:
            return redirect("books:home", id)
    return render(request, "books/meeting/missed.html", {
        "page": page(request, book, gettext("Meetings not held")), "days": calendar.missed, "usual": REASONS,
        # One day is surely meant; of many, only those that she ticks: a year is not marked by one press.
        "ticked": request.POST.getlist("day") or ([str(calendar.missed[0])] if len(calendar.missed) == 1 else []),
        "reasons": reasons, "why": request.POST.get("why", ""), "other": request.POST.get("other", ""),
        "back": reverse("books:home", args=[id]),
    }, status=422 if reasons else 200)  # fmt: skip


def _miss(request: HttpRequest, book: Book) -> list[Refusal]:
    typed = Typed(sent_by(request.POST))
    why = typed.text("other") or typed.text("why")
    sent = request.POST.getlist("day")
    days = [found for text in sent if isinstance(found := Typed({"day": text}).day("day"), datetime.date)]
    reasons = list(typed.reasons)
    close = close_meeting if book.institution.kind == "shg" else close_day
    if not days:
        reasons.append(Refusal("day", "no_day", N_("Choose at least one day.")))
    with transaction.atomic():
        for day in days:
            said = {"id": uuid5(book.institution_id, f"missed/{day}"), "on": day, "kind": "missed", "why": why}
            try:
                close(by=request.scope, book=book, said=said, is_sure=True)
            except Refused as refused:
                reasons += [one for one in refused.refusals if one not in reasons]
        transaction.set_rollback(bool(reasons))
    if not reasons:
        text = ngettext("One meeting is marked as not held.", "%(count)s meetings are marked as not held.", len(days))
        messages.success(request, text % {"count": len(days)})
    return reasons


routes = [
    path("books/<uuid:id>/meetings/missed/", missed, name="meetings_missed"),
    path("books/<uuid:id>/days/missed/", missed, name="days_missed"),
]
