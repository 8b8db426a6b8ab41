"""Sheets of invented meetings: the same ones at every making, cheap to make, their sums known without a ledger.

Nobody lives by them. They have the mix of a real meeting: cash, savings, principal, interest with odd paise, a fine.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise

SMALL, WHOLE = 5, 16
"""Lines of the two sheets that are measured: one woman's, and ten savings with two running loans."""
LENT = Paise(1_00_00_000_00)
"""So much that no run of the bench repays it: nothing may fall below nothing."""
_CLOCK_MS = 1_700_000_000_000


@dataclass(frozen=True, slots=True)
class Keeper:
    """A book with its women; the last of them have running loans (loan, woman)."""

    book: int
    women: tuple[UUID, ...]
    loans: tuple[tuple[int, UUID], ...]


def opening(of: Keeper, on: datetime.date) -> Draft:
    """The cut-off of a book: what its running loans began with."""
    lent = tuple(Entry("loan_to_member", LENT, woman, loan) for loan, woman in of.loans)
    whole = Entry("surplus_before", Paise(-sum(entry.amount for entry in lent)))
    return Draft(uid_of(of.book, 0), on, Sheet.Kind.CUT_OFF, (*lent, whole))


def meeting(of: Keeper, week: int, on: datetime.date, *, lines: int = WHOLE) -> Draft:
    """The meeting of a week, counted from 1."""
    return Draft(uid_of(of.book, week), on, Sheet.Kind.MEETING, entries(of, week, lines=lines))


def entries(of: Keeper, week: int, *, lines: int = WHOLE) -> tuple[Entry, ...]:
    """Cash first, then what was paid in. Of `lines`, each loan takes two, the fine one, savings the rest."""
    seed, women = of.book * 7 + week * 13, of.women
    loans = of.loans if lines == WHOLE else of.loans[:1]
    savings = lines - 2 - 2 * len(loans)
    paid = [
        # When all have saved, the first ones bring their optional saving.
        Entry(
            "saving_compulsory" if at < len(women) else "saving_optional",
            Paise(-100_00 - (seed + at) % 5 * 10_00),
            women[at % len(women)],
        )
        for at in range(savings)
    ]
    for loan, woman in loans:
        paid.append(Entry("loan_to_member", Paise(-400_00 - (seed + loan) % 7 * 1_00), woman, loan))
        paid.append(Entry("interest_from_members", Paise(-(81_37 + (seed + loan) % 997)), woman, loan))
    paid.append(Entry("fine", Paise(-10_00), women[week % len(women)]))
    return (Entry("cash", Paise(-sum(entry.amount for entry in paid))), *paid)


def weeks_of_meetings(
    keepers: Iterable[Keeper], first: datetime.date, weeks: Iterable[int]
) -> Iterator[tuple[int, Draft]]:
    """All books' meetings week by week, as they come in: (book, sheet). A book meets on its own day of the week."""
    kept = list(keepers)
    for week in weeks:
        for keeper in kept:
            yield keeper.book, meeting(keeper, week, day_of(keeper.book, week, first))


def day_of(book: int, week: int, first: datetime.date) -> datetime.date:
    return first + datetime.timedelta(days=7 * (week - 1) + book % 6)


def sums(drafts: Iterable[tuple[int, Draft]]) -> Counter[tuple[int, str]]:
    """{(book, head): debits less credits} of sheets, counted from themselves."""
    total: Counter[tuple[int, str]] = Counter()
    for book, draft in drafts:
        for entry in draft.entries:
            total[book, entry.head] += entry.amount
    return total


def uid_of(book: int, week: int) -> UUID:
    """A UUIDv7 with an invented clock: ids of a week lie together, as those of real weeks do."""
    return UUID(int=(_CLOCK_MS + week) << 80 | 0x7 << 76 | 0b10 << 62 | book)
