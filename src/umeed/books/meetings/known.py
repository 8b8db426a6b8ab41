"""What a group's book knows before a meeting, as the database tells it in one question (`books_known`): plain values.

A day comes as its number, an id as its text; rows of models come whole, in the order of their columns.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, models

from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.moved import Moves
from umeed.books.ledger.on_the_way import Waits, waits_of
from umeed.books.meetings.queue import Asked, Decision
from umeed.books.models import Agreement, Book, Bylaw, Loan
from umeed.institutions.naming import Called, told_apart
from umeed.kernel.money import Paise

AnyModel = TypeVar("AnyModel", bound=models.Model)
_KNOWN = "SELECT * FROM books_known(%s, %s, %s::uuid, %s, %s::uuid[], %s::uuid[], %s::uuid[], %s, %s, %s)"
_LOAN = (
    "id", "uid", "book_id", "way", "head", "woman_id", "body_id", "twin_id", "request_id", "lent_on", "source",
    "purpose", "lender", "number", "is_cash_credit",
)  # fmt: skip
_AGREEMENT = (
    "id", "revision", "changed_at", "book_id", "loan_id", "since", "principal_paise", "rate_bp_a_year", "method",
    "frequency", "instalments", "first_due", "multiple_paise", "rounding_paise", "halves", "part_month",
    "overdue_principal_paise", "overdue_interest_paise", "overdue_since", "run_paise", "resolution", "carried",
)  # fmt: skip
_BYLAW = tuple(one.attname for one in Bylaw._meta.concrete_fields)
_day = datetime.date.fromordinal
_READ: Mapping[str, Callable[[str], Any]] = {
    "DateField": datetime.date.fromisoformat, "DateTimeField": datetime.datetime.fromisoformat, "UUIDField": UUID,
}  # fmt: skip


class Written(NamedTuple):
    """What is asked of the meeting that is closed: whether it is there, under its number too, and what it makes; which
    loans it names (all, while nothing is written), whom it lends to, and what else of the book its rules look at."""

    id: UUID | None = None
    number: int | None = None
    made: Sequence[UUID] = ()
    loans: Sequence[UUID] | None = None
    women: Sequence[UUID] = ()
    asks_savings: bool = True
    asks_queue: bool = True
    asks_bodies: bool = True
    # What is not lent out of each fund follows from all loans.
    asks_sources: bool = True


NOTHING_WRITTEN = Written()


class Held(NamedTuple):
    """A meeting that was held and stands."""

    id: str
    number: int
    on: datetime.date
    kind: str


class Place(NamedTuple):
    """Where a meeting is written: the digest of what is there under its id already, the last version of its number,
    whether it is open, and whether nothing is there under the ids of what it makes."""

    digest: bytes | None = None
    last_version: int | None = None
    is_open: bool = False
    are_new: bool = False


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Known:
    """`bylaws` are the rules in force; `women` all who ever belonged, by name: what each is called, and whether she
    belongs on the day."""

    place: Place
    paise: Mapping[str, Paise]
    moves: Moves
    savings: Mapping[tuple[UUID, str], Paise]
    waiting: Mapping[UUID, Waits]
    loans: Sequence[Loan]
    agreed: Mapping[int, Sequence[Agreement]]
    bylaws: Bylaw | None
    held: Sequence[Held]
    asked: Sequence[Asked]
    decided: Sequence[Decision]
    women: Sequence[tuple[UUID, str, bool]]
    above: Mapping[UUID, tuple[str, bool]]
    # Whether a sheet of a later day is written, or terms were resolved for one; whether the day's month is closed;
    # whether a loan may ever have been written off.
    is_later: bool
    is_locked: bool
    let_go: bool


def known_of(book: Book, on: datetime.date, written: Written) -> Known:
    """One question. The database refuses a book that the viewer does not reach."""
    named = None if written.asks_sources else written.loans
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [
            book.pk, on, written.id, written.number, list(written.made), None if named is None else list(named),
            list(written.women), written.asks_savings, written.asks_queue, written.asks_bodies,
        ])  # fmt: skip
        digest, last_version, is_open, are_new, *parts, is_later, is_locked, let_go = cursor.fetchone()
    sums, moved, saved, on_the_way, loans, agreed, bylaws, held, asked, decided, belonged, above = parts
    terms: dict[int, list[Agreement]] = defaultdict(list)
    for one in _made(Agreement, _AGREEMENT, agreed or ()):
        terms[one.loan_id].append(one)
    return Known(
        place=Place(None if digest is None else bytes(digest), last_version, is_open, are_new),
        paise={BY_NUMBER[head].key: Paise(paise) for head, paise in sums or () if paise}, moves=_moves(_rows(moved)),
        savings={(UUID(woman), BY_NUMBER[head].key): Paise(paise) for woman, head, paise in saved or ()},
        waiting=waits_of((UUID(body), *rest) for body, *rest in on_the_way or ()),
        loans=_made(Loan, _LOAN, loans or ()), agreed=terms,
        bylaws=_made(Bylaw, _BYLAW, [[bylaws[name] for name in _BYLAW]])[0] if bylaws else None,
        held=[Held(id, number, _day(day), kind) for id, number, day, kind in _rows(held)],
        asked=[Asked(UUID(id), UUID(woman), _day(day), paise) for id, woman, day, paise in asked or ()],
        decided=[
            Decision(UUID(request), _day(day), outcome, paise, _day(promised) if promised else None)
            for request, day, outcome, paise, promised in decided or ()
        ],
        women=_called(belonged or ()), above={UUID(id): (kind, has_book) for id, kind, has_book in above or ()},
        is_later=is_later, is_locked=is_locked, let_go=let_go,
    )  # fmt: skip


def _rows(columns: Sequence[Sequence[Any] | None] | None) -> Iterator[tuple[Any, ...]]:
    """Of what is told column by column; of no row each is nothing."""
    return zip(*(column or () for column in columns or ()), strict=True)


def _moves(rows: Iterable[Sequence[Any]]) -> Moves:
    moves: dict[int, list[tuple[datetime.date, int, bool, int]]] = defaultdict(list)
    for loan, day, head, is_off, paise in rows:
        moves[loan].append((_day(day), head, is_off, paise))
    return moves


def _called(rows: Sequence[Sequence[Any]]) -> list[tuple[UUID, str, bool]]:
    ids = [UUID(row[0]) for row in rows]
    women = [
        Called(id, name or "?", belonging, relation, gender, born_in or born_year, UUID(merged) if merged else None)
        for id, (_, name, belonging, relation, gender, born_in, born_year, merged, _belongs)
        in zip(ids, rows, strict=True)
    ]  # fmt: skip
    said = told_apart(women)
    return [(id, said[id], row[-1]) for id, row in zip(ids, rows, strict=True)]


def _made(model: type[AnyModel], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[AnyModel]:
    """Rows of a model as if they had been asked for."""
    reads = _readers(model, names)
    return [
        model.from_db(connection.alias, names, [
            value if read is None or value is None else read(value) for read, value in zip(reads, row, strict=True)
        ])
        for row in rows
    ]  # fmt: skip


@cache
def _readers(model: type[models.Model], names: Sequence[str]) -> list[Callable[[str], Any] | None]:
    """How each column is read out of JSON."""
    fields = [model._meta.get_field(name.removesuffix("_id")) for name in names]
    return [_READ.get((one.target_field if one.is_relation else one).get_internal_type()) for one in fields]
