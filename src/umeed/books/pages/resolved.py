"""What a group resolves about a loan: new terms, interest that is let go, writing off; and each taken back."""

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
from umeed.books.ledger.afterwards import not_written_off, without_terms
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Book, Loan, MonthLock
from umeed.books.pages.bylaws import RateField
from umeed.books.pages.loans import anew_said
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.state import group_only
from umeed.books.pages.writing.typed import line_sent
from umeed.books.registers.dues import say_anew, say_due, say_first
from umeed.books.registers.loans import loans_on, overdue, standing
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import CountField, DayField
from umeed.core.forms import ActionForm
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

LAST = "last"
_BACK = N_("The loan runs under its earlier terms again. What was agreed stays to be seen.")
_ASKED_AGAIN = N_("The interest is asked for again. That it was let go stays to be seen.")


class LoanForm(ActionForm):
    """About one loan of the book. What its VO agrees to is asked where the group belongs to one."""

    is_agreed_by_a_vo = False

    def __init__(self, *given: Any, book: Book, loan: RunningLoan, **more: Any) -> None:
        self.book, self.loan = book, loan
        super().__init__(*given, **more)

    def prepare(self, scope: Scope) -> None:
        if self.is_agreed_by_a_vo and not has_vo(scope, self.book):
            del self.fields["approved"]

    @property
    def said(self) -> str:
        """What becomes of what is due, told beside it."""
        return ""

    def done(self) -> str:
        """What is said when it is saved."""
        return gettext("Saved.")


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
    since = DayField(label=_("New terms from"))
    rate_bp_a_year = RateField(label=_("Interest, per cent a month"))
    method = forms.ChoiceField(label=_("How interest is counted"), choices=codes.Method.choices)
    frequency = forms.ChoiceField(label=pgettext_lazy("loan", "Repaid"), choices=codes.Instalments.choices)
    instalments = CountField(label=_("Instalments"))
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

    @property
    def said(self) -> str:
        return say_anew(self.loan)

    def done(self) -> str:
        begun = running_loans(self.book.pk, self.values["since"], loans=[self.loan.loan.pk], with_closed=True)
        return " ".join(filter(None, (super().done(), say_first(begun[0]))))


class LetGoForm(LoanForm):
    is_agreed_by_a_vo = True
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
    why = line_sent(request.POST, "why")
    if request.method == "POST":
        try:
            undo_write_off(by=request.scope, book=book, loan=UUID(which), why=why)
            messages.success(request, gettext("The loan runs again. That it was written off stays to be seen."))
            return redirect("books:loans", id)
        except Refused as refused:
            reasons = refused.refusals
    loan = Loan.objects.get(uid=UUID(which), book=book)
    found = loans_on(book, today, loans=[loan.pk], with_closed=True)
    is_closed = MonthLock.objects.closing(sheet.on_date).filter(book=book).exists()
    after = not_written_off(found.running[0], today if is_closed else sheet.on_date)
    return render(request, "books/loans/off_undo.html", {
        "page": page(request, book, _("Take this write-off back")), "reasons": reasons, "why": why,
        "after": _as_told(after), "is_closed": is_closed,
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
    why = line_sent(request.POST, "why")
    # Whoever may not take them back is told so before a reason is asked for.
    reasons = stays = reasons_to_keep_terms(book, terms, why or "–")
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
        "said": anew_said(terms, datetime.date.min),
        "after": None if stays else _as_told(without_terms(terms, request.scope.today)),
        "back": reverse("books:loans", args=[id]),
    }, status=422 if reasons and request.method == "POST" else 200)  # fmt: skip


def _as_told(one: RunningLoan) -> dict[str, Any]:
    """What is owed of a loan, what is to be paid now and next, and how it is classed."""
    now, then = one.due_now.whole, one.due_next
    return {
        "owed": one.owed, "to_come": Paise(0) if one.owed else one.to_come, "standing": standing(one),
        "overdue": Paise(overdue(one)), "due": now, "due_since": one.arrears.since, "then": then,
    }  # fmt: skip


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
        messages.success(request, form.done())
        return redirect("books:loans", id)
    return render(request, "books/loans/form.html", {
        "page": page(request, book, title), "form": form, "button": button, "asks": asks,
        "due": " ".join(filter(None, (say_due(loan), form.said))),
        "who": loans_on(book, today, loans=[loan.loan.pk], with_closed=True).whose(loan), "loan": loan,
        "sections": [(title, [form[name] for name in names if name in form.fields]) for title, names in form.sections],
        "back": reverse("books:loans", args=[id]),
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/loans/<str:which>/anew/", anew, name="loan_anew"),
    path("books/<uuid:id>/loans/<str:which>/interest/", let_go, name="loan_let_go"),
    path("books/<uuid:id>/loans/<str:which>/agreed-anew/", anew_undo, name="loan_anew_undo"),
    path("books/<uuid:id>/loans/<str:which>/write-off/", off, name="loan_off"),
    path("books/<uuid:id>/loans/<str:which>/written-off/", off_undo, name="loan_off_undo"),
]
