"""Umeed's own workbook of cut-offs: a row a group, a row a woman, a row a loan; of VOs and CLFs a row each, a row a
group or VO, a row a loan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from umeed.books.loads.cases import Case, CaseRow
from umeed.books.loads.columns import BODIES, BODY_LOANS, FEDERATIONS, GROUPS, LOANS
from umeed.books.loads.finding import FederationFinder, Finder
from umeed.books.loads.words import words_of
from umeed.books.rules.rates import BP_A_MONTH, MOST_OF_GROUPS_BP
from umeed.core.loads.layouts import SheetRow
from umeed.core.scope import Scope
from umeed.institutions.loads.cells import Cells
from umeed.kernel.refusals import N_, Refusal

_NO_ROW = N_("The sheet with the figures of each has no row for this one.")
_GROUP_TWICE = N_("The same one stands in row %(row)s already.")
_NO_RATE = N_("“%(written)s” is no rate. Write per cent a year, like 24 or 10.5.")
_NO_RATE_A_MONTH = N_("“%(written)s” is no rate: write per cent a month, like 1.5, at most 8.")
_A_MONTH = N_("A woman's interest is written per cent a month, in the column for it; this column is per cent a year.")
_A_YEAR = N_("The interest of a loan that was taken is written per cent a year, in the column for it.")
_UNKNOWN = N_("“%(written)s” is not understood in this column.")
_WHOM = N_("Say from whom: bank, VO, CLF or others. Or name who owes it.")
FIGURES = (
    "cash", "bank", "fixed_deposit", "insurance_policy", "rf_received", "rf_returned", "cif_received", "cif_returned",
    "vrf", "startup", "other_grant", "other_receipts",
)  # fmt: skip
CODED = ("method", "part_month", "frequency", "source", "purpose")
KEPT = ("share_of_body", "saving_of_body")
OF_FEDERATIONS = {FEDERATIONS, BODIES, BODY_LOANS}
# What is written in a row when the workbook is given out; a group of which nothing else is written is left out.
GIVEN_OUT = {"group", "village", "group_id", "woman", "belonging", "woman_id", "member", "member_id"}
SAVINGS = ("saving_compulsory", "saving_food", "saving_health", "saving_optional")


class Reader:
    """Puts the rows together, one case a group."""

    def __init__(self, rows: Iterable[SheetRow], by: Scope, capability: str, *, takes_surplus: bool) -> None:
        self.rows, self.by, self.takes_surplus = list(rows), by, takes_surplus
        self.finder, self.federations = Finder(by, capability), FederationFinder(by, capability)
        self.cases: dict[str, Case] = {}
        cells = [self._cells(row) for row in self.rows]
        for finder, is_above in ((self.finder, False), (self.federations, True)):
            mine = [one for row, one in zip(self.rows, cells, strict=True) if (row.kind in OF_FEDERATIONS) is is_above]
            finder.read({one.text("group") for one in mine}, {one.text("group_id", 60) for one in mine} - {""})
        for row, read in zip(self.rows, cells, strict=True):
            self._take(row, read)

    def _finder(self, row: SheetRow) -> Finder:
        return self.federations if row.kind in OF_FEDERATIONS else self.finder

    def _cells(self, row: SheetRow) -> Cells:
        return Cells(row.values, self.by.today)

    def _take(self, row: SheetRow, cells: Cells) -> None:
        group, told = self._finder(row).group(cells.text("group"), cells.text("village"), cells.text("group_id", 60))
        key = str(group.pk) if group is not None else f"?{row.kind in OF_FEDERATIONS}{cells.text('group')}"
        case = self.cases.get(key)
        shown = cells.text("woman") or cells.text("member") or cells.text("group")
        mine = CaseRow(row, shown, told)
        if case is None:
            case = self.cases[key] = Case(
                key, cells.text("group"), group, takes_surplus=self.takes_surplus, is_untouched=True
            )
            if row.kind not in (GROUPS, FEDERATIONS):
                mine.reasons.append(Refusal("group", "no_row", _NO_ROW))
        elif row.kind in (GROUPS, FEDERATIONS):
            values = {"row": case.first.row.number}
            mine.reasons.append(Refusal("group", "group_twice", _GROUP_TWICE, values))
        case.rows.append(mine)
        if any(_is_written(value) for key, value in row.values.items() if key not in GIVEN_OUT):
            case.is_untouched = False
        if row.kind in (GROUPS, FEDERATIONS):
            self._group(case, mine, cells)
        elif row.kind in (LOANS, BODY_LOANS):
            self._loan(case, mine, cells)
        else:
            self._member(case, mine, cells)
        mine.reasons += cells.reasons

    def _group(self, case: Case, row: CaseRow, cells: Cells) -> None:
        case.said |= {"on": cells.day("on"), "origin": "workbook", "last_meeting": cells.day("last_meeting")}
        case.said["meetings_held"] = cells.number("meetings_held", 10_000) or 0
        case.said |= {name: cells.paise(name) or 0 for name in FIGURES}
        case.said["surplus"], case.said["surplus_why"] = cells.paise("surplus"), cells.text("surplus_why", 240)
        on = case.said["on"]
        for what in ("saving", "share"):
            for kind in ("vo", "clf"):
                paise = cells.paise(f"{what}_{kind}")
                if paise and case.group is not None and on is not None:
                    body = self._finder(row.row).body(case.group.pk, kind, on)
                    if isinstance(body, Refusal):
                        row.reasons.append(body)
                    else:
                        case.add("held", row, {"body": body, "what": what, "paise": paise})

    def _whom(self, case: Case, row: CaseRow, cells: Cells) -> UUID | None:
        """The woman, or the group or VO, that a row means."""
        if case.group is None:
            return None
        her: UUID | Refusal
        if row.row.kind in OF_FEDERATIONS:
            her = self.federations.member(case.group.pk, cells.text("member"), cells.text("member_id", 60))
        else:
            whose = cells.text("belonging"), cells.text("woman_id", 60)
            her = self.finder.woman(case.group.pk, cells.text("woman"), *whose)
        if isinstance(her, Refusal):
            row.reasons.append(her)
            return None
        return her

    def _member(self, case: Case, row: CaseRow, cells: Cells) -> None:
        her, is_body = self._whom(case, row, cells), row.row.kind in OF_FEDERATIONS
        who, has, lent = ("body", "kept", "loan_to_body") if is_body else ("woman", "savings", "loan_to_member")
        amounts = {head: cells.paise(head) for head in (KEPT if is_body else SAVINGS)}
        count, paise = cells.number("closed_count", 10_000), cells.paise("closed_paise")
        came = cells.number("attended", 10_000)
        if her is None:
            return
        for head, amount in amounts.items():
            if amount:
                case.add(has, row, {who: her, "head": head, "paise": amount})
        if count or paise:
            case.add("closed", row, {"head": lent, who: her, "count": count or 0, "paise": paise or 0})
        if came:
            case.said.setdefault("attended", {})[str(her)] = came
            case.where[f"attended.{her}"] = row

    def _loan(self, case: Case, row: CaseRow, cells: Cells) -> None:
        said: dict[str, Any] = {
            name: cells.paise(name) for name in ("lent", "outstanding", "limit") if cells.text(name)
        }
        said |= {name: day for name in ("lent_on", "next_due") if (day := cells.day(name))}
        said |= {name: code for name in CODED if (code := word(cells, name))}
        said.setdefault("method", "balance")
        said["rate_bp_a_year"] = self._rate(row, cells)
        said["instalments"] = cells.number("instalments", 600) or 0
        principal, interest = cells.paise("overdue_principal") or 0, cells.paise("overdue_interest") or 0
        since = cells.day("overdue_since")
        if principal or interest or since:
            said["overdue"] = [{"principal": principal, "interest": interest, **({"on": since} if since else {})}]
        said |= self._whose(case, row, cells)
        if said.get("is_cash_credit") and said.get("limit"):
            # Nothing may be drawn of it yet: its limit is enough.
            said.setdefault("outstanding", 0)
            said.setdefault("lent", said["outstanding"])
        case.add("loans", row, said)

    def _rate(self, row: CaseRow, cells: Cells) -> int:
        """A woman's out of the column by the month, any other out of that by the year; what stands in the wrong one is
        refused rather than read a twelfth or twelve times too large."""
        is_hers = bool(cells.text("woman") or cells.text("woman_id", 60))
        key, other, why = ("rate_a_month", "rate", _A_MONTH) if is_hers else ("rate", "rate_a_month", _A_YEAR)
        if cells.text(other) and (is_hers or cells.text("whom")):
            row.reasons.append(Refusal(other, "other_rate", why))
        return rate_a_month(cells, key) if is_hers else rate(cells, key)

    def _whose(self, case: Case, row: CaseRow, cells: Cells) -> dict[str, Any]:
        if cells.text("woman") or cells.text("woman_id", 60):
            return {"head": "loan_to_member", "woman": self._whom(case, row, cells)}
        if cells.text("member") or cells.text("member_id", 60):
            return {"head": "loan_to_body", "body": self._whom(case, row, cells)}
        head = word(cells, "whom")
        if not head:
            row.reasons.append(Refusal("whom", "whom", _WHOM))
            return {}
        said = {"head": head, "purpose": "onlending", "lender": cells.text("lender")}
        on = case.said.get("on")
        if head in ("loan_from_vo", "loan_from_clf") and case.group is not None and on is not None:
            body = self._finder(row.row).body(case.group.pk, head.removeprefix("loan_from_"), on)
            if isinstance(body, Refusal):
                row.reasons.append(body)
            else:
                said |= {"body": body, "lender": ""}
        return {**said, "is_cash_credit": bool(cells.yes("is_cash_credit"))}


def _is_written(value: Any) -> bool:
    return value is not None and bool(str(value).strip())


def word(cells: Cells, key: str) -> str:
    """A code that a loan cannot do without is refused when it is not understood, not left out."""
    written = cells.text(key)
    before = len(cells.reasons)
    code = cells.code(key, words_of(key))
    if written and not code:
        del cells.reasons[before:]
        cells.reasons.append(Refusal(key, "unknown_word", _UNKNOWN, {"written": written}))
    return code


def rate(cells: Cells, key: str) -> int:
    """Per cent a year in basis points; nothing written is nought."""
    return _rate(cells, key, 100, 10_000, _NO_RATE)


def rate_a_month(cells: Cells, key: str) -> int:
    """Per cent a month in basis points a year."""
    return _rate(cells, key, BP_A_MONTH, MOST_OF_GROUPS_BP, _NO_RATE_A_MONTH)


def _rate(cells: Cells, key: str, unit: int, most: int, why_not: str) -> int:
    written = cells.text(key).removesuffix("%").strip()
    if not written:
        return 0
    try:
        points = round(float(written) * unit, 6)
    except ValueError:
        points = -1
    if not 0 <= points <= most or points != int(points):
        cells.reasons.append(Refusal(key, "no_rate", why_not, {"written": written[:40]}))
        return 0
    return int(points)
