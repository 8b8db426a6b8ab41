"""Entering by form: twins are asked about, all reasons come at once, numbers are typed as people write them."""

import pytest
from django.test import Client
from django.urls import reverse

from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer
from umeed.institutions import actions
from umeed.institutions.actions import alike
from umeed.institutions.models import BankAccount, Household, Institution, Woman
from umeed.institutions.tests.making import (
    TODAY,
    bookkeeper_of,
    day,
    make_group,
    make_member,
    make_woman,
    officer_at,
    signed_in,
    us,
)
from umeed.institutions.tests.test_corrections import _as_sent
from umeed.kernel.ids import new_id

HER = {"name": "Hasina Banoo", "belonging_name": "Gulam Nabi", "relation": "husband", "born_on": "12-03-1984",
       "gender": "female", "joined_on": "01-02-2020"}  # fmt: skip


def entered(client: Client, group: Institution, **typed: str):
    given = {"record_id": str(new_id()), "group": f"{group.name}, {group.place.name}", **HER, **typed}
    return client.post(reverse("women:new"), {key: value for key, value in given.items() if value})


def corrected(client: Client, url: str, **typed: str):
    form = client.get(url).context["form"]
    return client.post(url, {**{bound.html_name: _as_sent(bound) for bound in form}, **typed})


def told(answer) -> list[str]:
    assert answer.status_code == 200, "it was saved without a word"
    return [reason.message() for reason in answer.context["form"].warned]


def errors(answer) -> dict[str, str]:
    return {name: str(reasons[0]) for name, reasons in answer.context["form"].errors.items()}


# Twins ---------------------------------------------------------------------------------------------------------------


def test_a_woman_who_may_be_there_already_is_asked_about_and_saved_when_ticked(valley, officer):
    group, other = make_group(valley.chinar), make_group(valley.chinar, "Umeed Chinar")
    make_member(other)
    asked = entered(officer, group)
    assert told(asked) == [
        "A woman whose name sounds alike is already there: Haseena Bano · Ghulam Nabi · Umeed Chinar. "
        "Please make sure that it is not the same woman."
    ]
    assert Woman.objects.count() == 1 and asked.context["form"].errors == {}
    assert entered(officer, group, confirmed=asked.context["form"].to_confirm).status_code == 302
    assert Woman.objects.count() == 2


@pytest.mark.parametrize(
    ("hers", "typed", "is_told"),
    [
        ({"belonging_name": ""}, {}, True),
        ({}, {"belonging_name": "", "born_on": "01-01-1990"}, True),
        ({"belonging_name": "Abdul Rashid"}, {}, True),  # the same year of birth
        ({"belonging_name": "Abdul Rashid", "born_on": day("1990-01-01")}, {}, False),
        ({"belonging_name": "Abdul Rashid", "born_on": day("1990-01-01"), "phone": "9906012345"},
         {"phone": "99060 12345"}, True),
        ({"died_on": day("2020-01-01")}, {}, False),
    ],
)  # fmt: skip
def test_what_makes_her_look_like_another(valley, officer, hers, typed, is_told):
    make_woman(valley.chinar, **hers)
    answer = entered(officer, make_group(valley.chinar), **typed)
    assert (answer.status_code == 200) is is_told


def test_a_merged_record_and_a_woman_of_another_village_are_no_twins(valley, officer):
    kept = make_woman(valley.deodar)
    merged = make_woman(valley.chinar)
    with audited(by=us(), did="merge_women"):
        merged.merged_into = kept
        merged.save()
    assert entered(officer, make_group(valley.chinar)).status_code == 302


def test_a_member_of_the_same_group_from_another_village_is_told(valley, officer):
    group = make_group(valley.chinar)
    woman = make_woman(valley.deodar)
    actions.join_group(by=us(), id=new_id(), woman=woman, group=group, joined_on=day("2018-01-01"))
    assert "Haseena Bano" in told(entered(officer, group))[0]


def test_a_bookkeeper_hears_only_of_women_whom_she_may_see(valley, settings):
    settings.SECOND_FACTOR = "none"
    group, other = make_group(valley.chinar), make_group(valley.chinar, "Umeed Chinar")
    make_member(other)
    bookkeeper_of(group)
    assert entered(signed_in("bookkeeper"), group).status_code == 302


def test_who_is_called_otherwise_is_asked_about_and_who_keeps_her_name_is_not(valley, officer):
    make_woman(valley.chinar)
    woman = make_woman(valley.chinar, "Rubeena Jan")
    url = reverse("women:edit", args=[woman.pk])
    assert "Haseena Bano" in told(corrected(officer, url, name="Hasina Bano"))[0]
    assert corrected(officer, url, address="Near the bridge").status_code == 302
    assert corrected(officer, url, name="Hasina Bano", confirmed="woman_alike:name").status_code == 302
    assert corrected(officer, url, name="Haseena Bano", address="Upper lane").status_code == 302


def test_looking_for_twins_takes_two_questions(valley, django_assert_num_queries):
    group = make_group(valley.chinar, members=6)
    scope: Scope = officer_at(valley.north)
    woman = Woman(name="Hasina Banoo", belonging_name="Gulam Nabi", born_on=day("1984-03-12"), place=valley.chinar)
    with as_viewer(scope.viewer), django_assert_num_queries(2):
        assert len(alike.women_alike(scope, woman, [group.pk])) == 1


# All reasons at once -------------------------------------------------------------------------------------------------


def test_a_date_that_is_none_does_not_hide_the_other_reasons(valley, officer):
    group = make_group(valley.chinar)
    make_member(group)
    answer = entered(officer, group, born_on="31/02/1982", phone="12345 abc", pin_code="1920", head_name="Nabi 2")
    assert set(errors(answer)) == {"born_on", "phone", "pin_code", "head_name"}
    assert "Haseena Bano" in told(answer)[0]


def test_what_could_not_be_read_is_not_called_missing_or_contradicted(valley, officer):
    group = make_group(valley.chinar)
    answer = entered(officer, group, born_on="", born_year="19x2", joined_on="31/02/2016", phone="12")
    assert set(errors(answer)) == {"born_year", "joined_on", "phone"}
    woman = make_woman(valley.chinar, "Rubeena Jan")
    wrong = corrected(
        officer, reverse("women:edit", args=[woman.pk]), born_on="31/02/1982", born_year="1982", name="R2"
    )
    assert set(errors(wrong)) == {"born_on", "name"}


def test_a_new_group_is_told_everything_at_once(valley, officer):
    wrong = {"name": "Ro", "place": "brarbl", "formed_on": "31/02/2016", "origin": "new", "pin_code": "1920",
             "bookkeeper_phone": "12345 abc", "revived_on": "01-01-2096"}  # fmt: skip
    answer = officer.post(reverse("shgs:new"), {"record_id": new_id(), **wrong})
    assert set(errors(answer)) == {"name", "place", "formed_on", "pin_code", "bookkeeper_phone", "revived_on"}
    assert "before the formation" not in answer.content.decode()
    empty = officer.post(reverse("shgs:new"), {"record_id": new_id(), "pin_code": "1920"})
    assert set(errors(empty)) == {"name", "place", "formed_on", "origin", "pin_code"}
    group = make_group(valley.chinar, members=6)
    edited = corrected(officer, reverse("shgs:edit", args=[group.pk]), formed_on="31/02/2017", pin_code="1920")
    assert set(errors(edited)) == {"formed_on", "pin_code"}


def test_a_new_account_is_told_everything_at_once(valley, officer):
    url = reverse("institutions:institution_account", args=[make_group(valley.chinar).pk])
    wrong = {"number": "12", "number_again": "13", "ifsc": "JAKAO000001", "opened_on": "31/02/2016"}
    assert set(errors(officer.post(url, wrong))) == {"number", "number_again", "ifsc", "opened_on"}
    later = officer.post(url, {"number": "", "number_again": "0043040100012345", "ifsc": "", "opened_on": "1-1-2096"})
    assert set(errors(later)) == {"number", "ifsc", "opened_on"}


def test_a_day_in_the_future_is_told_beside_a_field_left_empty(valley, officer):
    tie = make_member(make_group(valley.chinar))
    url = reverse("institutions:woman_leave", args=[tie.woman_id])
    assert set(errors(officer.post(url, {"membership": tie.pk, "left_on": "1-1-2096"}))) == {"left_on", "leave_reason"}


# Numbers and births --------------------------------------------------------------------------------------------------


def test_numbers_are_typed_with_blanks_and_dashes(valley, officer):
    group = make_group(valley.chinar)
    page = officer.get(reverse("women:new"))
    assert 'maxlength="6"' not in str(page.context["form"]["pin_code"])
    assert 'maxlength="11"' not in str(page.context["form"]["ifsc"])
    typed = {
        "pin_code": "۱۹۲ ۲۰۱",
        "account_number": "0043 0401-0001 2345",
        "ifsc": "jaka 0shopan",
        "phone": "+91 99060-12345",
    }
    assert entered(officer, group, **typed).status_code == 302
    woman = Woman.objects.get()
    kept = (woman.pin_code, woman.account_number, woman.ifsc, woman.phone)
    assert kept == ("192201", "0043040100012345", "JAKA0SHOPAN", "9906012345")
    url = reverse("institutions:institution_account", args=[group.pk])
    number = "0043-0401-0006 7890"
    assert officer.post(url, {"number": number, "number_again": number, "ifsc": "JAKA-0SHO PAN"}).status_code == 302
    account = BankAccount.objects.get()
    assert (account.number, account.ifsc) == ("0043040100067890", "JAKA0SHOPAN")
    assert corrected(officer, reverse("shgs:edit", args=[group.pk]), pin_code="192-201").status_code == 302
    group.refresh_from_db()
    assert group.pin_code == "192201"


def test_what_no_column_holds_is_refused_and_what_stood_there_before_is_kept(valley, officer):
    answer = entered(officer, make_group(valley.chinar), ifsc="JAKA 0SHOPIAN 1", pin_code="192 2011")
    assert set(errors(answer)) == {"ifsc", "pin_code"}
    woman = make_woman(valley.chinar, "Rubeena Jan")
    with audited(by=us(), did="load_old_rows"):
        woman.pin_code = "1920"
        woman.save()
    url = reverse("women:edit", args=[woman.pk])
    answer = corrected(officer, url, address="Near the bridge")
    assert (
        corrected(officer, url, address="Near the bridge", confirmed=answer.context["form"].to_confirm).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"born_on": "12-03-1982"}, (day("1982-03-12"), 1982)),
        ({"born_on": ""}, (None, 1984)),
        ({"born_on": "", "born_year": "1980"}, (None, 1980)),
        ({"born_on": "12-03-1982", "born_year": "1982"}, (day("1982-03-12"), 1982)),
    ],
)
def test_the_year_of_birth_follows_a_corrected_date(valley, officer, typed, kept):
    woman = make_woman(valley.chinar, born_year=1984)
    assert corrected(officer, reverse("women:edit", args=[woman.pk]), **typed).status_code == 302
    woman.refresh_from_db()
    assert (woman.born_on, woman.born_year) == kept


@pytest.mark.parametrize("typed", [{"born_year": "1980"}, {"born_on": "12-03-1982", "born_year": "1980"}])
def test_a_year_that_contradicts_the_date_is_asked_about(valley, officer, typed):
    woman = make_woman(valley.chinar, born_year=1984)
    assert set(errors(corrected(officer, reverse("women:edit", args=[woman.pk]), **typed))) == {"born_year"}


# Names ---------------------------------------------------------------------------------------------------------------


def test_nobodys_name_has_digits(valley, officer):
    group = make_group(valley.chinar)
    url = reverse("shgs:edit", args=[group.pk])
    assert "no digits" in errors(corrected(officer, url, bookkeeper_name="Person 002"))["bookkeeper_name"]
    answer = entered(officer, group, guardian_name="Wali 2", head_name="Nabi 2")
    assert {"guardian_name", "head_name"} <= set(errors(answer))
    woman = make_woman(valley.chinar, "Rubeena Jan", new_household={"head_name": "Ghulam Nabi"})
    for way in ("woman_household", "woman_move"):
        home = officer.post(reverse(f"institutions:{way}", args=[woman.pk]), {"head_name": "Nabi 2", "place": "Chinar"})
        assert "no digits" in errors(home)["head_name"]
    assert Household.objects.get().head_name == "Ghulam Nabi"


def test_an_old_fault_does_not_keep_a_group_or_a_household_from_being_corrected(valley, officer):
    group = make_group(valley.chinar)
    woman = make_woman(valley.chinar, "Rubeena Jan", new_household={"head_name": "Ghulam Nabi"})
    with audited(by=us(TODAY), did="load_old_rows"):
        group.bookkeeper_name = "Person 002"
        group.save()
        woman.household.head_name = "Person 003"
        woman.household.save()
    url = reverse("shgs:edit", args=[group.pk])
    asked = corrected(officer, url, address="Near the bridge")
    confirmed = asked.context["form"].to_confirm
    assert corrected(officer, url, address="Near the bridge", confirmed=confirmed).status_code == 302
    actions.correct_household(by=us(), household=woman.household_id, head_name="Person 003", house="Upper lane")
