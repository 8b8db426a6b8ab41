"""Loans that run, and how late each is; those that were written off; what each woman has and owes."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.actions.loans import (
    reasons_to_keep_terms,
)
from umeed.books.actions.taking import entered_undrawn, sheet_of
from umeed.books.ledger.off import sheets_of
from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.facts import members, savings_of_women
from umeed.books.models import Agreement, Book, Sheet
from umeed.books.pages.finding import by_name
from umeed.books.pages.opening import SEE, book_behind, may_keep, page
from umeed.books.pages.telling import credit_said, part_month_said, rate_of, times_said
from umeed.books.pages.writing.state import group_only
from umeed.books.registers.dues import several
from umeed.books.registers.loans import Loans, loans_on
from umeed.books.registers.papering import sheet_url
from umeed.books.registers.reading import why_of, women_in
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.money import Paise


@needs(SEE, of="institutions_institution")
def loans(request: HttpRequest, id: UUID) -> HttpResponse:
    """All loans that run today, those most late first; then those that were written off."""
    book = book_behind(request.scope, id)
    keeps = may_keep(request.scope, book)
    found = loans_on(book, request.scope.today, with_closed=True)
    agreed = _agreed_anew(book)
    # A cash credit that was ended stays to be seen: it is opened again by another limit. So does a loan of which the
    # interest was let go, for as long as that can be taken back.
    running = [
        one for one in found.running if not one.is_closed or one.is_ended or _is_let_go(book, agreed.get(one.loan.pk))
    ]
    running.sort(key=lambda one: (-one.days_late, found.whose(one)))
    entered, which = _entered(book, running), found.apart(running)
    rows = [
        {
            "who": found.whose(one), "which": which.get(one.loan.pk), "loan": one.loan, "lent_on": found.lent_on(one),
            "owed": one.owed, "late": one.days_late,
            "due": one.due_now.whole, "terms": _terms(one),
            "standing": one.standing.value, "classed": codes.Standing(one.standing.value).label,
            "purpose": one.loan.get_purpose_display() if one.loan.purpose else "",
            "anew": anew_said(agreed.get(one.loan.pk), one.on),
            "anew_undo": _undo_of_anew(id, agreed.get(one.loan.pk), one) if keeps else "",
            "is_let_go": one.loan.pk in agreed and agreed[one.loan.pk].lets_interest_go,
            "undo": _undo(id, one, entered) if keeps else "", "limit": _limit(id, one) if keeps else "",
            "run": one.run if one.loan.is_cash_credit else Paise(0),
            "to_come": Paise(0) if one.owed else one.to_come, "let_go": _let_go(id, one) if keeps else "",
            "agree": _way("loan_anew", id, one) if keeps else "", "off": _way("loan_off", id, one) if keeps else "",
        }
        for one in running
    ]  # fmt: skip
    given, find = by_name(request, [row for row in rows if row["loan"].way == "given"], lambda row: str(row["who"]))
    return render(request, "books/loans/loans.html", {
        "page": page(request, book, _("Loans")), "given": given, "find": find,
        "taken": [row for row in rows if row["loan"].way == "taken"], "is_group": book.institution.kind == "shg",
        "several": several(which), "off": _off(book, found, keeps=keeps),
        "new": reverse("books:loan_new", args=[id]) if keeps else "",
    })  # fmt: skip


def _off(book: Book, found: Loans, *, keeps: bool) -> list[dict[str, Any]]:
    """Loans that were written off, the last first: when, by which resolution, what was let go, what came since."""
    ones = sorted((one for one in found.running if one.off_on), key=lambda one: str(one.off_on), reverse=True)
    sheets = sheets_of(book.pk, max((one.on for one in ones), default=book.opened_on), [one.loan.pk for one in ones])
    why = why_of(sheet for sheet, _day in sheets.values())
    rows = []
    for one in ones:
        sheet = sheets[one.loan.pk][0]
        may_undo = keeps and one.loan.woman_id and not one.recovered
        rows.append({
            "who": found.whose(one), "on": one.off_on, "why": why.get(sheet, ""), "sheet": sheet_url(book, sheet),
            "principal": one.let_go_principal, "interest": one.let_go_interest, "recovered": one.recovered,
            "undo": reverse("books:loan_off_undo", args=[book.institution_id, one.loan.uid]) if may_undo else "",
        })  # fmt: skip
    return rows


def _terms(one: RunningLoan) -> str:
    """As “2% a month · 10 instalments · Per cent a month on what is still owed · Interest for a month that is not over:
    By the days”, or “… · Cash credit: …”."""
    agreed, rate = one.agreement, rate_of(one.loan, one.agreement.rate_bp_a_year)
    if one.loan.is_cash_credit:
        return f"{rate} · {credit_said(one)}"
    said = [rate, times_said(agreed.instalments), str(codes.Method(agreed.method).label)]
    return " · ".join(part for part in (*said, part_month_said(one.part_month)) if part)


def _entered(book: Book, running: list[RunningLoan]) -> set[UUID]:
    """Ids of the sheets by which loans came that were entered on their own page; of a cash credit of which nothing was
    drawn then, the one that it would have."""
    taken = [sheet_of(one.loan.uid) for one in running if one.loan.way == "taken"]
    if not taken:
        return set()
    came = set(Sheet.objects.filter(book=book, uid__in=taken).values_list("uid", flat=True))
    return came | {sheet_of(uid) for uid in entered_undrawn(book)}


def _undo(id: UUID, one: RunningLoan, entered: set[UUID]) -> str:
    """While nothing was repaid on it."""
    is_new = sheet_of(one.loan.uid) in entered and one.loan.twin_id is None
    is_whole = one.owed == one.agreement.principal_paise and not one.paid and not one.agreement.resolution
    return reverse("books:loan_undo", args=[id, one.loan.uid]) if is_new and is_whole else ""


def _agreed_anew(book: Book) -> dict[int, Agreement]:
    """{a woman's loan: the terms that were agreed anew last, which hold or will}."""
    rows = Agreement.objects.filter(book=book, loan__head="loan_to_member").exclude(resolution="").order_by("since")
    return {terms.loan_id: terms for terms in rows}


def _is_let_go(book: Book, terms: Agreement | None) -> bool:
    """Whether the interest of a loan was let go, which can still be taken back."""
    return terms is not None and terms.lets_interest_go and not reasons_to_keep_terms(book, terms, "–")


def anew_said(terms: Agreement | None, on: datetime.date) -> str:
    """As “agreed anew”, and from when if that is to come; or since when its interest is let go."""
    if terms is None:
        return ""
    since = {"day": written(terms.since)}
    if terms.lets_interest_go:
        return gettext("interest let go from %(day)s") % since
    return gettext("agreed anew from %(day)s") % since if terms.since > on else gettext("agreed anew")


def _undo_of_anew(id: UUID, terms: Agreement | None, one: RunningLoan) -> str:
    """While nothing was paid under the new terms."""
    if terms is None:
        return ""
    moved = (paid for paid in (*one.paid, *one.let_go) if paid.on >= terms.since)
    has_moved = any(paid.principal + paid.interest for paid in moved)
    return "" if has_moved else reverse("books:loan_anew_undo", args=[id, one.loan.uid])


def _limit(id: UUID, one: RunningLoan) -> str:
    return reverse("books:loan_limit", args=[id, one.loan.uid]) if one.loan.is_cash_credit else ""


def _way(name: str, id: UUID, one: RunningLoan) -> str:
    is_hers = one.loan.head == "loan_to_member" and one.owed > 0
    return reverse(f"books:{name}", args=[id, one.loan.uid]) if is_hers else ""


def _let_go(id: UUID, one: RunningLoan) -> str:
    is_left = one.loan.head == "loan_to_member" and not one.owed and one.to_come > 0
    return reverse("books:loan_let_go", args=[id, one.loan.uid]) if is_left else ""


@needs(SEE, of="institutions_institution")
def women(request: HttpRequest, id: UUID) -> HttpResponse:
    """What each woman has in the book and owes it; who leaves settles both in a meeting first."""
    book = group_only(book_behind(request.scope, id))
    today = request.scope.today
    saved, owed = savings_of_women(book, today), loans_on(book, today)
    # Of whom the book says nothing yet, there was nothing to settle.
    rows, named = [], women_in(book)
    for woman, name in members(book, today).items():
        has = sum(paise for (one, _head), paise in saved.items() if one == woman)
        owes = sum(one.due_now.penalty + one.to_pay_all.whole for one in owed.running if owed.woman(one) == woman)
        may_leave = woman in named and not has and not owes
        rows.append({"name": name, "id": woman, "has": has, "owes": owes, "may_leave": may_leave})
    leave = reverse("institutions:institution_member_leaves", args=[id]) if request.scope.can("women.change") else ""
    return render(request, "books/loans/women.html", {
        "page": page(request, book, _("What each woman has and owes")), "rows": rows, "leave": leave,
        "has": sum(row["has"] for row in rows), "owes": sum(row["owes"] for row in rows), "as_of": today,
    })  # fmt: skip


routes = [
    path("books/<uuid:id>/loans/", loans, name="loans"),
    path("books/<uuid:id>/women/", women, name="women"),
]
