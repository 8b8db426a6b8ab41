"""What the terms of a loan ask for as they were agreed: its own, or as a book took it over."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace

from umeed.books.models import Agreement
from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.carried import CarriedTerms, carried_demands, read_carried
from umeed.books.rules.demands import Paid, demands
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, schedule
from umeed.kernel.money import Paise


def demands_of(agreement: Agreement, paid: Iterable[Paid], until: datetime.date) -> list[Due]:
    """What a loan under these terms has asked for until a day, with what was overdue when they began and what had
    run."""
    waited = [due for due in had_run(agreement) if due.on <= until]
    return sorted([*_demands(agreement, paid, until), *waited], key=lambda due: due.on)


def had_run(agreement: Agreement) -> list[Due]:
    """Interest on the balance that had run when these terms began, with the day on which it falls due."""
    if agreement.carried is not None:
        plan = read_carried(agreement.carried).plan if agreement.method == "balance" else ()
        return [replace(due, principal=Paise(0)) for due in plan if due.interest]
    run = Paise(agreement.run_paise)
    return [Due(agreement.first_due, Paise(0), run)] if run else []


def _demands(agreement: Agreement, paid: Iterable[Paid], until: datetime.date) -> list[Due]:
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
    if agreement.method == "balance":
        dues = [replace(due, interest=Paise(0)) for due in dues]
    run = {due.on: due.interest for due in had_run(agreement)}
    return [replace(due, interest=Paise(due.interest + run.get(due.on, 0))) for due in dues]


def as_planned(agreement: Agreement) -> list[Due]:
    """All that these terms ask for when it is paid on its day, by day: what was due when they began, what had run, and
    what falls due later with its interest."""
    later = later_dues(agreement)
    paid = [Paid(agreement.since, Paise(agreement.overdue_principal_paise), NOTHING)]
    paid += [Paid(due.on, due.principal, NOTHING) for due in later]
    planned: dict[datetime.date, Due] = {}
    for due in demands_of(agreement, paid, max((due.on for due in later), default=agreement.since)):
        known = planned.get(due.on, Due(due.on, NOTHING, NOTHING))
        planned[due.on] = Due(due.on, Paise(known.principal + due.principal), Paise(known.interest + due.interest))
    return list(planned.values())


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
