"""What a register is asked for: a time, and where it needs one a woman, a loan, a head or a meeting."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from umeed.books.heads import CHART
from umeed.books.meetings.facts import members
from umeed.books.models import Book, Meeting
from umeed.books.registers.catalogue import Asked, Register
from umeed.books.registers.loans import loans_on
from umeed.books.registers.meetings import meetings_of
from umeed.books.registers.papering import head_title, period_of
from umeed.books.registers.reading import names, women_in
from umeed.core.form_fields import DayField, PastMomentField
from umeed.core.registers.widgets import Pick
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.kernel.money import rupees
from umeed.kernel.periods import FinancialYear, Period

# As many meetings as two years of weeks have stand in the list; a link opens any.
MEETINGS_FOR = datetime.timedelta(days=731)


class AskForm(forms.Form):
    """The bar above a register. What is left empty is as usual."""

    def __init__(self, data: Any, *, book: Book, register: Register, today: datetime.date) -> None:
        self.book, self.register, self.today = book, register, today
        super().__init__(self._as_usual(data))
        if register.when == "period":
            self.fields["period"] = _pick(_("Time"), self._periods())
        if register.when == "day":
            self.fields["as_of"] = DayField(label=_("As on"), required=False)
        if register.when == "meeting":
            self.fields["meeting"] = _pick(_("Meeting"), self._meetings())
        if register.which == "woman":
            self.fields["woman"] = _pick(_("Woman"), self._women())
        if register.which == "loan?":
            self.fields["loan"] = _pick(_("Loan"), self._loans())
        if register.which == "head?":
            self.fields["head"] = _pick(_("Head"), self._heads())
        if register.which == "known?":
            self.fields["known"] = PastMomentField(label=_("As it was known on"), required=False)

    def _as_usual(self, data: Any) -> dict[str, str]:
        """What is left out stands in the bar as it is taken."""
        said = {key: value for key, value in data.items() if value}
        if self.register.when == "period" and self.register.usual:
            said.setdefault("period", _of(self.register.usual, self.last).code)
        elif self.register.when == "day":
            said.setdefault("as_of", f"{self.last:%d-%m-%Y}")
        return said

    @property
    def last(self) -> datetime.date:
        """No register tells of days that have not come."""
        return max(self.today, self.book.opened_on)

    def clean_as_of(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["as_of"]
        if day is not None and day > self.last:
            raise forms.ValidationError(_("%(day)s has not come yet."), code="future", params={"day": written_day(day)})
        return day

    def asked(self, **more: Any) -> Asked:
        """What a valid form asks for."""
        said = self.cleaned_data
        code = said.get("period") or ""
        usual: Any = self.register.usual or "year"
        return Asked(
            as_of=said.get("as_of") or self.last,
            period=Period.from_code(code) if code else _of(usual, self.last),
            has_period=bool(code or self.register.usual),
            woman=UUID(said["woman"]) if said.get("woman") else None,
            loan=int(said["loan"]) if said.get("loan") else None, head=said.get("head") or None,
            meeting=self._meeting(said), known_at=said.get("known"), **more,
        )  # fmt: skip

    def _meeting(self, said: dict[str, Any]) -> UUID | None:
        if self.register.when != "meeting":
            return None
        chosen = said.get("meeting") or next((key for key, _words in self._meetings() if key), "")
        return UUID(chosen) if chosen else None

    # What may be chosen -------------------------------------------------------------------------------------------

    def _periods(self) -> list[tuple[str, Any]]:
        """Newest first; months and quarters of the years that the book is kept."""
        offered: list[tuple[str, Any]] = [] if self.register.usual else [("", _("From the beginning"))]
        year = FinancialYear.of(self.last)
        while year.last_day >= self.book.opened_on:
            whole = {"year": [year.period()], "quarter": year.quarters()[::-1], "month": year.months()[::-1]}
            offered += [
                (one.code, period_of(one))
                for kind, ones in whole.items() if kind in self.register.kinds for one in ones
                if one.first_day <= self.last and one.last_day >= self.book.opened_on
            ]  # fmt: skip
            year = year.previous()
        return offered

    def _women(self) -> list[tuple[str, Any]]:
        now = members(self.book, self.last)
        told = names(women_in(self.book) | set(now))
        rows = sorted(((told.woman(pk), str(pk)) for pk in told.women), key=lambda row: row[0])
        return [("", _("Choose")), *((pk, name) for name, pk in rows)]

    def _loans(self) -> list[tuple[str, Any]]:
        """By name: who looks for hers does not know when it was lent."""
        loans = loans_on(self.book, self.last, with_closed=True)
        rows = [
            (str(one.loan.pk), f"{loans.whose(one)} · {written_day(loans.lent_on(one))} · "
             f"{rupees(loans.lent(one))}") for one in sorted(loans.running, key=loans.whose)
        ]  # fmt: skip
        return [("", _("All loans")), *rows]

    def _heads(self) -> list[tuple[str, Any]]:
        level = self.book.institution.kind
        return [("", _("All heads")), *((head.key, head_title(head)) for head in CHART if level in head.levels)]

    def _meetings(self) -> list[tuple[str, Any]]:
        held = meetings_of(self.book, self.last - MEETINGS_FOR, self.last)
        linked = self.data.get("meeting", "")
        if linked and linked not in {str(one.pk) for one in held}:
            held += _linked(self.book, linked)
        return [(str(one.pk), f"{one.number or '–'} · {written_day(one.held_on)}") for one in held]


def _pick(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=Pick)


def _linked(book: Book, pk: str) -> list[Meeting]:
    try:
        return list(Meeting.objects.filter(book=book, pk=UUID(pk)))
    except ValueError:
        return []


def _of(kind: str, day: datetime.date) -> Period:
    return {"month": Period.month_of, "quarter": Period.quarter_of, "year": Period.year_of}[kind](day)
