"""The first page of a book: what to do next, what it holds today, the last meetings, and the ways on."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from umeed.books.heads import SAVINGS
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.calendar import Calendar, calendar_of
from umeed.books.models import Book, Clash, Meeting, OpenMeeting, stands
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.meetings import address_of, row_of
from umeed.books.pages.opening import SEE, book_behind, institution_behind, may_keep, page
from umeed.books.pages.rules_told import led_to_rules
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.walk import BEGIN
from umeed.books.templatetags.books_text import money
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.money import Paise

WAYS = (
    ("meetings", _("Meetings"), ("shg",)), ("days", _("Days"), ("vo", "clf")),
    ("bodies", _("Groups"), ("vo",)), ("bodies", _("VOs"), ("clf",)), ("between", _("Between two books"), ()),
    ("registers", _("Registers and passbooks"), ()), ("loans", _("Loans"), ()),
    ("women", _("What each woman has and owes"), ("shg",)), ("health", _("Group health"), ("shg",)),
    ("bylaws", _("The group's own rules"), ("shg",)), ("cut_off", _("Cut-off"), ()),
    ("share_out", _("Share-out"), ("shg",)), ("months", _("Closed months"), ()),
    ("clashes", _("Two for one place"), ()),
)  # fmt: skip
# Of a meeting that is due later (1), today (0) or was due (-1). Days of a VO or CLF that are no meetings have numbers
# too, so that of its next meeting is not known before.
_DUE = {
    1: _("Meeting %(number)s is due on %(day)s"), 0: _("Meeting %(number)s is due today"),
    -1: _("Meeting %(number)s was due on %(day)s"),
}  # fmt: skip
_DAY_DUE = {
    1: _("The next meeting is due on %(day)s"), 0: _("The next meeting is due today"),
    -1: _("The next meeting was due on %(day)s"),
}  # fmt: skip


@needs(SEE, of="institutions_institution")
def home(request: HttpRequest, id: UUID) -> HttpResponse:
    """What to do today stands first; every figure opens into its register. Without a book: the ways to begin one."""
    if not Book.objects.filter(institution=id).exists() and institution_behind(request.scope, id):
        return redirect("books:cut_off", id)
    book = book_behind(request.scope, id)
    today, kind = request.scope.today, book.institution.kind
    keeps, is_group = may_keep(request.scope, book), kind == "shg"
    calendar = calendar_of(book, today)
    last = Meeting.objects.filter(stands(), book=book).order_by("-held_on", "-closed_at")[:5]
    return render(request, "books/home.html", {
        "page": page(request, book, _("Book")), "book": book, "as_of": today, "keeps": keeps, "is_group": is_group,
        "led": led_to_rules(book, today) if keeps and is_group else None,
        "next": _next(request, book, calendar) if keeps else None,
        "tasks": [
            *_waiting(book, today), *(_missed(book, calendar) if keeps else ()),
            *(_tasks(book, calendar, today) if is_group else ()),
        ],
        "figures": _figures(book, today), "last": [row_of(book, one) for one in last],
        "ways": [
            {"title": title, "url": url}
            for key, title, kinds in WAYS
            if (not kinds or kind in kinds) and (url := address_of(key, id))
        ],
    })  # fmt: skip


def _next(request: HttpRequest, book: Book, calendar: Calendar) -> dict[str, Any]:
    """The one thing to do now: go on with the meeting or day that is open, or begin the one that is due."""
    is_group, row = book.institution.kind == "shg", OpenMeeting.objects.filter(book=book).first()
    walk = MEETING if is_group else DAY
    if row is not None:
        writing = Writing(request.scope, book, row)
        done = sum(1 for step in walk.steps if writing.is_done(step.key))
        about = {"number": row.said.get("number") or "–", "day": day(_day(row))}
        words = _("Meeting %(number)s of %(day)s is being written")
        words = words if is_group else _("Day %(number)s of %(day)s is being written")
        return {
            "title": words % about,
            "text": gettext("%(done)s of %(all)s steps are done.") % {"done": done, "all": len(walk.steps)},
            "link": gettext("Go on"), "url": walk.address(book.institution_id, walk.first_to_do(writing)),
        }  # fmt: skip
    when = (calendar.next > request.scope.today) - (calendar.next < request.scope.today)
    about = {"number": calendar.last_number + 1, "day": day(calendar.next)}
    return {
        "title": (_DUE if is_group else _DAY_DUE)[when] % about, "text": book.institution.meeting_place,
        "link": gettext("Begin the meeting") if is_group else walk.begin,
        "url": walk.address(book.institution_id, BEGIN),
    }  # fmt: skip


def _day(row: OpenMeeting) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(row.said.get("on")))
    except ValueError:
        return None


def _missed(book: Book, calendar: Calendar) -> list[dict[str, Any]]:
    """Meetings of a group, or days of a VO or CLF, of which nothing is said."""
    if not calendar.missed:
        return []
    count = len(calendar.missed)
    text = ngettext(
        "A meeting of %(day)s is missing: say why it was not held, or enter it",
        "%(count)s meetings since %(day)s are missing: say why they were not held, or enter them", count,
    ) % {"count": count, "day": day(calendar.missed[0])}  # fmt: skip
    name = "books:meetings_missed" if book.institution.kind == "shg" else "books:days_missed"
    return [{"text": text, "url": reverse(name, args=[book.institution_id]), "icon": "clock", "kind": "warn"}]


def _tasks(book: Book, calendar: Calendar, today: datetime.date) -> list[dict[str, Any]]:
    id = book.institution_id
    tasks: list[dict[str, Any]] = []
    given = [one for one in running_loans(book.pk, today) if one.loan.way == "given"]
    url = address_of("register", id, "dues") or address_of("loans", id) or reverse("books:meetings", args=[id])
    if now := [one.due_now.whole for one in given if one.due_now.whole]:
        text = ngettext(
            "%(paise)s is due now on one loan", "%(paise)s is due now on %(count)s loans", len(now)
        ) % {"paise": money(Paise(sum(now))), "count": len(now)}  # fmt: skip
        tasks.append({"text": text, "url": url, "icon": "list", "kind": "info"})
    following = [one.due_next for one in given]
    if later := [due.whole for due in following if due is not None and due.on <= calendar.next]:
        text = ngettext(
            "%(paise)s more falls due on one loan until %(day)s",
            "%(paise)s more falls due on %(count)s loans until %(day)s", len(later),
        ) % {"paise": money(Paise(sum(later))), "count": len(later), "day": day(calendar.next)}  # fmt: skip
        tasks.append({"text": text, "url": url, "icon": "list", "kind": "info"})
    return tasks


def _waiting(book: Book, today: datetime.date) -> list[dict[str, Any]]:
    """What waits in any book: two for one place, money on the way."""
    tasks, id = [], book.institution_id
    if clashes := Clash.objects.filter(book=book, settled="").count():
        text = ngettext(
            "Two meetings came for one place: say which holds", "%(count)s times two came for one place", clashes
        ) % {"count": clashes}  # fmt: skip
        tasks.append({"text": text, "url": reverse("books:clashes", args=[id]), "icon": "warn", "kind": "bad"})
    if (sent := balances(book.pk, today).get("on_the_way", 0)) > 0:
        text = gettext("%(paise)s is on the way to this book: count it in when it is there") % {"paise": money(sent)}
        url = address_of("between", id) or reverse("books:meetings", args=[id])
        tasks.append({"text": text, "url": url, "icon": "clock", "kind": "info"})
    return tasks


def _figures(book: Book, today: datetime.date) -> list[dict[str, Any]]:
    """Cash, bank, savings, loans out, money on the way; each opens the register behind it."""
    held, id = balances(book.pk, today), book.institution_id

    def sum_of(*keys: str, grows: int = 1) -> Paise:
        return Paise(grows * sum(held.get(key, 0) for key in keys))

    rows = [
        (_("Cash in hand"), sum_of("cash"), "cash-book"), (_("Cash at bank"), sum_of("bank"), "cash-book"),
        (_("Savings of the women"), sum_of(*(head.key for head in SAVINGS), grows=-1), "attendance"),
        (_("Loans to members"), sum_of("loan_to_member"), "loan-ledger"),
        (_("Loans to groups and VOs"), sum_of("loan_to_body"), "loan-ledger"),
        (_("Money on the way"), sum_of("on_the_way"), "group-passbook"),
    ]  # fmt: skip
    always = (
        ("cash", "bank", "saving_compulsory", "loan_to_member") if book.institution.kind == "shg" else ("cash", "bank")
    )
    shown = len(always)
    return [
        {"name": name, "number": money(paise), "url": address_of("register", id, key)}
        for at, (name, paise, key) in enumerate(rows)
        if paise or at < shown
    ]


routes = [path("books/<uuid:id>/", home, name="home")]
