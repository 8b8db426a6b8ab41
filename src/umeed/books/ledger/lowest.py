"""The least that accounts of a book hold at the end of any day from a day on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import connection

from umeed.books.ledger.drafts import Entry
from umeed.books.ledger.least import least_held
from umeed.books.rules.limits import Account, Lowest, falling, why_below_nothing
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

_LOWEST = """
SELECT at, paise, day FROM books_lowest(
    %s, %s, %s::smallint[], %s::uuid[], %s::bigint[], %s::integer[], %s::bigint[])
"""


def below_nothing(
    book: int, on: datetime.date, entries: Iterable[Entry] = (), *, posted: bool = False
) -> list[Refusal]:
    """Every reason why lines of a day would leave, or have left (`posted`), something below nothing on it or later."""
    return list(each_below_nothing(book, on, entries, posted=posted).values())


def each_below_nothing(
    book: int, on: datetime.date, entries: Iterable[Entry] = (), *, posted: bool = False
) -> dict[Account, Refusal]:
    """The same by the account that each is about."""
    falls = falling(entries)
    if not falls:
        return {}
    return why_below_nothing(_lowest(book, on, dict.fromkeys(falls, Paise(0)) if posted else falls))


def _lowest(book: int, on: datetime.date, falls: Mapping[Account, Paise]) -> dict[Account, Lowest]:
    """One question, and another where what a body has here falls."""
    of_bodies = [one for one in falls if one.body is not None]
    least = least_held(book, on, {one.head for one in of_bodies}) if of_bodies else {}
    held = {one: least.get(one, Lowest(Paise(0), on)) for one in of_bodies}
    found = {one: Lowest(Paise(lowest.paise + falls[one]), lowest.on) for one, lowest in held.items()}
    others = {one: paise for one, paise in falls.items() if one.body is None}
    return {**found, **(_lowest_of_the_book(book, on, others) if others else {})}


def _lowest_of_the_book(book: int, on: datetime.date, falls: Mapping[Account, Paise]) -> dict[Account, Lowest]:
    accounts = list(falls)
    values = [
        book, on, [one.under.number for one in accounts], [one.woman for one in accounts],
        [one.loan for one in accounts], [one.under.grows_by for one in accounts], list(falls.values()),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOWEST, values)
        return {accounts[at - 1]: Lowest(Paise(int(paise)), day) for at, paise, day in cursor.fetchall()}
