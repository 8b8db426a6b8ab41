"""The limit of a bank's cash credit, said again; and its end. Both are one row more: what was said stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import same_row
from umeed.books.ledger.balances import own_money
from umeed.books.ledger.credits import credits_from
from umeed.books.ledger.running import running_loans
from umeed.books.models import Book, CreditLimit, Loan
from umeed.books.rules.credits import why_not_end, why_not_limit
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NOT_FOUND = N_("This cash credit is not in this book.")


def set_limit(
    *, by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, limit: Paise | None, why: str = ""
) -> CreditLimit:
    """Another limit from a day on, higher or lower, as the bank's letter says. The same id once; with other content it
    is a `Conflict`."""
    return _say(by, book, loan, id, since, limit, why, reasons_of=lambda kept, row: reasons_against(
        by, kept, row, since, limit
    ))  # fmt: skip


def end_credit(
    *, by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, why: str = ""
) -> CreditLimit:
    """End a cash credit on which nothing is owed: from that day on nothing is drawn. A limit that is said later opens
    it again. The same id once; with other content it is a `Conflict`."""
    return _say(by, book, loan, id, since, Paise(0), why, reasons_of=lambda kept, row: reasons_to_keep(
        by, kept, row, since
    ))  # fmt: skip


def reasons_against(by: Scope, book: Book, loan: Loan, since: datetime.date, limit: Paise | None) -> list[Refusal]:
    """Every reason and question about another limit."""
    credit = credits_from(book.pk, since, [loan.pk])[loan.pk]
    own = own_money(book.pk, since)
    return why_not_limit(credit, limit, today=by.today, since=_came_on(loan), own=own)


def reasons_to_keep(by: Scope, book: Book, loan: Loan, since: datetime.date) -> list[Refusal]:
    """Every reason why the credit is not ended on a day."""
    credit = credits_from(book.pk, since, [loan.pk])[loan.pk]
    return why_not_end(credit, *_interest(book, loan, by.today), today=by.today, since=_came_on(loan))


def credit_to_keep(book: Book, loan: UUID) -> Loan:
    """A cash credit that stands in the book."""
    row = Loan.objects.filter(uid=loan, book=book, is_cash_credit=True, agreements__isnull=False).distinct().first()
    if row is None:
        raise Refused([Refusal("loan", "not_found", _NOT_FOUND)])
    return row


def _say(
    by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, limit: Paise | None, why: str, *,
    reasons_of: Callable[[Book, Loan], list[Refusal]],
) -> CreditLimit:  # fmt: skip
    with transaction.atomic():
        kept = book_to_keep(by, book)
        row, why = credit_to_keep(kept, loan), " ".join(why.split())[:240]
        if (known := CreditLimit.objects.filter(pk=id).first()) is not None:
            return same_row(known, loan_id=row.pk, since=since, limit_paise=limit, why=why)
        refuse_if(reasons_of(kept, row))
        assert limit is not None
        with audited(by=by, did="set_limit" if limit else "end_credit", why=why) as trail:
            said = CreditLimit(id=id, book=kept, loan=row, since=since, limit_paise=limit, why=why)
            said.save(force_insert=True)
            trail.created(said)
            trail.at_place(kept.institution.place_id)
    return said


def _came_on(loan: Loan) -> datetime.date:
    """Since when it stands in this book: a cut-off brings it later than it was sanctioned."""
    return max(loan.lent_on, loan.agreements.order_by("since").values_list("since", flat=True)[0])


def _interest(book: Book, loan: Loan, on: datetime.date) -> tuple[Paise, Paise]:
    """(what is due of it, what has run since)."""
    found = running_loans(book.pk, on, loans=[loan.pk], with_closed=True)
    return (found[0].arrears.interest, found[0].run) if found else (Paise(0), Paise(0))
