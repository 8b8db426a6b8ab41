"""What hangs on a meeting besides money, when it is taken back or corrected: requests, decisions, loans, their terms.

A correction keeps the ids of what stays and changes it; what it leaves out is removed, told in the audit chain. The
meeting that was taken back keeps all of it in its own document.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from umeed.books.meetings.documents import MeetingDocument
from umeed.books.models import Agreement, Book, Line, Loan, LoanDecision, LoanRequest, Meeting
from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, picture
from umeed.kernel.refusals import N_, Refusal

AnyRecord = TypeVar("AnyRecord", bound=models.Model)
_GOES_ON = N_("Something happened on the loan of %(name)s since. Take those later meetings back first.")
_DECIDED = N_("The request of %(name)s was decided in a later meeting. Take that one back first.")


def put(trail: Trail, record: AnyRecord) -> AnyRecord:
    """Write a record of this meeting: a new one, or the one that the corrected meeting had made under the same id."""
    known = type(record)._default_manager.filter(pk=record.pk).first()
    if known is None:
        record.save(force_insert=True)
        trail.created(record)
        return record
    return _changed(trail, known, record)


def put_loan(trail: Trail, loan: Loan) -> Loan:
    """A loan is known by its uid: its number stands in lines."""
    known = Loan.objects.filter(uid=loan.uid, book=loan.book_id).first()
    if known is None:
        loan.save()
        trail.created(loan)
        return loan
    return _changed(trail, known, loan)


def _changed(trail: Trail, known: AnyRecord, record: AnyRecord) -> AnyRecord:
    before = picture(known)
    for column in known._meta.concrete_fields:
        if not column.primary_key and column.name not in ("revision", "changed_at"):
            setattr(known, column.attname, getattr(record, column.attname))
    known.save()
    trail.changed(known, before)
    return known


def release(book: Book, meeting: Meeting, trail: Trail, *, but_for: MeetingDocument | None = None) -> None:
    """Let go of what a meeting made and its correction does not make again."""
    said, kept = meeting.said, but_for
    loans = _left(said.get("lendings"), "loan", kept.lendings if kept else (), "loan")
    decisions = _left(said.get("decisions"), "id", kept.decisions if kept else (), "id")
    requests = _left(said.get("requests"), "id", kept.requests if kept else (), "id")
    _release_loans(book, meeting, loans, trail)
    _remove(trail, LoanDecision.objects.filter(book=book, pk__in=decisions))
    gone = LoanRequest.objects.filter(book=book, pk__in=requests)
    later = LoanDecision.objects.filter(book=book, request__in=gone).select_related("request__woman")
    refuse_if(
        Refusal("requests", "decided_later", _DECIDED, {"name": one.request.woman.name if one.request.woman else "?"})
        for one in later
    )
    _remove(trail, gone)


def _left(old: Any, key: str, new: Any, attribute: str) -> list[str]:
    """Ids that stood in the old document and do not in the new."""
    stay = {str(getattr(one, attribute)) for one in new}
    return [str(one[key]) for one in old or () if str(one[key]) not in stay]


def _release_loans(book: Book, meeting: Meeting, uids: list[str], trail: Trail) -> None:
    """Loans that were never paid out after all: their money is reversed, their terms go, their request waits again."""
    loans = list(Loan.objects.filter(book=book, uid__in=uids).select_related("woman"))
    goes_on = set(
        Line.objects.filter(book=book, loan__in=loans)
        .exclude(Q(sheet=meeting.sheet_id) | Q(sheet__reverses=meeting.sheet_id))
        .values_list("loan", flat=True)
    )
    refuse_if(
        Refusal("lendings", "goes_on", _GOES_ON, {"name": loan.woman.name if loan.woman else "?"})
        for loan in loans
        if loan.pk in goes_on
    )
    for loan in loans:
        before = picture(loan)
        loan.request = None
        loan.save()
        trail.changed(loan, before)
    _remove(trail, Agreement.objects.filter(loan__in=loans))


def _remove(trail: Trail, rows: models.QuerySet[Any]) -> None:
    for row in rows:
        trail.removed(row)
        row.delete()
