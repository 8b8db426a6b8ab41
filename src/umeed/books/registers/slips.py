"""The slip that a woman takes home from a meeting, and what its QR confirms.

The address holds a signed token of two ids and nothing about her. What it confirms is what the book knew when the
meeting was closed, so that it stays what is printed, whatever was written later.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import connection
from django.utils.translation import gettext

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_NUMBER, SAVINGS
from umeed.books.models import Book, Meeting
from umeed.books.registers.cash import HEAD_ORDER, flow_title
from umeed.books.registers.papering import money, paper, said_rupees, table
from umeed.books.registers.reading import kept_women, names
from umeed.core.papers.shapes import Column, Fact, Paper, Row
from umeed.core.viewer import as_system

_SIGNER = signing.Signer(salt="umeed.books.slip")
_LENT = "loan_to_member"

_IN_THE_SHEET = """
SELECT l.head, sum(l.amount_paise) FROM books_line l
WHERE l.sheet_id = %(sheet)s AND l.woman_id IN (SELECT umeed_merged_women(%(woman)s)) GROUP BY 1
"""
_AS_KNOWN_THEN = """
SELECT l.head, sum(l.amount_paise) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND s.recorded_at <= %(at)s
    AND l.woman_id IN (SELECT umeed_merged_women(%(woman)s)) GROUP BY 1
"""


@dataclass(frozen=True)
class Slip:
    """One woman in one meeting. `paid` and `given` in the order of a meeting; paise."""

    meeting: UUID
    group: str
    number: int | None
    on: datetime.date
    woman: str
    paid: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, int], ...]
    saved: int
    owed: int
    # Why it does not stand any more; None while it stands.
    taken_back: str | None = None

    @property
    def initials(self) -> str:
        return " ".join(f"{part[0]}." for part in self.woman.split())


def slip_of(meeting: Meeting, woman: UUID) -> Slip | None:
    """None when the meeting says nothing of her. At most five questions."""
    came = {pk for part in (meeting.present, meeting.late, meeting.absent, meeting.on_leave) for pk in part}
    kept = kept_women({woman, *came})
    if meeting.number is None or kept.get(woman) not in {kept[pk] for pk in came}:
        return None
    hers = kept[woman]
    moved: dict[str, int] = {}
    if meeting.sheet is not None:
        moved = _summed(_IN_THE_SHEET, {"sheet": meeting.sheet_id, "woman": hers})
    now = _summed(_AS_KNOWN_THEN, {
        "book": meeting.book_id, "on": meeting.held_on, "at": meeting.closed_at, "woman": hers
    })  # fmt: skip
    keys = [key for key in HEAD_ORDER if moved.get(key)]
    return Slip(
        meeting.pk, meeting.book.institution.name, meeting.number, meeting.held_on, names([hers]).woman(hers),
        tuple((key, -moved[key]) for key in keys if moved[key] < 0),
        tuple((key, moved[key]) for key in keys if moved[key] > 0),
        -sum(now.get(head.key, 0) for head in SAVINGS), now.get(_LENT, 0), _taken_back(meeting),
    )  # fmt: skip


def _taken_back(meeting: Meeting) -> str | None:
    after = Meeting.objects.filter(replaces=meeting).first()
    if after is None:
        return None
    return str(after.said.get("why", "")) if after.kind == MeetingKind.TAKEN_BACK else ""


def _summed(sql: str, asked: Mapping[str, object]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return {BY_NUMBER[head].key: int(paise) for head, paise in cursor.fetchall()}


def slip(book: Book, meeting: UUID, woman: UUID, *, confirm_at: str = "") -> Paper | None:
    """The paper. `confirm_at` is the whole address of the page that confirms it, without its token."""
    held = Meeting.objects.select_related("book__institution", "sheet").filter(book=book, pk=meeting).first()
    one = slip_of(held, woman) if held is not None else None
    if one is None:
        return None
    columns = [Column(gettext("For")), *money(gettext("Paid"), gettext("Given"))]
    rows = [Row((slip_title(key, is_paid=True), paise, None)) for key, paise in one.paid]
    rows += [Row((slip_title(key, is_paid=False), None, paise)) for key, paise in one.given]
    paid, given = sum(p for _k, p in one.paid), sum(p for _k, p in one.given)
    if rows:
        rows.append(Row((gettext("Total"), paid, given), "total"))
    said = {key: said_rupees(of) for key, of in (("paid", paid), ("saved", one.saved), ("owed", one.owed))}
    return paper(
        book, gettext("Slip of meeting %(number)s") % {"number": one.number},
        [table("", columns, rows, empty=gettext("Nothing was paid."))], of=one.woman, as_of=one.on,
        where=f"{book.institution.name} · {book.institution.place.called}", form="register",
        facts=[Fact(gettext("Savings now"), one.saved, "paise"), Fact(gettext("Loan owed now"), one.owed, "paise")],
        signatures=[gettext("Bookkeeper")], confirm_url=f"{confirm_at}{token_of(held.pk, woman)}" if confirm_at else "",
        spoken=gettext("%(name)s. Paid today: %(paid)s. Savings: %(saved)s. Loan: %(owed)s owed.")
        % {**said, "name": one.woman},
    )  # fmt: skip


def slip_title(head: str, *, is_paid: bool) -> str:
    """What she paid or was given, in her words."""
    if head == _LENT:
        return gettext("Loan repaid") if is_paid else gettext("Loan taken")
    if head == "interest_from_members":
        return gettext("Interest")
    return flow_title(head, is_receipt=is_paid)


# The token ----------------------------------------------------------------------------------------------------------


def token_of(meeting: UUID, woman: UUID) -> str:
    """Signed, in letters that an address may hold."""
    ids = base64.urlsafe_b64encode(meeting.bytes + woman.bytes).decode().rstrip("=")
    return _SIGNER.sign(ids).replace(":", ".")


def ids_in(token: str) -> tuple[UUID, UUID] | None:
    """The meeting and the woman; None for what was not signed here."""
    try:
        ids = base64.urlsafe_b64decode(_SIGNER.unsign(token.replace(".", ":")) + "==")
        return (UUID(bytes=ids[:16]), UUID(bytes=ids[16:])) if len(ids) == 32 else None
    except (signing.BadSignature, binascii.Error, ValueError):
        return None


def confirmed(token: str) -> Slip | None:
    """What a token confirms, for whoever holds the paper; None when it was not made here. Six questions."""
    ids = ids_in(token)
    if ids is None:
        return None
    # Whoever holds the slip may see what stands on it and nothing else: the token is what lets her.
    with as_system():
        held = Meeting.objects.select_related("book__institution", "sheet").filter(pk=ids[0]).first()
        return slip_of(held, ids[1]) if held is not None else None
