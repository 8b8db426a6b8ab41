"""What hangs on a meeting besides money, when it is taken back or corrected: requests, decisions, loans, their terms.

A correction keeps the ids of what stays and changes it; what it leaves out is removed, told in the audit chain. The
meeting that was taken back keeps all of it in its own document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection, models

from umeed.books.bodies.documents import BodyDay
from umeed.books.meetings.documents import MeetingDocument
from umeed.books.models import Agreement, Book, Line, Loan, LoanDecision, LoanRequest, Meeting
from umeed.books.naming import women_called
from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, picture
from umeed.kernel.refusals import N_, Refusal

AnyRecord = TypeVar("AnyRecord", bound=models.Model)
_GOES_ON = N_("Something happened on the loan of %(name)s since. Take those later meetings back first.")
_DECIDED = N_("The request of %(name)s was decided in a later meeting. Take that one back first.")


Made = dict[str, list[dict[str, Any]]]
"""What a meeting makes and nothing stands for yet, by table, each with all of its columns: it is written with it."""


def put(trail: Trail, record: AnyRecord, made: Made | None = None) -> AnyRecord:
    """Write a record of this meeting: a new one, or the one that the corrected meeting had made under the same id. What
    is known to be new is not looked for, and goes to what is `made`."""
    if made is not None:
        made.setdefault(record._meta.db_table, []).append(trail.created(record))
        return record
    known = type(record)._default_manager.filter(pk=record.pk).first()
    if known is None:
        record.save(force_insert=True)
        trail.created(record)
        return record
    return _changed(trail, known, record)


def put_loan(trail: Trail, loan: Loan, made: Made | None = None) -> Loan:
    """A loan is known by its uid: its number stands in lines."""
    if made is not None:
        loan.pk = _next_number()
        return put(trail, loan, made)
    known = Loan.objects.filter(uid=loan.uid, book=loan.book_id).first()
    if known is None:
        loan.save()
        trail.created(loan)
        return loan
    return _changed(trail, known, loan)


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('books_loan_id_seq')")
        return int(cursor.fetchone()[0])


def _changed(trail: Trail, known: AnyRecord, record: AnyRecord) -> AnyRecord:
    before = picture(known)
    for column in known._meta.concrete_fields:
        if not column.primary_key and column.name not in ("revision", "changed_at"):
            setattr(known, column.attname, getattr(record, column.attname))
    known.save()
    trail.changed(known, before)
    return known


def put_decisions(
    trail: Trail, book: Book, held: MeetingDocument | BodyDay, made: Made | None = None
) -> None:  # fmt: skip
    """What was decided on requests, of women or of bodies."""
    for one in held.decisions:
        put(trail, LoanDecision(
            id=one.id, book=book, request_id=one.request, decided_on=held.on, outcome=one.outcome,
            amount_paise=one.paise, way=one.way, voted=list(one.voted), promised_on=one.promised_on,
            jump_why=one.jump_why, why=one.why,
        ), made)  # fmt: skip


def release(book: Book, meeting: Meeting, trail: Trail, *, but_for: MeetingDocument | None = None) -> None:
    """Let go of what a meeting made and its correction does not make again."""
    loans = left_out(meeting.said.get("lendings"), "loan", but_for.lendings if but_for else ())
    _release_loans(book, loans, trail)
    release_asked(book, meeting, trail, but_for=but_for, why_decided=_why_decided)


def release_asked(
    book: Book,
    meeting: Meeting,
    trail: Trail,
    *,
    but_for: MeetingDocument | BodyDay | None,
    why_decided: Callable[[LoanDecision], Refusal],
) -> None:
    """Decisions and requests of a meeting or day that its correction does not make again; one that was decided since
    stays, and refuses it."""
    decisions = left_out(meeting.said.get("decisions"), "id", but_for.decisions if but_for else ())
    requests = left_out(meeting.said.get("requests"), "id", but_for.requests if but_for else ())
    remove(trail, LoanDecision.objects.filter(book=book, pk__in=decisions))
    gone = LoanRequest.objects.filter(book=book, pk__in=requests)
    later = LoanDecision.objects.filter(book=book, request__in=gone).select_related("request")
    refuse_if(why_decided(one) for one in later)
    remove(trail, gone)


def _why_decided(later: LoanDecision) -> Refusal:
    name = women_called([later.request.woman_id]).get(later.request.woman_id, "?")
    return Refusal("requests", "decided_later", _DECIDED, {"name": name})


def left_out(old: Any, key: str, new: Any) -> list[str]:
    """Ids that stood in the old document and do not in the new."""
    stay = {str(getattr(one, key)) for one in new}
    return [str(one[key]) for one in old or () if str(one[key]) not in stay]


def _release_loans(book: Book, uids: list[str], trail: Trail) -> None:
    """Loans that were never paid out after all: their money is reversed, their terms go, their request waits again."""
    loans = list(Loan.objects.filter(book=book, uid__in=uids))
    goes_on = set(
        # What was reversed, by this meeting's correction or an earlier one, is no more.
        Line.objects.filter(book=book, loan__in=loans, sheet__reverses=None, sheet__reversed_by=None).values_list(
            "loan", flat=True
        )
    )
    called = women_called(loan.woman_id for loan in loans if loan.pk in goes_on)
    refuse_if(
        Refusal("lendings", "goes_on", _GOES_ON, {"name": called.get(loan.woman_id, "?")})
        for loan in loans
        if loan.pk in goes_on
    )
    release_requests_of(loans, trail)
    remove(trail, Agreement.objects.filter(loan__in=loans))


def release_requests_of(loans: Iterable[Loan], trail: Trail) -> None:
    """A request waits again when its loan was not paid out after all."""
    for loan in loans:
        before = picture(loan)
        loan.request = None
        loan.save()
        trail.changed(loan, before)


def remove(trail: Trail, rows: models.QuerySet[Any]) -> None:
    """Take records away, each told."""
    for row in rows:
        trail.removed(row)
        row.delete()
