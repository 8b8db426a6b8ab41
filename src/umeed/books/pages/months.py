"""Months of a book: open ones can be closed when they are over; what is closed stays as it is."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import lock_month
from umeed.books.models import MonthLock, OpenMeeting, Sheet
from umeed.books.pages.opening import SEE, book_behind, may_keep, page
from umeed.books.rules.sheets import month_of
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.kernel.refusals import Refusal

SHOWN = 24


@needs(SEE, of="institutions_institution")
def months(request: HttpRequest, id: UUID) -> HttpResponse:
    """The last two years month by month. The oldest open one is closed first."""
    book = book_behind(request.scope, id)
    keeps = may_keep(request.scope, book)
    reasons: list[Refusal] = []
    if request.method == "POST":
        if not keeps:
            raise Http404
        try:
            lock_month(by=request.scope, book=book, month=_day(request.POST.get("month", "")))
            messages.success(request, gettext("The month is closed."))
            return redirect("books:months", id)
        except Refused as refused:
            reasons = refused.refusals
        except ValueError:
            raise Http404 from None
    now, first = month_of(request.scope.today), month_of(book.opened_on)
    locks = MonthLock.objects.filter(book=book).order_by("month")
    last = max((one.month for one in locks), default=first - 1)
    counted = dict.fromkeys(range(max(first, now - SHOWN), now + 1), 0)
    for on in Sheet.objects.filter(book=book, on_date__gte=_first_of(min(counted))).values_list("on_date", flat=True):
        counted[month_of(on)] = counted.get(month_of(on), 0) + 1
    open_ones = [month for month in counted if last < month < now]
    return render(request, "books/months.html", {
        "page": page(request, book, _("Closed months")), "reasons": reasons, "keeps": keeps,
        "next": _first_of(open_ones[0]) if open_ones and keeps else None,
        "share_out": reverse("books:share_out", args=[id]) if book.institution.kind == "shg" else "",
        "is_open": OpenMeeting.objects.filter(book=book).exists(),
        "rows": [
            {
                "day": _first_of(month), "sheets": count, "is_now": month == now,
                "lock": next((one for one in locks if one.month >= month), None),
            }
            for month, count in sorted(counted.items(), reverse=True)
        ],
    }, status=422 if reasons else 200)  # fmt: skip


def _first_of(month: int) -> datetime.date:
    return datetime.date(month // 12, month % 12 + 1, 1)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text[:10])


routes = [path("books/<uuid:id>/months/", months, name="months")]
