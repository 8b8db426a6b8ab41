"""What holds of reading, whatever happened: any day, any level, the cash book, limits; and ledger's own reckoning."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.export_ledger import account, text_of
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.drafts import Entry
from umeed.books.models import Book
from umeed.books.rules.limits import WATCHED
from umeed.books.rules.sheets import MOST_PAISE
from umeed.books.tests.making import BEGAN, post, saving, sheet
from umeed.books.tests.properties.histories import HISTORIES, LAST, World, all_lines, lived, quickly, rows
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise
from umeed.places.models import Within

LEDGER = shutil.which("ledger")
needs_ledger = pytest.mark.skipif(LEDGER is None, reason="the programme `ledger` is not on this machine")


def days_of(steps: Iterable[int]) -> list[datetime.date]:
    return [BEGAN + datetime.timedelta(days=one) for one in steps]


@given(HISTORIES, st.lists(st.integers(-3, LAST + 40), min_size=3, max_size=6))
@quickly(max_examples=15)
def test_07_any_day_by_kept_months_is_what_a_walk_over_all_lines_says(world: World, steps, days) -> None:
    with lived(world, steps) as now:
        lines = all_lines()
        for book in now.books:
            for on in days_of(days):
                walked: dict[str, int] = defaultdict(int)
                for of, day, _sheet, head, paise, *_about in lines:
                    if of == book.pk and day <= on:
                        walked[BY_NUMBER[head].key] += paise
                assert balances(book.pk, on) == {key: paise for key, paise in walked.items() if paise}


@given(HISTORIES, st.integers(0, LAST))
@quickly(max_examples=10)
def test_07_what_was_known_then_stays_known(world: World, steps, later) -> None:
    """Who asks for an earlier knowledge gets what stood then, also after more has come."""
    (on,) = days_of([later])
    with lived(world, steps) as now:
        ((learnt,),) = rows("SELECT now()")
        for book in now.books:
            assert balances(book.pk, on, known_at=learnt) == balances(book.pk, on)
            assert balances(book.pk, on, known_at=learnt - datetime.timedelta(microseconds=1)) == {}
        counts = [
            rows("SELECT count(*) FROM books_sheet WHERE recorded_at <= %s", [learnt + datetime.timedelta(seconds=one)])
            for one in (-1, 0, 1)
        ]
        assert counts == sorted(counts)


@given(HISTORIES)
@quickly(max_examples=10)
def test_08_debits_are_credits_for_every_book_and_place_and_a_place_is_the_sum_of_its_parts(
    world: World, steps
) -> None:
    with lived(world, steps) as now:
        by_place: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        children: dict[int, set[int]] = defaultdict(set)
        for book in now.books:
            trial = balances(book.pk, us().today)
            assert sum(trial.values()) == 0
            above = (
                Within.objects.on(us().today).filter(below=book.institution.place_id).values_list("above", flat=True)
            )
            for place in {*above, book.institution.place_id}:
                children[place].add(book.pk)
        sums = rows("SELECT book_id, head, sum(debit_paise - credit_paise)::bigint FROM books_movement GROUP BY 1, 2")
        for place, books in children.items():
            for book, head, paise in sums:
                by_place[place][head] += paise if book in books else 0
            assert sum(by_place[place].values()) == 0
        widest = max(children, key=lambda place: len(children[place]))
        whole: dict[int, int] = defaultdict(int)
        for _book, head, paise in sums:
            whole[head] += paise
        assert by_place[widest] == whole, "the State is the sum of its books"


@given(HISTORIES)
@quickly(max_examples=15)
def test_09_the_box_adds_up_every_day_and_nothing_falls_below_nothing(world: World, steps) -> None:
    with lived(world, steps) as now:
        lines = all_lines()
        for book in now.books:
            running: dict[tuple[str, object], int] = defaultdict(int)
            for day in sorted({on for of, on, *_rest in lines if of == book.pk}):
                opening, receipts, payments = running["cash", None], 0, 0
                for of, on, _sheet, head, paise, woman, loan, _body in lines:
                    if (of, on) != (book.pk, day):
                        continue
                    key = BY_NUMBER[head].key
                    about = loan if "loan" in BY_NUMBER[head].about else woman
                    running[key, about] += paise * BY_NUMBER[head].grows_by
                    receipts, payments = (
                        (receipts + max(paise, 0), payments + max(-paise, 0)) if key == "cash" else (receipts, payments)
                    )
                assert opening + receipts - payments == running["cash", None] == balances(book.pk, day).get("cash", 0)
                assert [one for one, paise in running.items() if one[0] in WATCHED and paise < 0] == []


def test_14_a_hundred_years_of_the_state_do_not_overflow() -> None:
    """95,000 groups of 25 women who each save 500 rupees a week and turn it over ten times a year."""
    a_year = 95_000 * 25 * 52 * 500_00 * 10
    assert a_year * 100 < 2**63
    assert MOST_PAISE * 2_000 < 2**63, "a sheet of the most lines, each of the most paise"


@given(st.lists(st.integers(1, MOST_PAISE), min_size=2, max_size=8))
@quickly(max_examples=10)
def test_14_sums_of_the_largest_amounts_stay_exact(world: World, amounts) -> None:
    with lived(world, []) as now:
        book = now.books[0]
        for paise in amounts:
            post(book, sheet(Entry("bank", Paise(paise)), Entry("other_grant", Paise(-paise))))
        assert balances(book.pk, us().today)["bank"] == sum(amounts)


def reckoned(text: str, until: datetime.date | None = None) -> dict[str, int]:
    """{account: paise} as the programme `ledger` reckons them from the text."""
    assert LEDGER is not None
    ends = ["-e", str(until + datetime.timedelta(days=1))] if until else []
    shape = r"%(account)\t%(quantity(scrub(display_total)))\n"
    done = subprocess.run(
        [LEDGER, "-f", "-", *ends, "bal", "--flat", "--no-total", "--format", shape], input=text, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    cells = (line.split("\t") for line in done.stdout.splitlines() if line)
    return {name: int(Decimal(rupees) * 100) for name, rupees in cells}


def _ours(book: Book, until: datetime.date) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for of, on, _sheet, head, paise, *about in all_lines():
        if of == book.pk and on <= until:
            sums[account(head, *about)] += paise
    return {name: paise for name, paise in sums.items() if paise}


@needs_ledger
@given(HISTORIES, st.integers(0, LAST))
@quickly(max_examples=8)
def test_16_ledger_reckons_every_account_of_every_book_to_the_same_paisa(world: World, steps, later) -> None:
    (on,) = days_of([later])
    with lived(world, steps) as now:
        for book in now.books:
            text = "".join(text_of([book]))
            assert reckoned(text) == _ours(book, us().today)
            assert reckoned(text, on) == _ours(book, on)
            heads: dict[str, int] = defaultdict(int)
            for name, paise in reckoned(text, on).items():
                heads[name.split(":")[1]] += paise
            assert {head: paise for head, paise in heads.items() if paise} == balances(book.pk, on)
        for kept in now.groups:
            for woman in kept.women:
                hers = {
                    name.split(":")[1]: paise for name, paise in reckoned("".join(text_of([kept.book]))).items()
                    if f"woman {woman.pk}" in name
                }  # fmt: skip
                assert hers == balances_of_a_woman(kept.book.pk, woman.pk, us().today)


@needs_ledger
def test_16_all_books_in_one_text(world: World, capsys) -> None:
    for kept in world.groups:
        post(kept.book, saving(kept.women[0], 100.05))
    call_command("export_ledger", all=True)
    told = reckoned(capsys.readouterr().out)
    assert {name: paise for name, paise in told.items() if name.endswith("cash")} == {
        f"book {kept.book.pk}:asset:cash": 100_05 for kept in world.groups
    }
    assert sum(told.values()) == 0
