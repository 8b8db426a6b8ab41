"""Sheets: posted whole and once, told plainly why not, reversed by their mirror, read on any day."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umeed.books.actions import Conflict, lock_month, open_book, post_sheet, reverse_sheet
from umeed.books.heads import BY_KEY, CHART
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.drafts import Draft
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.writing import put_many
from umeed.books.models import Book, Line, Movement, Sheet
from umeed.books.tests.making import day, entry, make_loan, post, saving, sheet
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, codes_of, officer_at, us
from umeed.kernel.ids import new_id


def test_a_sheet_is_posted_once_and_known_when_it_comes_again(kept) -> None:
    draft = saving(kept.women[0])
    first = post_sheet(by=us(), book=kept.book, draft=draft)
    again = post_sheet(by=us(), book=kept.book, draft=draft)
    assert (first.is_new, again.is_new, again.sheet) == (True, False, first.sheet)
    assert Sheet.objects.count() == 1
    assert balances(kept.book.pk, draft.on) == {"cash": 100_00, "saving_compulsory": -100_00}
    told = AuditEntry.objects.get(did="post_sheet")
    assert told.change_count == 1, "the lines stand in the ledger, the chain holds their digest"


def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(kept) -> None:
    draft = saving(kept.women[0])
    post(kept.book, draft)
    other = saving(kept.women[0], 200, uid=draft.uid)
    with pytest.raises(Conflict):
        post(kept.book, other)
    assert balances(kept.book.pk, draft.on)["cash"] == 100_00


def test_every_reason_is_told_at_once(kept, other) -> None:
    stranger, loan = other.women[0], make_loan(other.book, other.women[0])
    with pytest.raises(Refused) as refused:
        post(
            kept.book,
            sheet(
                entry("cash", 100), entry("saving_compulsory", -90, woman=stranger.pk), entry("saving_health", -5),
                entry("rent", 0), entry("loan_to_body", 2, body=other.group.pk, loan=loan.pk),
                entry("fine", -2, woman=kept.women[0].pk, loan=loan.pk),
                on="2030-01-01",
            ),
        )  # fmt: skip
    assert codes_of(refused) == [
        "woman_of_line", "nothing", "not_here", "loan_of_line", "uneven", "future", "not_a_member", "other_loan",
        "other_loan",
    ]  # fmt: skip
    assert not Sheet.objects.exists() and not Line.objects.exists() and not Movement.objects.exists()


@pytest.mark.parametrize(("rupees", "code"), [(10**14, "too_large"), (0, "nothing")])
def test_no_line_is_about_nothing_or_more_than_all_the_money_there_is(kept, rupees, code) -> None:
    with pytest.raises(Refused) as refused:
        post(kept.book, sheet(entry("cash", rupees), entry("award", -rupees)))
    assert code in codes_of(refused)


def test_ten_thousand_lines_are_too_many(kept) -> None:
    lines = [entry("cash", 1), entry("award", -1)] * 5_000
    with pytest.raises(Refused) as refused:
        post(kept.book, sheet(*lines))
    assert codes_of(refused) == ["too_many_lines"]


def test_a_day_before_the_book_is_told(kept) -> None:
    with pytest.raises(Refused) as early:
        post(kept.book, saving(kept.women[0], on="2024-03-31"))
    assert codes_of(early) == ["before_the_book"]


def test_a_sheet_is_reversed_by_its_mirror_once_and_with_a_reason(kept) -> None:
    first = post(kept.book, saving(kept.women[0]))
    with pytest.raises(Refused) as silent:
        reverse_sheet(by=us(), sheet=first, uid=new_id(), why=" ")
    assert codes_of(silent) == ["no_reason"]
    uid = new_id()
    undone = reverse_sheet(by=us(), sheet=first, uid=uid, why="Written into the wrong book")
    assert reverse_sheet(by=us(), sheet=first, uid=uid, why="again").sheet == undone.sheet
    assert balances(kept.book.pk, us().today) == {}
    assert balances(kept.book.pk, day("2024-04-08"))["cash"] == 100_00, "it stood so on that day"
    with pytest.raises(Refused) as twice:
        reverse_sheet(by=us(), sheet=first, uid=new_id(), why="Once more")
    assert codes_of(twice) == ["reversed"]
    redone = reverse_sheet(by=us(), sheet=undone.sheet, uid=new_id(), why="It was right after all")
    assert redone.is_new
    assert balances(kept.book.pk, us().today)["cash"] == 100_00


def test_a_locked_month_takes_nothing_any_more(kept) -> None:
    first = post(kept.book, saving(kept.women[0]))
    lock_month(by=us(), book=kept.book, month=day("2024-04-15"))
    lock_month(by=us(), book=kept.book, month=day("2024-04-15"))
    with pytest.raises(Refused) as refused:
        post(kept.book, saving(kept.women[1], on="2024-04-30"))
    assert codes_of(refused) == ["month_locked"]
    with pytest.raises(Refused) as not_over:
        lock_month(by=us(), book=kept.book, month=us().today)
    assert codes_of(not_over) == ["not_over"]
    reverse_sheet(by=us(), sheet=first, uid=new_id(), why="Counted twice", on=day("2024-05-02"))
    assert balances(kept.book.pk, day("2024-04-30"))["cash"] == 100_00
    assert balances(kept.book.pk, day("2024-05-31")) == {}


def test_a_woman_has_what_her_lines_say(kept) -> None:
    her, loan = kept.women[0], make_loan(kept.book, kept.women[0])
    post(kept.book, saving(her, 300))
    post(
        kept.book,
        sheet(entry("loan_to_member", 200, woman=her.pk, loan=loan.pk), entry("cash", -200), on="2024-04-15"),
    )
    post(kept.book, saving(kept.women[1], 50))
    assert balances_of_a_woman(kept.book.pk, her.pk, day("2024-04-10")) == {"saving_compulsory": -300_00}
    assert balances_of_a_woman(kept.book.pk, her.pk, day("2024-04-30")) == {
        "saving_compulsory": -300_00, "loan_to_member": 200_00,
    }  # fmt: skip


def test_a_book_is_read_as_it_was_known_then(kept) -> None:
    post(kept.book, saving(kept.women[0]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM books_sheet")
        (learnt,) = cursor.fetchone()
    before = learnt - datetime.timedelta(seconds=1)
    assert balances(kept.book.pk, us().today, known_at=before) == {}
    assert balances(kept.book.pk, us().today, known_at=timezone.now()) == balances(kept.book.pk, us().today)


def test_who_may_keep_a_book(kept, other, valley) -> None:
    hers = bookkeeper_of(kept.group)
    with as_viewer(hers.viewer):
        assert post_sheet(by=hers, book=kept.book, draft=saving(kept.women[0])).is_new
        assert list(Book.objects.values_list("pk", flat=True)) == [kept.book.pk], "PostgreSQL shows no other"
        with pytest.raises(Refused) as refused:
            post_sheet(by=hers, book=other.book.pk, draft=saving(other.women[0]))
    assert codes_of(refused) == ["not_found"]
    officer = officer_at(valley.north)
    with as_viewer(officer.viewer), pytest.raises(Refused) as verifier:
        post_sheet(by=officer, book=kept.book, draft=saving(kept.women[0]))
    assert codes_of(verifier) == ["not_found"], "who verifies does not enter"


def test_books_are_of_groups_and_federations_and_begin_after_they_do(valley, kept) -> None:
    assert open_book(by=us(), institution=kept.group, on=day("2025-01-01")) == kept.book
    with pytest.raises(Refused) as early:
        from umeed.institutions.tests.making import make_group

        open_book(by=us(), institution=make_group(valley.chinar, "Young"), on=day("2015-01-01"))
    assert "before_forming" in codes_of(early)


# The chart ------------------------------------------------------------------------------------------------------------


def test_the_database_knows_the_same_chart(kept) -> None:
    """Its check is asked about every number, with and without each of woman, loan and body."""
    named = ("woman", "loan", "body")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = 'line_names_what_its_head_asks'"
        )
        (check,) = cursor.fetchone()
        either = "".join(f" CROSS JOIN (VALUES (NULL::bigint), (1)) AS of_{it} ({it}_id)" for it in named)
        told = ", ".join(f"{it}_id IS NOT NULL" for it in named)
        cursor.execute(f"SELECT head, {told} FROM generate_series(-1, 1000) AS head{either} WHERE {check}")
        allowed = cursor.fetchall()
    assert sorted(allowed) == sorted((head.number, *(it in head.about for it in named)) for head in CHART)


def test_heads_are_told_apart_by_key_and_number() -> None:
    assert len(BY_KEY) == len({head.number for head in CHART}) == len(CHART)
    assert {head.number // 100 for head in CHART if head.side == "asset"} == {1}


# Any history ----------------------------------------------------------------------------------------------------------

AMOUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10**7), st.integers(0, 400)), min_size=1, max_size=12)


@given(AMOUNTS, st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_and_any_repetition_gives_the_same_book(kept, sheets, chance) -> None:
    """Kept months are the sum of their lines, and any day read by them is what a plain walk over all lines says."""
    before = balances(kept.book.pk, us().today)
    drafts = [
        saving(kept.women[at], paise / 100, on=str(day("2024-04-01") + datetime.timedelta(days=later)))
        for at, paise, later in sheets
    ]
    sent = drafts * 2
    chance.shuffle(sent)
    for draft in sent:
        post(kept.book, draft)
    total = sum(paise for _at, paise, _later in sheets)
    after = balances(kept.book.pk, us().today)
    assert after["cash"] - before.get("cash", 0) == total
    assert first_difference() is None
    for on in {draft.on for draft in drafts}:
        assert balances(kept.book.pk, on) == balances(kept.book.pk, on, known_at=timezone.now())


def test_very_many_go_in_by_copy_under_the_same_guards(kept, other) -> None:
    drafts: list[tuple[int, Draft]] = [
        (one.book.pk, saving(one.women[number % 5], 10 + number, on=f"2024-0{4 + number % 5}-0{1 + number % 9}"))
        for number in range(60)
        for one in (kept, other)
    ]
    assert put_many(drafts, by="system") == 120
    assert first_difference() is None
    assert balances(kept.book.pk, us().today) == balances(other.book.pk, us().today)
    assert balances(kept.book.pk, us().today)["cash"] == sum(10 + number for number in range(60)) * 100
