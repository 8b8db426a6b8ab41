"""The loans of a cut-off and their terms: written, written anew by its correction, let go."""

from __future__ import annotations

import datetime
from uuid import UUID, uuid5

from umeed.books.cutoffs.documents import ABOVE, Running
from umeed.books.ledger.others import rounding_of
from umeed.books.models import Agreement, Book, CutOff, Loan
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.carried import plan_of
from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.books.rules.schedules import Due, LoanTerms, month_later
from umeed.core.audit import Trail, picture
from umeed.kernel.money import Paise


def write_loan(book: Book, on: datetime.date, said: Running, bylaws: Bylaws, trail: Trail) -> int:
    """The loan and its terms; one that the corrected cut-off had keeps its number, with what was paid on it since."""
    loan = Loan.objects.filter(uid=said.loan, book=book).first() or Loan(uid=said.loan, book=book)
    before = None if loan._state.adding else picture(loan)
    loan.way = Loan.Way.GIVEN if said.is_given else Loan.Way.TAKEN
    loan.head, loan.woman_id, loan.lent_on = said.head, said.woman, said.lent_on
    loan.body_id = said.body if said.head in ABOVE or said.head == "loan_to_body" else None
    loan.source, loan.purpose = said.source, said.purpose
    loan.lender, loan.number, loan.is_cash_credit = said.lender, said.number, said.is_cash_credit
    loan.save()
    if before is None:
        trail.created(loan)
    else:
        trail.changed(loan, before)
    _write_terms(book, on, said, loan, bylaws, trail)
    return loan.pk


def _write_terms(book: Book, on: datetime.date, said: Running, loan: Loan, bylaws: Bylaws, trail: Trail) -> None:
    pk = uuid5(said.loan, "agreement/1")
    agreement = Agreement.objects.filter(pk=pk, loan=loan).first() or Agreement(id=pk, book=book, loan=loan)
    before = None if agreement._state.adding else picture(agreement)
    rounding = _rounding(said, bylaws, on)
    plan = _plan(said, rounding, bylaws)
    agreement.since, agreement.principal_paise = on, said.outstanding
    agreement.rate_bp_a_year, agreement.method, agreement.frequency = said.rate_bp_a_year, said.method, said.frequency
    agreement.instalments = max(1, len(plan))
    agreement.first_due = plan[0].on if plan else said.next_due or month_later(on, 1, on.day)
    agreement.rounding_paise, agreement.halves = rounding.unit, rounding.halves
    agreement.multiple_paise = _multiple(said, bylaws)
    agreement.part_month = said.part_month or (bylaws.part_month if said.head == "loan_to_member" else "due")
    agreement.overdue_principal_paise = said.overdue_principal
    agreement.overdue_interest_paise = said.overdue_interest
    agreement.overdue_since = min((part.on for part in said.overdue), default=None)
    agreement.carried = said.carried(plan).plain
    if before is None:
        agreement.save(force_insert=True)
        trail.created(agreement)
    else:
        agreement.save()
        trail.changed(agreement, before)


def _rounding(said: Running, bylaws: Bylaws, on: datetime.date) -> Rounding:
    """As the loan says; else as its lender rounds: this book or the VO or CLF by its rules, a bank to the paisa."""
    if said.rounding is not None:
        return Rounding(said.rounding, said.halves)
    if said.is_given:
        return bylaws.rounding
    return rounding_of(said.body, on) if said.head in ABOVE and said.body else TO_THE_PAISA


def _multiple(said: Running, bylaws: Bylaws) -> int:
    """As the loan says, which comes out of another book with its plan; else as the group's rules of the day say."""
    if said.plan or said.multiple > 1 or not said.is_given:
        return said.multiple
    return bylaws.multiple


def _plan(said: Running, rounding: Rounding, bylaws: Bylaws) -> tuple[Due, ...]:
    if said.plan:
        return tuple(part.due for part in said.plan)
    if said.rest <= 0 or said.next_due is None or said.instalments < 1:
        return ()
    terms = LoanTerms(
        principal=Paise(said.rest), rate_bp_a_year=said.rate_bp_a_year, method=said.method, first_due=said.next_due,
        instalments=said.instalments, frequency=said.frequency, lent_on=said.lent_on, rounding=rounding,
        multiple=_multiple(said, bylaws),
    )  # fmt: skip
    return plan_of(terms, lent=Paise(said.lent), lent_on=said.lent_on)


def drop_loans(book: Book, old: CutOff, *, keep: set[UUID], trail: Trail) -> None:
    """Loans of a cut-off that hold no longer ask for nothing: their terms go, their lines are met by the mirror."""
    gone = [UUID(one["loan"]) for one in old.said.get("loans", ()) if UUID(one["loan"]) not in keep]
    for agreement in Agreement.objects.filter(book=book, loan__uid__in=gone):
        trail.removed(agreement)
        agreement.delete()
