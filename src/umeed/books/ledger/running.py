"""Loans as they stand on a day: what was agreed, what was paid, what is owed, asked for and overdue."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from django.db import connection
from django.db.models import F, OuterRef, Subquery

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.ledger.credits import Limits, first_limit, limits_of
from umeed.books.ledger.off import WRITES_OFF, WRITTEN_OFF
from umeed.books.models import Agreement, Loan, Meeting
from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.carried import CarriedTerms, carried_demands, read_carried, running_stretches
from umeed.books.rules.credits import limit_on
from umeed.books.rules.demands import Arrears, Paid, Standing, arrears, demands, run_so_far, stretches_of
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, schedule
from umeed.books.rules.standing import credit_dues, credit_standing, standing_on
from umeed.kernel.money import Paise

_PRINCIPAL = tuple(BY_KEY[key].number for key in (
    "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
))  # fmt: skip
_INTEREST = tuple(BY_KEY[key].number for key in (
    "interest_from_members", "interest_from_bodies", "interest_to_bank", "interest_to_body", "interest_to_other",
))  # fmt: skip

DAYS_BETWEEN = {"weekly": 7, "fortnightly": 14, "monthly": 31}

_MOVED = f"""
SELECT l.loan_id, s.on_date, l.head, {WRITES_OFF}, sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.loan_id IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Earlier:
    """Terms that held until a day on which others began, with what was paid under them."""

    agreement: Agreement
    paid: tuple[Paid, ...]
    until: datetime.date

    @property
    def dues(self) -> list[Due]:
        """All that they asked for while they held."""
        return demands_of(self.agreement, self.paid, self.until)


@dataclass(frozen=True)
class RunningLoan:
    """A loan at the end of a day. Paise. `agreement` is the one in force; `paid` since it began, by day, and `let_go`
    what was written off. `recovered` is what came of it afterwards."""

    loan: Loan
    agreement: Agreement
    on: datetime.date
    owed: Paise
    paid: tuple[Paid, ...]
    # The last regular meeting until this day, and after how many days the next one should have been.
    met: datetime.date | None = None
    meets_every: int = 0
    let_go: tuple[Paid, ...] = ()
    recovered: Paise = NOTHING
    # Of a cash credit its limits since the first, until this day.
    limits: Limits = ()
    # Terms that held before those in force, oldest first.
    earlier: tuple[Earlier, ...] = ()

    @cached_property
    def off_on(self) -> datetime.date | None:
        """The day on which all that was owed was written off: from then on it asks for nothing. None while it runs, or
        when the last of it was repaid."""
        last = max((one.on for one in self.let_go if one.principal), default=None)
        if self.owed or last is None or self.let_go_principal <= 0:
            return None
        return last if all(one.on <= last for one in self.paid if one.principal) else None

    @property
    def let_go_principal(self) -> Paise:
        return Paise(sum(one.principal for one in self.let_go))

    @cached_property
    def let_go_interest(self) -> Paise:
        """Interest that was let go: what was booked and written off at once, and what a loan written off whole had
        asked for until then."""
        return Paise(sum(one.interest for one in self.settled) - sum(one.interest for one in self.paid))

    @property
    def may_come_back(self) -> Paise:
        """What of the principal written off may still be brought."""
        return Paise(self.let_go_principal - self.recovered) if self.off_on else Paise(0)

    @cached_property
    def settled(self) -> tuple[Paid, ...]:
        """What was paid or let go, by day: nothing of it is asked for any more."""
        known = tuple(sorted((*self.paid, *self.let_go), key=lambda one: one.on))
        if self.off_on is None:
            return known
        unpaid = sum(due.interest for due in self.dues) - sum(one.interest for one in known if one.on <= self.off_on)
        return (*known, Paid(self.off_on, Paise(0), Paise(unpaid))) if unpaid > 0 else known

    @cached_property
    def dues(self) -> list[Due]:
        """All that was asked for until this day."""
        return self.asked_until(self.on)

    def asked_until(self, until: datetime.date) -> list[Due]:
        """All that it asks for until a day, when nothing more moves. A cash credit asks for its interest, by month."""
        if not self.loan.is_cash_credit:
            return demands_of(self.agreement, (*self.paid, *self.let_go), self.off_on or until)
        agreed = self.agreement
        return credit_dues(
            self.paid, principal=Paise(agreed.principal_paise), since=agreed.since, until=until,
            rate_bp_a_year=agreed.rate_bp_a_year, rounding=Rounding(agreed.rounding_paise, agreed.halves),  # type: ignore[arg-type]
        )  # fmt: skip

    @cached_property
    def as_agreed(self) -> list[Due]:
        """What it would have asked for until this day if nothing had been written off."""
        if not self.let_go or self.loan.is_cash_credit:
            return self.dues
        return demands_of(self.agreement, self.paid, self.on)

    @cached_property
    def arrears(self) -> Arrears:
        """What of it was neither paid nor let go."""
        return arrears(self.dues, self.settled, self.on)

    @cached_property
    def standing(self) -> Standing:
        """Regular, watched or an NPA, with what was before."""
        if not self.loan.is_cash_credit:
            return standing_on(self.dues, self.settled, self.on)
        principal = Paise(self.agreement.principal_paise)
        return credit_standing(
            self.dues, self.paid, self.on, principal=principal, since=self.agreement.since, limit=self.limit
        )  # fmt: skip

    @property
    def limit(self) -> Paise | None:
        """Up to how much of a cash credit may be drawn, as it was said last; nothing when it is ended."""
        return limit_on(self.limits, self.on, first_limit(self.loan, self.agreement))

    @property
    def is_ended(self) -> bool:
        """Whether a cash credit was ended: nothing is drawn on it any more."""
        return bool(self.limits) and self.limit == 0

    @property
    def left(self) -> Paise | None:
        """What of its limit is left to be drawn."""
        return None if self.limit is None else Paise(max(0, self.limit - self.owed))

    @property
    def days_late(self) -> int:
        """Days past due, as they are told and put at risk. Money moves in meetings: a woman is late when a meeting was
        held since something fell due and she did not pay it there, or none was held when it should have been."""
        since = self.arrears.since
        if since is None or since >= self.on:
            return 0
        has_met = self.met is not None and self.met >= since
        waits = self.loan.head == "loan_to_member" and not has_met and self.arrears.days <= self.meets_every
        return 0 if waits else self.arrears.days

    @cached_property
    def run(self) -> Paise:
        """Interest that has run since the last due day and is not paid: who repays all today pays it too."""
        if self.agreement.method != "balance" or self.loan.is_cash_credit or self.owed <= 0:
            return Paise(0)
        repaid = (*self.settled, Paid(self.on, self.owed, Paise(0)))
        return run_so_far(self.dues, demands_of(self.agreement, repaid, self.on), self.settled)

    @property
    def to_pay(self) -> Due:
        """What a repayment today is expected to be: what is due, and with the last of the principal the interest that
        has run since."""
        left = self.arrears
        principal = Paise(min(left.principal, self.owed))
        return Due(self.on, principal, Paise(left.interest + (self.run if principal == self.owed else 0)))

    @cached_property
    def to_come(self) -> Paise:
        """Interest that was agreed for later days and is not paid. Whatever is not counted on the balance (flat,
        declining, at the end) asks for it also when its principal was repaid before."""
        if self.agreement.method == "balance" or self.loan.is_cash_credit or self.off_on is not None:
            return Paise(0)
        asked = self.asked_until(max((due.on for due in later_dues(self.agreement)), default=self.on))
        settled = sum(one.interest for one in self.settled)
        return Paise(max(0, sum(due.interest for due in asked) - settled - self.arrears.interest))

    @property
    def to_pay_all(self) -> Due:
        """What it takes to owe nothing more today."""
        return Due(self.on, self.owed, Paise(self.arrears.interest + self.run + self.to_come))

    @property
    def part_month(self) -> str:
        """How a month counts that is not over, where that makes a difference; else empty."""
        is_counted = self.agreement.method == "balance" and not self.loan.is_cash_credit
        return self.agreement.part_month if is_counted else ""

    @property
    def is_repaid(self) -> bool:
        return self.owed == 0 and self.arrears.interest == 0 and self.to_come == 0

    @property
    def is_closed(self) -> bool:
        """Repaid; a cash credit of which more can be drawn stays open."""
        return self.is_repaid and not self.limit


def demands_of(agreement: Agreement, paid: Iterable[Paid], until: datetime.date) -> list[Due]:
    """What a loan under these terms has asked for until a day, with what was overdue when they began."""
    if agreement.carried is not None:
        return carried_demands(read_carried(agreement.carried), carried_terms(agreement), paid, until)
    before = None
    if agreement.overdue_since is not None:
        overdue = Paise(agreement.overdue_principal_paise), Paise(agreement.overdue_interest_paise)
        before = Due(agreement.overdue_since, *overdue)
    terms = terms_of(agreement)
    if terms is None:
        return [before] if before is not None and before.on <= until else []
    return demands(terms, paid, until, before=before)


def later_dues(agreement: Agreement) -> list[Due]:
    """What these terms have planned after they began, as agreed: interest on the balance is told when it falls due."""
    if agreement.carried is not None:
        return list(read_carried(agreement.carried).plan)
    terms = terms_of(agreement)
    dues = [] if terms is None else schedule(terms)
    return [replace(due, interest=Paise(0)) for due in dues] if agreement.method == "balance" else dues


def month_that_runs(one: RunningLoan) -> tuple[datetime.date | None, list[tuple[datetime.date, Paise]]]:
    """(its first day, what was repaid in it by day): what another book must know to go on as this one."""
    agreed, repaid = one.agreement, [(paid.on, paid.principal) for paid in one.settled if paid.principal]
    if agreed.method != "balance" or agreed.part_month == "due":
        return None, []
    if agreed.carried is not None:
        was = read_carried(agreed.carried)
        parts = running_stretches(was.first_due or agreed.first_due, carried_terms(agreed), was.begun, one.on)
        repaid = [*was.repaid, *repaid]
    elif (terms := terms_of(agreed)) is not None:
        parts = stretches_of(terms, one.on)
    else:
        return None, []
    begun = parts[-1].begin
    return begun, [(day, paise) for day, paise in repaid if day > begun]


def carried_terms(agreement: Agreement) -> CarriedTerms:
    """How a loan that was taken over goes on."""
    return CarriedTerms(
        owed=Paise(agreement.principal_paise), since=agreement.since, rate_bp_a_year=agreement.rate_bp_a_year,
        method=agreement.method, frequency=agreement.frequency, first_due=agreement.first_due,  # type: ignore[arg-type]
        rounding=Rounding(agreement.rounding_paise, agreement.halves),  # type: ignore[arg-type]
        part_month=agreement.part_month,  # type: ignore[arg-type]
    )  # fmt: skip


def terms_of(agreement: Agreement) -> LoanTerms | None:
    """The terms of what is not overdue yet; None when all of it is."""
    rest = agreement.principal_paise - agreement.overdue_principal_paise
    return agreement.terms_on(Paise(rest)) if rest > 0 else None


def running_loans(
    book: int, on: datetime.date, *, loans: Collection[int] | None = None, with_closed: bool = False
) -> list[RunningLoan]:
    """Loans of a book (or those named) lent until a day, oldest first; closed ones only if asked. Three questions, one
    more when cash credits are among them."""
    rows = Loan.objects.filter(book=book, lent_on__lte=on).select_related("woman", "body").order_by("lent_on", "pk")
    rows = rows.annotate(last_met=last_met(on), meets=F("book__institution__meeting_frequency"))
    found = {loan.pk: loan for loan in (rows if loans is None else rows.filter(pk__in=loans))}
    agreed = _agreed(book, on)
    moves = _moves(book, on)
    limits = limits_of(book, [pk for pk, loan in found.items() if loan.is_cash_credit])
    running = [
        RunningLoan(
            loan, agreed[pk][-1], on, _owed(loan, moves[pk]), _paid(loan, agreed[pk], moves[pk]),
            met=loan.last_met, meets_every=DAYS_BETWEEN.get(loan.meets, 7),
            let_go=_let_go(loan, agreed[pk][-1], moves[pk]), recovered=_recovered(loan, moves[pk]),
            limits=tuple(one for one in limits.get(pk, ()) if one[0] <= on),
            earlier=_earlier(loan, agreed[pk], moves[pk]),
        )
        for pk, loan in found.items() if pk in agreed
    ]  # fmt: skip
    return [one for one in running if with_closed or not one.is_closed]


def last_met(on: datetime.date) -> Subquery:
    """The day of the last meeting of a row's book that holds, until a day. An extra one asks nobody for instalments."""
    held = Meeting.objects.filter(book=OuterRef("book"), number__isnull=False, held_on__lte=on, replaced_by=None)
    held = held.exclude(kind__in=(MeetingKind.EXTRA, MeetingKind.TAKEN_BACK)).order_by("-held_on")
    return Subquery(held.values("held_on")[:1])


Moved = tuple[datetime.date, int, bool, int]
"""(day, number of the head, whether the sheet writes the loan off, debits less credits)"""
Moves = Mapping[int, list[Moved]]


def _agreed(book: int, on: datetime.date) -> dict[int, list[Agreement]]:
    """Terms by loan, the one in force last."""
    agreed: dict[int, list[Agreement]] = defaultdict(list)
    for agreement in Agreement.objects.filter(book=book, since__lte=on).order_by("since"):
        agreed[agreement.loan_id].append(agreement)
    return agreed


def _moves(book: int, on: datetime.date) -> Moves:
    moves: dict[int, list[Moved]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"book": book, "on": on})
        for loan, day, head, is_off, paise in cursor.fetchall():
            moves[loan].append((day, head, is_off, int(paise)))
    return moves


def _owed(loan: Loan, moves: list[Moved]) -> Paise:
    head = BY_KEY[loan.head]
    return Paise(head.grows_by * sum(paise for _day, number, _is_off, paise in moves if number == head.number))


def _paid(loan: Loan, agreed: list[Agreement], moves: list[Moved]) -> tuple[Paid, ...]:
    """Repayments since the terms began. What reversed a repayment is taken off it, on the day of the reversal."""
    now = agreed[-1]
    sums = _by_day(loan, now, [one for one in moves if not one[2]])
    if len(agreed) == 1:
        # On the first day of its first terms the loan itself came into the book.
        sums[now.since][0] += now.principal_paise
    return _of_days(sums)


def _earlier(loan: Loan, agreed: list[Agreement], moves: list[Moved]) -> tuple[Earlier, ...]:
    """Terms before those in force: each with what was paid until the next began."""
    return tuple(
        Earlier(was, _paid(loan, agreed[: at + 1], [one for one in moves if one[0] < later.since]), later.since)
        for at, (was, later) in enumerate(pairwise(agreed))
    )


def _let_go(loan: Loan, now: Agreement, moves: list[Moved]) -> tuple[Paid, ...]:
    """What was written off since the terms began. What took that back is taken off, on its own day."""
    return _of_days(_by_day(loan, now, [one for one in moves if one[2]]))


def _recovered(loan: Loan, moves: list[Moved]) -> Paise:
    """What came of it after it was written off: to the book that gave it, or from the one that had taken it."""
    sign = -1 if loan.way == "given" else 1
    return Paise(sign * sum(paise for _day, number, is_off, paise in moves if number == WRITTEN_OFF and not is_off))


Sums = dict[datetime.date, list[int]]


def _by_day(loan: Loan, now: Agreement, moves: Iterable[Moved]) -> Sums:
    """{day: what principal fell by, interest} since the terms began."""
    sums: Sums = defaultdict(lambda: [0, 0])
    grows = BY_KEY[loan.head].grows_by
    for day, number, _is_off, paise in moves:
        if day >= now.since and number in _PRINCIPAL:
            sums[day][0] -= grows * paise
        elif day >= now.since and number in _INTEREST:
            sums[day][1] += BY_NUMBER[number].grows_by * paise
    return sums


def _of_days(sums: Sums) -> tuple[Paid, ...]:
    return tuple(Paid(day, Paise(one), Paise(two)) for day, (one, two) in sorted(sums.items()) if one or two)
