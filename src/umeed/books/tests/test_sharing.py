"""What a group earned is shared out to its women, to the paisa."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions import Conflict
from umeed.books.actions.sharing import plan_share_out, share_out
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Agreement, Sheet
from umeed.books.rules.sharing import parts
from umeed.books.tests.making import day, entry, make_loan, post, saving, sheet
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.tests.making import bookkeeper_of, codes_of, signed_in, us
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


# On screen ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(earned, settings):
    settings.SECOND_FACTOR = "none"
    bookkeeper_of(earned.group, username="keeper")
    return Keeper(earned, signed_in("keeper"))


ASKED = {"on": "1-6-2024", "paise": "100", "basis": "savings", "unit": "100", "mode": "cash"}


def test_who_gets_what_and_why_is_seen_before_it_is_paid_printed_and_taken_back(earned, keeper) -> None:
    url = keeper.url("share_out")
    opened = text_of(keeper.client.get(url))
    assert "₹ 100.01 was earned and not shared out yet" in opened and "The box holds ₹ 1,100.01" in opened
    assert fields_of(keeper.client.get(url))["paise"] == "100"
    seen = keeper.client.get(url, {**ASKED, "paise": "99"})
    shown = text_of(seen)
    assert "of ₹ 1,000.00 that all have saved" in shown and "3 rupees did not divide" in shown and "rounded up" in shown
    assert not Sheet.objects.filter(kind=5).exists()
    sent = fields_of(seen)
    first = keeper.client.post(url, sent)
    assert keeper.client.post(url, sent).url == first.url and Sheet.objects.filter(kind=5).count() == 1
    given = [balances_of_a_woman(earned.book.pk, woman.pk, us().today).get("share_out", 0) for woman in earned.women]
    assert sum(given) == 99_00 and all(part % 100 == 0 for part in given)
    paper = keeper.client.get(first.url)
    assert "Signature or thumb" in text_of(paper) and "3 rupees did not divide" in text_of(paper)
    printed = keeper.client.get(first.url, {"as": "pdf"})
    assert printed.content[:5] == b"%PDF-"
    undo = f"{first.url}undo/"
    assert "Say why." in text_of(keeper.client.post(undo, {"why": " "}))
    assert keeper.client.post(undo, {"why": "Counted wrongly"}).url == first.url
    assert "taken back" in text_of(keeper.client.get(first.url))
    assert "₹ 99 1 Jun 2024 · taken back" in text_of(keeper.client.get(url))
    assert "share_out" not in balances(earned.book.pk, us().today)
    assert keeper.client.post(undo, {"why": "Again"}).status_code == 302
    assert first_difference() is None


@pytest.mark.parametrize(("changed", "told"), [
    ({"paise": "200"}, "The group has earned ₹100.01 that is not shared out yet"), ({"paise": ""}, "required"),
    ({"paise": "-5"}, "Write how much is shared out"), ({"paise": "ten"}, "is not an amount in rupees"),
    ({"paise": "10.50"}, "In whole rupees only whole rupees"), ({"on": "1-1-2031"}, "has not come yet"),
    ({"mode": "bank"}, "The bank would hold"), ({"basis": "wish"}, "not one of"),
    ({"on": "1-4-2024"}, "The group has earned ₹0"),
])  # fmt: skip
def test_what_cannot_be_shared_out_so_is_said(keeper, changed, told) -> None:
    answer = keeper.client.get(keeper.url("share_out"), {**ASKED, **changed})
    page = text_of(answer)
    assert told in page and "Share out ₹" not in page


def test_it_is_asked_while_loans_run_and_told_when_something_changed(earned, keeper) -> None:
    url = keeper.url("share_out")
    loan = make_loan(earned.book, earned.women[0])
    with audited(by=us(), did="lend"):
        Agreement(
            id=new_id(), book=earned.book, loan=loan, since=loan.lent_on, principal_paise=500_00, rate_bp_a_year=0,
            method="balance", frequency="monthly", instalments=2, first_due=day("2024-05-01"),
        ).save(force_insert=True)  # fmt: skip
    post(earned.book, sheet(
        entry("loan_to_member", 500, woman=earned.women[0].pk, loan=loan.pk), entry("cash", -500), on="2024-05-02",
    ))  # fmt: skip
    seen = keeper.client.get(url, ASKED)
    assert "Women late with repayments: 1, with ₹500." in text_of(seen)
    sent = fields_of(seen)
    assert keeper.client.post(url, sent).status_code == 422
    with pytest.raises(Refused) as refused:
        share(earned, 100_00)
    assert codes_of(refused) == ["late_here"]
    post(earned.book, saving(earned.women[4], 500, on="2024-05-05"))
    answer = keeper.client.post(url, {**sent, "sure": ["late_here:paise"]})
    assert answer.status_code == 422 and "Look at the parts once more" in text_of(answer)
    assert keeper.client.post(url, {**fields_of(answer), "sure": ["late_here:paise"]}).status_code == 302
