"""What PostgreSQL lets a thief with raw SQL do who makes everything else right: the recount names it all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from umeed.books.actions import close_meeting, open_book
from umeed.books.actions.loans import write_off
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.writing import put_one
from umeed.books.models import CutOff, Meeting, Sheet
from umeed.books.tests.making import day, entry, make_loan, post, saving, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, lend, meet, vo
from umeed.books.tests.test_cutoff import cut_off, group
from umeed.books.tests.test_cutoff import post as post_cut_off
from umeed.books.tests.test_meetings import lend as lend_to_woman
from umeed.books.tests.test_verifying import behind_the_guards, lived
from umeed.books.verifying import verify
from umeed.core.viewer import as_system
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise

assert vo and lived and group  # fixtures

_MOVED = """
UPDATE books_movement m SET debit_paise = r.debits, credit_paise = r.credits
FROM (SELECT s.book_id, books_month(s.on_date) AS month, l.head,
        sum(greatest(l.amount_paise, 0)) AS debits, sum(greatest(-l.amount_paise, 0)) AS credits
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id GROUP BY 1, 2, 3) r
WHERE (m.book_id, m.month, m.head) = (r.book_id, r.month, r.head);
DELETE FROM books_movement m WHERE NOT EXISTS (
    SELECT FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
    WHERE s.book_id = m.book_id AND books_month(s.on_date) = m.month AND l.head = m.head)
"""


def found() -> dict[str, str]:
    return {one.check: one.found.said for one in verify() if one.found}


def written_anew(cursor: Any, sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Lines, digest and kept movements of a sheet changed alike."""
    cursor.execute("DELETE FROM books_line WHERE sheet_id = %s", [sheet.pk])
    for position, one in enumerate(entries, 1):
        cursor.execute(
            "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id, body_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [sheet.pk, position, sheet.book_id, one.under.number, one.amount, one.woman, one.loan, one.body],
        )
    draft = Draft(sheet.uid, sheet.on_date, sheet.kind, tuple(entries), sheet.event)
    cursor.execute(
        "UPDATE books_sheet SET digest = %s, line_count = %s WHERE id = %s", [draft.digest, len(entries), sheet.pk]
    )
    cursor.execute(_MOVED)


def gone(cursor: Any, sheets: Sequence[int]) -> None:
    """Sheets wiped out with their lines, and the kept movements made right."""
    cursor.execute("DELETE FROM books_line WHERE sheet_id = ANY(%s)", [list(sheets)])
    cursor.execute("DELETE FROM books_sheet WHERE id = ANY(%s)", [list(sheets)])
    cursor.execute(_MOVED)


# As the product's own role, by the road that it takes itself ---------------------------------------------------------


@pytest.mark.parametrize(("kind", "what"), [(Sheet.Kind.MEETING, "meeting"), (Sheet.Kind.CUT_OFF, "cut-off")])
def test_a_sheet_of_a_record_that_is_not_there(lived, kind: int, what: str) -> None:
    number = put_one(lived.book.pk, saving(lived.women[0], 5, on="2024-05-20", kind=kind), by="thief")
    told = found()
    assert told.keys() == {"records"} and told["records"] == f"Sheet {number}: there is no {what}."


def test_a_book_that_was_loaded_begins_with_a_cut_off_alone(kept) -> None:
    put_one(kept.book.pk, saving(kept.women[0], 5, on="2024-04-01", kind=Sheet.Kind.CUT_OFF), by="system")
    assert found() == {}


def below(kept: Any) -> Iterator[tuple[str, Draft]]:
    """Each of what may not fall below nothing, and the sheet that makes it so."""
    her, second = kept.women[0].pk, kept.women[1].pk
    loan = make_loan(kept.book, kept.women[0])
    yield (
        "the box held -70000 paise on 2024-05-20",
        sheet(entry("cash", -1_250), entry("surplus_before", 1_250), on="2024-05-20"),
    )
    yield "the bank held -100 paise on 2024-05-20", sheet(entry("bank", -1), entry("cash", 1), on="2024-05-20")
    yield (
        f"saving_compulsory of {second} held -100 paise on 2024-05-20",
        sheet(entry("saving_compulsory", 1, woman=second), entry("saving_compulsory", -1, woman=her), on="2024-05-20"),
    )
    yield (
        f"loan_to_member, loan {loan.pk} held -100 paise on 2024-05-20",
        sheet(entry("loan_to_member", -1, woman=her, loan=loan.pk), entry("cash", 1), on="2024-05-20"),
    )


@pytest.mark.parametrize("at", range(4), ids=["box", "bank", "saving", "loan"])
def test_what_falls_below_nothing(lived, at: int) -> None:
    said, draft = list(below(lived))[at]
    put_one(lived.book.pk, draft, by="thief")
    assert found() == {"below": f"Book {lived.book.pk}: {said}."}


def test_what_fell_below_nothing_for_some_days_only(lived) -> None:
    """It comes back later: the day between is told, the end of each day alone is looked at."""
    put_one(lived.book.pk, sheet(entry("bank", -5), entry("cash", 5), on="2024-05-20"), by="thief")
    put_one(lived.book.pk, sheet(entry("bank", 5), entry("cash", -5), on="2024-05-21"), by="thief")
    assert found() == {"below": f"Book {lived.book.pk}: the bank held -500 paise on 2024-05-20."}


def test_a_woman_of_two_records_is_one(lived) -> None:
    """She saved under one and took back under the other: nothing of it is below nothing."""
    her, kept_as = lived.women[2], lived.women[3]
    post(lived.book, saving(her, 40, on="2024-05-20"))
    put_one(
        lived.book.pk, sheet(entry("saving_compulsory", 40, woman=kept_as.pk), entry("cash", -40), on="2024-05-21"),
        by="thief",
    )  # fmt: skip
    assert found().keys() == {"below"}
    with behind_the_guards():
        Woman.objects.filter(pk=her.pk).update(merged_into=kept_as)
    assert found() == {}


# As the owner with every guard off -----------------------------------------------------------------------------------


def test_a_meeting_of_which_the_sheet_was_written_anew(lived) -> None:
    """A hundredth of what she saved is hers no more, and all sums hold."""
    held = Meeting.objects.get()
    entries = [Entry("cash", Paise(200_00))]
    entries += [Entry("saving_optional", Paise(-40_00), woman=woman.pk) for woman in lived.women]
    with behind_the_guards() as cursor:
        written_anew(cursor, held.sheet, entries)
    assert first_difference() is None
    said = f"sheet {held.sheet_id} is not what its document comes to."
    assert found() == {"documents": f"Meeting {held.pk} of book {lived.book.pk}: {said}"}


def test_a_meeting_whose_savings_went_to_another(lived) -> None:
    """The box holds what it must, under each head stands what must: only whose it is differs."""
    held = Meeting.objects.get()
    more, rest = lived.women[0], lived.women[2:]
    entries = [Entry("cash", Paise(250_00)), Entry("saving_optional", Paise(-100_00), woman=more.pk)]
    entries += [Entry("saving_optional", Paise(-50_00), woman=woman.pk) for woman in rest]
    with behind_the_guards() as cursor:
        written_anew(cursor, held.sheet, entries)
    assert found().keys() == {"documents"}


def test_a_sheet_and_its_digest_written_anew(lived) -> None:
    """Of a sheet without a document the audit chain tells."""
    first = Sheet.objects.order_by("pk")[0]
    with behind_the_guards() as cursor:
        written_anew(cursor, first, [entry("cash", 499), entry("saving_compulsory", -499, woman=lived.women[0].pk)])
    assert found() == {
        "chain": f"Book {lived.book.pk}: sheet {first.pk} is gone, or not the one that the audit chain names."
    }


def test_a_sheet_that_is_gone_with_all_that_followed_from_it(lived) -> None:
    last = post(lived.book, saving(lived.women[0], 7, on="2024-05-20"))
    with behind_the_guards() as cursor:
        gone(cursor, [last])
    assert first_difference() is None
    assert found().keys() == {"chain"}


def test_a_meeting_that_is_gone_with_its_sheet(lived) -> None:
    held = Meeting.objects.get()
    with behind_the_guards() as cursor:
        cursor.execute("DELETE FROM books_meeting")
        gone(cursor, [held.sheet_id])
    assert first_difference() is None
    assert found() == {
        "chain": f"Book {lived.book.pk}: meeting {held.pk} is gone, or not the one that the audit chain names."
    }


@pytest.mark.parametrize("count", [1, 2])
def test_an_event_of_which_one_sheet_is_gone_or_both(vo: Vo, count: int) -> None:
    lend(vo)
    assert found() == {}
    sheets = list(Sheet.objects.filter(event__isnull=False).order_by("pk").values_list("pk", flat=True))
    with behind_the_guards() as cursor:
        gone(cursor, sheets[:count])
    assert first_difference() is None
    assert ({"chain", "events"} if count == 1 else {"chain"}) <= found().keys()


def test_what_a_meeting_sent_to_its_vo_and_is_gone_from_both_books(vo: Vo) -> None:
    """Also where the chain names nothing, as of books that were loaded."""
    said = meet(vo.one, given=[{"body": vo.vo.pk, "what": "fee", "paise": 100_00}])
    said["savings"] = [{"woman": vo.one.women[0].pk, "head": "saving_optional", "paise": 100_00}]
    held = close_meeting(by=us(), book=vo.one.book, said=said, is_sure=True).meeting
    assert found() == {}
    sheets = Sheet.objects.filter(event__isnull=False).values_list("pk", flat=True)
    with behind_the_guards() as cursor:
        gone(cursor, list(sheets))
    told = found()
    assert told["documents"] == (
        f"Meeting {held} of book {vo.one.book.pk}: what it sent to another body is gone from both books."
    )


def _events_are_missed(held: UUID) -> None:
    assert found() == {}
    sheets = Sheet.objects.filter(event__isnull=False).values_list("pk", flat=True)
    with behind_the_guards() as cursor:
        gone(cursor, list(sheets))
    assert f"Meeting {held} " in (told := found()["documents"]) and "sent to another body is gone" in told


def test_also_where_its_loans_were_others_then_than_today(vo: Vo) -> None:
    """What came of a loan that was written off by then: its lines are told by its own sheet, and what it sent too."""
    one, lent = vo.one, lend_to_woman(vo.one, 1, 100, first_due="2024-06-08")
    saved = [{"woman": one.women[0].pk, "head": "saving_optional", "paise": 500_00}]
    said = {"savings": saved, "difference_why": "A note"}
    close_meeting(by=us(), book=one.book, said=meet(one, lendings=[lent], **said), is_sure=True)
    write_off(by=us(), book=one.book, loan=lent["loan"], on=day("2024-05-08"), resolution="15", approved="VO")
    back = {
        "given": [{"body": vo.vo.pk, "what": "fee", "paise": 100_00}],
        "repayments": [{"loan": lent["loan"], "principal": 10_00, "interest": 0}],
    }
    second = meet(one, 2, "2024-05-15", **said, **back)
    _events_are_missed(close_meeting(by=us(), book=one.book, said=second, is_sure=True).meeting)


def test_also_of_a_day_where_a_body_kept_no_book_then(vo: Vo) -> None:
    fee = {"body": vo.one.group.pk, "what": "fee", "paise": 50_00, "mode": "bank"}
    passed = {"body": vo.bookless.pk, "head": "cif", "paise": 500_00, "mode": "bank"}
    held = close(vo, a_day(vo, taken=[fee], passed=[passed]), is_sure=True).meeting
    with as_system():
        open_book(by=us(), institution=vo.bookless, on=day("2024-06-01"))
    _events_are_missed(held)


def test_a_cut_off_of_which_the_sheet_was_written_anew(group) -> None:
    post_cut_off(group, cut_off(group))
    row = CutOff.objects.select_related("sheet").get()
    assert found() == {}
    twice = [
        Entry(BY_NUMBER[one.head].key, Paise(one.amount_paise * 2), one.woman_id, one.loan_id, one.body_id)
        for one in row.sheet.lines.order_by("position")
    ]
    with behind_the_guards() as cursor:
        written_anew(cursor, row.sheet, twice)
    assert found().keys() == {"chain"}
