"""What is expected of a meeting and filled in beforehand: when it is due, savings, fines, terms. No database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.facts import Before
from umeed.books.rules.allocation import Split
from umeed.kernel.money import Paise


def savings_of(known: Before, attendance: Mapping[str, str], *, kind: str = "regular") -> dict[tuple[UUID, str], Paise]:
    """{(woman, head): paise} of those who came: the regular amount, but in an extra meeting, and what each did not save
    while she was away."""
    regular = known.bylaws.savings if kind == "regular" else {}
    expected: dict[tuple[UUID, str], Paise] = {}
    for woman in known.facts.members:
        if attendance.get(str(woman)) not in ("present", "late"):
            continue
        missed = known.missed[woman].savings if woman in known.missed else {}
        for head in {**regular, **missed}:
            if paise := regular.get(head, 0) + missed.get(head, 0):
                expected[woman, head] = Paise(paise)
    return expected


def fines_of(known: Before, attendance: Mapping[str, str]) -> list[tuple[UUID, str, Paise]]:
    """(woman, why, paise) of the fines that the group's rules ask for. Who is away brings none today: hers is due when
    she comes again."""
    fines = []
    for woman in known.facts.members:
        state = attendance.get(str(woman), "")
        if state == "late" and known.bylaws.fine_late:
            fines.append((woman, "late", known.bylaws.fine_late))
        if state in ("present", "late") and woman in known.missed and known.missed[woman].fine:
            fines.append((woman, "absent", known.missed[woman].fine))
    return fines


def noted_of(known: Before, attendance: Mapping[str, str]) -> list[tuple[UUID, Paise]]:
    """(woman, paise) of who is absent today: the fines that she owes when she comes again."""
    noted = []
    for woman in known.facts.members:
        if attendance.get(str(woman)) == "absent":
            before = known.missed[woman].fine if woman in known.missed else 0
            if paise := before + known.bylaws.fine_absent:
                noted.append((woman, Paise(paise)))
    return noted


def owed_of(known: Before, loan: RunningLoan) -> Split:
    """All that a payment may be for today: the penalty, the interest that has run so far, the whole principal. Of a
    loan that was written off, what has not come back."""
    if loan.off_on is not None:
        return Split(principal=loan.may_come_back)
    return Split(loan.due_now.penalty, loan.to_pay_all.interest, loan.owed)


def loans_of_women(known: Before) -> list[RunningLoan]:
    """Loans given to women, in order of their names."""
    return _by_name(known, (one for one in known.loans if one.loan.way == "given" and one.loan.woman_id))


def loans_off(known: Before) -> list[RunningLoan]:
    """Loans to women that were written off, of which something may still come."""
    return _by_name(known, (one for one in known.off if one.loan.woman_id))


def _by_name(known: Before, loans: Iterable[RunningLoan]) -> list[RunningLoan]:
    return sorted(loans, key=lambda one: (name_of(known, one), one.loan.lent_on, one.loan.pk))


def name_of(known: Before, loan: RunningLoan) -> str:
    """What the woman of a loan is called; a record that was merged into hers may never have been in the group."""
    woman = loan.loan.woman_id
    if woman in known.facts.called:
        return known.facts.called[woman]
    return loan.loan.woman.name if loan.loan.woman is not None else ""


def loans_taken(known: Before) -> Iterator[RunningLoan]:
    return (one for one in known.loans if one.loan.way == "taken")


def loans_taken_off(known: Any) -> list[RunningLoan]:
    """Loans that a VO or CLF has written off, of which something may still be brought to it."""
    return [one for one in known.off if one.loan.way == "taken"]


def first_due(known: Before, on: datetime.date) -> datetime.date:
    """When the first instalment of a loan falls due under the usual terms: at a meeting, a period after it is paid
    out."""
    return known.rhythm.first_due(on, known.bylaws.frequency)
