"""What was written wrong in a meeting whose month is closed: put right in an open month, by what it differs.

The meeting stays as it was signed. What went by the bank is put right at the bank. Its cash was counted and stands:
what the right amounts come to otherwise is cash that was found over or short then, less what earlier times found.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from umeed.books.actions.putting_right import Differing, PuttingRight, as_differs
from umeed.books.actions.records import NOT_STANDING, why_not_correct
from umeed.books.heads import BY_KEY
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.meetings.differences import FOUND, MOST_TIMES, found_by, uid_of
from umeed.books.meetings.facts import standing_meetings
from umeed.books.meetings.since import since_of
from umeed.books.meetings.written import TO_AND_FROM, Written, written_in
from umeed.books.models import Book, Meeting, Sheet
from umeed.books.rules.differing import why_not_put_right
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal


class OfMeeting(PuttingRight):
    """A meeting, or a day of a VO or CLF."""

    row: Meeting
    did = "put_right"
    too_often = N_("It was put right %(most)s times already. Take it back whole instead.")
    below = frozenset({"more_than_owed", "overdrawn"})

    def __init__(self, held: Meeting) -> None:
        super().__init__(held, held.held_on)

    def written(self, nth: int = MOST_TIMES) -> list[Written]:
        return written_in(self.row, nth)

    def stands(self) -> bool:
        return standing_meetings(self.row.book).filter(pk=self.row.pk).exists()

    def is_still_open(self) -> bool:
        return not why_not_correct(self.row)

    def draft(self, nth: int, lines: Sequence[Differing], on: datetime.date) -> Draft:
        return _draft(self.row, nth, lines, on)

    def why_not(self, book: Book, lines: Sequence[Differing], draft: Draft) -> list[Refusal]:
        loans = {one.loan for one, _entry in lines if one.loan}
        since = since_of(self.row, loans, draft.on)
        return why_not_put_right([as_differs(one, entry) for one, entry in lines], since, _told_found(draft))

    def told(self, lines: Sequence[Differing]) -> dict[str, Any]:
        return {"sides": [one.sign for one, _entry in sorted(lines, key=_place)]}


def put_right(
    *, by: Scope, meeting: UUID, nth: int, right: Mapping[str, Paise], why: str, is_sure: bool = False
) -> int:  # fmt: skip
    """Put a meeting that stands right: see `PuttingRight.put_right`."""
    held = Meeting.objects.filter(pk=meeting).select_related("book__institution").first()
    if held is None:
        raise Refused([Refusal(None, "not_standing", NOT_STANDING)])
    return OfMeeting(held).put_right(by=by, nth=nth, right=right, why=why, is_sure=is_sure)


def _draft(held: Meeting, nth: int, lines: Sequence[Differing], on: datetime.date) -> Draft:
    to_and_from, bank, cash = list[Entry](), list[Entry](), list[Entry]()
    for one, entry in lines:
        if one.head == TO_AND_FROM:
            to_and_from.append(entry)
        elif one.by == "bank":
            bank += [entry, Entry("bank", Paise(-entry.amount))]
        else:
            cash.append(entry)
    entries = [*to_and_from, *bank, *cash]
    entries += _found(held, nth, Paise(sum(one.amount for one in entries)))
    return Draft(uid_of(held, nth), on, Sheet.Kind.ADJUSTMENT, tuple(entries))


def _found(held: Meeting, nth: int, over: Paise) -> list[Entry]:
    """What the right amounts leave `over` in the box as it was counted, or below nothing short: first it uses up what
    earlier times found the other way."""
    if not over:
        return []
    head, other = ("cash_over", "cash_short") if over > 0 else ("cash_short", "cash_over")
    used = min(abs(over), found_by(held, nth)[other])
    sign = -1 if over > 0 else 1
    parts = {other: used, head: abs(over) - used}
    return [Entry(key, Paise(sign * paise)) for key, paise in parts.items() if paise]


def _told_found(draft: Draft) -> dict[str, Paise]:
    """What it tells as found over or short, beside what it uses up."""
    rows = {one.head: Paise(BY_KEY[one.head].grows_by * one.amount) for one in draft.entries if one.head in FOUND}
    return {head: paise for head, paise in rows.items() if paise > 0}


def _place(line: Differing) -> int:
    """Where it stands in its sheet, as `_draft` writes it."""
    one, _entry = line
    return 0 if one.head == TO_AND_FROM else 1 if one.by == "bank" else 2
