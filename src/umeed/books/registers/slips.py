"""The slip that a woman takes home from a meeting, and what its QR confirms.

The address holds a signed token of two ids and nothing about her. What it confirms is what the book knew when the
meeting was closed, so that it stays what is printed, whatever was written later.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, pgettext

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_NUMBER, SAVINGS
from umeed.books.ledger.balances import kept_women
from umeed.books.models import Book, Meeting
from umeed.books.registers.cash import HEAD_ORDER, flow_title
from umeed.books.registers.papering import money, paper, said_rupees, table
from umeed.books.registers.put_right import Difference, PutRight, put_right_of
from umeed.books.registers.reading import names
from umeed.books.registers.which_loan import which_loans
from umeed.core.papers.shapes import Column, Fact, FormName, Paper, Row
from umeed.core.viewer import as_system

_SIGNER = signing.Signer(salt="umeed.books.slip")
_SALT = "umeed.books.slip.short"
_LENT = "loan_to_member"

# What she paid and what she was given under one head stay apart. What she brings for a loan that was written off stands
# under a head that names the loan and not her.
_IN_THE_SHEET = """
SELECT umeed_kept_woman(l.woman_id), l.head, l.amount_paise < 0, l.loan_id, sum(l.amount_paise) FROM (
    SELECT coalesce(l.woman_id, o.woman_id) AS woman_id, l.loan_id, l.head, l.amount_paise
    FROM books_line l LEFT JOIN books_loan o ON o.id = l.loan_id AND l.head = 561 WHERE l.sheet_id = %(sheet)s
) l WHERE l.woman_id IS NOT NULL
    AND (%(woman)s::uuid IS NULL OR l.woman_id IN (SELECT umeed_merged_women(%(woman)s))) GROUP BY 1, 2, 3, 4
ORDER BY l.loan_id
"""
_AS_KNOWN_THEN = """
SELECT umeed_kept_woman(l.woman_id), l.head, NULL, NULL, sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND s.recorded_at <= %(at)s AND l.woman_id IS NOT NULL
    AND (%(woman)s::uuid IS NULL OR l.woman_id IN (SELECT umeed_merged_women(%(woman)s))) GROUP BY 1, 2
"""
# Of a woman: {(head, whether she paid it; None for both together, of several loans which): paise}
Hers = Mapping[tuple[str, bool | None, str], int]


class Part(NamedTuple):
    """What she paid or was given under a head: of several loans on which."""

    head: str
    paise: int
    loan: str = ""


@dataclass(frozen=True)
class Slip:
    """One woman in one meeting. `paid` and `given` in the order of a meeting."""

    meeting: UUID
    group: str
    number: int | None
    on: datetime.date
    woman: str
    paid: tuple[Part, ...]
    given: tuple[Part, ...]
    saved: int
    owed: int
    # Why it does not stand any more; None while it stands.
    taken_back: str | None = None
    whose: UUID | None = None
    # What of hers was put right in a later month.
    put_right: tuple[PutRight, ...] = ()

    @property
    def initials(self) -> str:
        """Of her own name, not of whose wife or daughter she is."""
        return " ".join(f"{part[0]}." for part in self.woman.partition(" (")[0].split())


def slip_of(meeting: Meeting, woman: UUID) -> Slip | None:
    """None when the meeting says nothing of her. Six questions, more where something was repaid or put right."""
    kept = kept_women({woman, *came_or_not(meeting)})
    if meeting.number is None or kept.get(woman) not in {kept[pk] for pk in came_or_not(meeting)}:
        return None
    return _slips(meeting, [kept[woman]], kept[woman])[0]


def slips_of(meeting: Meeting) -> list[Slip]:
    """Those of all women of a meeting, by their names. At most six questions, however many they are; more where
    something was repaid or put right."""
    if meeting.number is None:
        return []
    women = dict.fromkeys(kept_women(came_or_not(meeting)).values())
    return sorted(_slips(meeting, list(women)), key=lambda one: (one.woman, str(one.whose)))


def came_or_not(meeting: Meeting) -> list[UUID]:
    """Everybody of whom a meeting says whether she came, always in the same order."""
    said = {pk for part in (meeting.present, meeting.late, meeting.absent, meeting.on_leave) for pk in part}
    return sorted(said, key=str)


def _slips(meeting: Meeting, women: list[UUID], only: UUID | None = None) -> list[Slip]:
    moved: Mapping[UUID, Hers] = {}
    if meeting.sheet is not None:
        which = which_loans(meeting.book_id, meeting.held_on) if meeting.said.get("repayments") else {}
        moved = _summed(_IN_THE_SHEET, {"sheet": meeting.sheet_id, "woman": only}, which)
    now = _summed(_AS_KNOWN_THEN, {
        "book": meeting.book_id, "on": meeting.held_on, "at": _known_at(meeting), "woman": only
    })  # fmt: skip
    called, taken_back = names(women), _taken_back(meeting)
    later = put_right_of(meeting) if taken_back is None else []
    slips = [
        _slip(meeting, hers, called.woman(hers), moved.get(hers, {}), now.get(hers, {}), taken_back) for hers in women
    ]
    return [replace(one, put_right=_of_hers(later, one.whose)) for one in slips] if later else slips


def _of_hers(later: list[PutRight], woman: UUID | None) -> tuple[PutRight, ...]:
    hers = (replace(one, lines=tuple(line for line in one.lines if line.woman == woman)) for one in later)
    return tuple(one for one in hers if one.lines)


def _known_at(meeting: Meeting) -> datetime.datetime:
    """When the book knew it: on closing. A meeting that was loaded says it was closed before its sheets were there."""
    return max(meeting.closed_at, meeting.sheet.recorded_at) if meeting.sheet is not None else meeting.closed_at


def _slip(
    meeting: Meeting, hers: UUID, name: str, moved: Hers, now: Hers, taken_back: str | None
) -> Slip:  # fmt: skip
    return Slip(
        meeting.pk, meeting.book.institution.name, meeting.number, meeting.held_on, name,
        _parts(moved, is_paid=True), _parts(moved, is_paid=False),
        -sum(now.get((head.key, None, ""), 0) for head in SAVINGS), now.get((_LENT, None, ""), 0), taken_back, hers,
    )  # fmt: skip


def _parts(moved: Hers, *, is_paid: bool) -> tuple[Part, ...]:
    sign = -1 if is_paid else 1
    return tuple(
        Part(head, sign * paise, loan)
        for key in HEAD_ORDER for (head, side, loan), paise in moved.items() if head == key and side is is_paid
    )  # fmt: skip


def _taken_back(meeting: Meeting) -> str | None:
    after = Meeting.objects.filter(replaces=meeting).first()
    if after is None:
        return None
    return str(after.said.get("why", "")) if after.kind == MeetingKind.TAKEN_BACK else ""


def _summed(sql: str, asked: Mapping[str, object], which: Mapping[int, str] = MappingProxyType({})) -> dict[UUID, Hers]:
    """By woman. What she was lent is told by its amount."""
    sums: dict[UUID, dict[tuple[str, bool | None, str], int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        for woman, head, is_paid, loan, paise in cursor.fetchall():
            hers = sums.setdefault(woman, {})
            key = BY_NUMBER[head].key, is_paid, which.get(loan, "") if is_paid else ""
            hers[key] = hers.get(key, 0) + int(paise)
    return dict(sums)


def slip(book: Book, meeting: UUID, woman: UUID, *, confirm_at: str = "") -> Paper | None:
    """The paper. `confirm_at` is the whole address of the page that confirms it, without its token."""
    held = held_in(book, meeting)
    one = slip_of(held, woman) if held is not None else None
    return slip_paper(held, one, woman, confirm_at) if held is not None and one is not None else None


def held_in(book: Book, meeting: UUID) -> Meeting | None:
    """A meeting with what its slips need."""
    return Meeting.objects.select_related("book__institution__place", "sheet").filter(book=book, pk=meeting).first()


def holding(held: Meeting) -> Meeting | None:
    """The meeting that holds in the place of one; itself while it stands, None where it was taken back whole."""
    while (after := Meeting.objects.filter(replaces=held).first()) is not None:
        held = after
    return held if held.kind != MeetingKind.TAKEN_BACK else None


def slip_papers(held: Meeting, confirm_at: str) -> list[Paper]:
    """The papers of all women of a meeting, small enough to be cut from one page."""
    listed = {kept: pk for pk, kept in kept_women(came_or_not(held)).items()}
    return [
        slip_paper(held, one, listed[one.whose], confirm_at, form="slip") for one in slips_of(held) if one.whose
    ]  # fmt: skip


def slip_paper(held: Meeting, one: Slip, woman: UUID, confirm_at: str, form: FormName = "register") -> Paper:
    columns = [Column(gettext("For")), *money(gettext("She paid"), gettext("She got"))]
    rows = [Row((part_title(part, is_paid=True), part.paise, None)) for part in one.paid]
    rows += [Row((part_title(part, is_paid=False), None, part.paise)) for part in one.given]
    paid, given = sum(part.paise for part in one.paid), sum(part.paise for part in one.given)
    if rows:
        rows.append(Row((gettext("Total"), paid, given), "total"))
    said = {key: said_rupees(of) for key, of in (("paid", paid), ("saved", one.saved), ("owed", one.owed))}
    book, title = held.book, gettext("Slip of meeting %(number)s") % {"number": one.number}
    void = gettext("This slip does not hold") if one.taken_back is not None else ""
    later = [" · ".join(filter(None, (said_later(part), part.why))) for part in one.put_right]
    why = gettext("What it says was taken back later, or corrected. Ask for a new slip.")
    return paper(
        book, f"{title} · {void}" if void else title,
        [table("", columns, rows, empty=gettext("Nothing was paid."))], of=one.woman, as_of=one.on,
        where=f"{book.institution.name} · {book.institution.place.called}", form=form,
        facts=[Fact(gettext("Savings now"), one.saved, "paise"), Fact(gettext("Loan owed now"), one.owed, "paise")],
        signatures=[gettext("Bookkeeper")], confirm_url=f"{confirm_at}{token_of(held, woman)}" if confirm_at else "",
        notes=[why] if void else later,
        spoken=(f"{void}. " if void else "")
        + gettext("%(name)s. Paid today: %(paid)s. Savings: %(saved)s. Loan: %(owed)s owed.")
        % {**said, "name": one.woman} + "".join(f" {part}." for part in later),
    )  # fmt: skip


def said_later(one: PutRight) -> str:
    """As “Put right on 23 Nov 2026: Loan repaid ₹50 less, Interest ₹4 more”; of several loans which of them."""
    parts = (
        f"{_in_her_words(line)} {line.by_how_much}" + (f" ({line.loan})" if line.loan else "") for line in one.lines
    )
    return f"{one.when}: {pgettext('between the items of a list', ', ').join(parts)}"


def _in_her_words(line: Difference) -> str:
    return line.title if line.is_out is None else slip_title(line.head, is_paid=not line.is_out)


def part_title(part: Part, *, is_paid: bool) -> str:
    return " · ".join(filter(None, (slip_title(part.head, is_paid=is_paid), part.loan)))


def slip_title(head: str, *, is_paid: bool) -> str:
    """What she paid or was given, in her words."""
    if head == _LENT:
        return gettext("Loan repaid") if is_paid else gettext("Loan taken")
    if head == "interest_from_members":
        return gettext("Interest")
    return flow_title(head, is_receipt=is_paid)


# The token ----------------------------------------------------------------------------------------------------------
#
# Short, so that it can be read beside its code and typed by hand: book, number and version of the meeting, and which of
# the women it names, with seven bytes that only this server can make; 24 letters without 0, 1, 8 and 9. Whoever guesses
# one has a chance of one in 2⁵⁶ a try, and sixty tries a minute. Longer ones with both ids were printed before: they
# hold.

_PACKED = struct.Struct(">IHBB")
_SEAL, _GROUP = 7, 6
_LETTERS = 24


def token_of(held: Meeting, woman: UUID) -> str:
    """In letters that an address may hold, in groups that the eye can follow."""
    women = came_or_not(held)
    try:
        packed = _PACKED.pack(held.book_id, held.number, held.version, women.index(woman))
    except (struct.error, ValueError):
        return long_token_of(held.pk, woman)
    letters = base64.b32encode(packed + _seal(packed, settings.SECRET_KEY)).decode().lower()
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def long_token_of(meeting: UUID, woman: UUID) -> str:
    """Both ids, signed: for what does not fit into the short one."""
    ids = base64.urlsafe_b64encode(meeting.bytes + woman.bytes).decode().rstrip("=")
    return _SIGNER.sign(ids).replace(":", ".")


def _seal(packed: bytes, key: str) -> bytes:
    return salted_hmac(_SALT, packed, secret=key, algorithm="sha256").digest()[:_SEAL]


def ids_in(token: str) -> tuple[UUID, UUID] | None:
    """The meeting and the woman; None for what was not made here. For the product's own work: it looks at any book."""
    if "." not in token:
        return _ids_in_short(token)
    try:
        ids = base64.urlsafe_b64decode(_SIGNER.unsign(token.replace(".", ":")) + "==")
        return (UUID(bytes=ids[:16]), UUID(bytes=ids[16:])) if len(ids) == 32 else None
    except (signing.BadSignature, binascii.Error, ValueError):
        return None


def _ids_in_short(token: str) -> tuple[UUID, UUID] | None:
    letters = token.replace("-", "").replace(" ", "").upper()
    try:
        told = base64.b32decode(letters) if len(letters) == _LETTERS else b""
    except (binascii.Error, ValueError):
        return None
    packed, seal = told[: _PACKED.size], told[_PACKED.size :]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not told or not any(constant_time_compare(seal, _seal(packed, key)) for key in keys):
        return None
    book, number, version, at = _PACKED.unpack(packed)
    held = Meeting.objects.filter(book=book, number=number, version=version).first()
    women = came_or_not(held) if held is not None else []
    return (held.pk, women[at]) if held is not None and at < len(women) else None


def confirmed(token: str) -> Slip | None:
    """What a token confirms, for whoever holds the paper; None when it was not made here. Eight questions, more
    where something was repaid or put right."""
    # Whoever holds the slip may see what stands on it and nothing else: the token is what lets her.
    with as_system():
        ids = ids_in(token)
        if ids is None:
            return None
        held = Meeting.objects.select_related("book__institution", "sheet").filter(pk=ids[0]).first()
        return slip_of(held, ids[1]) if held is not None else None
