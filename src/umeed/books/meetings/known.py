"""What a group's book knows before a meeting, as the database tells it in one question (`books_known`): plain values.

A day comes as its number, an id as its text; rows of models come whole, by the names of their columns.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
_KNOWN = "SELECT * FROM books_known(%s, %s, %s::uuid, %s, %s::uuid[])"
_day = datetime.date.fromordinal
_READ: Mapping[str, Callable[[str], Any]] = {
    "DateField": datetime.date.fromisoformat, "DateTimeField": datetime.datetime.fromisoformat, "UUIDField": UUID,
}  # fmt: skip


class Written(NamedTuple):
    """What is asked of the meeting that is closed: whether it is there, under its number too, and what it makes."""

    id: UUID | None = None
    number: int | None = None
    made: Sequence[UUID] = ()


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
    # Whether a sheet of a later day is written, or terms were resolved for one; whether the day's month is closed.
    is_later: bool
    is_locked: bool


def known_of(book: Book, on: datetime.date, written: Written) -> Known:
    """One question. The database refuses a book that the viewer does not reach."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [book.pk, on, written.id, written.number, list(written.made)])
        digest, last_version, is_open, are_new, *parts, is_later, is_locked = cursor.fetchone()
    sums, moved, saved, on_the_way, loans, agreed, bylaws, held, asked, decided, belonged, above = parts
    terms: dict[int, list[Agreement]] = defaultdict(list)
    for row in agreed or ():
        terms[row["loan_id"]].append(_made(Agreement, row))
    return Known(
        place=Place(None if digest is None else bytes(digest), last_version, is_open, are_new),
        paise={BY_NUMBER[head].key: Paise(paise) for head, paise in sums or () if paise}, moves=_moves(moved or ()),
        savings={(UUID(woman), BY_NUMBER[head].key): Paise(paise) for woman, head, paise in saved or ()},
        waiting=waits_of((UUID(body), *rest) for body, *rest in on_the_way or ()),
        loans=[_made(Loan, row) for row in loans or ()], agreed=terms,
        bylaws=None if bylaws is None else _made(Bylaw, bylaws),
        held=[Held(id, number, _day(day), kind) for id, number, day, kind in held or ()],
        asked=[Asked(UUID(id), UUID(woman), _day(day), paise) for id, woman, day, paise in asked or ()],
        decided=[
            Decision(UUID(request), _day(day), outcome, paise, _day(promised) if promised else None)
            for request, day, outcome, paise, promised in decided or ()
        ],
        women=_called(belonged or ()), above={UUID(id): (kind, has_book) for id, kind, has_book in above or ()},
        is_later=is_later, is_locked=is_locked,
    )  # fmt: skip


def _moves(rows: Sequence[Sequence[Any]]) -> Moves:
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


def _made(model: type[AnyModel], row: Mapping[str, Any]) -> AnyModel:
    """A row of a model as if it had been asked for."""
    values = [
        row[name] if read is None or row[name] is None else read(row[name]) for name, read in _columns(model)
    ]  # fmt: skip
    return model.from_db(connection.alias, [name for name, _read in _columns(model)], values)


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Callable[[str], Any] | None]]:
    """(column, how it is read out of JSON) in the order of a model."""
    return [(one.attname, _READ.get((one.target_field if one.is_relation else one).get_internal_type()))
            for one in model._meta.concrete_fields]  # fmt: skip
