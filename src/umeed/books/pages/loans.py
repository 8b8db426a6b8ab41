"""Loans that run, how late each is, new terms by resolution, and writing off; and what each woman has and owes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.actions.loans import (
    agree_anew,
    agreed_anew,
    has_vo,
    let_interest_go,
    loan_of_hers,
    loan_to_change,
    reasons_against_letting_go,
    reasons_against_terms,
    reasons_to_keep_terms,
    undo_anew,
    undo_write_off,
    write_off,
    written_off,
)
from umeed.books.actions.taking import entered_undrawn, sheet_of
from umeed.books.ledger.off import sheets_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.facts import members, savings_of_women
from umeed.books.models import Agreement, Book, Loan, Sheet
from umeed.books.pages.bylaws import RateField
from umeed.books.pages.opening import KEEP, SEE, book_behind, may_keep, page
from umeed.books.pages.telling import credit_said, part_month_said, rate_of, times_said
from umeed.books.pages.writing.state import group_only
from umeed.books.registers.loans import Loans, loans_on
from umeed.books.registers.papering import sheet_url
from umeed.books.registers.reading import why_of, women_in
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import DayField
from umeed.core.forms import ActionForm
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

LAST = "last"
_BACK = N_("The loan runs under its earlier terms again. What was agreed stays to be seen.")
_ASKED_AGAIN = N_("The interest is asked for again. That it was let go stays to be seen.")


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
    entered = _entered(book, running)
    rows = [
        {
            "who": found.whose(one), "loan": one.loan, "lent_on": found.lent_on(one),
            "owed": one.owed, "late": one.days_late,
            "due": one.arrears.principal + one.arrears.interest, "terms": _terms(one),
            "standing": one.standing.value, "classed": codes.Standing(one.standing.value).label,
            "purpose": one.loan.get_purpose_display() if one.loan.purpose else "",
            "anew": _anew_said(agreed.get(one.loan.pk), one.on),
            "anew_undo": _undo_of_anew(id, agreed.get(one.loan.pk), one) if keeps else "",
            "is_let_go": one.loan.pk in agreed and agreed[one.loan.pk].lets_interest_go,
            "undo": _undo(id, one, entered) if keeps else "", "limit": _limit(id, one) if keeps else "",
            "run": one.run if one.loan.is_cash_credit else Paise(0),
            "to_come": Paise(0) if one.owed else one.to_come, "let_go": _let_go(id, one) if keeps else "",
            "agree": _way("loan_anew", id, one) if keeps else "", "off": _way("loan_off", id, one) if keeps else "",
        }
        for one in running
    ]  # fmt: skip
    return render(request, "books/loans/loans.html", {
        "page": page(request, book, _("Loans")), "given": [row for row in rows if row["loan"].way == "given"],
        "taken": [row for row in rows if row["loan"].way == "taken"], "is_group": book.institution.kind == "shg",
        "new": reverse("books:loan_new", args=[id]) if keeps else "", "off": _off(book, found, keeps=keeps),
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


def _anew_said(terms: Agreement | None, on: datetime.date) -> str:
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


class LoanForm(ActionForm):
    """About one loan of the book. What its VO agrees to is asked where the group belongs to one."""

    is_agreed_by_a_vo = False

    def __init__(self, *given: Any, book: Book, loan: RunningLoan, **more: Any) -> None:
        self.book, self.loan = book, loan
        super().__init__(*given, **more)

    def prepare(self, scope: Scope) -> None:
        if self.is_agreed_by_a_vo and not has_vo(scope, self.book):
            del self.fields["approved"]


class ResolutionField(forms.CharField):
    """By which resolution of the group: without one no loan is changed."""

    def __init__(self) -> None:
        super().__init__(label=_("Resolution"), max_length=240, help_text=_("Its number and its day."))


class ApprovedField(forms.CharField):
    """Who of the VO agreed to it."""

    def __init__(self) -> None:
        super().__init__(label=_("Agreed by the VO: who, and when"), max_length=240)


class AnewForm(LoanForm):
    is_agreed_by_a_vo = True
    model = Agreement
    since = DayField(label=_("New terms from"))
    rate_bp_a_year = RateField(label=_("Interest, per cent a month"))
    method = forms.ChoiceField(label=_("How interest is counted"), choices=codes.Method.choices)
    frequency = forms.ChoiceField(label=pgettext_lazy("loan", "Repaid"), choices=codes.Instalments.choices)
    instalments = forms.IntegerField(label=_("Instalments"))
    first_due = DayField(label=_("First instalment due"))
    resolution = ResolutionField()
    approved = ApprovedField()
    sections = (
        (_("From when"), ("since", "resolution", "approved")),
        (_("Terms"), ("rate_bp_a_year", "method", "frequency", "instalments", "first_due")),
    )

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        return reasons_against_terms(by, self.book, self.loan.loan.uid, self.values)

    def act(self, *, by: Scope) -> Agreement:
        return agree_anew(by=by, book=self.book, loan=self.loan.loan.uid, id=self.record_id, **self.values)


class LetGoForm(LoanForm):
    is_agreed_by_a_vo = True
    model = Agreement
    since = DayField(label=_("Asked no more from"))
    resolution = ResolutionField()
    approved = ApprovedField()
    sections = (("", ("since", "resolution", "approved")),)

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        return reasons_against_letting_go(by, self.book, self.loan.loan.uid, self.values)

    def act(self, *, by: Scope) -> Agreement:
        return let_interest_go(by=by, book=self.book, loan=self.loan.loan.uid, id=self.record_id, **self.values)


class OffForm(LoanForm):
    on = DayField(label=_("On"))
    resolution = ResolutionField()
    approved = ApprovedField()
    sections = (("", ("on", "resolution", "approved")),)

    def act(self, *, by: Scope) -> int:
        return write_off(by=by, book=self.book, loan=self.loan.loan.uid, **self.values)


@needs(KEEP, of="institutions_institution")
def anew(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """New terms for a loan, filled in with those it has."""
    return _form_page(request, id, which, AnewForm, _("Agree the loan anew"), _("Write the new terms"), "")


@needs(KEEP, of="institutions_institution")
def let_go(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Let the interest go that a repaid loan would ask for yet."""
    asks = _("The interest that is to come is asked for no more. Go on?")
    return _form_page(request, id, which, LetGoForm, _("Let the interest go"), _("Let it go"), asks)


@needs(KEEP, of="institutions_institution")
def off(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Write a loan off."""
    asks = _("The loan is written off and becomes a cost of the group. Go on?")
    return _form_page(request, id, which, OffForm, _("Write the loan off"), _("Write it off"), asks)


@needs(KEEP, of="institutions_institution")
def off_undo(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Take a write-off back that was a mistake."""
    book = group_only(book_behind(request.scope, id, KEEP))
    if which == LAST:
        return redirect("books:loans", id)
    today = request.scope.today
    try:
        sheet = written_off(book, UUID(which), today)
    except (ValueError, Refused):
        raise Http404 from None
    reasons: list[Refusal] = []
    why = " ".join(request.POST.get("why", "").replace("\x00", "").split())[:240]
    if request.method == "POST":
        try:
            undo_write_off(by=request.scope, book=book, loan=UUID(which), why=why)
            messages.success(request, gettext("The loan runs again. That it was written off stays to be seen."))
            return redirect("books:loans", id)
        except Refused as refused:
            reasons = refused.refusals
    loan = Loan.objects.get(uid=UUID(which), book=book)
    found = loans_on(book, today, loans=[loan.pk], with_closed=True)
    return render(request, "books/loans/off_undo.html", {
        "page": page(request, book, _("Take this write-off back")), "reasons": reasons, "why": why,
        "who": found.whose(found.running[0]), "loan": found.running[0], "on": sheet.on_date,
        "back": reverse("books:loans", args=[id]),
    }, status=422 if reasons else 200)  # fmt: skip


@needs(KEEP, of="institutions_institution")
def anew_undo(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Take new terms back that were a mistake."""
    book = group_only(book_behind(request.scope, id, KEEP))
    if which == LAST:
        return redirect("books:loans", id)
    try:
        terms = agreed_anew(book, UUID(which))
    except ValueError:
        raise Http404 from None
    if terms is None:
        raise Http404
    why = " ".join(request.POST.get("why", "").replace("\x00", "").split())[:240]
    # Whoever may not take them back is told so before a reason is asked for.
    reasons = reasons_to_keep_terms(book, terms, why or "–")
    title, done = _("Take the new terms back"), _BACK
    if terms.lets_interest_go:
        title, done = _("Ask for the interest again"), _ASKED_AGAIN
    if request.method == "POST":
        try:
            undo_anew(by=request.scope, book=book, loan=terms.loan.uid, why=why)
            messages.success(request, gettext(done))
            return redirect("books:loans", id)
        except Refused as refused:
            reasons = refused.refusals
    found = loans_on(book, request.scope.today, loans=[terms.loan_id], with_closed=True)
    return render(request, "books/loans/anew_undo.html", {
        "page": page(request, book, title), "reasons": reasons, "why": why,
        "who": found.whose(found.running[0]), "resolution": terms.resolution,
        "said": _anew_said(terms, datetime.date.min),
        "back": reverse("books:loans", args=[id]),
    }, status=422 if reasons and request.method == "POST" else 200)  # fmt: skip


def _form_page(
    request: HttpRequest, id: UUID, which: str, form_of: type[LoanForm], title: Any, button: Any, asks: Any
) -> HttpResponse:
    book = group_only(book_behind(request.scope, id, KEEP))
    if which == LAST:
        return redirect("books:loans", id)
    try:
        # The page may be sent a second time, when by what was done nothing is owed any more.
        found = loan_of_hers if request.method == "POST" else loan_to_change
        loan = found(book, UUID(which), request.scope.today)
    except (ValueError, Refused):
        raise Http404 from None
    now, today = loan.agreement, request.scope.today
    moved = max((one.on for one in loan.paid), default=now.since)
    begins = {
        "since": max(today, moved + datetime.timedelta(days=1)), "on": today, "method": now.method,
        "rate_bp_a_year": now.rate_bp_a_year, "frequency": now.frequency, "instalments": now.instalments,
    }  # fmt: skip
    form = form_of(request.POST or None, scope=request.scope, book=book, loan=loan, initial=begins)
    if request.method == "POST" and form.perform() is not None:
        messages.success(request, gettext("Saved."))
        return redirect("books:loans", id)
    return render(request, "books/loans/form.html", {
        "page": page(request, book, title), "form": form, "button": button, "asks": asks,
        "who": loans_on(book, today, loans=[loan.loan.pk], with_closed=True).whose(loan), "loan": loan,
        "sections": [(title, [form[name] for name in names if name in form.fields]) for title, names in form.sections],
        "back": reverse("books:loans", args=[id]),
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


@needs(SEE, of="institutions_institution")
def women(request: HttpRequest, id: UUID) -> HttpResponse:
    """What each woman has in the book and owes it; who leaves settles both in a meeting first."""
    book = group_only(book_behind(request.scope, id))
    today = request.scope.today
    saved, owed = savings_of_women(book, today), running_loans(book.pk, today)
    # Of whom the book says nothing yet, there was nothing to settle.
    rows, named = [], women_in(book)
    for woman, name in members(book, today).items():
        has = sum(paise for (one, _head), paise in saved.items() if one == woman)
        owes = sum(one.owed + one.arrears.interest for one in owed if one.loan.woman_id == woman)
        may_leave = woman in named and not has and not owes
        rows.append({"name": name, "id": woman, "has": has, "owes": owes, "may_leave": may_leave})
    leave = reverse("institutions:institution_member_leaves", args=[id]) if request.scope.can("women.change") else ""
    return render(request, "books/loans/women.html", {
        "page": page(request, book, _("What each woman has and owes")), "rows": rows, "leave": leave,
        "has": sum(row["has"] for row in rows), "owes": sum(row["owes"] for row in rows), "as_of": today,
    })  # fmt: skip


routes = [
    path("books/<uuid:id>/loans/", loans, name="loans"),
    path("books/<uuid:id>/loans/<str:which>/anew/", anew, name="loan_anew"),
    path("books/<uuid:id>/loans/<str:which>/interest/", let_go, name="loan_let_go"),
    path("books/<uuid:id>/loans/<str:which>/agreed-anew/", anew_undo, name="loan_anew_undo"),
    path("books/<uuid:id>/loans/<str:which>/write-off/", off, name="loan_off"),
    path("books/<uuid:id>/loans/<str:which>/written-off/", off_undo, name="loan_off_undo"),
    path("books/<uuid:id>/women/", women, name="women"),
]
