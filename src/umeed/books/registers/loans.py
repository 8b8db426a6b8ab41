"""Loan ledger."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import kept_women
from umeed.books.ledger.lent import Lent, lent_in
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.terms import as_planned, had_run
from umeed.books.models import Agreement, Book, Sheet
from umeed.books.registers.papering import (
    money,
    officers,
    paper,
    register_url,
    sheet_url,
    some,
    summed,
    table,
    without_empty,
)
from umeed.books.registers.reading import Entered, Names, called, names, reasons_of, sheets
from umeed.books.registers.which_loan import which_loans
from umeed.books.rules.demands import Standing, arrears
from umeed.core.papers.shapes import Column, Fact, Paper, Row
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.kernel.money import Paise, grouped, rupees

INTEREST = frozenset({
    "interest_from_members", "interest_from_bodies", "interest_to_bank", "interest_to_body", "interest_to_other",
})  # fmt: skip


@dataclass(frozen=True)
class Loans:
    """Loans of a book on a day with whom they are of, by the record that is kept of her."""

    running: Sequence[RunningLoan]
    told: Names
    kept: dict[UUID, UUID]

    def woman(self, one: RunningLoan) -> UUID | None:
        return self.kept.get(one.loan.woman_id) if one.loan.woman_id else None

    def whose(self, one: RunningLoan) -> str:
        loan = one.loan
        if loan.woman_id:
            return self.told.woman(self.woman(one))
        return self.told.bodies.get(loan.body_id) or loan.called

    def apart(self, shown: Sequence[RunningLoan]) -> dict[int, str]:
        """{loan: which it is} of those whose borrower, or lender, has several among these. One question, if any has."""
        several = Counter(self._whom(one) for one in shown)
        alike = [one for one in shown if several[self._whom(one)] > 1]
        if not alike:
            return {}
        which = which_loans(alike[0].loan.book_id, alike[0].on, since=datetime.date.min)
        return {one.loan.pk: which.get(one.loan.pk, "") for one in alike}

    def _whom(self, one: RunningLoan) -> tuple[object, ...]:
        return one.loan.way, self.woman(one), one.loan.body_id, one.loan.lender, one.loan.number

    def lent(self, one: RunningLoan) -> Paise:
        """What was lent: also before the book took it over, and before it was agreed anew."""
        return self._lent[one.loan.uid].paise if one.loan.uid in self._lent else one.came_with

    def lent_on(self, one: RunningLoan) -> datetime.date:
        """When; of a loan in two books as the lender's says."""
        return self._lent[one.loan.uid].on if one.loan.uid in self._lent else one.loan.lent_on

    def taken_over(self, one: RunningLoan) -> Paise | None:
        """What was owed of it when the book took it over; None of a loan that was lent in the book."""
        lent = self._lent.get(one.loan.uid)
        return one.came_with if lent is not None and lent.is_taken_over and lent.before is not None else None

    @cached_property
    def _lent(self) -> dict[UUID, Lent]:
        return lent_in(self.running[0].loan.book_id, self.running) if self.running else {}


def loans_on(book: Book, on: datetime.date, **asked: Any) -> Loans:
    """At most six questions; what was lent before a cut-off is one more, when it is asked, of two books three."""
    running = running_loans(book.pk, on, **asked)
    kept = kept_women({one.loan.woman_id for one in running if one.loan.woman_id})
    return Loans(running, names(kept.values(), (one.loan.body_id for one in running)), kept)


def overdue(one: RunningLoan) -> int:
    """Of who is late what is due and unpaid after its day, with interest."""
    if not one.days_late:
        return 0
    late = arrears([due for due in one.dues if due.on < one.on], one.settled, one.on)
    return late.principal + late.interest


# The same in every language; late for less than a month has no name of its own here.
_CLASSED = {Standing.SMA1: "SMA-1", Standing.SMA2: "SMA-2", Standing.NPA: "NPA"}


def standing(one: RunningLoan) -> str:
    """How late it is, in days, and how it is classed, as the RBI counts both; or how it ended."""
    if one.off_on is not None:
        return gettext("Written off on %(day)s") % {"day": written_day(one.off_on)}
    if one.is_closed:
        return gettext("Part repaid, part written off") if one.let_go_principal else gettext("Repaid")
    days = one.days_late
    if not days and one.standing is not Standing.NPA:
        return gettext("On time")
    late = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": grouped(days)}
    return f"{late} · {_CLASSED[one.standing]}" if one.standing in _CLASSED else late


# The loan ledger ----------------------------------------------------------------------------------------------------


def loan_ledger(book: Book, as_of: datetime.date, *, loan: int | None = None) -> Paper:
    """All loans of the book; or one: its terms, its schedule, every repayment. At most twelve questions."""
    if loan is not None:
        return _one_loan(book, as_of, loan)
    loans = loans_on(book, as_of, with_closed=True)
    tables = []
    for way, title in (("given", gettext("Loans given")), ("taken", gettext("Loans taken"))):
        rows = _overview(book, as_of, loans, way)
        if rows or way == "given":
            shown = table(title, _overview_columns(), rows, empty=gettext("No loans until this day."))
            tables.append(without_empty(shown, 4, 6, 7))
    if any(one.loan.is_cash_credit for one in loans.running):
        tables.append(_credits(loans))
    return paper(book, gettext("Loan ledger"), tables, as_of=as_of, form="a4_landscape", signatures=officers())


def _overview_columns() -> list[Column]:
    return [
        Column(gettext("Lent on"), "day"), Column(gettext("Name"), width=24), Column(gettext("Purpose"), width=16),
        *money(gettext("Loan"), gettext("Taken over"), gettext("Principal owed"), gettext("Written off"),
               gettext("Recovered"), gettext("Overdue with interest")),
        Column(gettext("How it stands"), width=14),
    ]  # fmt: skip


def _overview(book: Book, as_of: datetime.date, loans: Loans, way: str) -> list[Row]:
    ones = [one for one in loans.running if one.loan.way == way]
    rows = [
        Row(
            (loans.lent_on(one), loans.whose(one), str(one.loan.get_purpose_display()), loans.lent(one),
             loans.taken_over(one), one.owed, some(one.let_go_principal), some(one.recovered), some(overdue(one)),
             standing(one)),
            href=register_url(book, "loan-ledger", as_of=as_of.isoformat(), loan=one.loan.pk),
        )
        for one in ones
    ]  # fmt: skip
    return summed(rows, 3, 4, 5, 6, 7, 8)


def _credits(loans: Loans) -> Any:
    """Of each cash credit its limit, what of it is drawn, and what is left."""
    rows = [
        Row((loans.whose(one), one.limit, one.owed, one.left)) for one in loans.running if one.loan.is_cash_credit
    ]  # fmt: skip
    limit, drawn, left = gettext("Limit"), gettext("Drawn and not repaid"), gettext("Left to be drawn")
    return table(gettext("Cash credits"), [Column(gettext("Name"), width=30), *money(limit, drawn, left)], rows)


def _one_loan(book: Book, as_of: datetime.date, loan: int) -> Paper:
    loans = loans_on(book, as_of, loans=[loan], with_closed=True)
    if not loans.running:
        return paper(book, gettext("Loan ledger"), [table("", _overview_columns(), [])], as_of=as_of)
    one = loans.running[0]
    found = sheets(book, None, as_of, loan=loan)
    plans = [] if one.loan.is_cash_credit else _schedules(one)
    return paper(
        book, gettext("Loan ledger"), [_repayments(book, loans, one, found), *plans], as_of=as_of, of=loans.whose(one),
        where=f"{book.institution.name} · {book.institution.place.called}", facts=_terms(loans, one),
        signatures=officers(),
    )  # fmt: skip


def _terms(loans: Loans, one: RunningLoan) -> list[Fact | tuple[str, object]]:
    loan, terms, taken = one.loan, one.agreement, loans.taken_over(one)
    facts: list[Fact | tuple[str, object]] = [
        (gettext("Lent on"), loans.lent_on(one)), Fact(gettext("Loan"), loans.lent(one), "paise"),
        (gettext("Taken over on"), one.first.agreement.since if taken is not None else None),
        Fact(gettext("Taken over"), taken, "paise"),
        (gettext("Agreed anew"), terms.since if one.earlier and not terms.lets_interest_go else None),
        (gettext("Interest let go from"), terms.since if terms.lets_interest_go else one.lets_go_from),
        (gettext("Number of the sanction or account"), loan.number),
        Fact(gettext("Limit of the cash credit"), one.limit, "paise"),
        Fact(gettext("Left to be drawn"), one.left, "paise"),
        (gettext("Purpose"), str(loan.get_purpose_display())), (gettext("Lent out of"), str(loan.get_source_display())),
        _rate(one), *([] if loan.is_cash_credit or terms.lets_interest_go else _instalments(one)),
        Fact(gettext("Principal owed"), one.owed, "paise"),
        Fact(gettext("Overdue with interest"), overdue(one), "paise"),
        Fact(gettext("Penalty"), some(one.due_now.penalty), "paise"),
        Fact(gettext("Interest that has run"), one.run if loan.is_cash_credit and one.run else None, "paise"),
        (gettext("How it stands"), standing(one)),
    ]  # fmt: skip
    if one.let_go_principal:
        facts += [
            Fact(gettext("Principal written off"), one.let_go_principal, "paise"),
            Fact(gettext("Interest let go"), one.let_go_interest or None, "paise"),
            Fact(gettext("Recovered since"), one.recovered or None, "paise"),
        ]
    return [fact for fact in facts if fact[1] not in ("", None)]


def _rate(one: RunningLoan) -> Fact:
    """In the unit in which it was agreed: a woman's by the month."""
    bp = one.agreement.rate_bp_a_year
    if one.loan.head == "loan_to_member":
        return Fact(gettext("Interest a month"), round(bp / 12), "rate")
    return Fact(gettext("Interest a year"), bp, "rate")


def _instalments(one: RunningLoan) -> list[Fact | tuple[str, object]]:
    """How it is repaid, which is not said of a cash credit."""
    terms = one.agreement
    counts = str(terms.get_part_month_display()) if one.part_month else ""
    return [
        (gettext("How interest is counted"), str(terms.get_method_display())),
        (gettext("Interest for a month that is not over"), counts),
        Fact(gettext("Instalments"), terms.instalments, "count"),
        (gettext("Repaid"), str(terms.get_frequency_display())), (gettext("First instalment due"), terms.first_due),
    ]  # fmt: skip


def _repayments(book: Book, loans: Loans, one: RunningLoan, found: Sequence[Entered]) -> Any:
    """Each movement of the loan. Amounts that were taken back stand below nought, with the reason. What was taken over
    has a column of its own, and so has what was written off, and what came afterwards; of new terms their day is
    told."""
    head, why, owed, rows = BY_KEY[one.loan.head], reasons_of(found), 0, list[Row]()
    terms = new_terms([one])
    for entered in found:
        while terms and terms[0][0] <= entered.on:
            rows.append(Row((*terms.pop(0), *[None] * 7, owed)))
        sign = -1 if entered.reverses is not None else 1
        parts = [head.grows_by * post.paise for post in entered.posts if post.head.key == head.key]
        # A cash credit may be repaid and drawn in one meeting.
        given, gone = sum(one for one in parts if one * sign > 0), -sum(one for one in parts if one * sign < 0)
        owed += given - gone
        interest, off, back = abs(entered.sum(*INTEREST)) * sign, 0, -head.grows_by * entered.sum("written_off")
        if entered.is_off:
            off, gone, interest, back = gone, 0, 0, 0
        elif entered.nature == Sheet.Kind.ADJUSTMENT and one.loan.woman_id:
            # What puts a meeting right lends nothing: less was repaid than was written.
            given, gone, interest = 0, gone - given, -entered.sum(*INTEREST)
        words, taken = called(entered, why.get(entered.sheet, "")), 0
        if was_taken_over(entered):
            taken, given = given, 0
            words += lent_then(loans.lent(one), loans.lent_on(one)) if loans.taken_over(one) is not None else ""
        rows.append(Row(
            (entered.on, gettext("Recovered · %(what)s") % {"what": words} if back else words, some(taken), some(given),
             some(gone), some(interest), some(-entered.sum("penalty")), some(off), some(back), owed),
            href=sheet_url(book, entered),
        ))  # fmt: skip
    rows += [Row((*told, *[None] * 7, owed)) for told in terms]
    titles = (gettext("Taken over"), gettext("Loan"), gettext("Principal"), gettext("Interest"), gettext("Penalty"),
              gettext("Written off"), gettext("Recovered"), gettext("Owed"))  # fmt: skip
    sums = [sum(row.cells[n] or 0 for row in rows) for n in range(2, 9)]
    columns = [Column(gettext("Day"), "day"), Column(gettext("Particulars"), width=24), *money(*titles)]
    total = Row((gettext("Total"), None, *sums, owed), "total")
    shown = table(gettext("What was lent and repaid"), columns, [*rows, total])
    return without_empty(shown, 2, *([3] if sums[0] else []), 7, 8)


def new_terms(
    loans: Iterable[RunningLoan], which: Mapping[int, str] = MappingProxyType({})
) -> list[tuple[datetime.date, str]]:  # fmt: skip
    """(day, words) of new terms of loans, in order; `which` says of several loans of which."""
    told = [terms.agreement for one in loans if one.earlier for terms in (*one.earlier[1:], one)]
    return sorted(
        (terms.since, " · ".join(filter(None, (_said_of(terms), which.get(terms.loan_id))))) for terms in told
    )


def _said_of(terms: Agreement) -> str:
    """As “Agreed anew · 14 of 20 June”."""
    if not terms.resolution:
        return gettext("Under the lender's terms")
    did = gettext("Interest let go") if terms.lets_interest_go else gettext("Agreed anew")
    return f"{did} · {terms.resolution}"


def was_taken_over(one: Entered) -> bool:
    """Whether a sheet says what was owed when the book began, or takes that back."""
    return one.nature == Sheet.Kind.CUT_OFF


def lent_then(lent: Paise, on: datetime.date) -> str:
    """As “ · ₹24,000 lent on 15 Mar 2026”."""
    said = gettext("%(paise)s lent on %(day)s") % {"paise": rupees(lent), "day": written_day(on)}
    return f" · {said}"


def _schedules(one: RunningLoan) -> list[Any]:
    """Under its terms; then under those before. Of a loan of which the interest was let go, those before alone."""
    lets_go = one.agreement.lets_interest_go
    now = [] if lets_go else [_schedule(one, let_go=one.lets_go_from)]
    return [*now, *(
        _schedule(was, is_over=True, let_go=one.agreement.since if lets_go and was is one.earlier[-1] else None)
        for was in one.earlier
    )]  # fmt: skip


def _schedule(one: RunningLoan, *, is_over: bool = False, let_go: datetime.date | None = None) -> Any:
    """What was agreed, part by part as it is asked for, and which of it is paid: payments settle the oldest first. What
    was due when the terms began has no number. Of terms that are over, what was paid until the next ones took the rest;
    of what was to come after a day, that its interest was let go."""
    run = {due.on: due.interest for due in had_run(one.agreement)}
    paid, interest = (sum(getattr(p, part) for p in one.paid if p.on <= one.on) for part in ("principal", "interest"))
    rows, number = [], 0
    for due in as_planned(one.agreement):
        number += due.on > one.agreement.since
        part, had = (due.principal, paid) if due.principal else (due.interest, interest)
        state = _state(due.on, part, had, one.on)
        if one.off_on is not None and had < part:
            state = gettext("Written off")
        elif let_go is not None and due.on > let_go:
            state = gettext("Interest let go")
        elif is_over and due.on > one.on and had < part:
            state = gettext("Agreed anew")
        paid, interest, ran = paid - due.principal, interest - due.interest, run.get(due.on, 0)
        rows.append(Row((
            number or None, due.on, due.principal, due.interest - ran, some(ran), due.whole, state
        )))  # fmt: skip
    columns = [
        Column(gettext("No."), "count"), Column(gettext("Due on"), "day"),
        *money(gettext("Principal"), gettext("Interest"), gettext("Interest run before"), gettext("Together")),
        Column(gettext("How it stands"), width=14),
    ]  # fmt: skip
    notes = [gettext("Interest as it is expected when all is paid on its day.")]
    if rows and rows[0].cells[0] is None:
        notes.append(gettext("Without a number: what was due already when these terms began."))
    title = gettext("What was agreed")
    if is_over:
        title = gettext("What was agreed before, until %(day)s") % {"day": written_day(one.on)}
    return without_empty(table(title, columns, rows, note=" ".join(notes)), 4)


def _state(due: datetime.date, asked: int, paid: int, on: datetime.date) -> str:
    if paid >= asked > 0:
        return gettext("Paid")
    if paid > 0:
        return gettext("Part paid")
    return "" if due > on else gettext("Not paid")
