"""A loan that was taken, entered on screen; and taken back with a reason when that was a mistake."""

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
from umeed.books.actions.taking import entered, lenders_of, reasons_to_take, take_loan, undo_loan
from umeed.books.models import Book, Loan, OpenMeeting
from umeed.books.pages.bylaws import RateField
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.parts import MODES
from umeed.books.pages.writing.typed import line_sent
from umeed.books.rules.lending import FIRST_PERIOD
from umeed.books.rules.rates import LEAST_OF_BANKS_BP
from umeed.books.rules.schedules import month_later
from umeed.books.rules.sheets import MOST_PAISE
from umeed.books.rules.standing import first_of_next_month
from umeed.books.rules.taken import TakenTerms
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import CountField, DayField, RupeesField, needed_when
from umeed.core.forms import ActionForm
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import Refusal

LAST = "last"
OF_A_TERM = _("needed for a term loan")
ONLY_OF_A_TERM = ("method", "part_month", "frequency", "instalments", "first_due")
OF_INTEREST = {"paise", "rate_bp_a_year", "method", "frequency"}
KINDS = {"vo": _("VO"), "clf": _("CLF")}


class YearRateField(RateField):
    """Per cent a year, as banks say it."""

    unit = 100


class TakenForm(ActionForm):
    whose = forms.ChoiceField(label=_("Who lent it"))
    lender = needed_when(
        _("needed from a bank or others"),
        forms.CharField(label=_("Bank and branch, or name"), max_length=100, required=False),
    )
    number = forms.CharField(
        label=_("Number of the sanction or account"), max_length=40, required=False,
        help_text=_("Of an account number only the last four digits are kept."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=(("term", _("Term loan")), ("credit", _("Cash credit"))))
    on = DayField(label=_("The money came on"))
    paise = needed_when(OF_A_TERM, RupeesField(
        label=_("Amount"), required=False,
        help_text=_("Of a cash credit: what was drawn first. Leave it empty while nothing is."),
    ))  # fmt: skip
    limit = needed_when(_("needed for a cash credit"), RupeesField(
        label=_("Limit of the cash credit"), required=False, help_text=_("Up to how much the bank lets draw."),
    ))  # fmt: skip
    mode = forms.ChoiceField(label=_("Into"), choices=reversed(MODES))
    rate_bp_a_year = YearRateField(label=_("Interest, per cent a year"))
    # A cash credit has none of these: its interest is counted by the day and asked for each month.
    method = forms.ChoiceField(label=_("How interest is counted"), choices=codes.Method.choices)
    part_month = forms.ChoiceField(
        label=_("Interest for a month that is not over"), choices=codes.PartMonth.choices,
        help_text=_("When it is repaid between two due days."),
    )  # fmt: skip
    frequency = forms.ChoiceField(label=pgettext_lazy("loan", "Repaid"), choices=codes.Instalments.choices)
    instalments = needed_when(OF_A_TERM, CountField(label=_("Instalments"), required=False))
    first_due = needed_when(OF_A_TERM, DayField(label=_("First instalment due"), required=False))
    sections = (
        (_("Who lent, and how much"), ("whose", "lender", "number", "kind", "limit", "on", "paise", "mode")),
        (_("Terms"), ("rate_bp_a_year", "method", "part_month", "frequency", "instalments", "first_due")),
    )  # fmt: skip

    def __init__(self, *given: Any, book: Book, **more: Any) -> None:
        self.book = book
        super().__init__(*given, **more)

    def prepare(self, scope: Scope) -> None:
        found = lenders_of(self.book, scope.today)
        names = dict(Institution.objects.filter(pk__in=found).values_list("pk", "name"))
        self.heads = {str(body): f"loan_from_{kind}" for body, (kind, _keeps) in found.items()}
        bodies = [(str(body), names.get(body) or KINDS[kind]) for body, (kind, _keeps) in found.items()]
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            ("bank", _("A bank")), *bodies, ("other", pgettext_lazy("lender", "Others"))
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Of a cash credit what is agreed on a term loan alone is not looked at, and the other way round."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == "credit":
            for name in ONLY_OF_A_TERM:
                said[name] = None
                self.errors.pop(name, None)
            if "paise" not in self.errors:
                said["paise"] = said.get("paise") or 0
            return said
        said["limit"] = None
        self.errors.pop("limit", None)
        for name in ("paise", *ONLY_OF_A_TERM):
            if said.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return said

    def terms(self) -> tuple[datetime.date, TakenTerms]:
        said = {**self._as_if(), **self.values}
        whose, kind, on = said.pop("whose"), said.pop("kind"), said.pop("on")
        body = UUID(whose) if whose in self.heads else None
        head = self.heads.get(whose, f"loan_from_{whose}")
        if kind == "credit":
            said |= {"method": "balance", "part_month": "due", "frequency": "monthly", "instalments": 1,
                     "first_due": first_of_next_month(on)}  # fmt: skip
        return on, TakenTerms(head=head, body=body, is_cash_credit=kind == "credit", **said)

    def _as_if(self) -> dict[str, Any]:
        """In the place of what could not be read, so that the rest is looked at: nothing of it is wrong with anything,
        and what is said of it is left out."""
        today = self.scope.today
        usual = {
            "whose": "other", "lender": "–", "number": "", "kind": "term", "on": today, "paise": 1,
            "limit": MOST_PAISE, "mode": "bank", "rate_bp_a_year": LEAST_OF_BANKS_BP, "method": "balance",
            "part_month": "days", "frequency": "monthly", "instalments": 1,
            "first_due": month_later(self.cleaned_data.get("on") or today, 1, 1),
        }  # fmt: skip
        return {name: value for name, value in usual.items() if name in self.unread}

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        reasons = reasons_to_take(by, self.book, *self.terms())
        # What is said by a day waits until the day is known, a sum of interest until all is that it comes of.
        unread = self.unread
        left_out = {"first_due", "whose"} if "on" in unread else set()
        asks = not unread & OF_INTEREST
        return [one for one in reasons if one.field not in left_out and (asks or one.code != FIRST_PERIOD)]

    def act(self, *, by: Scope) -> Loan:
        on, terms = self.terms()
        return take_loan(by=by, book=self.book, loan=self.record_id, on=on, terms=terms)


@needs(KEEP, of="institutions_institution")
def new(request: HttpRequest, id: UUID) -> HttpResponse:
    """A loan that came from a bank or another lender. From a meeting that is being written the way leads back to it."""
    book = book_behind(request.scope, id, KEEP)
    today = request.scope.today
    begins = {
        "on": today, "rate_bp_a_year": 700, "method": "balance", "part_month": "days", "frequency": "monthly",
        "instalments": 24, "first_due": month_later(today, 1, today.day), "mode": "bank",
    }  # fmt: skip
    is_meeting = request.GET.get("from") == "meeting" and OpenMeeting.objects.filter(book=book).exists()
    back = reverse("books:meeting_receipts" if is_meeting else "books:loans", args=[id])
    form = TakenForm(request.POST or None, scope=request.scope, book=book, initial=begins)
    if request.method == "POST" and form.perform() is not None:
        messages.success(
            request, gettext("The loan stands in the book. What falls due on it is asked for in the meetings.")
        )
        return redirect(back)
    return render(request, "books/loans/new.html", {
        "page": page(request, book, _("A loan that was taken")), "form": form, "back": back,
        "sections": [(title, [(form[name], _only_of(name)) for name in names]) for title, names in form.sections],
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _only_of(name: str) -> str:
    """The kind of loan to which alone a field applies."""
    return "credit" if name == "limit" else "term" if name in ONLY_OF_A_TERM else ""


@needs(KEEP, of="institutions_institution")
def undo(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Take back a loan that was entered by mistake."""
    book = book_behind(request.scope, id, KEEP)
    if which == LAST:
        return redirect("books:loans", id)
    reasons: list[Refusal] = []
    why = line_sent(request.POST, "why")
    try:
        loan, sheet = entered(book, UUID(which))
    except (ValueError, Refused):
        raise Http404 from None
    if request.method == "POST":
        try:
            undo_loan(by=request.scope, book=book, loan=loan.uid, why=why)
            messages.success(
                request, gettext("The loan is out of the book again. It stays to be seen, with your reason.")
            )
            return redirect("books:loans", id)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/loans/undo.html", {
        "page": page(request, book, _("Take this loan back")), "loan": loan, "reasons": reasons,
        "on": loan.lent_on if sheet is None else sheet.on_date,
        "why": why, "who": loan.called, "back": reverse("books:loans", args=[id]),
        "paise": sum(line.amount_paise for line in sheet.lines.all() if line.amount_paise > 0) if sheet else 0,
    }, status=422 if reasons else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/loans/new/", new, name="loan_new"),
    path("books/<uuid:id>/loans/<str:which>/undo/", undo, name="loan_undo"),
]
