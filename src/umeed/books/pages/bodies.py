"""What a VO or CLF has with its groups or VOs: all of them, and one beside its own book. Groups open the same page on
their VO: both see what each book says, and settle there what is on the way."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.bodies import settle_on_the_way, take_back, write_off
from umeed.books.bodies.agreeing import standings
from umeed.books.bodies.facts import before_day, sums_by_body
from umeed.books.bodies.overview import Event, ageing, events_between, rotation_of
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.balances import balances
from umeed.books.ledger.on_the_way import not_arrived, sent_by_way
from umeed.books.ledger.others import above, books_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Book
from umeed.books.pages.days.parts import SOURCES
from umeed.books.pages.days.state import for_federations
from umeed.books.pages.finding import by_name
from umeed.books.pages.linking import id_sent, link, pairs_beside, same_from
from umeed.books.pages.opening import SEE, book_behind, may_keep, page
from umeed.books.pages.telling import part_month_said
from umeed.books.pages.writing.beginning import id_of
from umeed.books.pages.writing.typed import Typed, rupees_as_typed, sent_by
from umeed.books.registers.cash import flow_title
from umeed.books.registers.reading import why_of
from umeed.books.rules.bodies import AGEING_DAYS
from umeed.books.rules.sources import FUND_OF
from umeed.books.templatetags.books_text import money
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day as written
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise, grouped
from umeed.kernel.refusals import N_, Refusal

FAMILIES = {
    "loan": _("Loans"), "interest": _("Interest paid"), "saving": _("Savings"), "share": _("Share capital"),
    "fee": _("Fees"),
}  # fmt: skip
_MISSING = N_("This is missing.")


@needs(SEE, of="institutions_institution")
@for_federations(SEE)
def bodies(request: HttpRequest, book: Book) -> HttpResponse:
    """All groups (or VOs): what each owes, is late with and has here; the funds; money on the way and for how long."""
    today = request.scope.today
    before = before_day(book, today, today=today)
    facts, names = before.facts, _names(before.known.bodies)
    waits = ageing(book, today)
    rows, sums = [], [0, 0, 0, 0]
    for body in sorted({*facts.below, *(one.loan.body_id for one in before.loans if one.loan.way == "given")}, key=str):
        loans = [one for one in facts.loans.values() if one.is_given and one.body == body and not one.is_off]
        figures = [
            sum(one.owed for one in loans), sum(one.overdue for one in loans),
            facts.held.get((body, "saving_of_body"), 0), facts.held.get((body, "share_of_body"), 0),
        ]  # fmt: skip
        sums = [one + two for one, two in zip(sums, figures, strict=True)]
        name = facts.below.get(body) or names.get(body, "?")
        rows.append((name, _row(book.institution_id, body, name, figures)))
    shown, find = by_name(request, sorted(rows, key=lambda one: one[0]), lambda one: one[0])
    return render(request, "books/bodies/bodies.html", {
        "page": page(request, book, gettext("VOs") if book.institution.kind == "clf" else gettext("Groups")),
        "book": book, "columns": _columns(), "find": find, "rows": [row for _name, row in shown],
        # What all come to is no sum of those that were asked for.
        "total": {"name": gettext("Together"), **_figures(sums)} if len(shown) == len(rows) > 0 else None,
        "empty": gettext("Nobody belongs here yet"),
        "caption": gettext("On %(day)s") % {"day": written(today)},
        "waiting": [
            _waiting(book.institution_id, names, body, paise, since, today) for body, (paise, since) in waits.items()
        ],
        "fund_columns": _fund_columns(), "funds": _funds(book, today, facts.sources),
        "rotation": _rotation(book, today),
    })  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    heads = (("owed", _("Owes")), ("late", _("Overdue")), ("saving", _("Saving")), ("share", _("Share capital")))
    return [
        {"key": "name", "title": _("Name")},
        *({"key": key, "title": title, "number": True} for key, title in heads),
    ]


def _figures(paise: list[int]) -> dict[str, Any]:
    return dict(zip(("owed", "late", "saving", "share"), (money(one) for one in paise), strict=True))


def _row(id: UUID, body: UUID, name: str, figures: list[int]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": {"text": name, "url": _between(id, body)}, **_figures(figures)}
    if figures[1]:
        row["late"] = {"text": money(figures[1]), "badge": "warn"}
    return row


def _between(id: UUID, body: object) -> str:
    return f"{reverse('books:between', args=[id])}?with={body}"


def _waiting(
    id: UUID, names: dict[UUID, str], body: UUID, paise: Paise, since: datetime.date, today: datetime.date
) -> dict[str, Any]:
    days = (today - since).days
    words = gettext("sent since %(day)s, not counted in here") if paise > 0 else gettext(
        "counted there since %(day)s, not said here where it came from"
    )  # fmt: skip
    return {
        "name": names.get(body, gettext("VO or CLF")), "paise": Paise(abs(paise)), "url": _between(id, body),
        "words": words % {"day": written(since)}, "is_old": days > AGEING_DAYS,
        "days": ngettext("%(count)s day", "%(count)s days", days) % {"count": grouped(days)},
    }  # fmt: skip


def _fund_columns() -> list[dict[str, Any]]:
    heads = (("has", _("In the fund")), ("left", _("Not lent out")))
    return [
        {"key": "name", "title": _("Fund")},
        *({"key": key, "title": title, "number": True} for key, title in heads),
    ]


def _funds(book: Book, today: datetime.date, left: Any) -> list[dict[str, Any]]:
    held = balances(book.pk, today)
    titles = {**dict(SOURCES), "rf": _("Revolving fund")}
    return [
        {
            "name": titles[key], "left": money(Paise(left.get(key, 0))),
            "has": money(Paise(-held.get(FUND_OF[key], 0))) if key in FUND_OF else "–",
        }
        for key in ("cif", "vrf", "rf", "bank") if left.get(key) or held.get(FUND_OF.get(key, ""))
    ]  # fmt: skip


def _rotation(book: Book, today: datetime.date) -> str:
    lent, received = rotation_of(book, today)
    if not received:
        return ""
    return gettext("Rotation of the CIF: %(lent)s lent in twelve months of %(received)s received (%(percent)s%%).") % {
        "lent": money(lent), "received": money(received), "percent": grouped(round(100 * lent / received)),
    }  # fmt: skip


# Two books ------------------------------------------------------------------------------------------------------------


@needs(SEE, of="institutions_institution")
def between(request: HttpRequest, id: UUID) -> HttpResponse:
    """This book and that of another body, beside each other; what is on the way between them is settled here."""
    book = book_behind(request.scope, id)
    today = request.scope.today
    others = _others(book, today)
    other = _other(request, others)
    reasons: list[Refusal] = []
    if request.method == "POST":
        if other is None or not may_keep(request.scope, book):
            raise Http404
        try:
            return _done(request, book, other)
        except Refused as refused:
            reasons = refused.refusals
    more = _beside(request, book, other, today) if other is not None else {}
    title = gettext("Between two books")
    beside, find = by_name(request, list(others.items()), lambda one: one[1])
    return render(request, "books/bodies/between.html", {
        "page": page(request, book, others[other] if other else title), "book": book, "today": today,
        "other": {"id": other, "name": others[other]} if other else None, "keeps": may_keep(request.scope, book),
        "others": [{"id": one, "name": name, "is_this": one == other} for one, name in beside], "find": find,
        "reasons": reasons, "sent": request.POST if reasons else {},
        "asks": any(one.severity == "warn" for one in reasons),
        "ids": _ids(is_off=bool(reasons) and request.POST.get("do") == "write_off"), **more,
    }, status=422 if reasons else 200)  # fmt: skip


def _ids(*, is_off: bool) -> dict[str, Any]:
    """Ids for what is sent, and of the day that two forms ask for: a reason leads to the field of the form sent."""
    on, off_on = ("id_settled_on", "id_on") if is_off else ("id_on", "id_off_on")
    return {"settle": new_id(), "write_off": new_id(), "on": on, "off_on": off_on}


def _others(book: Book, today: datetime.date) -> dict[UUID, str]:
    """{body: name} of all that this book names, and those above; under other names only where they may be seen."""
    named = {body for body, _head in sums_by_body(book.pk, today)}
    over = above(book.institution_id, today)
    names = {body: name or kind.upper() for body, (kind, name) in over.items()} | _names(named)
    return {body: names.get(body, gettext("VO or CLF")) for body in dict.fromkeys([*over, *names, *named])}


def _names(bodies: Iterable[UUID]) -> dict[UUID, str]:
    rows = Institution.objects.filter(pk__in=list(bodies)).order_by("name")
    return dict(rows.values_list("pk", "name"))


def _other(request: HttpRequest, others: dict[UUID, str]) -> UUID | None:
    asked = request.GET.get("with", "")
    if not asked:
        return next(iter(others), None)
    found = next((body for body in others if str(body) == asked), None)
    if found is None:
        raise Http404
    return found


def _beside(request: HttpRequest, book: Book, other: UUID, today: datetime.date) -> dict[str, Any]:
    told = standings(book, other, today)
    is_kept = bool(books_of([other], today))
    running = [one for one in running_loans(book.pk, today) if one.loan.body_id == other]
    columns = [
        {"key": "family", "title": _("What")}, {"key": "ours", "title": _("This book"), "number": True},
        {"key": "theirs", "title": _("Their book"), "number": True}, {"key": "apart", "title": _("Since")},
    ]  # fmt: skip
    rows = [
        {
            "family": FAMILIES[one.family], "ours": money(one.ours), "theirs": money(one.theirs),
            "apart": "" if one.agrees else {"text": written(one.apart_since), "badge": "warn"},
        }
        for one in told
    ] if is_kept else _ours_only(book, other, today)  # fmt: skip
    return {
        "is_kept": is_kept, "all_agree": all(one.agrees for one in told), "columns": columns, "rows": rows,
        "caption": gettext("On %(day)s") % {"day": written(today)}, "waiting": _on_the_way(book, other, today),
        **pairs_beside(request, book, other, running), "loan_columns": _loan_columns(),
        "loans": [_loan_row(one, same_from(one.loan, today)) for one in running],
        "events": _events(book, other, not_arrived(book, other, today)),
        "write_off": [
            {"uid": str(one.loan.uid), "words": f"{written(one.loan.lent_on)} · {money(one.owed)}"}
            for one in running if one.loan.way == "given" and one.owed
        ],
    }  # fmt: skip


def _ours_only(book: Book, other: UUID, today: datetime.date) -> list[dict[str, Any]]:
    sums = {key: paise for (body, key), paise in sums_by_body(book.pk, today).items() if body == other}
    return [
        {
            "family": gettext(head.title),
            "ours": money(Paise(head.grows_by * sums[head.key])),
            "theirs": "–",
            "apart": "",
        }
        for head in BY_NUMBER.values()
        if head.key in sums
    ]


def _on_the_way(book: Book, other: UUID, today: datetime.date) -> dict[str, Any] | None:
    if (waits := ageing(book, today).get(other)) is None:
        return None
    paise, since = waits
    about = {"day": written(since)}
    if paise > 0:
        words = gettext("They have sent it since %(day)s. Count it in when it is in the box or at the bank.") % about
        where, button = gettext("Into"), gettext("Count it in")
    else:
        words = gettext("They counted it in since %(day)s. Say out of what it was paid here.") % about
        where, button = pgettext("money", "From"), gettext("It was paid")
    # As their own book says that they sent it; what they counted in went by cash, most often.
    sent = sent_by_way(book, today).get(other) if paise > 0 else None
    cash, bank = map(rupees_as_typed, sent or (Paise(abs(paise)), Paise(0)))
    return {"size": Paise(abs(paise)), "words": words, "cash": cash, "bank": bank, "where": where, "button": button}


def _loan_columns() -> list[dict[str, Any]]:
    heads = (
        ("owed", _("Owed")),
        ("principal", _("Principal due")),
        ("interest", _("Interest due")),
        ("run", _("Interest run since")),
        ("days", _("Days late")),
    )
    return [
        {"key": "lent", "title": _("Lent on")},
        *({"key": key, "title": title, "number": True} for key, title in heads),
    ]


def _loan_row(one: RunningLoan, same: str) -> dict[str, Any]:
    late = one.arrears
    row: dict[str, Any] = {
        "lent": written(one.loan.lent_on), "owed": money(one.owed), "principal": money(late.principal),
        "interest": money(late.interest), "run": money(one.run), "days": grouped(late.days) if late.days > 0 else "–",
    }  # fmt: skip
    notes = [part_month_said(one.part_month), same, gettext("in this book alone") if one.loan.twin_id is None else ""]
    row["lent"] = {"text": row["lent"], "note": " · ".join(note for note in notes if note)}
    return row


def _events(book: Book, other: UUID, on_the_way: Container[UUID]) -> list[dict[str, Any]]:
    events = events_between(book, other)
    why = why_of(one.sheet for one in events if one.is_reversal)
    return [_event(one, on_the_way, why.get(one.sheet, "")) for one in events]


def _event(one: Event, on_the_way: Container[UUID], why: str) -> dict[str, Any]:
    """`on_the_way` are the events of which nothing was counted in yet. What was written off moved no money: whoever
    gave the loan takes that back, at any time."""
    # What takes something back is said in the words of what it takes back, below nought.
    sign = -1 if one.is_reversal else 1
    heads = {BY_NUMBER[head].key for head, _paise in one.lines}
    is_gift = heads >= {"loan_to_body", "written_off"}
    if is_gift or (heads & {"loan_from_vo", "loan_from_clf"} and "other_receipt" in heads):
        lines = [
            (flow_title("written_off", is_receipt=False, is_paid=False), Paise(sign * abs(paise)))
            for head, paise in one.lines if BY_NUMBER[head].key in ("written_off", "other_receipt")
        ]  # fmt: skip
    else:
        lines = [
            (flow_title(BY_NUMBER[head].key, is_receipt=sign * paise < 0), Paise(sign * abs(paise)))
            for head, paise in one.lines
        ]
    stands = not one.is_reversed and not one.is_reversal
    return {
        "on": one.on, "event": one.event, "is_reversed": one.is_reversed, "lines": lines,
        "is_reversal": one.is_reversal, "why": why,
        "may_take_back": stands and one.event in on_the_way, "may_undo": stands and is_gift,
    }  # fmt: skip


# What is done here ----------------------------------------------------------------------------------------------------


def _done(request: HttpRequest, book: Book, other: UUID) -> HttpResponse:
    ways: dict[str, Callable[[HttpRequest, Book, UUID, Typed], str]] = {
        "settle": _settle,
        "take_back": _take_back,
        "link": link,
        "write_off": _write_off,
    }
    do = ways.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    messages.success(request, do(request, book, other, Typed(sent_by(request.POST))))
    return redirect(_between(book.institution_id, other))


def _settle(request: HttpRequest, book: Book, other: UUID, typed: Typed) -> str:
    cash, bank, on = typed.amount("cash"), typed.amount("bank"), typed.day("on")
    _refuse_missing(typed, cash=cash or bank, on=on)
    assert on is not None
    sign = -1 if sums_by_body(book.pk, request.scope.today).get((other, "on_the_way"), Paise(0)) < 0 else 1
    ways: dict[Any, Paise] = {"cash": Paise(sign * (cash or 0)), "bank": Paise(sign * (bank or 0))}
    settle_on_the_way(
        by=request.scope, book=book, body=other, ways=ways, on=on, uid=id_of(typed.values),
        is_sure=typed.is_ticked("sure"),
    )  # fmt: skip
    return gettext("It stands in the book.")


def _take_back(request: HttpRequest, book: Book, other: UUID, typed: Typed) -> str:
    event = id_sent(typed, "event")
    take_back(by=request.scope, book=book, event=event, why=typed.text("why"))
    return gettext("It was taken back in both books.")


def _write_off(request: HttpRequest, book: Book, other: UUID, typed: Typed) -> str:
    paise, on = typed.amount("paise"), typed.day("on")
    _refuse_missing(typed, paise=paise, on=on)
    assert paise is not None and on is not None
    write_off(
        by=request.scope, loan=id_sent(typed, "loan"), paise=paise, resolution=typed.text("resolution"), on=on,
        uid=id_of(typed.values),
    )  # fmt: skip
    return gettext("It is written off.")


def _refuse_missing(typed: Typed, **values: object) -> None:
    told = {reason.field for reason in typed.reasons}
    missing = [
        Refusal(name, "missing", _MISSING) for name, value in values.items() if value is None and name not in told
    ]
    if reasons := [*typed.reasons, *missing]:
        raise Refused(reasons)


routes = [
    path("books/<uuid:id>/bodies/", bodies, name="bodies"),
    path("books/<uuid:id>/between/", between, name="between"),
]
