"""What a year of books brings, ready for the bulk path."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from umeed.books.bulk import Closed, Mirror
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books.minutes import Minutes, Move
from umeed.simulator.books.owing import Agreed, Owing

BOOK = ("id", "institution_id", "opened_on")
BYLAW = (
    "id", "book_id", "since", "compulsory_paise", "food_paise", "health_paise", "takes_optional", "rate_bp_a_year",
    "method", "frequency", "instalments", "multiple_paise", "rounding_paise", "halves", "order", "fine_late_paise",
    "fine_absent_paise", "penalty_paise", "quorum_percent", "most_paise", "lends_to_overdue", "resolution",
)  # fmt: skip
LOAN = (
    "id", "uid", "book_id", "way", "head", "woman_id", "body_id", "twin_id", "request_id", "lent_on", "source",
    "purpose", "lender", "is_cash_credit",
)  # fmt: skip
AGREEMENT = (
    "id", "book_id", "loan_id", "since", "principal_paise", "rate_bp_a_year", "method", "frequency", "instalments",
    "first_due", "multiple_paise", "rounding_paise", "halves", "part_month",
    "overdue_principal_paise", "overdue_interest_paise", "overdue_since", "carried",
)  # fmt: skip
REQUEST = ("id", "book_id", "woman_id", "asked_on", "amount_paise", "purpose", "instalments")
DECISION = (
    "id", "book_id", "request_id", "decided_on", "outcome", "amount_paise", "way", "promised_on", "jump_why",
    "why",
)  # fmt: skip
GRADING = ("id", "book_id", "graded_on", "grade", "graded_by", "note")


@dataclass
class Rows:
    """Table by table. `sheets` hold those that no meeting makes; `derived` those that follow from a meeting."""

    number: Callable[[], int]
    """The next number of a loan."""
    now: datetime.datetime
    books: list[tuple[Any, ...]] = field(default_factory=list)
    bylaws: list[tuple[Any, ...]] = field(default_factory=list)
    requests: list[tuple[Any, ...]] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    loans: list[tuple[Any, ...]] = field(default_factory=list)
    agreements: list[tuple[Any, ...]] = field(default_factory=list)
    gradings: list[tuple[Any, ...]] = field(default_factory=list)
    cut_offs: list[tuple[Any, ...]] = field(default_factory=list)
    sheets: list[tuple[int, Draft]] = field(default_factory=list)
    derived: list[tuple[int, Draft]] = field(default_factory=list)
    mirrors: list[Mirror] = field(default_factory=list)
    meetings: list[Closed] = field(default_factory=list)
    # Memberships that end: (id, since, until, why).
    leaving: list[tuple[UUID, datetime.date, datetime.date, str]] = field(default_factory=list)

    def bylaw(self, book: int, since: datetime.date, row: dict[str, Any], id: UUID) -> None:
        said = {"id": id, "book_id": book, "since": since, "resolution": "", **row}
        self.bylaws.append(tuple(said[name] for name in BYLAW))

    def lent(
        self, uid: UUID, book: int, head: str, terms: Agreed, *, lent_on: datetime.date | None = None,
        woman: UUID | None = None, body: UUID | None = None, twin: int | None = None, request: UUID | None = None,
        source: str = "", purpose: str = "", lender: str = "", number: int | None = None,
    ) -> Owing:  # fmt: skip
        """A loan with its terms, and what is owed on it from now on."""
        pk = number or self.number()
        way = "given" if head in ("loan_to_member", "loan_to_body") else "taken"
        self.loans.append((
            pk, uid, book, way, head, woman, body, twin, request, lent_on or terms.since, source, purpose, lender,
            False,
        ))  # fmt: skip
        self.agreements.append((
            uuid5(uid, "agreement/1"), book, pk, terms.since, terms.principal, terms.rate_bp, terms.method,
            terms.frequency, terms.instalments, terms.first_due, terms.multiple, terms.rounding, terms.halves,
            terms.part_month, *_overdue(terms),
        ))  # fmt: skip
        return Owing(uid, pk, terms)

    def post(self, book: int, uid: UUID, on: datetime.date, kind: int, entries: list[Entry]) -> None:
        """A sheet that no meeting makes."""
        self.sheets.append((book, Draft(uid, on, kind, tuple(entries))))

    def close(
        self, book: int, minutes: Minutes, *, number: int, attendance: dict[str, list[UUID]], president: UUID | None,
        place: str, closed_at: datetime.datetime, institution: UUID, books: dict[UUID, int],
        version: int = 1, replaces: UUID | None = None, why: str = "",
    ) -> None:  # fmt: skip
        """A meeting that was held, its sheet, and what it sends on to the books of other bodies."""
        entries = minutes.entries()
        if entries:
            self.derived.append((book, Draft(minutes.id, minutes.on, Sheet.Kind.MEETING, entries)))
        self.meetings.append(Closed(
            minutes.id, book, number, version, replaces, minutes.on, "regular", place, president, attendance,
            minutes.said["counted"], minutes.said, minutes.digest, min(closed_at, self.now), why,
        ))  # fmt: skip
        for body, moves in minutes.sent.items():
            event = uuid5(minutes.id, f"event/{body}")
            self.derived += _between(event, minutes.on, (book, institution), (books[body], body), moves)

    def missed(
        self, book: int, id: UUID, on: datetime.date, why: str, place: str, closed_at: datetime.datetime
    ) -> None:
        said = {"id": str(id), "on": on.isoformat(), "kind": "missed", "why": why}
        nobody: dict[str, list[UUID]] = {state: [] for state in ("present", "late", "absent", "on_leave")}
        digest, closed = Minutes.shape.digest_of(said), min(closed_at, self.now)
        self.meetings.append(
            Closed(id, book, None, 1, None, on, "missed", place, None, nobody, 0, said, digest, closed)
        )


_ABOUT_LOAN = frozenset({
    "loan_to_body", "interest_from_bodies", "loan_from_vo", "loan_from_clf", "interest_to_body",
})  # fmt: skip
_ABOUT_BODY = frozenset({
    "loan_to_body", "interest_from_bodies", "saving_with_vo", "saving_with_clf", "share_with_vo", "share_with_clf",
    "saving_of_body", "share_of_body", "fee_of_body", "fee_to_body",
})  # fmt: skip


def _overdue(terms: Agreed) -> tuple[Any, ...]:
    """What was overdue of a loan that was taken over, as its agreement has it."""
    if terms.carried is None:
        return 0, 0, None, None
    since = min((due.on for due in terms.carried.overdue), default=None)
    return terms.carried.overdue_principal, terms.carried.overdue_interest, since, terms.carried.plain


def _between(
    event: UUID, on: datetime.date, ours: tuple[int, UUID], theirs: tuple[int, UUID], moves: list[Move]
) -> list[tuple[int, Draft]]:
    """The two sheets of an event, as `actions.events` writes them: ours grows by what theirs shrinks."""
    sheets = []
    for (book, _us), (_book, other), at, sign in ((ours, theirs, 0, 1), (theirs, ours, 1, -1)):
        entries = []
        for move in moves:
            head, loan, number = str(move[at]), move[3], None
            if loan is not None and head in _ABOUT_LOAN:
                number = loan.number if at == 0 else loan.twin
            entries.append(Entry(head, Paise(move[2] * sign), None, number, other if head in _ABOUT_BODY else None))
        if whole := sum(entry.amount for entry in entries):
            entries.append(Entry("on_the_way", Paise(-whole), body=other))
        sheets.append((book, Draft(uuid5(event, f"book/{book}"), on, Sheet.Kind.BETWEEN_BODIES, tuple(entries), event)))
    return sheets
