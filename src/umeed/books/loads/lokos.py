"""LokOS's cut-off sheet: rows of one group belong together; each holds a woman's part, and parts of the group's.

What the sheet leaves open is not guessed: whose a row is must be said in a column “Member”. It does not tell since when
something is overdue; that is counted back from the arrears, instalment by instalment, and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from umeed.books.loads.cases import Case, CaseRow
from umeed.books.loads.finding import Finder
from umeed.books.loads.own import rate
from umeed.books.loads.words import words_of
from umeed.books.rules.schedules import due_days
from umeed.core.loads.layouts import SheetRow
from umeed.core.scope import Scope
from umeed.institutions.loads.cells import Cells
from umeed.institutions.loads.words import folded
from umeed.kernel.refusals import N_, Refusal, warning

_WHOSE = N_("The sheet does not say whose savings and loans these are. Add a column “Member” with her name.")
_SINCE = N_("The sheet does not say since when it is overdue; counted back from the arrears it is %(day)s.")
_MEMBER_SHARE = N_("Share capital and membership fees of a member are counted among the group's other receipts.")
_TRANSIT = N_("Cash in transit is counted with the cash in hand.")
_CHEQUES = N_("Cheques on the way are counted as if the bank had booked them.")
_NO_DAY = N_("The day of the cut-off is missing.")
_INVESTMENT = N_("“%(written)s” is not understood: write FD, Saving or Share Capital, and VO or CLF.")
_FUND = N_("“%(written)s” is no fund that is known: RF, CIF, VRF, start-up.")
_TERM = N_("The loan's period is missing.")
# The three loans of a member: the number of the first column of each.
_LOANS = (6, 7, 8)
_FUNDS = {
    "rf": "rf_received", "revolving fund": "rf_received", "cif": "cif_received",
    "community investment fund": "cif_received",
    "vrf": "vrf", "vrf grant": "vrf", "vulnerability reduction fund": "vrf", "start up": "startup",
    "start up fund": "startup", "start up grant": "startup", "startup": "startup", "grant": "other_grant",
    "other": "other_grant", "others": "other_grant", "other grant": "other_grant",
}  # fmt: skip


class Reader:
    """Puts the rows of each group together."""

    def __init__(self, rows: Iterable[SheetRow], by: Scope, capability: str, *, takes_surplus: bool) -> None:
        self.rows, self.by, self.takes_surplus = list(rows), by, takes_surplus
        self.finder = Finder(by, capability)
        self.cases: dict[str, Case] = {}
        cells = [Cells(row.values, by.today) for row in self.rows]
        self.finder.read({one.text("group") for one in cells}, ())
        for row, read in zip(self.rows, cells, strict=True):
            self._take(row, read)

    def _take(self, row: SheetRow, cells: Cells) -> None:
        name = cells.text("group")
        group, told = self.finder.group(name)
        key = str(group.pk) if group is not None else f"?{name}"
        case = self.cases.get(key)
        if case is None:
            case = self.cases[key] = Case(key, name, group, takes_surplus=self.takes_surplus)
            case.said["origin"] = "lokos"
        member = cells.text("member")
        mine = CaseRow(row, f"{name}: {member}" if member else name, told)
        case.rows.append(mine)
        self._when(case, mine, cells)
        self._member(case, mine, cells)
        self._has(case, mine, cells)
        self._above(case, mine, cells)
        self._taken(case, mine, cells)
        mine.reasons += cells.reasons

    def _when(self, case: Case, row: CaseRow, cells: Cells) -> None:
        """The cut-off counts as a meeting in LokOS: the next one has the next number."""
        on, number = cells.day("met_on"), cells.number("meeting_number", 10_000)
        if on is not None and "on" not in case.said:
            case.said |= {"on": on, "last_meeting": on, "meetings_held": number or 0}
        if "on" not in case.said:
            row.reasons.append(Refusal("met_on", "no_day", _NO_DAY))

    # A woman's part -------------------------------------------------------------------------------------------------

    def _member(self, case: Case, row: CaseRow, cells: Cells) -> None:
        keys = ("c001", "c002", "c003", "c004", "c005", "c009", "c010", "c006", "c007", "c008")
        if not any(cells.text(key) for key in keys):
            return
        her = self._her(case, row, cells)
        came, closed = cells.number("c001", 10_000), cells.number("c004", 10_000)
        amounts = {"saving_compulsory": cells.paise("c002"), "saving_optional": cells.paise("c003")}
        paid_in = (cells.paise("c009") or 0) + (cells.paise("c010") or 0)
        closed_paise = cells.paise("c005") or 0
        if paid_in:
            case.more("other_receipts", paid_in)
            row.reasons.append(warning("c009", "member_share", _MEMBER_SHARE))
        if her is None:
            return
        for head, paise in amounts.items():
            if paise:
                case.add("savings", row, {"woman": her, "head": head, "paise": paise})
        if closed:
            case.add("closed", row, {"woman": her, "count": closed, "paise": closed_paise})
        if came:
            case.said.setdefault("attended", {})[str(her)] = came
        for first in _LOANS:
            self._her_loan(case, row, cells, her, first)

    def _her(self, case: Case, row: CaseRow, cells: Cells) -> UUID | None:
        if not cells.text("member"):
            row.reasons.append(Refusal("member", "whose", _WHOSE))
            return None
        if case.group is None:
            return None
        her = self.finder.woman(case.group.pk, cells.text("member"))
        if isinstance(her, Refusal):
            row.reasons.append(her)
            return None
        return her

    def _her_loan(self, case: Case, row: CaseRow, cells: Cells, her: UUID, first: int) -> None:
        def key(part: int) -> str:
            return f"c{part * 100 + first:03d}"

        lent = cells.paise(key(1))
        if not lent:
            return
        outstanding = lent - (cells.paise(key(2)) or 0)
        arrears, interest = cells.paise(key(3)) or 0, cells.paise(key(6)) or 0
        if not outstanding and not interest:
            return
        said = {
            "head": "loan_to_member", "woman": her, "source": _code(cells, key(0), "source") or "own",
            "purpose": _code(cells, key(12), "purpose"), "rate_bp_a_year": rate(cells, key(4)),
        }  # fmt: skip
        times = cells.number(key(10), 600)
        if not times:
            cells.reasons.append(Refusal(key(10), "no_period", _TERM))
            return
        frequency = _code(cells, key(11), "frequency") or "monthly"
        terms = Terms(lent, outstanding, arrears, interest, cells.day(key(8)), times, frequency)
        case.add("loans", row, {**said, **self._goes_on(case, row, terms)})

    def _goes_on(self, case: Case, row: CaseRow, terms: Terms) -> dict[str, Any]:
        """What is overdue since when, and when the rest falls due, by the calendar of the loan."""
        on = case.said.get("on")
        said: dict[str, Any] = {
            "lent": terms.lent, "outstanding": terms.outstanding, "method": "balance", "frequency": terms.frequency
        }  # fmt: skip
        if terms.lent_on is None or on is None:
            return {**said, **({"lent_on": terms.lent_on} if terms.lent_on else {})}
        days = terms.days()
        later = [day for day in days if day > on] or [terms.day_after(on)]
        said |= {"lent_on": terms.lent_on, "instalments": len(later), "next_due": later[0]}
        if terms.arrears or terms.interest:
            since = terms.overdue_since(days, on)
            said["overdue"] = [{"on": since, "principal": terms.arrears, "interest": terms.interest}]
            row.reasons.append(warning("overdue", "counted_back", _SINCE, {"day": since}))
        return said

    # The group's part -----------------------------------------------------------------------------------------------

    def _has(self, case: Case, row: CaseRow, cells: Cells) -> None:
        case.more("cash", (cells.paise("c015") or 0) + (cells.paise("c115") or 0))
        if cells.paise("c115"):
            row.reasons.append(warning("c115", "transit", _TRANSIT))
        issued, received = cells.paise("c216") or 0, cells.paise("c316") or 0
        case.more("bank", (cells.paise("c116") or 0) - issued + received)
        if issued or received:
            row.reasons.append(warning("c216", "cheques", _CHEQUES))
        if (surplus := cells.paise("surplus")) is not None:
            case.more("surplus", surplus)
        if paise := cells.paise("c314"):
            written = cells.text("c114")
            fund = _FUNDS.get(folded(written))
            if fund is None:
                row.reasons.append(Refusal("c114", "no_fund", _FUND, {"written": written}))
            else:
                case.more(fund, paise)

    def _above(self, case: Case, row: CaseRow, cells: Cells) -> None:
        """What the group has with its VO or CLF, or laid up in the bank; and loans it has repaid."""
        if paise := cells.paise("c211"):
            where, what = folded(cells.text("c011")), folded(cells.text("c111"))
            if "fd" in what.split() or "fixed" in what or "fd" in where.split():
                case.more("fixed_deposit", paise)
            elif where in ("vo", "clf") and ("share" in what or "saving" in what):
                self._hold(case, row, where, "share" if "share" in what else "saving", paise)
            else:
                written = f"{cells.text('c011')} {cells.text('c111')}".strip()
                row.reasons.append(Refusal("c111", "investment", _INVESTMENT, {"written": written}))
        if count := cells.number("c312", 10_000):
            head = words_of("whom").get(folded(cells.text("c112") or cells.text("c012")), "loan_from_other")
            case.add("closed", row, {"head": head, "count": count, "paise": cells.paise("c412") or 0})

    def _hold(self, case: Case, row: CaseRow, kind: str, what: str, paise: int) -> None:
        body = self._body(case, row, kind)
        if body is not None:
            case.add("held", row, {"body": body, "what": what, "paise": paise})

    def _body(self, case: Case, row: CaseRow, kind: str) -> UUID | None:
        on = case.said.get("on")
        if case.group is None or on is None:
            return None
        body = self.finder.body(case.group.pk, kind, on)
        if isinstance(body, Refusal):
            row.reasons.append(body)
            return None
        return body

    def _taken(self, case: Case, row: CaseRow, cells: Cells) -> None:
        """A loan that the group took and has not repaid."""
        lent, owed, repaid = cells.paise("c813") or 0, cells.paise("c1313"), cells.paise("c1213") or 0
        outstanding = owed if owed is not None else lent - repaid
        interest = cells.paise("c1513") or 0
        head = words_of("whom").get(folded(cells.text("c113") or cells.text("c013")), "loan_from_other")
        is_credit = folded(cells.text("c413")) in ("ccl", "cash credit", "cash credit limit", "cc")
        limit = (cells.paise("limit") or 0) if is_credit and head == "loan_from_bank" else 0
        if not lent and not outstanding and not limit:
            return
        said: dict[str, Any] = {
            "head": head, "purpose": "onlending", "rate_bp_a_year": rate(cells, "c713"),
            "source": "cif" if folded(cells.text("c313")) == "cif" else "",
            "is_cash_credit": is_credit and head == "loan_from_bank", "limit": limit,
        }  # fmt: skip
        if head in ("loan_from_vo", "loan_from_clf"):
            said["body"] = self._body(case, row, head.removeprefix("loan_from_"))
        else:
            said["lender"] = cells.text("c113") or cells.text("c013") or "?"
        times = cells.number("c913", 600) or cells.number("c1113", 600) or 0
        if not times and not said["is_cash_credit"]:
            cells.reasons.append(Refusal("c913", "no_period", _TERM))
            return
        frequency = _code(cells, "c1613", "frequency")
        terms = Terms(
            max(lent, outstanding), outstanding, cells.paise("c1413") or 0, interest, cells.day("c513"), max(1, times),
            frequency or "monthly",
        )  # fmt: skip
        case.add("loans", row, {**said, **self._goes_on(case, row, terms)})


class Terms:
    """What LokOS says of a loan. Paise; `times` instalments were agreed."""

    def __init__(
        self, lent: int, outstanding: int, arrears: int, interest: int, lent_on: datetime.date | None, times: int,
        frequency: str,
    ) -> None:  # fmt: skip
        self.lent, self.outstanding, self.arrears, self.interest = lent, outstanding, arrears, interest
        self.lent_on, self.times, self.frequency = lent_on, times, frequency

    def days(self) -> list[datetime.date]:
        """When its instalments fall due: the first one step after it was lent."""
        assert self.lent_on is not None
        return due_days(self.lent_on, self.times + 1, self.frequency)[1:]  # type: ignore[arg-type]

    def day_after(self, on: datetime.date) -> datetime.date:
        """The first day of its calendar after a day, where all that was agreed has passed."""
        assert self.lent_on is not None
        count = self.times + 2
        while (days := due_days(self.lent_on, count, self.frequency))[-1] <= on:  # type: ignore[arg-type]
            count *= 2
        return next(day for day in days if day > on)

    def overdue_since(self, days: list[datetime.date], on: datetime.date) -> datetime.date:
        """As many instalments back from the last one that was due as the arrears come to."""
        assert self.lent_on is not None
        due = [day for day in days if day <= on]
        part = max(1, self.lent // self.times)
        back = max(1, -(-self.arrears // part))
        return due[-min(back, len(due))] if due else self.lent_on


def _code(cells: Cells, key: str, of: str) -> str:
    return cells.code(key, words_of(of)) if cells.text(key) else ""
