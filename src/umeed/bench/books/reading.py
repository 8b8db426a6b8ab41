"""A quarter of the whole UT read back: trial balance, any day, a passbook, and everything counted again."""

import datetime
import statistics

from umeed.access.models import User
from umeed.bench.bench import Bench
from umeed.bench.books.filling import LOANS_A_BOOK, keepers
from umeed.bench.books.keeper import keeper_of_books
from umeed.bench.books.quarter import quarter
from umeed.bench.measuring import ask, timed
from umeed.bench.parts import BOOKS
from umeed.bench.promises import MOST, Figure, promise
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.reach import all_books_seen, open_to_viewer
from umeed.books.ledger.together import together
from umeed.core.plans import plans_kept
from umeed.core.viewer import as_system, as_viewer

TRIAL_MS, AS_OF_MS, PASSBOOK_MS, RECOUNT_SECONDS, YEAR_GB = 1000, 3000, 2, 60, 15
SLOW_RUNS = 5
# Sheets of a month are recorded near each other: their numbers, looked up once, say where in the lines to look.
_AS_OF = """
WITH edge AS MATERIALIZED (
    SELECT min(id) AS first, max(id) AS last FROM (
        SELECT id FROM books_sheet
        WHERE on_date >= date_trunc('month', %(on)s::date)::date AND on_date <= %(on)s OFFSET 0
    ) month
), held AS (
    SELECT book_id, head, sum(paise) AS paise FROM (
        SELECT m.book_id, m.head, m.debit_paise - m.credit_paise AS paise
        FROM books_movement m WHERE m.month < books_month(%(on)s) AND m.book_id <> ALL(%(left_out)s::int[])
        UNION ALL
        SELECT l.book_id, l.head, l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
        WHERE s.on_date >= date_trunc('month', %(on)s::date)::date AND s.on_date <= %(on)s
            AND l.sheet_id BETWEEN (SELECT first FROM edge) AND (SELECT last FROM edge)
            AND l.book_id <> ALL(%(left_out)s::int[])
    ) parts GROUP BY 1, 2
)
SELECT count(*), count(DISTINCT book_id), sum(paise) FROM held
"""
# Half a million sums want room.
_ROOM = "SELECT set_config('work_mem', '96MB', true)"
_PASSBOOK = """
SELECT s.on_date, l.head, l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %s AND s.on_date < %s AND l.woman_id = %s ORDER BY s.on_date, s.id, l.position
"""
_SIZES = """
SELECT sum(pg_total_relation_size(name::regclass)),
    (SELECT count(*) FROM books_line), (SELECT count(*) FROM books_sheet)
FROM unnest(ARRAY['books_line', 'books_sheet', 'books_movement']) name
"""


def _officer() -> str:
    with as_system():
        return str(User.objects.get(username="ut").pk)


@promise(BOOKS, "UT officer. Trial balance of the UT", most=TRIAL_MS)
def trial_balance(bench: Bench) -> Figure:
    """As its page asks for it, with row security in force; beside it the same without, as the product's own work."""
    with quarter(bench) as where:
        last = where.over - datetime.timedelta(days=1)
        with as_viewer(_officer()):
            values = timed(lambda: together(last), min(SLOW_RUNS, bench.runs))
            told = together(last)
        with as_system():
            floor = Figure(timed(lambda: together(last), 3)).median
    over = [kind for kind, one in told.items() if sum(one.held.values())]
    wrong = f"debits and credits of {', '.join(over)} differ" if over or not told else ""
    note = ", ".join(f"{len(one.held)} heads of {one.books:,} books" for one in told.values() if one.held)
    return Figure(values, beside=("without row security", floor), note=note, wrong=wrong)


@promise(BOOKS, "UT officer. Balances of every book on a day in mid-month", most=AS_OF_MS)
def as_of(bench: Bench) -> Figure:
    with quarter(bench) as where:
        on = (where.over - datetime.timedelta(days=20)).replace(day=15)
        with as_viewer(_officer()):
            ask(_ROOM)
            values = timed(lambda: _every_book(on), min(SLOW_RUNS, bench.runs))
            count, books, over = _every_book(on)
            seen = ask("SELECT count(*) FROM books_book")[0][0]
        with as_system():
            ask(_ROOM)
            floor = Figure(timed(lambda: _every_book(on), 3)).median
            wrong = _unlike_one_book(on) or ("" if over == 0 else f"all books together are {over} paise off")
        wrong = wrong or ("" if books <= seen else f"{books} books are added up, and {seen} seen")
    note = f"{count:,} balances of {books:,} books on {on}"
    return Figure(values, beside=("without row security", floor), note=note, wrong=wrong)


def _every_book(on: datetime.date) -> tuple[int, int, int]:
    """Of all books that the viewer sees, as a day ends: how many balances, of how many books, and their sum."""
    with all_books_seen() as left_out:
        return ask(_AS_OF, {"on": on, "left_out": left_out})[0]  # type: ignore[return-value]


def _unlike_one_book(on: datetime.date) -> str:
    """Whether some books' balances on that day are not those of all their lines until then."""
    for (book,) in ask("SELECT id FROM books_book ORDER BY id LIMIT 5"):
        rows = ask(
            "SELECT sum(abs(paise)) FROM (SELECT sum(l.amount_paise) AS paise FROM books_line l"
            " JOIN books_sheet s ON s.id = l.sheet_id WHERE s.book_id = %s AND s.on_date <= %s GROUP BY l.head) heads",
            [book, on],
        )
        if rows[0][0] != sum(abs(paise) for paise in balances(book, on).values()):
            return f"book {book} holds something else on {on} than its lines say"
    return ""


@promise(BOOKS, "VO's bookkeeper. A member's passbook of a quarter", most=PASSBOOK_MS)
def passbook(bench: Bench) -> Figure | str:
    """A member with savings alone, one after the other from the books of a VO.

    The first look at a book reads it from the disk, whose pace is the machine's: it is told beside the others.
    """
    with quarter(bench) as where:
        viewer, kept = keeper_of_books(where)
        if not kept:
            return "the VO's bookkeeper keeps no book here"
        # With plans kept, as the page of a register has it.
        with as_viewer(viewer), plans_kept():
            asked = [
                (one.book, where.over, one.women[at % max(1, len(one.women) - LOANS_A_BOOK)])
                for at, one in ((at, kept[at % len(kept)]) for at in range(len(kept) + bench.runs))
            ]
            took = [timed(lambda one=one: _passbook(*one), 1, warm=0)[0] for one in asked]  # type: ignore[misc]
            rows = max(len(_passbook(*one)) for one in asked)
    first, values = took[: len(kept)], took[len(kept) :]
    read = f"the first of each of {len(kept)} books, read from the disk, {statistics.median(first):.1f} ms"
    return Figure(values, note=f"up to {rows} rows; {read}")


def _passbook(book: int, until: datetime.date, woman: object) -> list[tuple[object, ...]]:
    """As a page of a book: it is opened first."""
    open_to_viewer(book)
    return ask(_PASSBOOK, [book, until, woman])


@promise(BOOKS, "Everything counted again, sheet by sheet and month by month", most=RECOUNT_SECONDS, unit="s", by=MOST)
def recount(bench: Bench) -> Figure:
    with quarter(bench), as_system():
        found: list[object] = []
        took = timed(lambda: found.append(first_difference()), 1, warm=0)
        lines = ask("SELECT count(*) FROM books_line")[0][0]
    return Figure([took[0] / 1000], note=f"{lines:,} lines", wrong=f"{found[0]}" if found[0] else "")


@promise(BOOKS, "Disk of a year: four times this quarter", most=YEAR_GB, unit="GB", by=MOST)
def disk(bench: Bench) -> Figure:
    """Lines, sheets and kept months with their indexes."""
    with quarter(bench) as where, as_system():
        size, lines, sheets = ask(_SIZES)[0]
        books = len(keepers(where.first))
    note = f"{size / lines:.0f} bytes a line; {books:,} books, {sheets:,} sheets, {lines:,} lines a quarter"
    return Figure([4 * float(size) / 1e9], note=note)
