"""Actions on women and groups against a real PostgreSQL: what they write, what they refuse, and who may."""

import pytest
from django.core.exceptions import ValidationError

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer
from umeed.institutions import actions
from umeed.institutions.actions.joining import joined, why_not_join_group, why_not_leave_group
from umeed.institutions.fields import VillageField
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Federation,
    Household,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.institutions.tests.making import (
    FORMED,
    JOINED,
    NAMES,
    TODAY,
    bookkeeper_of,
    codes_of,
    day,
    make_account,
    make_federation,
    make_group,
    make_member,
    make_office,
    make_woman,
    members_of,
    officer_at,
    us,
)
from umeed.kernel.ids import new_id
from umeed.kernel.names import spelling_key
from umeed.places.tests.world import make


def test_a_woman_is_enrolled_with_household_and_membership_in_one_entry(valley):
    group = make_group(valley.chinar)
    before = AuditEntry.objects.count()
    woman = make_woman(
        valley.chinar, " Haseena   Bano ", group=group, joined_on=JOINED, phone="+91 90000 00054",
        new_household={"head_name": "Ghulam Nabi", "poverty": "poor"},
    )  # fmt: skip
    woman.refresh_from_db()
    assert (woman.name, woman.phone, woman.born_year) == ("Haseena Bano", "9000000054", 1984)
    assert woman.name_key == spelling_key("Haseena Bano")
    assert woman.household.head_name == "Ghulam Nabi"
    assert members_of(group)[0].woman == woman
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.order_by("-seq")[0].change_count == 3


def test_enrolling_twice_is_once_and_another_under_the_same_id_is_refused(valley):
    pk = new_id()
    first = make_woman(valley.chinar, id=pk)
    assert make_woman(valley.chinar, id=pk) == first
    assert Woman.objects.count() == 1
    with pytest.raises(Refused) as refused:
        make_woman(valley.chinar, "Shameema Akhter", id=pk)
    assert codes_of(refused) == ["id_taken"]


def test_a_repeated_call_after_a_correction_is_still_the_same_call(valley):
    pk = new_id()
    woman = make_woman(valley.chinar, id=pk)
    actions.correct_woman(by=us(), woman=woman, name="Hasina Bano", education="middle")
    assert make_woman(valley.chinar, id=pk).name == "Hasina Bano"


def test_all_reasons_come_at_once(valley):
    group = make_group(valley.chinar)
    with pytest.raises(Refused) as refused:
        make_woman(
            valley.chinar, "Al", group=group, joined_on=day("2015-05-05"), born_on=day("2004-01-01"), phone="12345",
            nominee_name="Asif",
        )  # fmt: skip
    found = set(codes_of(refused))
    assert found == {"name_short", "mobile_shape", "nominee_relation", "before_formation", "too_young"}
    assert not Woman.objects.exists()


def test_a_correction_on_an_older_page_is_refused(valley):
    woman = make_woman(valley.chinar)
    actions.correct_woman(by=us(), woman=woman, education="middle", revision=1)
    with pytest.raises(Refused) as refused:
        actions.correct_woman(by=us(), woman=woman, education="graduate", revision=1)
    assert codes_of(refused) == ["stale"]


def test_a_birth_date_that_makes_her_twelve_on_joining_is_refused_later_too(valley):
    tie = make_member(make_group(valley.chinar))
    with pytest.raises(Refused) as refused:
        actions.correct_woman(by=us(), woman=tie.woman_id, born_on=day("2004-01-01"), born_year=2004)
    assert codes_of(refused) == ["too_young"]


def test_a_woman_is_in_one_group_at_a_time(valley):
    tie = make_member(make_group(valley.chinar, "Roshni"))
    other = make_group(valley.deodar, "Himmat")
    with pytest.raises(Refused) as refused:
        actions.join_group(by=us(), id=new_id(), woman=tie.woman_id, group=other, joined_on=day("2020-01-01"))
    assert "already a member of Roshni since 1 Feb 2016" in str(refused.value)


def test_the_other_group_has_no_name_for_those_who_may_not_see_it(valley):
    tie = make_member(make_group(valley.walnut, "Roshni"))
    other = make_group(valley.chinar, "Himmat")
    woman = Woman.objects.get(pk=tie.woman_id)
    north = officer_at(valley.north)
    with as_viewer(north.viewer):
        reasons = why_not_join_group(north, woman, other, day("2020-01-01"))
    told = [reason.message() for reason in reasons if reason.code == "in_another_group"]
    assert told == ["She is already a member of another group since 1 Feb 2016."]


def test_a_woman_changes_groups_in_one_action(valley):
    tie = make_member(make_group(valley.chinar, "Roshni"))
    make_office(tie)
    other = make_group(valley.chinar, "Himmat")
    moved = actions.transfer(by=us(), id=new_id(), membership=tie, group=other, on=day("2024-05-01"))
    tie.refresh_from_db()
    assert tie.until_on == moved.since_on == day("2024-05-01")
    assert OfficeTerm.objects.get().until_on == day("2024-05-01")


def test_the_twenty_first_member_is_refused(valley):
    group = make_group(valley.chinar, members=20)
    with pytest.raises(Refused) as refused:
        make_member(group, NAMES[20])
    assert codes_of(refused) == ["too_many_members"]


def test_a_man_is_refused_unless_the_group_is_marked(valley):
    with pytest.raises(Refused) as refused:
        make_member(make_group(valley.chinar), "Bashir Ahmad", gender="male")
    assert codes_of(refused) == ["man_in_a_womens_group"]
    make_member(make_group(valley.chinar, "Sahara", special="disability"), "Bashir Ahmad", gender="male")


def test_a_group_becomes_active_with_five_members(valley):
    group = make_group(valley.chinar, members=4)
    with pytest.raises(Refused) as refused:
        actions.change_status(by=us(), group=group, status="active", on=TODAY, why="Ready")
    assert codes_of(refused) == ["too_few_members"]
    make_member(group, NAMES[4])
    actions.change_status(by=us(), group=group, status="active", on=TODAY, why="Ready")
    group.refresh_from_db()
    assert group.status == "active"
    assert list(StatusTerm.objects.order_by("during").values_list("status", flat=True)) == ["forming", "active"]


def test_closing_a_group_ends_what_hangs_on_it(valley):
    group = make_group(valley.chinar, members=5)
    make_office(members_of(group)[0])
    make_federation(group, make_group(valley.chinar, "Chinar VO", kind="vo"))
    actions.change_status(by=us(), group=group, status="closed", on=day("2025-01-01"), why="All moved away")
    assert not members_of(group)
    assert not Federation.objects.on(TODAY).exists()
    assert not OfficeTerm.objects.on(TODAY).exists()
    with pytest.raises(Refused) as refused:
        make_member(group)
    assert codes_of(refused) == ["institution_ended"]


def test_a_group_without_village_or_revival_date_is_refused(valley):
    with pytest.raises(Refused) as refused:
        make_group(valley.north, "Roshni", origin="revived", formed_on=day("2027-01-01"))
    assert set(codes_of(refused)) == {"not_a_village", "revival_missing", "in_the_future"}


def test_formation_cannot_move_behind_a_joining(valley):
    group = make_group(valley.chinar, members=1)
    with pytest.raises(Refused) as refused:
        actions.correct_group(by=us(), group=group, formed_on=day("2017-01-01"))
    assert codes_of(refused) == ["members_joined_before"]
    actions.correct_group(by=us(), group=group, formed_on=day("2015-01-01"))
    assert StatusTerm.objects.get().since_on == day("2015-01-01")


def test_a_second_president_is_refused_and_a_successor_is_not(valley):
    group = make_group(valley.chinar, members=2)
    first, second = members_of(group)
    make_office(first)
    with pytest.raises(Refused) as refused:
        make_office(second, on="2024-01-02")
    assert "is President since 2 Jan 2022" in str(refused.value)
    actions.elect_office(
        by=us(), id=new_id(), institution=group, woman=second.woman_id, office="president", on=day("2024-01-02"),
        replacing=True,
    )  # fmt: skip
    assert [term.woman_id for term in OfficeTerm.objects.on(TODAY)] == [second.woman_id]


def test_an_account_is_typed_twice_and_sealed(valley):
    group = make_group(valley.chinar)
    with pytest.raises(Refused) as refused:
        make_account(group, number_again="0043040100012354", ifsc="JAKAOSHOPAN", opened_on=day("2015-01-01"))
    assert set(codes_of(refused)) == {"typed_differently", "ifsc_shape", "before_formation"}
    account = make_account(group)
    assert BankAccount.objects.filter(number="0043040100012345").get() == account
    assert AuditEntry.objects.order_by("-seq")[0].changes.get().after["number"].endswith("2345")
    assert "0043040100012345" not in str(AuditEntry.objects.order_by("-seq")[0].changes.get().after)


def test_an_account_belongs_to_one_institution(valley):
    make_account(make_group(valley.chinar, "Roshni"))
    with pytest.raises(Refused) as refused:
        make_account(make_group(valley.chinar, "Himmat"))
    assert "already recorded for Roshni" in str(refused.value)


def test_office_bearers_sign_and_stop_when_they_leave(valley):
    group = make_group(valley.chinar, members=2)
    president, member = members_of(group)
    make_office(president)
    account = make_account(group)
    actions.add_signatory(by=us(), id=new_id(), account=account, woman=president.woman_id, on=day("2022-02-01"))
    with pytest.raises(Refused) as refused:
        actions.add_signatory(by=us(), id=new_id(), account=account, woman=member.woman_id, on=day("2022-02-01"))
    assert codes_of(refused) == ["no_office"]
    actions.leave_group(by=us(), membership=president, left_on=day("2025-01-01"), leave_reason="migrated")
    assert not Signatory.objects.on(TODAY).exists()
    assert not OfficeTerm.objects.on(TODAY).exists()


def test_who_leaves_because_she_died_is_told_to_have_died(valley):
    group = make_group(valley.chinar, members=2)
    first, second = members_of(group)
    left_on = day("2025-01-01")
    warned = why_not_leave_group(us(), first, left_on, "deceased")
    assert ("says_she_died", "warn") in [(one.code, one.severity) for one in warned]
    actions.leave_group(by=us(), membership=first, left_on=left_on, leave_reason="deceased")
    assert Woman.objects.get(pk=first.woman_id).died_on == left_on
    actions.leave_group(by=us(), membership=second, left_on=left_on, leave_reason="migrated")
    assert Woman.objects.get(pk=second.woman_id).died_on is None


def test_a_member_from_a_village_out_of_reach_leaves_and_keeps_her_record(valley):
    group = make_group(valley.chinar, members=1)
    woman = make_woman(valley.walnut, "Raja Begum", group=group, joined_on=JOINED)
    tie = Membership.objects.get(woman=woman)
    by = officer_at(valley.north)
    with as_viewer(by.viewer):
        assert not Woman.objects.filter(pk=woman.pk).exists(), "row security hides her"
        actions.leave_group(by=by, membership=tie.pk, left_on=day("2025-01-01"), leave_reason="deceased")
    assert Membership.objects.get(pk=tie.pk).leave_reason == "deceased"
    assert Woman.objects.get(pk=tie.woman_id).died_on is None


def test_groups_join_vos_and_vos_join_clfs(valley):
    group, vo = make_group(valley.chinar), make_group(valley.chinar, "Chinar VO", kind="vo")
    clf = make_group(valley.north, "North CLF", kind="clf")
    make_federation(group, vo)
    make_federation(vo, clf)
    with pytest.raises(Refused) as refused:
        make_federation(group, clf)
    assert "kind_order" in codes_of(refused)
    with pytest.raises(Refused) as again:
        make_federation(group, make_group(valley.chinar, "Second VO", kind="vo"))
    assert "belongs to Chinar VO since 1 Jan 2018" in str(again.value)


def test_a_vo_of_another_panchayat_needs_a_reason(valley):
    elsewhere = make("panchayat", "Bala", valley.north, code=932)
    far = make("village", "Almond", valley.hill, elsewhere, code=946)
    group, vo = make_group(far), make_group(valley.chinar, "Chinar VO", kind="vo")
    with pytest.raises(Refused) as refused:
        make_federation(group, vo)
    assert codes_of(refused) == ["other_panchayat"]
    make_federation(group, vo, why="Their own panchayat has no VO yet")


def test_no_identity_without_consent_and_none_after_withdrawal(valley):
    woman = make_woman(valley.chinar)
    number = "2341 2341 2346"
    with pytest.raises(Refused) as refused:
        actions.identify_woman(by=us(), woman=woman, aadhaar=number)
    assert codes_of(refused) == ["consent_first"]
    consent = actions.give_consent(
        by=us(), id=new_id(), woman=woman, purpose="identity", language="ks", taken="thumb", given_on=TODAY
    )
    kept = actions.identify_woman(by=us(), woman=woman, aadhaar=number)
    assert (kept.identity_last4, len(kept.identity_hash)) == ("2346", 64)
    actions.withdraw_consent(by=us(), consent=consent, withdrawn_on=TODAY)
    kept.refresh_from_db()
    assert (kept.identity_last4, kept.identity_hash) == ("", "")


def test_an_alias_means_one_thing(valley):
    one, two = make_woman(valley.chinar), make_woman(valley.chinar, "Rubeena Jan")
    actions.give_alias(by=us(), id=new_id(), system="lokos", value=" LK 77 ", woman=one)
    assert Alias.objects.get().value == "LK77"
    with pytest.raises(Refused) as refused:
        actions.give_alias(by=us(), id=new_id(), system="lokos", value="LK77", woman=two)
    assert codes_of(refused) == ["alias_taken"]


def test_a_household_brings_its_village_along(valley):
    woman = make_woman(valley.chinar, new_household={"head_name": "Ghulam Nabi"})
    actions.move_household(by=us(), woman=woman, place=valley.deodar, new_household={"head_name": "Abdul Ahad"})
    woman.refresh_from_db()
    assert (woman.place, woman.household.place) == (valley.deodar, valley.deodar)
    assert Household.objects.count() == 2


def test_a_bookkeeper_writes_in_her_own_group_only(valley):
    mine, other = make_group(valley.chinar, "Roshni"), make_group(valley.chinar, "Himmat")
    stranger = make_member(other, "Rubeena Jan")
    by = bookkeeper_of(mine)
    with as_viewer(by.viewer):
        enrolled = make_woman(
            valley.chinar, by=by, group=mine, joined_on=JOINED, new_household={"head_name": "Ghulam Nabi"}
        )
        assert list(Woman.objects.seen_by(by, "women.see")) == [enrolled]
        with pytest.raises(Refused) as refused:
            make_woman(valley.chinar, "Nusrat Ara", by=by, group=other, joined_on=JOINED)
        assert codes_of(refused) == ["not_found"]
        with pytest.raises(Refused) as alone:
            make_woman(valley.chinar, "Nusrat Ara", by=by)
        assert codes_of(alone) == ["group_first"]
        for act in (
            lambda: actions.correct_woman(by=by, woman=stranger.woman_id, education="middle"),
            lambda: actions.leave_group(by=by, membership=stranger, left_on=TODAY, leave_reason="left"),
            lambda: actions.correct_group(by=by, group=other, name="Mine now"),
        ):
            with pytest.raises(Refused) as foreign:
                act()
            assert codes_of(foreign) == ["not_found"]


def test_an_officer_of_one_block_cannot_write_in_another(valley):
    group = make_group(valley.walnut)
    by = officer_at(valley.north)
    with as_viewer(by.viewer):
        with pytest.raises(Refused) as refused:
            make_group(valley.walnut, "Himmat", by=by)
        assert codes_of(refused) == ["not_found"]
        with pytest.raises(Refused):
            actions.change_status(by=by, group=group, status="closed", on=TODAY, why="No")
        assert make_group(valley.chinar, "Himmat", by=by).place == valley.chinar


def test_a_resource_person_enrols_women_but_forms_no_groups(valley):
    group = make_group(valley.chinar)
    by = officer_at(valley.halqa, "resource_person", "cadre")
    with as_viewer(by.viewer):
        make_woman(valley.chinar, by=by, group=group, joined_on=JOINED)
        with pytest.raises(Refused) as refused:
            make_group(valley.chinar, "Himmat", by=by)
        assert codes_of(refused) == ["not_found"]


def test_what_the_database_refuses_is_told_plainly(valley):
    """Two people at once: the rule sees nothing wrong, the exclusion constraint does."""
    tie = make_member(make_group(valley.chinar, "Roshni"))
    other = make_group(valley.chinar, "Himmat")
    with pytest.raises(Refused) as refused, audited(by=us(), did="race") as trail:
        joined(trail, new_id(), tie.woman, other, day("2020-01-01"))
    assert codes_of(refused) == ["in_another_group"]
    assert Membership.objects.filter(institution=other).count() == 0


def test_the_same_formation_makes_one_group(valley):
    pk = new_id()
    assert make_group(valley.chinar, id=pk) == make_group(valley.chinar, id=pk)
    assert Institution.objects.count() == StatusTerm.objects.count() == 1
    assert Institution.objects.get().formed_on == FORMED


def test_a_name_that_sounds_longer_than_it_is_written_is_kept(valley):
    woman = make_woman(valley.chinar, belonging_name="ﷺ" * 20)
    assert 0 < len(woman.belonging_key) <= 200


def test_a_typed_village_in_another_panchayat_than_is_typed_is_asked_about(valley):
    field = VillageField()
    field.bind_to(us(), "women.change")
    assert field.clean("Chinar") == valley.chinar
    with pytest.raises(ValidationError) as refused:
        field.clean("Chinar, Somewhere")
    assert "not in the panchayat “Somewhere”" in str(refused.value)
