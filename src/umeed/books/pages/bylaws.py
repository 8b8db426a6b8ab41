"""The rules that a group gave itself: what they are, what they mean in money, and new ones from a day on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.bylaws import reasons_on, set_bylaws
from umeed.books.meetings.facts import bylaws_of, standing_meetings
from umeed.books.models import Book, Bylaw
from umeed.books.pages.opening import KEEP, SEE, book_behind, may_keep, page
from umeed.books.pages.rules_told import example_of, facts_of, led_to_rules, saving_filled_in
from umeed.books.pages.writing.state import group_only
from umeed.books.pages.writing.typed import MONTHLY_BP, TOO_FINE, rate_as_typed, rate_kept
from umeed.core.doors import needs
from umeed.core.form_fields import CountField, RupeesField
from umeed.core.forms import ActionModelForm
from umeed.core.scope import Scope
from umeed.kernel.digits import plain_number
from umeed.kernel.refusals import Refusal

_NO_RATE, _MOST_DIGITS = 1_000, 99


class RateField(forms.DecimalField):
    """Per cent a month, kept as basis points a year."""

    unit = MONTHLY_BP

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(min_value=0, max_value=100, decimal_places=4, widget=widget, **given)

    def prepare_value(self, value: Any) -> Any:
        return rate_as_typed(value, self.unit) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value if value in self.empty_values else plain_number(str(value)))
        if number is None:
            return None
        if not number.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        # No number of digits is too many to be told that it is too much, or too fine.
        is_too_fine = number.adjusted() < -_MOST_DIGITS
        kept = None if is_too_fine else rate_kept(Fraction(max(-_NO_RATE, min(number, _NO_RATE))), self.unit)
        if kept is None:
            raise forms.ValidationError(gettext(TOO_FINE) % {"written": str(value)[:20]}, code="too_fine")
        return kept

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """How much is too much is the rules' to say."""


class BylawForm(ActionModelForm):
    rate_bp_a_year = RateField(label=_("Interest, per cent a month"))
    multiple_paise = RupeesField(label=_("Instalments in multiples of"))
    rounding_paise = RupeesField(label=_("Interest rounded to"))
    sections = (
        (_("From when"), ("since", "resolution")),
        (_("Savings at every meeting"), ("compulsory_paise", "food_paise", "health_paise", "takes_optional")),
        (_("Loans to members"), (
            "rate_bp_a_year", "method", "part_month", "frequency", "instalments", "multiple_paise", "rounding_paise",
            "most_paise", "lends_to_overdue", "order",
        )),
        (_("Fines and quorum"), ("fine_late_paise", "fine_absent_paise", "penalty_paise", "quorum_percent")),
    )  # fmt: skip

    class Meta:
        model = Bylaw
        fields = (
            "since", "resolution", "compulsory_paise", "food_paise", "health_paise", "takes_optional", "rate_bp_a_year",
            "method", "part_month", "frequency", "instalments", "multiple_paise", "rounding_paise", "most_paise",
            "lends_to_overdue", "order", "fine_late_paise", "fine_absent_paise", "penalty_paise", "quorum_percent",
        )  # fmt: skip
        field_classes = {"instalments": CountField, "quorum_percent": CountField}

    def __init__(self, *given: Any, book: Book, **more: Any) -> None:
        self.book = book
        super().__init__(*given, **more)

    def _done_before(self) -> Any:
        """The action knows what was sent before, and tells what differs from it."""
        return None

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        values = dict(self.values)
        return reasons_on(by, self.book, values.pop("since", None), values)

    def act(self, *, by: Scope) -> Bylaw:
        return set_bylaws(by=by, book=self.book, id=self.record_id, **self.values)


@needs(SEE, of="institutions_institution")
def bylaws(request: HttpRequest, id: UUID) -> HttpResponse:
    """The rules of today in words, with an example; those before; those that are set to come."""
    book = group_only(book_behind(request.scope, id))
    rows = list(Bylaw.objects.filter(book=book).order_by("-since"))
    now = next((row for row in rows if row.since <= request.scope.today), None)
    today = bylaws_of(book, request.scope.today)
    return render(request, "books/bylaws/bylaws.html", {
        "page": page(request, book, _("The group's own rules")), "book": book, "now": now, "facts": facts_of(today),
        "example": example_of(today, request.scope.today), "keeps": may_keep(request.scope, book),
        "rows": [{"row": row, "facts": facts_of(row.plain)} for row in rows if row is not now],
        "today": request.scope.today,
    })  # fmt: skip


@needs(KEEP, of="institutions_institution")
def new(request: HttpRequest, id: UUID) -> HttpResponse:
    """New rules, filled in with those of today."""
    book = group_only(book_behind(request.scope, id, KEEP))
    form = BylawForm(request.POST or None, scope=request.scope, book=book, initial=_as_today(book, request.scope.today))
    if request.method == "POST" and form.perform() is not None:
        messages.success(request, gettext("The new rules are written."))
        return redirect("books:bylaws", id)
    return render(request, "books/bylaws/new.html", {
        "page": page(request, book, _("New rules")), "form": form, "back": reverse("books:bylaws", args=[id]),
        "led": led_to_rules(book, request.scope.today),
        "sections": [(title, [form[name] for name in names]) for title, names in form.sections],
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _as_today(book: Book, today: datetime.date) -> dict[str, Any]:
    row = Bylaw.objects.filter(book=book).order_by("-since").first()
    if row is not None:
        return {name: getattr(row, name) for name in BylawForm.Meta.fields if name not in ("since", "resolution")}
    # Without a word of the group: what is usual, since its book began as long as no meeting was held under it.
    usual = bylaws_of(book, today)
    is_held = standing_meetings(book).filter(number__isnull=False).exists()
    return {
        "since": max(book.opened_on, today) if is_held else book.opened_on,
        "compulsory_paise": saving_filled_in(book),
        "rate_bp_a_year": usual.rate_bp_a_year, "method": usual.method, "part_month": usual.part_month,
        "frequency": usual.frequency,
        "instalments": usual.instalments, "multiple_paise": usual.multiple, "rounding_paise": usual.rounding.unit,
        "order": "pir", "quorum_percent": usual.quorum_percent, "takes_optional": True,
        "food_paise": 0, "health_paise": 0, "fine_late_paise": 0, "fine_absent_paise": 0, "penalty_paise": 0,
    }  # fmt: skip


routes = [
    path("books/<uuid:id>/rules/", bylaws, name="bylaws"),
    path("books/<uuid:id>/rules/new/", new, name="bylaws_new"),
]
