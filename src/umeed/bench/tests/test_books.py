"""The books' part on a small mission: what it makes up is even and known, what it measures is right."""

import datetime
import re
from itertools import islice
from uuid import UUID

import pytest

from umeed.bench.books import sheets
from umeed.bench.books.filling import RECORDED_BY, WEEKS, first_day
from umeed.bench.books.keeper import fresh_sheets
from umeed.bench.books.peer import LOCK
from umeed.bench.parts import BOOKS, bring_in
from umeed.bench.promises import BOOK
from umeed.bench.tests.running import run
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Book, Line, Sheet
from umeed.core.viewer import as_system

SUNDAY = datetime.date(2026, 11, 22)
WOMEN = tuple(UUID(int=number) for number in range(1, 9))
KEEPER = sheets.Keeper(7, WOMEN, ((1, WOMEN[7]), (2, WOMEN[6])))


@pytest.mark.parametrize("lines", [sheets.SMALL, sheets.WHOLE])
def test_a_sheet_is_even_has_its_lines_and_is_the_same_at_every_making(lines):
    for week in range(1, WEEKS + 1):
        draft = sheets.meeting(KEEPER, week, SUNDAY, lines=lines)
        assert sum(entry.amount for entry in draft.entries) == 0
        assert len(draft.entries) == lines
        assert draft == sheets.meeting(KEEPER, week, SUNDAY, lines=lines)


def test_a_group_of_five_fills_a_whole_sheet_too():
    small = sheets.Keeper(7, WOMEN[:5], ((1, WOMEN[4]), (2, WOMEN[3])))
    assert len(sheets.meeting(small, 1, SUNDAY).entries) == sheets.WHOLE


def test_sheets_to_be_posted_are_never_the_same_twice():
    drafts = [draft for _, draft in islice(fresh_sheets([KEEPER], SUNDAY, sheets.SMALL), 50)]
    assert len({draft.uid for draft in drafts}) == 50


def test_the_quarter_ends_before_today():
    first = first_day(SUNDAY)
    assert first.weekday() == 0
    last = max(sheets.day_of(book, WEEKS, first) for book in range(6))
    assert last < SUNDAY


def test_sums_are_those_of_the_lines():
    drafts = [(7, sheets.meeting(KEEPER, week, SUNDAY)) for week in (1, 2)]
    total = sheets.sums(drafts)
    assert sum(total.values()) == 0
    assert total[7, "fine"] == -2 * 10_00


def test_peers_are_pinned_by_hash_and_name_no_host():
    text = LOCK.read_text()
    assert "django-ledger==0.8.5" in text and "django-hordak==2.0.0" in text
    assert text.count("--hash=sha256:") > 30 and "://" not in text


def test_the_books_of_a_small_mission_are_measured(small_mission):
    bring_in(BOOKS)
    said = run("books", any_size=True, runs=2)
    verdicts = re.findall(r"  (kept|falls short|not measured)", said)
    assert len(verdicts) == len(BOOK.of("books"))
    beside_peers = sum("beside django-" in one.name for one in BOOK.of("books"))
    assert verdicts.count("not measured") == beside_peers == 4
    for wrong in ("differ", "holds something else", "paise off", "Difference(", "keeps no book"):
        assert wrong not in said
    with as_system():
        _the_quarter_is_what_was_made_up()


def _the_quarter_is_what_was_made_up():
    assert first_difference() is None
    books = Book.objects.count()
    made = Sheet.objects.filter(recorded_by=RECORDED_BY)
    assert books > 5 and made.count() == books * (WEEKS + 1)
    assert Line.objects.filter(sheet__in=made).count() == books * (3 + WEEKS * sheets.WHOLE)
    # Nothing was posted one by one into the last book.
    book = Book.objects.order_by("pk").last()
    rows = Sheet.objects.filter(book=book, kind=Sheet.Kind.MEETING).count()
    fines = balances(book.pk, SUNDAY + datetime.timedelta(days=400))["fine"]
    assert fines == -rows * 10_00
