"""This week's meeting of a group, as its book fills it in beforehand: for what the demonstration shows as under way."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.expected import fines_of, savings_of
from umeed.books.meetings.facts import Before, before
from umeed.books.models import Book

Said = dict[str, Any]


def begun(book: Book, today: datetime.date) -> tuple[Said, Before]:
    """Who came and what was saved is written, the rest is not: a document that has no id yet, and what it stands on."""
    calendar = calendar_of(book, today)
    on, number = min(calendar.next, today), calendar.last_number + 1
    known = before(book, on, number=number, today=today)
    women = [str(woman) for woman in known.facts.members]
    attendance = {woman: "absent" if at == 1 else "late" if at == 2 else "present" for at, woman in enumerate(women)}
    savings = [{"woman": str(woman), "head": head, "paise": paise}
               for (woman, head), paise in savings_of(known, attendance).items()]  # fmt: skip
    return {
        "on": on.isoformat(), "number": number, "kind": "regular", "place": book.institution.meeting_place,
        "attendance": attendance, "president": women[0], "are_last_minutes_read": True, "savings": savings,
    }, known  # fmt: skip


def whole(book: Book, today: datetime.date) -> Said:
    """The same to its end: who came pays her fines and what is due of her loans, and the box holds all of it."""
    said, known = begun(book, today)
    came = {UUID(woman) for woman, state in said["attendance"].items() if state != "absent"}
    due = [(one.loan.uid, one.due_now) for one in known.loans if one.loan.woman_id in came and one.due_now.whole]
    said["repayments"] = [
        {"loan": str(loan), "penalty": of.penalty, "interest": of.interest, "principal": of.principal}
        for loan, of in due
    ]
    fines = fines_of(known, said["attendance"])
    said["fines"] = [{"woman": str(woman), "why": why, "paise": paise} for woman, why, paise in fines]
    brought = sum(one["paise"] for part in ("savings", "fines") for one in said[part])
    return {**said, "counted": known.facts.cash + brought + sum(of.whole for _loan, of in due)}
