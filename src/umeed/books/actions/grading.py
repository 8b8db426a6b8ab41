"""The grade that a VO gave by hand, recorded beside the computed one."""

from __future__ import annotations

import datetime
from uuid import UUID

from umeed.books import codes
from umeed.books.models import Book, Grading
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

_NO_BOOK = N_("This group is not among those that you may grade.")
_NO_GRADE = N_("Choose the grade.")
_FUTURE = N_("%(day)s has not come yet.")
_BY_WHOM = N_("Say who graded: the VO, or the committee.")
_GRADED = N_("A grade was recorded for this day already.")


def record_grade(
    *, by: Scope, book: Book | int, id: UUID, on: datetime.date, grade: str, graded_by: str, note: str = ""
) -> Grading:
    """Record a grade given on a day. The same call again answers the same row."""
    pk = book.pk if isinstance(book, Book) else book
    with audited(by=by, did="record_grade") as trail:
        found = Book.objects.filter(pk=pk).seen_by(by, "institutions.change").select_related("institution").first()
        if found is None:
            raise Refused([Refusal("book", "not_found", _NO_BOOK)])
        if (known := Grading.objects.filter(pk=id).first()) is not None:
            return known
        refuse_if(_why_not(found, on, grade, graded_by, today=by.today))
        row = Grading(id=id, book=found, graded_on=on, grade=grade, graded_by=graded_by.strip(), note=note.strip())
        row.save(force_insert=True)
        trail.created(row)
        trail.at_place(found.institution.place_id)
    return row


def _why_not(book: Book, on: datetime.date, grade: str, graded_by: str, *, today: datetime.date) -> list[Refusal]:
    reasons = []
    if grade not in codes.Grade.values:
        reasons.append(Refusal("grade", "no_grade", _NO_GRADE))
    if on > today:
        reasons.append(Refusal("on", "future", _FUTURE, {"day": on}))
    elif Grading.objects.filter(book=book, graded_on=on).exists():
        reasons.append(Refusal("on", "graded", _GRADED))
    if not graded_by.strip():
        reasons.append(Refusal("graded_by", "by_whom", _BY_WHOM))
    return reasons
