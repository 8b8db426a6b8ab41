"""Accounts in a file: a corrected IFSC with and without its account number, of a group and of a woman."""

from typing import Any

import pytest

from umeed.core.loads.models import LoadRow, State
from umeed.core.loads.rows import verdict_of
from umeed.core.loads.telling import Telling
from umeed.institutions import actions
from umeed.institutions.loads.layouts import GROUPS
from umeed.institutions.models import BankAccount, Institution, Woman
from umeed.institutions.tests.loading import applied, judged, plain_groups, plain_women, told, undone, verdicts
from umeed.institutions.tests.making import day, make_account, make_group, make_member, officer_at, us

OLD, NEW = "JAKA0SHOPAN", "JAKA0KEEPER"
NUMBER = "0043040100012345"


@pytest.fixture
def by(valley):
    return officer_at(valley.north)


@pytest.fixture
def group(valley) -> Institution:
    return make_group(valley.chinar, "Roshni", members=5)


def row(**said: Any) -> dict[str, Any]:
    return {"name": "Roshni", "village": "Chinar", "formed_on": "25-01-2016", **said}


def test_a_corrected_ifsc_alone_is_that_of_the_groups_one_open_account(by, group):
    account = make_account(group, NUMBER, bank="J&K Bank", branch="Shopian")
    load = applied(by, plain_groups(row(ifsc=NEW.lower(), branch="Keeper")), "groups")
    assert (load.state, verdicts(load)) == (State.APPLIED, [("change", [])]), told(load)
    account.refresh_from_db()
    assert (account.ifsc, account.bank, account.branch, account.number) == (NEW, "J&K Bank", "Keeper", NUMBER)
    assert BankAccount.objects.count() == 1
    (line,) = LoadRow.objects.filter(load=load)
    changes = {str(one["field"]): (one["before"], one["after"]) for one in Telling("groups", [line]).changes(line)}
    assert changes == {"IFSC": (OLD, NEW), "Branch": ("Shopian", "Keeper")}
    assert verdicts(judged(by, plain_groups(row(ifsc=NEW, branch="Keeper")), "groups")) == [("leave", [])]
    load = undone(by, load)
    account.refresh_from_db()
    assert (load.state, account.ifsc, account.branch) == (State.UNDONE, OLD, "Shopian")


def test_with_its_number_it_is_the_same_account_under_another_ifsc(by, group):
    make_account(group, NUMBER)
    load = applied(by, plain_groups(row(ifsc=NEW, account_number=NUMBER)), "groups")
    assert verdicts(load) == [("change", [])], told(load)
    assert list(BankAccount.objects.values_list("number", "ifsc")) == [(NUMBER, NEW)]


def test_without_an_account_the_row_says_why_it_is_left_out(by, group):
    load = judged(by, plain_groups(row(ifsc=NEW), row(name="Himmat", ifsc=NEW)), "groups")
    assert verdicts(load)[0] == ("leave", ["ifsc_alone"])
    assert verdicts(load)[1][0] == "create" and "ifsc_alone" in verdicts(load)[1][1]
    assert "The IFSC is left out: the group has no open account here" in told(load)


def test_of_several_accounts_it_asks_which(by, group):
    make_account(group, NUMBER)
    make_account(group, "0043040100099999", is_default=False)
    assert verdicts(judged(by, plain_groups(row(ifsc=OLD)), "groups")) == [("leave", [])]
    assert verdicts(judged(by, plain_groups(row(ifsc=NEW)), "groups")) == [("leave", ["ifsc_of_which"])]


@pytest.mark.parametrize("none", ["JAKAOKEEPER", "0", "Keeper"])
def test_an_ifsc_that_is_none_is_left_out_and_refuses_the_row_only_beside_an_account_number(by, group, none):
    make_account(group, NUMBER)
    himmat = row(name="Himmat", ifsc=none)
    load = judged(by, plain_groups(row(ifsc=none), himmat), "groups")
    assert [(what, "ifsc_left_out" in why) for what, why in verdicts(load)] == [("leave", True), ("create", True)]
    assert "The IFSC is left out: it has 11 characters, four letters, the digit 0" in told(load)
    load = judged(by, plain_groups(row(ifsc=none, account_number=NUMBER)), "groups")
    assert verdicts(load) == [("refuse", ["ifsc_shape"])]


def test_an_ifsc_of_another_bank_alone_is_left_out(by, group):
    make_account(group, NUMBER, bank="J&K Bank", branch="Shopian")
    load = judged(by, plain_groups(row(ifsc="HDFC0000001", branch="Mall Road")), "groups")
    assert verdicts(load) == [("leave", ["ifsc_of_other_bank"])]
    assert "it is that of another bank than the account's" in told(load)


@pytest.mark.parametrize("beside", [{"bank": "HDFC Bank"}, {"account_number": NUMBER}])
def test_after_a_merger_of_banks_the_new_name_or_the_number_stands_beside_it(by, group, beside):
    account = make_account(group, NUMBER, bank="J&K Bank")
    load = applied(by, plain_groups(row(ifsc="HDFC0000001", **beside)), "groups")
    assert verdicts(load) == [("change", [])], told(load)
    account.refresh_from_db()
    assert (account.ifsc, account.bank) == ("HDFC0000001", beside.get("bank", "J&K Bank"))


@pytest.mark.parametrize("first", ["the correction", "the number"])
def test_an_account_that_another_row_corrects_to_the_same_is_left_out(by, group, first):
    make_account(group, NUMBER)
    rows = [row(ifsc=NEW), row(name="Himmat", ifsc=NEW, account_number=NUMBER)]
    load = applied(by, plain_groups(*(rows if first == "the correction" else reversed(rows))), "groups")
    assert load.state == State.APPLIED, load.refusals
    assert "account_twice" in verdicts(load)[1][1] and "account_twice" not in verdicts(load)[0][1]
    written = list(BankAccount.objects.values_list("institution__name", "number", "ifsc").order_by("ifsc"))
    if first == "the correction":
        assert "row 2 corrects the IFSC of the account with this number" in told(load)
        assert written == [("Roshni", NUMBER, NEW)]
    else:
        assert "The IFSC is left out: row 2 gives an account with this number" in told(load)
        assert written == [("Himmat", NUMBER, NEW), ("Roshni", NUMBER, OLD)]


def test_two_rows_that_correct_accounts_to_the_same_are_not_both_taken(by, group, valley):
    make_account(group, NUMBER)
    make_account(make_group(valley.chinar, "Himmat", members=5), NUMBER, ifsc="JAKA0MALLRD")
    load = applied(by, plain_groups(row(ifsc=NEW), row(name="Himmat", ifsc=NEW)), "groups")
    assert (load.state, verdicts(load)) == (State.APPLIED, [("change", []), ("leave", ["account_twice"])]), told(load)


def test_an_account_of_another_group_is_not_taken_by_correcting(by, group, valley):
    make_account(group, NUMBER)
    make_account(make_group(valley.chinar, "Himmat"), NUMBER, ifsc=NEW)
    assert verdicts(judged(by, plain_groups(row(ifsc=NEW)), "groups")) == [("leave", ["account_known"])]


def test_an_account_that_was_closed_since_is_not_put_back(by, group):
    account = make_account(group, NUMBER)
    load = applied(by, plain_groups(row(ifsc=NEW)), "groups")
    actions.close_account(by=us(), account=account.pk, on=day("2026-05-01"))
    rows = LoadRow.objects.filter(load=load)
    assert [reason.code for reason in GROUPS.why_not_undo(map(verdict_of, rows), by=by)] == ["built_on"]
    load = undone(by, load)
    assert load.state == State.APPLIED and BankAccount.objects.get().ifsc == NEW


def test_a_womans_ifsc_alone_is_that_of_the_account_she_has(by, group):
    make_member(group, "Zeba", account_number="90000000040", ifsc="SBIN0000131")
    said = {"group": "Roshni", "village": "Chinar", "belonging": "Ghulam Nabi", "born_year": 1984}
    load = applied(by, plain_women(
        said | {"name": "Zeba", "ifsc": "SBIN0000125"}, said | {"name": "Haseena Bano", "ifsc": "SBIN0000125"}
    ), "women")  # fmt: skip
    assert verdicts(load) == [("change", []), ("leave", ["ifsc_alone"])], told(load)
    zeba = Woman.objects.get(name="Zeba")
    assert (zeba.account_number, zeba.ifsc) == ("90000000040", "SBIN0000125")
    undone(by, load)
    zeba.refresh_from_db()
    assert zeba.ifsc == "SBIN0000131"


def test_a_womans_ifsc_that_is_none_or_of_another_bank_is_left_out(by, group):
    make_member(group, "Zeba", account_number="90000000040", ifsc="SBIN0000131")
    zeba = {"group": "Roshni", "village": "Chinar", "belonging": "Ghulam Nabi", "born_year": 1984, "name": "Zeba"}

    def found(**said: Any) -> Any:
        return verdicts(judged(by, plain_women(zeba | said), "women"))

    assert found(ifsc="SBINO000125") == [("leave", ["ifsc_left_out"])]
    assert found(ifsc="HDFC0000001") == [("leave", ["ifsc_of_other_bank"])]
    assert found(ifsc="HDFC0000001", account_number="90000000040") == [("change", [])]
    assert found(ifsc="SBINO000125", account_number="90000000040") == [("refuse", ["ifsc_shape"])]
