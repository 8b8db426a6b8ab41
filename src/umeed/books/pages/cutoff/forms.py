"""What a cut-off asks for, part by part. While it is written nothing is needed; what is unreadable stays as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.heads import BY_KEY, SAVINGS
from umeed.books.pages.writing.typed import MONTHLY_BP
from umeed.books.rules.rates import MOST_OF_GROUPS_BP
from umeed.core.form_fields import CountField, DayField, RupeesField
from umeed.core.registers.widgets import Pick
from umeed.kernel.digits import plain_number
from umeed.kernel.money import rupees


class Amount(RupeesField):
    """Rupees, never needed, filled in again as people write them."""

    is_money = True

    def __init__(self, label: Any, hint: Any = "") -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "amount-input"})
        super().__init__(label=label, required=False, help_text=hint, widget=widget)


class Day(DayField):
    def __init__(self, label: Any, hint: Any = "") -> None:
        super().__init__(label=label, required=False, **({"help_text": hint} if hint else {}))


class Count(CountField):
    def __init__(self, label: Any, hint: Any = "") -> None:
        super().__init__(label=label, required=False, min_value=0, help_text=hint)


class Rate(forms.CharField):
    """Per cent a year, as banks say it, kept in basis points a year."""

    unit, most = 100, 100
    wrong = _("“%(written)s” is no rate. Write per cent a year, like 24 or 10.5.")

    def __init__(self, label: Any, hint: Any = "") -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=label, required=False, help_text=hint, widget=widget)

    def to_python(self, value: Any) -> Any:
        text = plain_number(str(value or "")).removesuffix("%").strip()
        if not text:
            return None
        try:
            points = Decimal(text) * self.unit
        except ArithmeticError:
            points = Decimal(-1)
        is_whole = points.is_finite() and points == points.to_integral_value()
        if not is_whole or not 0 <= points <= self.most * self.unit:
            raise forms.ValidationError(str(self.wrong) % {"written": text[:40]}, code="no_rate")
        return int(points)


class MonthlyRate(Rate):
    """Per cent a month, as a group's own rules say it."""

    unit, most = MONTHLY_BP, MOST_OF_GROUPS_BP // MONTHLY_BP
    wrong = _("“%(written)s” is no rate: write per cent a month, like 1.5, at most 8.")


def choice(label: Any, choices: Sequence[tuple[Any, Any]], hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=hint, widget=Pick)


class Part(forms.Form):
    """A part of the cut-off. `typed` are the texts of its fields; None where nothing was written yet."""

    def __init__(self, typed: Mapping[str, str] | None, *, prefix: str = "", **given: Any) -> None:
        data = None
        if typed is not None:
            data = {f"{prefix}-{key}" if prefix else key: value for key, value in typed.items()}
        super().__init__(data, prefix=prefix or None, **given)

    def value(self, name: str) -> Any:
        """What was read of a field; None when nothing or nothing readable stands there."""
        if not self.is_bound:
            return None
        self.errors  # noqa: B018  (reads the fields)
        return self.cleaned_data.get(name)

    def is_unread(self, name: str) -> bool:
        return self.is_bound and name in self.errors

    def tell(self, name: str | None, text: str) -> None:
        """Put a reason beside a field, once; beside none of them when it is about the whole part."""
        self.errors  # noqa: B018
        field = name if name in self.fields else None
        if text not in self.errors.get(field or NON_FIELD_ERRORS, []):
            self.add_error(field, text)


class GroupPart(Part):
    """The day, what the group, VO or CLF has, and what it was given."""

    on = Day(_("Day of the cut-off"))
    meetings_held = Count(_("Meetings held until then"))
    last_meeting = Day(_("Last meeting"))
    cash = Amount(_("Cash in hand"))
    bank = Amount(_("Cash at bank"))
    fixed_deposit = Amount(_("Fixed deposit"))
    insurance_policy = Amount(_("Insurance policy"))
    rf_received = Amount(_("Revolving fund received"))
    rf_returned = Amount(_("Revolving fund returned"))
    cif_received = Amount(_("CIF received that stays here"))
    cif_returned = Amount(_("CIF returned"))
    vrf = Amount(_("Vulnerability reduction fund"))
    startup = Amount(_("Start-up grant"))
    other_grant = Amount(_("Other grant"))
    other_receipts = Amount(_("Other receipts until then"))

    CIF = _("CIF that is paid back to the VO or CLF is a loan: write it among the loans that were taken.")
    FEES = _("Fees of groups and VOs are among the other receipts.")
    SECTIONS = (
        (_("The day"), ("on", "meetings_held", "last_meeting")),
        (_("What is there"), ("cash", "bank", "fixed_deposit", "insurance_policy")),
        (_("What was given to it"), ("rf_received", "rf_returned", "cif_received", "cif_returned", "vrf", "startup",
                                         "other_grant", "other_receipts")),
    )  # fmt: skip
    AMOUNTS = (*SECTIONS[1][1], *SECTIONS[2][1])

    def __init__(
        self, typed: Mapping[str, str] | None, *, bodies: Mapping[Any, tuple[str, str]], kind: str = "shg"
    ) -> None:
        super().__init__(typed)
        self.kind = kind
        self.above: list[str] = []
        for body, (kind, name) in bodies.items():
            for what in ("saving", "share"):
                title = gettext(BY_KEY[f"{what}_with_{kind}"].title)
                self.fields[f"{what}_{body}"] = Amount(f"{title}: {name}" if len(bodies) > 2 else title)
                self.above.append(f"{what}_{body}")

    def sections(self) -> list[dict[str, Any]]:
        """Titles with their fields, as the page shows them; what lies with VO and CLF is part of what is there."""
        shown = []
        for at, (title, names) in enumerate(self.SECTIONS):
            more = self.above if at == 1 else []
            hints = [self.CIF] * (at == 2 and self.kind != "clf") + [self.FEES] * (at == 2 and self.kind != "shg")
            shown.append({"title": title, "hints": hints, "fields": [self[name] for name in (*names, *more)]})
        return shown


class MemberPart(Part):
    """What a woman, or a group or VO, has here, and what no balance tells of her or it."""

    attended = Count(_("Meetings she came to"))
    closed_count = Count(_("Loans she has repaid"))
    closed_paise = Amount(_("What they came to"))

    HEADS: tuple[str, ...] = tuple(head.key for head in SAVINGS)

    def __init__(self, typed: Mapping[str, str] | None, *, prefix: str, kept: Sequence[str]) -> None:
        super().__init__(typed, prefix=prefix)
        self.kept = kept
        fields = {key: Amount(saving_title(key)) for key in self.HEADS}
        self.fields = {**fields, **self.fields}

    def first(self) -> list[Any]:
        """The savings that are kept here, and others of which something is written."""
        return [self[key] for key in self.HEADS if self._is_first(key)]

    def more(self) -> list[Any]:
        rest = [self[key] for key in self.HEADS if not self._is_first(key)]
        return [*rest, self["attended"], self["closed_count"], self["closed_paise"]]

    def is_open(self) -> bool:
        """Whether something is written or wrong among what is folded away."""
        return any(bound.errors or bound.value() for bound in self.more())

    def _is_first(self, key: str) -> bool:
        return key in self.kept or bool(self[key].value())


class BodyPart(MemberPart):
    """What a group or VO has with its federation."""

    attended = Count(_("Meetings it came to"))
    closed_count = Count(_("Loans it has repaid"))

    HEADS = ("share_of_body", "saving_of_body")

    def __init__(self, typed: Mapping[str, str] | None, *, prefix: str, kept: Sequence[str] = HEADS) -> None:
        super().__init__(typed, prefix=prefix, kept=kept)


def saving_title(key: str) -> Any:
    """What a kind of saving or share is called where it is plain whose it is."""
    return {
        "share_of_body": _("Share capital"), "saving_of_body": _("Saving"),
        "saving_compulsory": _("Compulsory saving"), "saving_food": _("Food security saving"),
        "saving_health": _("Health saving"), "saving_optional": _("Optional saving"),
    }[key]  # fmt: skip


class LoanPart(Part):
    """A loan that is not repaid, one that was given or one that was taken."""

    whose = choice("", ())
    lent_on = Day(_("Lent on"))
    lent = Amount(_("Lent"))
    outstanding = Amount(_("Principal still owed"), _("With what is overdue of it."))
    overdue_principal = Amount(_("Of it overdue"))
    overdue_interest = Amount(_("Interest overdue"))
    overdue_since = Day(_("Overdue since"), _("Needed when something is overdue."))
    rate_bp_a_year = Rate(_("Interest, per cent a year"))
    method = choice(_("How interest is counted"), codes.Method.choices)
    part_month = choice(_("Interest for a month that is not over"), codes.PartMonth.choices)
    frequency = choice(_("Repaid"), codes.Instalments.choices)
    instalments = Count(_("Instalments left"), _("Not needed when all of it is overdue."))
    next_due = Day(_("Next instalment due"), _("Not needed when all of it is overdue."))

    # What stands in each row of the card.
    ROWS: tuple[tuple[str, ...], ...] = ()

    def __init__(self, typed: Mapping[str, str] | None, *, prefix: str, whom: Sequence[tuple[str, Any]]) -> None:
        super().__init__(typed, prefix=prefix)
        pick = self.fields["whose"]
        assert isinstance(pick, forms.ChoiceField)
        pick.choices = [("", _("Choose")), *whom]

    @property
    def is_empty(self) -> bool:
        """Nothing of it is written: such a card is no loan."""
        usual = {"method", "part_month", "frequency", "rate_bp_a_year", "source", "purpose"}
        return not any(self[name].value() for name in self.fields if name not in usual)

    def rows(self) -> list[list[Any]]:
        return [[self[name] for name in names if name in self.fields] for names in self.ROWS]


class GivenLoanPart(LoanPart):
    """A loan to a woman, or to a group or VO."""

    rate_bp_a_year = MonthlyRate(_("Interest, per cent a month"))
    source = choice(_("Lent out of"), codes.Source.choices)
    purpose = choice(_("Purpose"), [("", _("Not recorded")), *codes.Purpose.choices])

    ROWS = (
        ("whose", "lent_on", "lent", "outstanding"),
        ("overdue_principal", "overdue_interest", "overdue_since"),
        ("rate_bp_a_year", "method", "part_month", "frequency", "instalments", "next_due"),
        ("source", "purpose"),
    )

    def __init__(self, typed: Mapping[str, str] | None, *, title: Any, is_hers: bool, **given: Any) -> None:
        super().__init__(typed, **given)
        self.fields["whose"].label = title
        if is_hers:
            # Of a woman's loan the group's own rules say it, and its interest by the month.
            del self.fields["part_month"]
        else:
            # What is lent to a group or VO is said by the year in both books, as on the days of a VO.
            self.fields["rate_bp_a_year"] = Rate(_("Interest, per cent a year"))


class TakenLoanPart(LoanPart):
    lender = forms.CharField(
        label=_("Bank and branch, or who else lent"), required=False, max_length=120,
        help_text=_("Needed when it is not the VO or CLF."),
    )  # fmt: skip
    number = forms.CharField(
        label=_("Number of the sanction or account"), required=False, max_length=40,
        help_text=_("Of an account number only the last four digits are kept."),
    )  # fmt: skip
    is_cash_credit = forms.BooleanField(label=_("Cash credit"), required=False)
    limit = Amount(_("Limit of the cash credit"), _("Only of a cash credit."))
    source = choice(_("What it is"), [("", _("Loan")), ("cif", _("Community investment fund"))])

    ROWS = (
        ("whose", "lender", "number", "source"),
        ("lent_on", "lent", "outstanding"),
        ("is_cash_credit", "limit"),
        ("overdue_principal", "overdue_interest", "overdue_since"),
        ("rate_bp_a_year", "method", "part_month", "frequency", "instalments", "next_due"),
    )

    def __init__(self, typed: Mapping[str, str] | None, **given: Any) -> None:
        super().__init__(typed, **given)
        self.fields["whose"].label = _("From whom")


class TakenClosedPart(Part):
    """Loans that were taken and have been repaid, by who lent."""

    ALL = (("loan_from_bank", _("Bank")), ("loan_from_vo", _("VO")), ("loan_from_clf", _("CLF")),
           ("loan_from_other", _("Others")))  # fmt: skip

    def __init__(self, typed: Mapping[str, str] | None, *, kind: str = "shg") -> None:
        super().__init__(typed, prefix="closed")
        self.lenders = [(head, name) for head, name in self.ALL if kind in BY_KEY[head].levels]
        for head, _name in self.lenders:
            self.fields[f"{head}_count"] = Count(_("Loans repaid"))
            self.fields[f"{head}_paise"] = Amount(_("What they came to"))

    def rows(self) -> list[dict[str, Any]]:
        return [{"name": name, "fields": [self[f"{head}_count"], self[f"{head}_paise"]]} for head, name in self.lenders]


class SurplusPart(Part):
    """What was earned before the book, said by the person."""

    surplus = Amount(_("Surplus before the books began"))
    surplus_why = forms.CharField(
        label=_("How it came about"), required=False, max_length=240, help_text=_("Needed when it was lost.")
    )

    @property
    def surplus_field(self) -> Any:
        return self["surplus"]

    @property
    def why_field(self) -> Any:
        return self["surplus_why"]


def as_typed(paise: int | None) -> str:
    """An amount as a person would type it; nothing for nothing."""
    return rupees(paise, sign="") if paise else ""
