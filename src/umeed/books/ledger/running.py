"""Loans as they stand on a day: what was agreed, what was paid, what is owed, asked for and overdue."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from umeed.books.codes import MeetingKind
from umeed.books.ledger import moved
from umeed.books.ledger.credits import Limits, first_limit, limits_of
from umeed.books.ledger.moved import Moved, Moves
from umeed.books.ledger.terms import carried_terms, demands_of, had_run, later_dues, terms_of
from umeed.books.models import Agreement, Bylaw, Loan, Meeting, stands
from umeed.books.rules.allocation import NOTHING, Split
from umeed.books.rules.carried import read_carried, running_stretches
from umeed.books.rules.credits import limit_on
from umeed.books.rules.demands import Arrears, Paid, Standing, arrears, run_so_far, stretches_of
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due
from umeed.books.rules.standing import credit_dues, credit_standing, standing_on
from umeed.kernel.money import Paise

DAYS_BETWEEN = {"weekly": 7, "fortnightly": 14, "monthly": 31}
TWO_YEARS = datetime.timedelta(days=731)


@dataclass(frozen=True)
class RunningLoan:
    """A loan at the end of a day. Paise. `agreement` is the one in force; `paid` since it began, by day, and `let_go`
    what was written off. `recovered` is what came of it afterwards.

    Terms are in force from their day on: on it they take over what is owed at its end, so what those before asked for
    until then stands under them, and what is paid on it is paid under the new ones."""

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
    # Of a loan that was agreed anew how it stood under each of the terms before, oldest first, with nothing that moved
    # later: on the day on which the next ones took it over.
    earlier: tuple[RunningLoan, ...] = ()
    # The day to come from which its interest is asked no more, when that was resolved by now.
    lets_go_from: datetime.date | None = None
    # What the group's rules ask of a woman who is late.
    penalty: Paise = NOTHING

    @property
    def first(self) -> RunningLoan:
        """How it stood under its first terms."""
        return self.earlier[0] if self.earlier else self

    @property
    def came_with(self) -> Paise:
        """What was lent in this book; of a loan that it took over, what was owed then."""
        return Paise(self.first.agreement.principal_paise)

    @property
    def was_taken_over(self) -> bool:
        """Whether it ran before the book began."""
        first = self.first.agreement
        return first.carried is not None and self.loan.lent_on <= first.since

    @property
    def opened_with(self) -> list[Due]:
        """What was due already when the terms in force took the loan over."""
        return [due for due in self.dues if due.on <= self.agreement.since]

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
        if self.loan.is_cash_credit:
            return self._of_credit(until)
        last = min(until, self.lets_go_from or until)
        return demands_of(self.agreement, (*self.paid, *self.let_go), self.off_on or last)

    def _of_credit(self, until: datetime.date, *, with_running: bool = False) -> list[Due]:
        agreed = self.agreement
        return credit_dues(
            self.paid, principal=Paise(agreed.principal_paise), since=agreed.since, until=until,
            rate_bp_a_year=agreed.rate_bp_a_year, rounding=Rounding(agreed.rounding_paise, agreed.halves),  # type: ignore[arg-type]
            with_running=with_running,
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
        """Regular, watched or an NPA, with what was before. New terms do not end an NPA: first it is repaid without
        arrears under them, on or after the day on which their first instalment falls due."""
        was_npa = False
        for one in (*self.earlier, self):
            was_npa = one._own_standing is Standing.NPA or (was_npa and not one._is_repaid_in_time)
        return Standing.NPA if was_npa else self._own_standing

    @cached_property
    def _own_standing(self) -> Standing:
        """Under the terms in force alone."""
        if not self.loan.is_cash_credit:
            return standing_on(self.dues, self.settled, self.on)
        principal = Paise(self.agreement.principal_paise)
        return credit_standing(
            self.dues, self.paid, self.on, principal=principal, since=self.agreement.since, limit=self.limit
        )  # fmt: skip

    @property
    def _is_repaid_in_time(self) -> bool:
        """Whether on some day since their first instalment nothing that was due under these terms was left."""
        days = (one.on for one in self.paid if one.on >= self.agreement.first_due)
        return self.is_repaid or any(arrears(self.dues, self.settled, day).since is None for day in days)

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
        """Interest that has run since the last due day and is not paid: who repays all today pays it too. Of a cash
        credit it waits for the first of the next month also when nothing is drawn any more."""
        if self.loan.is_cash_credit:
            return run_so_far(self.dues, self._of_credit(self.on, with_running=True), self.settled)
        if self.off_on is not None:
            return Paise(0)
        # What had run when these terms began waits for their first instalment.
        until = self.lets_go_from or datetime.date.max
        asked = [due for due in had_run(self.agreement) if self.on < due.on < until]
        if self.agreement.method == "balance" and self.owed > 0:
            repaid = (*self.settled, Paid(self.on, self.owed, Paise(0)))
            return run_so_far(self.dues, [*asked, *demands_of(self.agreement, repaid, self.on)], self.settled)
        return run_so_far(self.dues, [*asked, *self.dues], self.settled)

    @property
    def to_pay(self) -> Due:
        """What a repayment today is expected to be: what is due, and with the last of the principal the interest that
        has run since."""
        left = self.arrears
        principal = Paise(min(left.principal, self.owed))
        return Due(self.on, principal, Paise(left.interest + (self.run if 0 < principal == self.owed else 0)))

    @cached_property
    def due_now(self) -> Split:
        """What a meeting today asks for, and every paper says is due: all that is due and unpaid, and the penalty. She
        is late only when a meeting was held since it fell due: money moves in meetings."""
        due, since = self.to_pay, self.arrears.since
        is_late = since is not None and self.met is not None and since <= self.met and since < self.on
        return Split(self.penalty if is_late and self.loan.woman_id else NOTHING, due.interest, due.principal)

    @cached_property
    def due_next(self) -> Due | None:
        """What falls due on the next day after this one, when what is due now is paid: never more principal than is
        owed. What was paid ahead, and interest that was paid as it ran, is not asked for again."""
        now, then = self.to_pay, self
        if now.whole:
            paid = (*self.paid, Paid(self.on, now.principal, now.interest))
            then = replace(self, owed=Paise(self.owed - now.principal), paid=paid)
        asked = then.asked_until(self.on + TWO_YEARS)
        for day in (due.on for due in asked if due.on > self.on):
            left = arrears(asked, then.settled, day)
            if whole := Paise(min(left.principal, then.owed)) + left.interest:
                return Due(day, Paise(whole - left.interest), left.interest)
        return None

    @cached_property
    def to_come(self) -> Paise:
        """Interest that was agreed for later days and is not paid. Whatever is not counted on the balance (flat,
        declining, at the end) asks for it also when its principal was repaid before."""
        if self.agreement.method == "balance" or self.loan.is_cash_credit or self.off_on is not None:
            return Paise(0)
        asked = self.asked_until(max((due.on for due in later_dues(self.agreement)), default=self.on))
        settled = sum(one.interest for one in self.settled)
        return Paise(max(0, sum(due.interest for due in asked) - settled - self.arrears.interest - self.run))

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
        return self.owed == 0 and self.arrears.interest == 0 and self.to_come == 0 and self.run == 0

    @property
    def is_closed(self) -> bool:
        """Repaid; a cash credit of which more can be drawn stays open."""
        return self.is_repaid and not self.limit


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


def running_loans(
    book: int, on: datetime.date, *, loans: Collection[int] | None = None, with_closed: bool = False,
    without: Agreement | None = None,
) -> list[RunningLoan]:  # fmt: skip
    """Loans of a book (or those named) lent until a day, oldest first; closed ones only if asked; as if some terms had
    never been agreed (`without`). Three questions, one more when cash credits are among them."""
    rows = Loan.objects.filter(book=book, lent_on__lte=on).select_related("woman", "body").order_by("lent_on", "pk")
    rows = rows.annotate(last_met=last_met(on), meets=F("book__institution__meeting_frequency"), penalty=_penalty(on))
    found = list(rows if loans is None else rows.filter(pk__in=loans))
    running = running_of(book, found, _agreed(book, on, without), moved.moves_of(book, on), on)
    return [one for one in running if with_closed or not one.is_closed]


def running_of(
    book: int, loans: Sequence[Loan], agreed: Mapping[int, Sequence[Agreement]], moves: Moves, on: datetime.date
) -> list[RunningLoan]:
    """Loans with their terms and what moved on them until a day, closed ones too. No question, one when cash credits
    are among them. Each loan carries when it was last met, how often its body meets, and the penalty of its rules."""
    limits = limits_of(book, [loan.pk for loan in loans if loan.is_cash_credit])
    return [
        _running(
            loan, agreed[loan.pk], moves.get(loan.pk, ()), on,
            tuple(one for one in limits.get(loan.pk, ()) if one[0] <= on),
        )
        for loan in loans if loan.pk in agreed
    ]  # fmt: skip


def last_met(on: datetime.date) -> Subquery:
    """The day of the last meeting of a row's book that holds, until a day. An extra one asks nobody for instalments."""
    held = Meeting.objects.filter(stands(), book=OuterRef("book"), number__isnull=False, held_on__lte=on)
    held = held.exclude(kind__in=(MeetingKind.EXTRA, MeetingKind.TAKEN_BACK)).order_by("-held_on")
    return Subquery(held.values("held_on")[:1])


def _penalty(on: datetime.date) -> Subquery:
    """What the rules in force on a day ask of a woman who is late."""
    in_force = Bylaw.objects.filter(book=OuterRef("book"), since__lte=on).order_by("-since")
    return Subquery(in_force.values("penalty_paise")[:1])


def _agreed(book: int, on: datetime.date, without: Agreement | None) -> dict[int, list[Agreement]]:
    """Terms by loan, the one in force last; or, of a later day, those that let the rest go, once they are resolved."""
    agreed: dict[int, list[Agreement]] = defaultdict(list)
    lets_go = Q(since__gt=on, first_due__lte=on, principal_paise=0, carried__isnull=True) & ~Q(resolution="")
    for agreement in Agreement.objects.filter(Q(since__lte=on) | lets_go, book=book).order_by("since"):
        if agreement != without:
            agreed[agreement.loan_id].append(agreement)
    return agreed


def _running(
    loan: Loan, agreed: Sequence[Agreement], moves: Sequence[Moved], on: datetime.date, limits: Limits
) -> RunningLoan:
    """A loan under the last of its terms, with how it stood under those before when the next took it over."""
    to_come = agreed[-1].since if agreed[-1].since > on else None
    known = agreed[:-1] if to_come else agreed
    earlier = tuple(
        _under(loan, terms, [one for one in moves if one[0] < later.since], later.since, is_first=terms is agreed[0])
        for terms, later in pairwise(known)
    )
    last = _under(loan, known[-1], moves, on, is_first=not earlier)
    more: dict[str, Any] = {"limits": limits, "earlier": earlier, "lets_go_from": to_come}
    return replace(last, **more) if any(more.values()) else last


def _under(
    loan: Loan, terms: Agreement, moves: Sequence[Moved], on: datetime.date, *, is_first: bool
) -> RunningLoan:  # fmt: skip
    sums = moved.sums_of(loan, terms, moves, is_first=is_first)
    return RunningLoan(
        loan, terms, on, sums.owed, sums.paid,
        met=loan.last_met, meets_every=DAYS_BETWEEN.get(loan.meets, 7),  # type: ignore[attr-defined]
        let_go=sums.let_go, recovered=sums.recovered,
        penalty=Paise(loan.penalty or 0),  # type: ignore[attr-defined]
    )  # fmt: skip
