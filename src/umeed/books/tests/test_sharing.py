"""What a group earned is shared out to its women, to the paisa."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions import Conflict
from umeed.books.actions.sharing import plan_share_out, share_out
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Sheet
from umeed.books.rules.sharing import parts
from umeed.books.tests.making import day, entry, post, saving, sheet
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

WOMEN = [new_id() for _ in range(25)]


@pytest.fixture
def earned(kept):
    """Four women saved 100, 200, 300 and 400 rupees; the group earned 100.01."""
    for at, woman in enumerate(kept.women[:4], 1):
        post(kept.book, saving(woman, 100 * at))
    post(kept.book, sheet(entry("cash", 150.01), entry("award", -150.01), on="2024-05-01"))
    post(kept.book, sheet(entry("rent", 50), entry("cash", -50), on="2024-05-02"))
    return kept


def share(kept, paise: int, basis: str = "savings", **said):
    given = {"uid": new_id(), "on": day("2024-06-01"), **said}
    return share_out(by=us(), book=kept.book, paise=Paise(paise), basis=basis, **given)


def test_each_woman_gets_her_part_by_what_she_saved(earned) -> None:
    share(earned, 100_01)
    given = [balances_of_a_woman(earned.book.pk, woman.pk, us().today).get("share_out", 0) for woman in earned.women]
    assert given == [10_00, 20_00, 30_00, 40_01, 0]
    assert balances(earned.book.pk, us().today)["cash"] == 1_000_00
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert first_difference() is None


def test_or_the_same_to_all(earned) -> None:
    plan = plan_share_out(earned.book, on=day("2024-06-01"), paise=Paise(100_01), basis="equal")
    assert sorted(plan.parts.values()) == [20_00, 20_00, 20_00, 20_00, 20_01] and plan.surplus == 100_01
    assert not Sheet.objects.filter(kind=5).exists(), "a plan writes nothing"


def test_no_more_is_shared_than_was_earned_and_not_shared_yet(earned) -> None:
    for paise, said in ((100_02, ["more_than_surplus"]), (0, ["nothing"]), (-5, ["nothing"]), (3, ["too_little"])):
        with pytest.raises(Refused) as refused:
            share(earned, paise)
        assert codes_of(refused) == said
    share(earned, 60_00)
    with pytest.raises(Refused) as refused:
        share(earned, 40_02)
    assert codes_of(refused) == ["more_than_surplus"]
    with pytest.raises(Refused) as bank:
        share(earned, 40_00, mode="bank")
    assert codes_of(bank) == ["bank"]


def test_before_anybody_has_saved_it_is_shared_equally(kept) -> None:
    post(kept.book, sheet(entry("cash", 10), entry("award", -10), on="2024-05-01"))
    with pytest.raises(Refused) as refused:
        share(kept, 10_00)
    assert codes_of(refused) == ["nobody_saved"]
    share(kept, 10_00, "equal")


def test_the_same_share_out_again_is_known_also_when_savings_came_since(earned) -> None:
    uid = new_id()
    first = share(earned, 50_00, uid=uid)
    post(earned.book, saving(earned.women[4], 500))
    again = share(earned, 50_00, uid=uid)
    assert (again.sheet, again.is_new) == (first.sheet, False)
    with pytest.raises(Conflict):
        share(earned, 20_00, uid=uid)


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**9), min_size=1, max_size=25).filter(any))
def test_12_parts_are_the_whole_within_a_paisa_of_each_share_whoever_stands_first(total, saved) -> None:
    hers = {woman: Paise(paise) for woman, paise in zip(WOMEN, saved, strict=False)}
    given_out = parts(Paise(total), hers, "savings")
    assert sum(given_out.values()) == total
    for woman, paise in hers.items():
        assert abs(given_out.get(woman, 0) * sum(saved) - total * paise) < sum(saved)
    assert parts(Paise(total), dict(reversed(hers.items())), "savings") == given_out
