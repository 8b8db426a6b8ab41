"""Raw SQL against what was agreed, asked and decided, against days that cannot be, and against movements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.actions import close_meeting, take_back_meeting
from umeed.books.actions.bylaws import set_bylaws
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Book, Bylaw, Grading, Loan, LoanDecision, LoanRequest
from umeed.books.tests.attacks.test_terms import anybody, now, run
from umeed.books.tests.making import day, post, saving
from umeed.books.tests.test_meetings import close, meeting
from umeed.core.audit import audited
from umeed.core.roles import work_as_app, work_as_owner
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["anybody"]
ATTACKS = {
    "rules without interest": "UPDATE books_bylaw SET rate_bp_a_year = 0",
    "rules of an earlier day": "UPDATE books_bylaw SET since = since - 30",
    "rules removed": "DELETE FROM books_bylaw",
    "rules emptied": "TRUNCATE books_bylaw",
    "rules slipped in": "INSERT INTO books_bylaw SELECT (jsonb_populate_record(b, jsonb_build_object("
    "'id', gen_random_uuid(), 'since', '2024-04-05', 'rate_bp_a_year', 0))).* FROM books_bylaw b",
    "a loan of another day": "UPDATE books_loan SET lent_on = '2030-01-01'",
    "a loan on nobody's request": "UPDATE books_loan SET request_id = NULL",
    "a loan out of other money": "UPDATE books_loan SET source = 'cif'",
    "a loan that is a cash credit": "UPDATE books_loan SET is_cash_credit = true",
    "a book that began later": "UPDATE books_book SET opened_on = opened_on + 1",
    "a book that began earlier": "UPDATE books_book SET opened_on = opened_on - 1",
    "a request put first": "UPDATE books_loanrequest SET asked_on = '2020-01-01'",
    "a request removed": "DELETE FROM books_loanrequest WHERE id NOT IN (SELECT request_id FROM books_loandecision)",
    "requests emptied": "TRUNCATE books_loanrequest CASCADE",
    "a decision turned round": "UPDATE books_loandecision SET outcome = 'refused'",
    "decisions removed": "DELETE FROM books_loandecision",
    "decisions emptied": "TRUNCATE books_loandecision",
    "a better grade": "UPDATE books_grading SET grade = 'A'",
    "a grade removed": "DELETE FROM books_grading",
    "grades emptied": "TRUNCATE books_grading",
}
KEPT = (Book, Bylaw, Grading, Loan, LoanDecision, LoanRequest)


def asked(kept: Any, **said: Any) -> dict[str, Any]:
    """A meeting in which two women ask, one is granted a loan and gets it."""
    ids = {"first": new_id(), "second": new_id(), "decision": new_id(), "loan": new_id()} | said.pop("ids", {})
    request = {"paise": 500_00, "purpose": "cattle"}
    return meeting(
        kept, on="2024-04-08",
        requests=[
            {"id": ids["first"], "woman": kept.women[0].pk, **request},
            {"id": ids["second"], "woman": kept.women[1].pk, **request},
        ],
        decisions=[{"id": ids["decision"], "request": ids["first"], "outcome": "granted", "paise": 500_00}],
        lendings=[{
            "loan": ids["loan"], "woman": kept.women[0].pk, "request": ids["first"], "paise": 500_00,
            "rate_bp_a_year": 2400, "method": "balance", "frequency": "monthly", "instalments": 5,
            "first_due": "2024-05-08", "source": "own", "purpose": "cattle",
        }],
        counted=500_00, **said,
    )  # fmt: skip


@pytest.fixture
def held(kept: Any) -> Any:
    """Rules, a grade, a meeting with requests, a decision and a loan: what there is to spoil."""
    with audited(by=us(), did="set"):
        Bylaw(
            id=new_id(), book=kept.book, since=day("2024-04-01"), rate_bp_a_year=2400, method="balance",
            frequency="monthly",
        ).save(force_insert=True)  # fmt: skip
        Grading(id=new_id(), book=kept.book, graded_on=day("2024-04-02"), grade="B", graded_by="VO").save(
            force_insert=True
        )
    post(kept.book, saving(kept.women[0], 1_000, on="2024-04-02"))
    kept.ids = {name: new_id() for name in ("first", "second", "decision", "loan")}
    kept.meeting = close(kept, asked(kept, ids=kept.ids)).meeting
    now()
    return kept


def _all() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in KEPT]


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_was_held_stays(held, anybody, sql) -> None:
    before = _all()
    with pytest.raises(DatabaseError):
        run(sql)
    assert _all() == before


def test_a_correction_changes_what_its_meeting_made_and_leaves_out_the_rest(held) -> None:
    said = asked(held, ids=held.ids)
    said["requests"] = [{**said["requests"][0], "purpose": "food"}]
    said["lendings"] = [{**said["lendings"][0], "purpose": "food"}]
    again = close_meeting(by=us(), book=held.book, said=said, is_sure=True, replaces=held.meeting, why="Food")
    now()
    assert [one.purpose for one in LoanRequest.objects.all()] == ["food"] and Loan.objects.get().purpose == "food"
    take_back_meeting(by=us(), meeting=again.meeting, id=new_id(), why="Never held")
    now()
    assert not LoanRequest.objects.exists() and not LoanDecision.objects.exists()


def test_new_rules_follow_those_that_are_there(held) -> None:
    rules = {"rate_bp_a_year": 1200, "method": "flat", "frequency": "monthly", "instalments": 10, "quorum_percent": 50}
    set_bylaws(by=us(), book=held.book, id=new_id(), since=day("2024-04-09"), **rules)
    assert [one.rate_bp_a_year for one in Bylaw.objects.order_by("since")] == [2400, 1200]


PUT = """
SELECT books_put(%s, gen_random_uuid(), %s, 1::smallint, NULL, NULL, ''::bytea, 'thief', '{101,423}', '{100,-100}',
    '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}')
"""


@pytest.mark.parametrize("on", ["2030-01-01", "1990-01-01", "2024-03-31"])
def test_a_sheet_is_of_no_day_that_cannot_be(kept, anybody, on) -> None:
    with pytest.raises(IntegrityError, match=r"before its book|sheet_of_a_day_that_came"):
        run(PUT, [kept.book.pk, on])
    assert balances(kept.book.pk, us().today) == {}


def test_a_sheet_of_the_first_day_is_taken(kept) -> None:
    run(PUT, [kept.book.pk, "2024-04-01"])


BY_A_TRIGGER = """
CREATE TEMP TABLE mine (n int) ON COMMIT DROP;
CREATE FUNCTION pg_temp.books_sheet_is_whole() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN UPDATE public.books_movement SET debit_paise = 0; RETURN NULL; END';
CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.books_sheet_is_whole();
INSERT INTO mine VALUES (1);
"""


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("called", ["books_sheet_is_whole", "mine"])
def test_a_trigger_of_ones_own_moves_no_movement(kept, role, called) -> None:
    post(kept.book, saving(kept.women[0]))
    if role == "owner":
        work_as_owner()
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BY_A_TRIGGER.replace("books_sheet_is_whole", called))
    finally:
        work_as_app()
    assert first_difference() is None
