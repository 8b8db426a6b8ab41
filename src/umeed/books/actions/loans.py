"""A loan agreed anew, or written off: by resolution, told for ever."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, Min

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import OF_A_PAGE, post_sheet, reverse_sheet, same_or_conflict, same_row, why_written
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.others import above
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.facts import bylaws_of
from umeed.books.models import Agreement, Book, Line, Loan, MonthLock, Sheet
from umeed.books.rules.anew import (
    Begins,
    resolved,
    why_not_anew,
    why_not_let_go,
    why_not_undo_anew,
    why_not_write_off,
)
from umeed.books.rules.rounding import Rounding
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_NOT_FOUND = N_("This loan is not among those that run in this book.")
_NOT_OFF = N_("This loan is not written off in this book.")
_RECOVERED = N_("%(amount)s came of it since it was written off. Correct those meetings first.")
_NO_REASON = N_("Say why.")
_OFF_ALREADY = N_("This loan was written off on %(day)s already. Nothing of this was written.")


def agree_anew(
    *, by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, rate_bp_a_year: int, method: str,
    frequency: str, instalments: int, first_due: datetime.date, resolution: str, approved: str = "",
) -> Agreement:  # fmt: skip
    """New terms of a woman's loan from a day on. What is owed then is divided anew; interest that is due and unpaid
    stays due since the day on which it fell due, so that it is not younger than before. What has only run until then is
    not overdue with it (RBI, 12 November 2021: due and not paid): it falls due with the first new instalment.
    Instalments are rounded as the group's rules of that day say. The group's VO, if it has one, agrees. The same id
    once; with other content it is a `Conflict`."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        terms: dict[str, Any] = {
            "rate_bp_a_year": rate_bp_a_year, "method": method, "frequency": frequency, "instalments": instalments,
            "first_due": first_due,
        }  # fmt: skip
        if (known := Agreement.objects.filter(pk=id, book=kept).select_related("loan").first()) is not None:
            return _same(known, loan, since=since, resolution=resolved(resolution, approved), **terms)
        said = {"since": since, "resolution": resolution, "approved": approved}
        refuse_if(reasons_against_terms(by, kept, loan, {**terms, **said}))
        then = loan_to_change(kept, loan, since)
        return _put_terms(
            by, kept, then, id, since, resolved(resolution, approved), did="agree_anew", **terms,
            principal_paise=then.owed, run_paise=then.run, multiple_paise=bylaws_of(kept, since).multiple,
        )  # fmt: skip


def _same(known: Agreement, loan: UUID, **said: Any) -> Agreement:
    """Terms that were sent before, when they were the same."""
    same_or_conflict(known.loan.uid, loan, OF_A_PAGE)
    return same_row(known, **said)


def reasons_against_terms(by: Scope, book: Book, loan: UUID, given: Mapping[str, Any]) -> list[Refusal]:
    """Every reason and question about new terms of a loan, as far as they could be read."""
    since = given.get("since")
    on = max(by.today, since or by.today)
    running = loan_of_hers(book, loan, on)
    return why_not_anew(
        given, owed=running.owed, begins=_begins(by, book, running.loan, since) if since else None,
        charges=bylaws_of(book, since or on).rate_bp_a_year, has_vo=has_vo(by, book),
        rounding=Rounding(running.agreement.rounding_paise, running.agreement.halves),  # type: ignore[arg-type]
    )  # fmt: skip


def let_interest_go(
    *, by: Scope, book: Book | int, loan: UUID, id: UUID, since: datetime.date, resolution: str, approved: str = ""
) -> Agreement:  # fmt: skip
    """From a day on no more interest is asked of a woman's loan whose principal is repaid; what is due until then stays
    due. These are its last terms, of nothing, in which the day that it was resolved stands in the place of a first
    instalment's; they are taken back as others are. The same id once; with other content it is a `Conflict`."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := Agreement.objects.filter(pk=id, book=kept).select_related("loan").first()) is not None:
            said = {"since": since, "resolution": resolved(resolution, approved), "lets_interest_go": True}
            return _same(known, loan, **said)
        said = {"since": since, "resolution": resolution, "approved": approved}
        refuse_if(reasons_against_letting_go(by, kept, loan, said))
        then = loan_to_change(kept, loan, since)
        now = then.agreement
        return _put_terms(
            by, kept, then, id, since, resolved(resolution, approved), did="let_interest_go",
            rate_bp_a_year=now.rate_bp_a_year, method=now.method, frequency=now.frequency, instalments=1,
            first_due=by.today, principal_paise=0,
        )  # fmt: skip


def reasons_against_letting_go(by: Scope, book: Book, loan: UUID, given: Mapping[str, Any]) -> list[Refusal]:
    """Every reason, as far as what was written could be read."""
    since = given.get("since")
    running, last = loan_of_hers(book, loan, since or by.today), agreed_anew(book, loan)
    return why_not_let_go(
        given, owed=running.owed, to_come=running.to_come, has_vo=has_vo(by, book),
        begins=_begins(by, book, running.loan, since) if since else None,
        let_go_from=last.since if last is not None and last.lets_interest_go else None,
    )  # fmt: skip


def has_vo(by: Scope, book: Book) -> bool:
    """Whether the group belongs to a VO, which agrees to what the group resolves about a loan."""
    return any(kind == "vo" for kind, _name in above(book.institution_id, by.today).values())


def _begins(by: Scope, book: Book, loan: Loan, since: datetime.date) -> Begins:
    agreed_on, moved_on = _last_agreed(loan), _last_line(loan)
    assert agreed_on is not None
    return Begins(
        since, today=by.today, agreed_on=agreed_on, moved_on=moved_on,
        is_locked=MonthLock.objects.closing(since).filter(book=book).exists(),
    )  # fmt: skip


def _put_terms(
    by: Scope, book: Book, then: RunningLoan, id: UUID, since: datetime.date, resolution: str, *, did: str, **terms: Any
) -> Agreement:  # fmt: skip
    """A row more, rounded as before; `then` is the loan on the day on which it begins."""
    now = then.agreement
    with audited(by=by, did=did, why=resolution) as trail:
        row = Agreement(
            id=id, book=book, loan=then.loan, since=since, resolution=resolution, rounding_paise=now.rounding_paise,
            halves=now.halves, part_month=now.part_month,
            **_overdue(then), **terms,
        )  # fmt: skip
        row.save(force_insert=True)
        trail.created(row)
        trail.at_place(book.institution.place_id)
    return row


def undo_anew(*, by: Scope, book: Book | int, loan: UUID, why: str) -> None:
    """Take new terms back, with a reason: the loan runs under those before as if it had never been agreed anew. Only
    while nothing moved on it since, and not in a month that is closed. That it was agreed stays to be seen."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        terms = agreed_anew(kept, loan)
        refuse_if(reasons_to_keep_terms(kept, terms, why))
        assert terms is not None
        with audited(by=by, did="undo_let_go" if terms.lets_interest_go else "undo_anew", why=why) as trail:
            trail.removed(terms)
            terms.delete()
            trail.about(terms.loan)
            trail.at_place(kept.institution.place_id)


def agreed_anew(book: Book, loan: UUID) -> Agreement | None:
    """The last terms of a woman's loan when they are not its first; also those that begin on a day to come."""
    rows = Agreement.objects.filter(book=book, loan__uid=loan, loan__head="loan_to_member").order_by("since")
    agreed = list(rows.select_related("loan"))
    return agreed[-1] if len(agreed) > 1 else None


def reasons_to_keep_terms(book: Book, terms: Agreement | None, why: str) -> list[Refusal]:
    """Every reason why terms that were agreed anew stay."""
    if terms is None:
        return why_not_undo_anew(since=None, moved=Paise(0), is_locked=False, why=why)
    is_locked = MonthLock.objects.closing(terms.since).filter(book=book).exists()
    return why_not_undo_anew(
        since=terms.since, moved=_moved_since(terms), is_locked=is_locked, why=why,
        lets_go=terms.lets_interest_go,
    )  # fmt: skip


def _moved_since(terms: Agreement) -> Paise:
    """What moved on a loan since its terms began, but for what was taken back."""
    lines = Line.objects.filter(book=terms.book_id, loan=terms.loan_id, sheet__on_date__gte=terms.since)
    lines = lines.filter(sheet__reverses__isnull=True, sheet__reversed_by__isnull=True)
    return Paise(sum(abs(paise) for paise in lines.values_list("amount_paise", flat=True)))


def _overdue(running: RunningLoan) -> dict[str, Any]:
    """Interest due and unpaid goes on being due; principal is agreed anew as a whole."""
    left = running.arrears
    return {"overdue_interest_paise": left.interest, "overdue_since": left.since} if left.interest else {}


def write_off(
    *, by: Scope, book: Book | int, loan: UUID, on: datetime.date, resolution: str, approved: str
) -> int:  # fmt: skip
    """Write a woman's loan off: what she owes becomes a named expense. Interest is income when it is paid: what was due
    is let go and booked nowhere. Nothing is asked for from that day on. Twice writes it off once; on another day, or by
    another resolution, it is a `Conflict`."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        uid, known = _off_sheet(kept, loan)
        why = f"{resolution} · {approved}"
        if known is not None:
            already = Refusal(None, "conflict", _OFF_ALREADY, {"day": known.on_date})
            same_or_conflict((known.on_date, why_written(known.pk)), (on, why), already)
            return known.pk
        loan_to_change(kept, loan, by.today)
        # As it stands on the day; what moved after it is among the reasons.
        running = loan_to_change(kept, loan, min(on, by.today))
        refuse_if(why_not_write_off(
            owed=running.owed, on=on, today=by.today, resolution=resolution, approved=approved,
            moved_on=last_moved(running.loan),
        ))  # fmt: skip
        entries = (
            Entry("written_off", running.owed, loan=running.loan.pk),
            Entry("loan_to_member", Paise(-running.owed), woman=running.loan.woman_id, loan=running.loan.pk),
        )
        with audited(by=by, did="write_off", why=why) as trail:
            done = post_sheet(by=by, book=kept, draft=Draft(uid, on, Sheet.Kind.ADJUSTMENT, entries))
            trail.about(running.loan)
            trail.at_place(kept.institution.place_id)
    return done.sheet


def undo_write_off(*, by: Scope, book: Book | int, loan: UUID, why: str) -> None:
    """Take a write-off back, with a reason: on its own day, or today when that month is closed. The loan runs as if it
    had never been written off. Not once something came of it."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        sheet = written_off(kept, loan, by.today)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        is_locked = MonthLock.objects.closing(sheet.on_date).filter(book=kept).exists()
        with audited(by=by, did="undo_write_off", why=why) as trail:
            on = by.today if is_locked else sheet.on_date
            reverse_sheet(by=by, sheet=sheet, uid=uuid5(sheet.uid, "taken back"), why=why, on=on)
            trail.about(Loan.objects.get(uid=loan))
            trail.at_place(kept.institution.place_id)


def written_off(book: Book, loan: UUID, on: datetime.date) -> Sheet:
    """The sheet by which a woman's loan was written off, of which nothing has come since."""
    _uid, sheet = _off_sheet(book, loan)
    row = Loan.objects.filter(uid=loan, book=book).values_list("pk", flat=True).first()
    found = running_loans(book.pk, on, loans=[row], with_closed=True) if row is not None else []
    if sheet is None or not found or found[0].off_on is None:
        raise Refused([Refusal("loan", "not_found", _NOT_OFF)])
    if found[0].recovered:
        raise Refused([Refusal("loan", "recovered", _RECOVERED, {"amount": rupees(found[0].recovered)})])
    return sheet


def last_moved(loan: Loan) -> datetime.date | None:
    """The last day on which something moved on a loan, or new terms begin."""
    return max((day for day in (_last_line(loan), _last_agreed(loan)) if day is not None), default=None)


def _last_agreed(loan: Loan) -> datetime.date | None:
    """Also terms that begin on a day to come: no others are put before them."""
    return Agreement.objects.filter(loan=loan).aggregate(last=Max("since"))["last"]


def _last_line(loan: Loan) -> datetime.date | None:
    return Line.objects.filter(book=loan.book_id, loan=loan).aggregate(last=Max("sheet__on_date"))["last"]


def _off_sheet(book: Book, loan: UUID) -> tuple[UUID, Sheet | None]:
    """The id under which a loan is written off next, with the sheet when it stands under it already. What was taken
    back may be written off again."""
    uid = uuid5(loan, "written off")
    while (known := Sheet.objects.filter(uid=uid, book=book).first()) is not None:
        if not Sheet.objects.filter(reverses=known).exists():
            return uid, known
        uid = uuid5(uid, "again")
    return uid, None


def loan_to_change(book: Book, loan: UUID, on: datetime.date) -> RunningLoan:
    """A loan of a woman that runs in the book."""
    found = loan_of_hers(book, loan, on)
    if found.is_closed:
        raise Refused([Refusal("loan", "not_found", _NOT_FOUND)])
    return found


def loan_of_hers(book: Book, loan: UUID, on: datetime.date) -> RunningLoan:
    """A loan of a woman in the book, also one on which nothing is owed any more; not before the day it came."""
    rows = Loan.objects.filter(uid=loan, book=book, head="loan_to_member").annotate(came_on=Min("agreements__since"))
    row, came_on = rows.values_list("pk", "came_on").first() or (None, None)
    found = running_loans(book.pk, max(on, came_on), loans=[row], with_closed=True) if came_on else []
    if not found:
        raise Refused([Refusal("loan", "not_found", _NOT_FOUND)])
    return found[0]
