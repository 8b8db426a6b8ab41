"""Minutes say what was decided and how, who repaid, and on which terms was lent."""

from __future__ import annotations

from umeed.books.actions import take_back_meeting
from umeed.books.registers import minutes
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_registers import lending, lines, meet, nth, saves
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.papers.shapes import Paper, Sides, Table
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id


def table_of(paper: Paper, title: str) -> Table:
    return next(table for table in paper.tables if isinstance(table, Table) and table.title == title)


def test_minutes_say_what_the_meeting_said(kept: Kept) -> None:
    pk = meet(
        kept, 1, nth(0), savings=saves(kept), deposit=100_00,
        agenda=[{"topic": "School", "decided": "All girls go"}], are_last_minutes_read=True,
    )  # fmt: skip
    paper = minutes.minutes(kept.book, pk)
    assert paper is not None and paper.title == "Minutes of meeting 1"
    facts = {fact[0]: fact[1] for fact in paper.facts}
    assert facts["Cash counted"] == 150_00 and facts["Came"] == "5 of 5"
    assert (1, "School", "All girls go") in lines(paper.tables[1])
    money = paper.tables[2]
    assert lines(money.first) == [("Optional saving", 250_00)] and lines(money.second) == [
        ("Put into the bank", 100_00)
    ]
    take_back_meeting(by=us(), meeting=pk, id=new_id(), why="Of another group")
    assert "Of another group" in str(minutes.minutes(kept.book, pk).notes[0])  # type: ignore[union-attr]


def test_minutes_say_what_was_granted_put_off_and_by_whom(kept: Kept) -> None:
    women, first, second = kept.women, new_id(), new_id()
    meet(kept, 1, nth(0), savings=saves(kept, 300), requests=[
        {"id": first, "woman": women[1].pk, "paise": 900_00, "purpose": "cattle"},
        {"id": second, "woman": women[2].pk, "paise": 500_00, "purpose": "health"},
    ])  # fmt: skip
    pk = meet(
        kept, 2, nth(1), decisions=[
            {"id": new_id(), "request": first, "outcome": "granted", "way": "named",
             "voted": [women[0].pk, women[3].pk]},
            {"id": new_id(), "request": second, "outcome": "deferred", "why": "Little money",
             "promised_on": "2024-07-08"},
        ],
        lendings=[lending(kept, 1, 700, request=first, first_due="2024-06-08")],
    )  # fmt: skip
    told = minutes.minutes(kept.book, pk)
    assert told is not None
    names = ", ".join(sorted((women[0].name, women[3].name)))
    assert lines(table_of(told, "Loans asked for")) == [
        (women[1].name, day(nth(0)), 900_00, "Dairy and livestock", f"Granted · By those named: {names}", 900_00, None,
         ""),
        (women[2].name, day(nth(0)), 500_00, "Health", "Put off · All agreed", None, day("2024-07-08"), "Little money"),
    ]  # fmt: skip
    assert lines(table_of(told, "Loans paid out")) == [(
        women[1].name, 700_00, "Dairy and livestock", 200, "5 · Every month", "Per cent a month on what is still owed",
        day("2024-06-08"), "Cash",
    )]  # fmt: skip


def test_minutes_name_who_repaid_what(kept: Kept) -> None:
    loan = lending(kept, 1, 500)
    meet(kept, 1, nth(0), savings=saves(kept, 100), lendings=[loan])
    paid = {"loan": loan["loan"], "principal": 100_00, "interest": 10_00, "by": "Her sister"}
    told = minutes.minutes(kept.book, meet(kept, 2, nth(1), repayments=[paid]))
    assert told is not None
    assert lines(table_of(told, "Repayments")) == [
        (f"{kept.women[1].name} · Her sister", 100_00, 10_00, None, 110_00)
    ]  # fmt: skip


def test_minutes_name_who_was_fined_and_why(kept: Kept) -> None:
    women = kept.women
    fines = [
        {"woman": women[1].pk, "why": "late", "paise": 5_00},
        {"woman": women[2].pk, "why": "other", "paise": 10_00, "note": "Left before the end", "mode": "bank"},
    ]
    told = minutes.minutes(kept.book, meet(kept, 1, nth(0), fines=fines))
    assert told is not None
    fined = table_of(told, "Fines")
    assert lines(fined) == [
        (women[1].name, "Came late", 5_00, "Cash"), (women[2].name, "Left before the end", 10_00, "Bank"),
    ]  # fmt: skip
    receipts = next(one.first for one in told.tables if isinstance(one, Sides))
    assert ("Fine", lines(fined, "total")[0][2]) in [(row[0], row[1]) for row in lines(receipts)]


def test_before_the_first_meeting_there_are_no_minutes_to_be_read(keeper: Keeper) -> None:
    keeper.begin()
    assert "are_last_minutes_read" not in keeper.fields("attendance")
    keeper.walk(attendance={"are_last_minutes_read": "yes"}, count={"counted": "250"})
    assert "The last minutes were read out" not in text_of(keeper.open("close"))
    assert keeper.close().status_code == 302
    keeper.begin("2024-04-15", 2)
    assert keeper.fields("attendance")["are_last_minutes_read"] == "yes"
