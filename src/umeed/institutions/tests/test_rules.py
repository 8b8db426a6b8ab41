"""Rules by worked examples and by properties: what is hard, what is told, and that both meet without a gap."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.institutions import norms, rules
from umeed.kernel.refusals import hard, soft

DAY = datetime.date(2020, 1, 1)
TODAY = datetime.date(2026, 6, 1)
days = st.dates(datetime.date(1990, 1, 1), TODAY)


def codes(reasons):
    return [reason.code for reason in reasons]


def joining(**said):
    usual = {
        "today": TODAY, "joined_on": DAY, "formed_on": datetime.date(2016, 1, 25), "group_kind": "shg",
        "group_status": "active", "group_status_name": "Active", "group_special": "", "members_after": 10,
        "gender": "female", "born_on": datetime.date(1984, 3, 12), "born_year": None,
    }  # fmt: skip
    return rules.why_not_join(**usual | said)


def group(**said):
    usual = {
        "today": TODAY,
        "kind": "shg",
        "name": "Roshni SHG",
        "formed_on": datetime.date(2016, 1, 25),
        "origin": "new",
    }
    return rules.why_not_group(**usual | said)


def woman(**said):
    return rules.why_not_woman(**{"today": TODAY, "name": "Haseena Bano", "born_year": 1984} | said)


@pytest.mark.parametrize(
    ("count", "status", "found"),
    [
        (4, "active", ["too_few_members"]), (5, "active", ["few_members"]), (9, "active", ["few_members"]),
        (10, "active", []), (20, "active", []), (21, "active", ["too_many_members"]),
        (3, "forming", []), (21, "forming", ["too_many_members"]), (0, "closed", []),
    ],
)  # fmt: skip
def test_sizes_as_the_reserve_bank_states_them(count, status, found):
    assert codes(rules.size_reasons(count, status=status, on=DAY)) == found


def test_eight_members_are_allowed_and_told():
    """RBI, special groups: an SHG with 8 members is allowed (5 to 20), with a warning."""
    reasons = rules.size_reasons(8, status="active", on=DAY)
    assert not hard(reasons) and len(soft(reasons)) == 1


@given(st.integers(0, 60))
def test_every_size_is_either_usual_told_or_refused(count):
    reasons = rules.size_reasons(count, status="active", on=DAY)
    assert len(reasons) == (0 if 10 <= count <= 20 else 1)
    assert bool(hard(reasons)) == (count < 5 or count > 20)


@given(born=days, joined=days)
def test_age_on_joining(born, joined):
    age = rules.age_on(born, None, joined)
    reasons = rules.age_reasons(born, None, joined)
    assert bool(hard(reasons)) == (age < 18)
    assert ("old" in codes(reasons)) == (60 < age <= 110)


@given(st.dates(datetime.date(1920, 1, 1), datetime.date(2008, 1, 1)), st.integers(0, 90))
def test_a_birthday_makes_a_year(born, years):
    if (born.month, born.day) == (2, 29):
        born = born.replace(day=28)
    birthday = born.replace(year=born.year + years)
    assert rules.age_on(born, None, birthday) == years
    assert rules.age_on(born, None, birthday - datetime.timedelta(days=1)) == years - 1


def test_the_year_alone_counts_in_her_favour():
    assert rules.age_reasons(None, 2002, DAY) == []
    assert codes(rules.age_reasons(None, 2003, DAY)) == ["too_young"]
    assert codes(rules.age_reasons(None, None, DAY)) == ["age_missing"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Haseena Bano", []), ("Ria", []), ("Al", ["name_short"]), ("", ["name_missing"]), ("  ", ["name_missing"]),
        ("हसीना", []), ("حسینہ", []), ("रमा", []), ("R2D2 Bano", ["name_with_digits"]), (". - .", ["name_short"]),
    ],
)  # fmt: skip
def test_names_have_three_letters_in_any_script(name, found):
    assert codes(rules.why_not_name(name, on=DAY)) == found


def test_a_group_may_have_a_number_in_its_name():
    assert group(name="Roshni 2") == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, []),
        ({"formed_on": datetime.date(2026, 7, 1)}, ["in_the_future"]),
        ({"formed_on": datetime.date(2011, 5, 31)}, ["before_programme"]),
        ({"formed_on": datetime.date(2011, 6, 1)}, []),
        ({"origin": "revived"}, ["revival_missing"]),
        ({"origin": "revived", "revived_on": datetime.date(2015, 1, 1)}, ["before_formation"]),
        ({"origin": "new", "revived_on": datetime.date(2018, 1, 1)}, ["not_revived"]),
        ({"origin": "coopted"}, ["cooption_missing"]),
        ({"meeting_date": 32}, ["meeting_date"]),
        ({"saving_paise": 0}, ["saving_amount"]),
        ({"bookkeeper_phone": "5123456789"}, ["mobile_shape"]),
        ({"pin": "090001"}, ["pin_shape"]),
    ],
)
def test_groups(said, found):
    assert codes(group(**said)) == found


def test_a_revived_group_may_be_older_than_the_programme():
    old = {"formed_on": datetime.date(2008, 1, 1), "origin": "revived", "revived_on": datetime.date(2014, 1, 1)}
    assert group(**old) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, []),
        ({"born_year": None}, ["age_missing"]),
        ({"born_on": datetime.date(2030, 1, 1), "born_year": None}, ["born_in_the_future"]),
        ({"born_on": datetime.date(1985, 1, 1)}, ["birth_years_differ"]),
        ({"born_year": 1900}, ["too_old"]),
        ({"phone": "9000000054"}, []),
        ({"phone": "1900000005"}, ["mobile_shape"]),
        ({"nominee_name": "Asif Dar"}, ["nominee_relation"]),
        ({"nominee_relation": "son"}, ["nominee_name_missing"]),
        ({"disability": "self"}, ["guardian_missing"]),
        ({"livelihoods": list("abcdef")}, ["too_many_livelihoods"]),
        ({"died_on": datetime.date(2027, 1, 1)}, ["in_the_future"]),
    ],
)
def test_women(said, found):
    assert codes(woman(**said)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, []),
        ({"joined_on": datetime.date(2016, 1, 24)}, ["before_formation"]),
        ({"joined_on": datetime.date(2016, 1, 25)}, []),
        ({"members_after": 21}, ["too_many_members"]),
        ({"members_after": 2}, []),
        ({"gender": "male"}, ["man_in_a_womens_group"]),
        ({"gender": "male", "group_special": "disability"}, []),
        ({"gender": "male", "group_special": "remote"}, ["man_in_a_womens_group"]),
        ({"gender": "transgender"}, []),
        ({"group_status": "closed"}, ["institution_ended"]),
        ({"family": ["Haseena"]}, ["family_in_group"]),
        ({"died_on": DAY}, ["she_died"]),
        ({"is_merged": True}, ["record_merged"]),
        ({"group_kind": "producer_group", "gender": "male", "born_on": None}, []),
    ],
)
def test_joining(said, found):
    assert codes(joining(**said)) == found


def test_leaving_is_told_but_not_refused_when_the_group_gets_small():
    said = {
        "today": TODAY, "left_on": DAY, "joined_on": datetime.date(2016, 2, 1), "reason": "migrated",
        "members_after": 4,
        "group_status": "active", "office_name": "President",
    }  # fmt: skip
    reasons = rules.why_not_leave(**said)
    assert codes(reasons) == ["too_few_members", "office_ends"] and not hard(reasons)
    assert codes(hard(rules.why_not_leave(**said | {"reason": "", "left_on": said["joined_on"]}))) == [
        "before_it_began", "leave_reason_missing",
    ]  # fmt: skip


def test_who_is_a_member_today_leaves_from_tomorrow_at_the_latest():
    said = {"today": TODAY, "joined_on": DAY, "reason": "migrated", "members_after": 10, "group_status": "active"}
    tomorrow, later = TODAY + datetime.timedelta(days=1), TODAY + datetime.timedelta(days=2)
    assert rules.why_not_leave(**said, left_on=tomorrow) == []
    assert codes(rules.why_not_leave(**said, left_on=later)) == ["in_the_future"]


def test_accounts_are_typed_twice_and_opened_after_the_formation():
    said = {
        "today": TODAY, "number": "0043040100012345", "again": "0043040100012345", "ifsc": "JAKA0SHOPAN",
        "opened_on": DAY, "formed_on": datetime.date(2016, 1, 25),
    }  # fmt: skip
    assert rules.why_not_account(**said) == []
    assert rules.why_not_account(**said | {"again": " 00430401 00012345"}) == []
    assert codes(rules.why_not_account(**said | {"again": "0043040100012354"})) == ["typed_differently"]
    assert codes(rules.why_not_account(**said | {"opened_on": datetime.date(2015, 1, 1)})) == ["before_formation"]
    assert codes(rules.why_not_account(**said | {"ifsc": ""})) == ["ifsc_missing"]


def test_two_of_the_three_office_bearers_sign():
    assert [codes(rules.why_not_signatories(count, on=DAY)) for count in (0, 1, 2, 3)] == [
        ["few_signatories"], ["few_signatories"], [], [],
    ]  # fmt: skip
    told = rules.why_not_signatory(office="bookkeeper", on=DAY, since=DAY, today=TODAY)
    assert codes(told) == ["not_office_bearer"]


@pytest.mark.parametrize(
    ("member", "above", "found"),
    [("shg", "vo", []), ("vo", "clf", []), ("shg", "clf", ["kind_order"]), ("clf", "vo", ["kind_order"]),
     ("vo", "vo", ["kind_order"]), ("shg", "shg", ["kind_order"])],
)  # fmt: skip
def test_who_federates_whom(member, above, found):
    formed = datetime.date(2016, 1, 1)
    reasons = rules.why_not_federate(
        today=TODAY, member_kind=member, above_kind=above, on=DAY, member_formed_on=formed, above_formed_on=formed
    )
    assert codes(reasons) == found


def test_a_young_vo_is_told_and_another_panchayat_needs_a_reason():
    said = {"today": TODAY, "on": DAY, "above_formed_on": datetime.date(2016, 1, 1)}
    young = rules.why_not_federate(
        **said, member_kind="vo", above_kind="clf", member_formed_on=datetime.date(2019, 7, 2)
    )  # fmt: skip
    assert codes(young) == ["young_vo"] and not hard(young)
    apart = {
        "member_kind": "shg", "above_kind": "vo", "member_formed_on": datetime.date(2016, 1, 1),
        "member_panchayat": "Bala", "above_panchayat": "Halqa",
    }  # fmt: skip
    assert codes(rules.why_not_federate(**said, **apart)) == ["other_panchayat"]
    assert rules.why_not_federate(**said, **apart, why="No VO there yet") == []


def test_identity_needs_consent_and_a_right_check_digit():
    assert rules.why_not_identity("234123412346", has_consent=True) == []
    assert codes(rules.why_not_identity("234123412346", has_consent=False)) == ["consent_first"]
    assert codes(rules.why_not_identity("234123412347", has_consent=True)) == ["aadhaar_check_digit"]
    assert codes(rules.why_not_identity("134123412346", has_consent=True)) == ["aadhaar_shape"]


def test_a_phone_of_the_fourth_woman_is_told():
    assert [codes(rules.shared_phone(others, on=DAY)) for others in (2, 3)] == [[], ["phone_shared"]]


def test_every_norm_has_a_source_and_old_days_keep_old_norms(monkeypatch):
    assert all(row.source for row in norms.NORMS)
    later = norms.Norm("shg.members.max", 25, datetime.date(2030, 1, 1), "women", "A circular to come")
    monkeypatch.setattr(norms, "NORMS", (*norms.NORMS, later))
    norms.norm_row.cache_clear()
    try:
        assert norms.norm("shg.members.max", on=datetime.date(2029, 12, 31)) == 20
        assert norms.norm("shg.members.max", on=datetime.date(2030, 1, 1)) == 25
    finally:
        norms.norm_row.cache_clear()
    with pytest.raises(KeyError):
        norms.norm("shg.members.colour", on=DAY)
