"""A loan agreed anew, or written off: by resolution, told for ever."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import post_sheet
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Book, Line, Loan, Sheet
from umeed.books.rules.anew import why_not_anew, why_not_write_off
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NOT_FOUND = N_("This loan is not among those that run in this book.")


def agree_anew(
    *, by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, rate_bp_a_year: int, method: str,
    frequency: str, instalments: int, first_due: datetime.date, resolution: str,
) -> Agreement:  # fmt: skip
    """New terms of a woman's loan from a day on. What is owed then is divided anew; interest that is due and unpaid
    stays due since the day on which it fell due, so that it is not younger than before. The same id once."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := Agreement.objects.filter(pk=id, book=kept).first()) is not None:
            return known
        running = loan_to_change(kept, loan, max(by.today, since))
        moved = Line.objects.filter(book=kept, loan=running.loan).aggregate(last=Max("sheet__on_date"))["last"]
        refuse_if(why_not_anew(
            owed=running.owed, since=since, today=by.today, agreed_on=running.agreement.since, moved_on=moved,
            first_due=first_due, instalments=instalments, resolution=resolution,
        ))  # fmt: skip
        with audited(by=by, did="agree_anew", why=resolution) as trail:
            row = Agreement(
                id=id, book=kept, loan=running.loan, since=since, rate_bp_a_year=rate_bp_a_year, method=method,
                frequency=frequency, instalments=instalments, first_due=first_due, resolution=resolution,
                principal_paise=running.owed, multiple_paise=running.agreement.multiple_paise,
                rounding_paise=running.agreement.rounding_paise, halves=running.agreement.halves,
                part_month=running.agreement.part_month, **_overdue(loan_to_change(kept, loan, since)),
            )  # fmt: skip
            row.save(force_insert=True)
            trail.created(row)
            trail.at_place(kept.institution.place_id)
    return row


def _overdue(running: RunningLoan) -> dict[str, Any]:
    """Interest due and unpaid goes on being due, and what has run until then is due with it; principal is agreed anew
    as a whole."""
    left = running.arrears
    interest = left.interest + running.run
    return {"overdue_interest_paise": interest, "overdue_since": left.since or running.on} if interest else {}


def write_off(
    *, by: Scope, book: Book | int, loan: UUID, on: datetime.date, resolution: str, approved: str
) -> int:  # fmt: skip
    """Write a woman's loan off: a named expense. Interest that was due is given up too: it is booked and written off in
    the same sheet, so that nothing goes on being asked for. The same loan twice is written off once."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        uid = uuid5(loan, "written off")
        if (known := Sheet.objects.filter(uid=uid, book=kept).values_list("pk", flat=True).first()) is not None:
            return known
        running = loan_to_change(kept, loan, by.today)
        refuse_if(why_not_write_off(
            owed=running.owed, on=on, today=by.today, resolution=resolution, approved=approved
        ))  # fmt: skip
        hers = {"woman": running.loan.woman_id, "loan": running.loan.pk}
        interest = running.arrears.interest + running.run
        entries = [
            Entry("written_off", Paise(running.owed + interest), loan=running.loan.pk),
            Entry("loan_to_member", Paise(-running.owed), **hers),
            *([Entry("interest_from_members", Paise(-interest), **hers)] if interest else []),
        ]
        with audited(by=by, did="write_off", why=f"{resolution} · {approved}") as trail:
            done = post_sheet(by=by, book=kept, draft=Draft(uid, on, Sheet.Kind.ADJUSTMENT, tuple(entries)))
            trail.about(running.loan)
            trail.at_place(kept.institution.place_id)
    return done.sheet


def loan_to_change(book: Book, loan: UUID, on: datetime.date) -> RunningLoan:
    """A loan of a woman that runs in the book."""
    row = Loan.objects.filter(uid=loan, book=book, head="loan_to_member").values_list("pk", flat=True).first()
    found = running_loans(book.pk, on, loans=[row]) if row is not None else []
    if not found:
        raise Refused([Refusal("loan", "not_found", _NOT_FOUND)])
    return found[0]
