"""What was closed, beside what is kept of it: the document is the one that was closed, its sheet has the lines that the
document comes to, and what it sent to other bodies stands in their books as an event.

What was found short or over is taken as the sheet has it. Whether a loan was written off by then, or a body kept a
book, no document says: it is asked of today first, and where the lines differ, of the sheet itself.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import connection
from pydantic import ValidationError

from umeed.books.bodies import sums as body_sums
from umeed.books.bodies.documents import BodyDay
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.meetings import sums
from umeed.books.meetings.by_bank import Bodies, Seen, lines_of, twin_head
from umeed.books.meetings.documents import MeetingDocument, digest_of
from umeed.books.models import Line, Loan, Sheet
from umeed.institutions.models import Institution
from umeed.kernel.money import Paise

AT_ONCE = 20_000
_CLOSED = """
SELECT m.id, m.book_id, m.sheet_id, i.kind, m.said, m.digest, s.digest,
    coalesce(box.amount_paise, 0)
FROM books_meeting m JOIN books_book b ON b.id = m.book_id JOIN institutions_institution i ON i.id = b.institution_id
LEFT JOIN books_sheet s ON s.id = m.sheet_id
LEFT JOIN books_line box ON box.sheet_id = m.sheet_id AND box.position = 1 AND box.head = 101
WHERE m.kind <> 'undone' AND m.id > %s AND (%s::timestamptz IS NULL OR m.closed_at >= %s) ORDER BY m.id LIMIT %s
"""
_Kinds = Mapping[UUID, tuple[str, bool]]
_IsShared = Callable[[Loan], bool]


@dataclass(frozen=True, slots=True)
class Closed:
    """A meeting, or a day of a VO or CLF, as it is kept; `cash` is the line of the box of its sheet."""

    id: UUID
    book: int
    sheet: int | None
    kind: str
    said: Mapping[str, Any]
    digest: bytes
    of_sheet: bytes | None
    cash: int


@dataclass(frozen=True, slots=True)
class Different:
    """One of which the document is not what was closed, the sheet not what the document comes to, or an event gone."""

    closed: Closed
    what: Literal["document", "sheet", "event"]


def first_different(since: datetime.datetime | None = None) -> Different | None:
    """The first one, of those that were closed since; of all without it. For the product's own work: all rows."""
    bodies: _Kinds | None = None
    for part in _parts(since):
        bodies = bodies or _bodies()
        loans = _loans(part)
        left, sent = [], {}
        for one in part:
            document = _document(one)
            if document is None:
                return Different(one, "document")
            if _digest(one, document, loans, bodies) != one.of_sheet:
                left.append((one, document))
                continue
            sent |= dict.fromkeys(_events(one, document, _named(one.said, loans), bodies, _has_twin), one)
        other, sent_then = _first_other(left, loans)
        if other is not None:
            return Different(other, "sheet")
        sent |= sent_then
        there = set(Sheet.objects.filter(event__in=list(sent)).values_list("event", flat=True))
        if gone := [one for event, one in sent.items() if event not in there]:
            return Different(gone[0], "event")
    return None


def _events(
    one: Closed, document: MeetingDocument | BodyDay, loans: Sequence[Loan], bodies: _Kinds, is_shared: _IsShared
) -> Iterator[UUID]:
    """Those by which it stands in the books of others too. What is said of loans and bodies makes its sheet, so it held
    then."""
    if isinstance(document, MeetingDocument):
        repaid = {paid.loan for paid in document.repaid}
        whom = {loan.body_id for loan in loans if loan.uid in repaid and is_shared(loan)}
        whom |= {given.body for given in document.given if bodies[given.body][1]}
    else:
        known = _shared(one, loans, bodies, is_shared)
        whom = {move.body for move in body_sums.moves_of(document, known) if body_sums.is_shared(move, known)}
    return (uuid5(one.id, f"event/{body}") for body in whom)


def _parts(since: datetime.datetime | None) -> Iterator[Sequence[Closed]]:
    after = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CLOSED, [after, since, since, AT_ONCE])
            rows = cursor.fetchall()
        if not rows:
            return
        yield [
            Closed(
                id, book, sheet, kind, json.loads(said) if isinstance(said, str) else said, bytes(digest),
                None if of_sheet is None else bytes(of_sheet), cash,
            )
            for id, book, sheet, kind, said, digest, of_sheet, cash in rows
        ]  # fmt: skip
        after = rows[-1][0]


def _document(one: Closed) -> MeetingDocument | BodyDay | None:
    """The document, if it is the one that was closed."""
    try:
        document = (MeetingDocument if one.kind == "shg" else BodyDay).model_validate(one.said)
    except ValidationError:
        return None
    return document if digest_of(document) == one.digest else None


def _bodies() -> _Kinds:
    """Whoever may be named as another body: its kind, and whether it keeps a book."""
    rows = Institution.objects.values_list("pk", "kind", "book").filter(book__isnull=False)
    above = Institution.objects.values_list("pk", "kind", "book").filter(book__isnull=True, kind__in=("vo", "clf"))
    return {body: (kind, book is not None) for body, kind, book in (*rows, *above)}


def _loans(part: Sequence[Closed]) -> Mapping[UUID, Loan]:
    """The loans that their documents name."""
    named = {
        UUID(item["loan"])
        for one in part
        for name in ("repayments", "lendings", "repaid", "drawn")
        for item in one.said.get(name) or ()
    }
    return {loan.uid: loan for loan in Loan.objects.filter(uid__in=named)}


def _named(said: Mapping[str, Any], loans: Mapping[UUID, Loan]) -> list[Loan]:
    parts = (said.get(name) or () for name in ("repayments", "lendings", "repaid", "drawn"))
    uids = {UUID(item["loan"]) for part in parts for item in part}
    return [loans[uid] for uid in uids if uid in loans]


def _before(one: Closed, document: MeetingDocument | BodyDay) -> Paise:
    """What was in the box before, as the line of the box says it: so what was short or over is that of the sheet."""
    return Paise((document.counted or 0) - one.cash)


def _digest(
    one: Closed, document: MeetingDocument | BodyDay, loans: Mapping[UUID, Loan], bodies: _Kinds
) -> bytes | None:
    """What the digest of its sheet must be by what is known today; None of what moved no money."""
    try:
        entries = _entries(one, document, _named(one.said, loans), bodies)
    except KeyError:
        # A loan that is no more: told by its lines.
        return b""
    return Draft(one.id, document.on, Sheet.Kind.MEETING, tuple(entries)).digest if entries else None


def _entries(
    one: Closed, document: MeetingDocument | BodyDay, loans: Sequence[Loan], bodies: _Kinds
) -> Sequence[Entry]:
    before = _before(one, document)
    if isinstance(document, MeetingDocument):
        known = {
            loan.uid: sums.KnownLoan(loan.pk, loan.head, loan.woman_id, loan.body_id, loan.twin_id is not None)
            for loan in loans
        }
        return sums.entries_of(document, known, bodies, cash_before=before)
    return body_sums.entries_of(document, _shared(one, loans, bodies, _has_twin), cash_before=before)


def _has_twin(loan: Loan) -> bool:
    return loan.twin_id is not None


def _shared(one: Closed, loans: Sequence[Loan], bodies: _Kinds, is_shared: _IsShared) -> body_sums.Known:
    shared = {
        loan.uid: body_sums.SharedLoan(
            loan.pk, loan.head, loan.body_id, twin_head(loan, one.kind) if is_shared(loan) else ""
        )
        for loan in loans
    }
    return body_sums.Known(one.kind, shared, bodies)


def _first_other(
    left: Sequence[tuple[Closed, MeetingDocument | BodyDay]], loans: Mapping[UUID, Loan]
) -> tuple[Closed | None, dict[UUID, Closed]]:
    """The first of which the lines differ also by what its own sheet tells of loans and bodies; else all events of
    theirs by the same."""
    sent: dict[UUID, Closed] = {}
    sheets: dict[int, list[Entry]] = {one.sheet: [] for one, _document in left if one.sheet is not None}
    rows = Line.objects.filter(sheet__in=list(sheets)).values_list(
        "sheet", "head", "amount_paise", "woman_id", "loan_id", "body_id"
    )
    for sheet, head, paise, woman, loan, body in rows:
        sheets[sheet].append(Entry(BY_NUMBER[head].key, Paise(paise), woman, loan, body))
    for one, document in left:
        has = sheets.get(one.sheet, []) if one.sheet is not None else []
        seen = [Seen(line.head, line.loan, line.body, line.body) for line in has]
        named, bodies = _named(one.said, loans), Bodies(seen, ())
        try:
            comes_to = lines_of(one.kind, one.said, seen=seen, loans=named, cash_before=_before(one, document))
        except KeyError:
            return one, sent
        if Counter(comes_to) != Counter(has):
            return one, sent
        sent |= dict.fromkeys(_events(one, document, named, bodies, bodies.has_on_the_way), one)
    return None, sent
