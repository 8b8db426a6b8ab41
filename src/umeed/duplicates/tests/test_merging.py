"""Two records become one: what moves, what stays behind, what is refused."""

import datetime

import pytest

from umeed.core.actions import Refused
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.viewer import as_system
from umeed.duplicates.actions import merge_women
from umeed.duplicates.models import Merge
from umeed.duplicates.tests.conftest import LONG_AGO, TODAY, everything
from umeed.institutions.models import Consent, Membership, Woman

WHY = "Same woman, seen at the group's meeting"
YESTERDAY = TODAY - datetime.timedelta(days=1)


def fresh(row):
    with as_system():
        return type(row).objects.get(pk=row.pk)


def merged(acting, world, **given):
    return acting(merge_women, **{"keep": world.first, "other": world.second, "why": WHY, **given})


def codes_of(refused) -> set[str]:
    return {reason.code for reason in refused.value.refusals}


def test_what_hangs_on_the_second_record_goes_to_the_first(acting, world) -> None:
    earlier = world.member(world.second, world.second_group, LONG_AGO, datetime.date(2023, 1, 1))
    membership = world.member(world.second, world.group, datetime.date(2023, 1, 1))
    office = world.office(world.second, world.group, "secretary")
    signature = world.signs(world.second, world.group)
    consent = world.agreed(world.second)
    alias = world.alias(world.second, "L-77")
    merge = merged(acting, world)
    for row in (earlier, membership, office, signature, consent, alias):
        assert fresh(row).woman_id == world.first.pk
        assert getattr(fresh(row), "during", None) == getattr(row, "during", None)
    second = fresh(world.second)
    assert second.merged_into_id == world.first.pk and second.name == "Halima Begam"
    assert merge.survivor_id == world.first.pk and merge.merged_id == second.pk


def test_values_come_from_where_the_person_says(acting, world) -> None:
    merged(acting, world, take={"born"})
    first = fresh(world.first)
    assert first.born_on == datetime.date(1988, 3, 4) and first.phone == "9906543210"
    assert first.name == "Haleema Begum"
    assert fresh(world.second).born_on == datetime.date(1988, 3, 4)


def test_it_is_one_entry_about_the_kept_record_and_covers_what_is_sealed(acting, world) -> None:
    world.member(world.second, world.group)
    merged(acting, world, keep=world.second, other=world.first, take={"phone"})
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.why, entry.subject_id) == ("merge_women", WHY, str(world.second.pk))
    told = str(list(AuditChange.objects.filter(entry=entry).values_list("before", "after")))
    assert "3210" in told and "9906543210" not in told and "s1:" not in told
    assert fresh(world.second).phone == "9906543210"


def test_two_groups_at_once_need_an_answer(acting, world) -> None:
    world.member(world.first, world.group)
    world.member(world.second, world.second_group)
    before = everything()
    with pytest.raises(Refused) as refused:
        merged(acting, world)
    assert codes_of(refused) == {"which_group"}
    assert everything() == before


def test_the_second_entry_ends_as_entered_twice_and_rests_with_its_record(acting, world) -> None:
    mine = world.member(world.first, world.group)
    double = world.member(world.second, world.second_group)
    office = world.office(world.second, world.second_group, "treasurer")
    signature = world.signs(world.second, world.second_group)
    merged(acting, world, doubles={double.pk: YESTERDAY})
    double, office, signature = fresh(double), fresh(office), fresh(signature)
    assert (double.woman_id, double.leave_reason, double.during.upper) == (world.second.pk, "duplicate", YESTERDAY)
    assert (office.woman_id, office.during.upper) == (world.second.pk, YESTERDAY)
    assert signature.during.upper == YESTERDAY
    assert fresh(mine).during.upper is None


def test_the_kept_record_may_be_the_one_with_the_wrong_group(acting, world) -> None:
    double = world.member(world.first, world.group)
    real = world.member(world.second, world.second_group)
    merged(acting, world, doubles={double.pk: TODAY})
    assert fresh(real).woman_id == world.first.pk and fresh(real).during.upper is None
    assert (fresh(double).woman_id, fresh(double).during.upper) == (world.second.pk, TODAY)


def test_she_changed_groups_then_both_memberships_are_hers(acting, world) -> None:
    change = datetime.date(2024, 6, 1)
    old = world.member(world.first, world.group)
    new = world.member(world.second, world.second_group, change)
    merged(acting, world, doubles={old.pk: change})
    assert fresh(old).woman_id == fresh(new).woman_id == world.first.pk
    assert fresh(old).during.upper == change


def test_entered_twice_in_one_group(acting, world) -> None:
    world.member(world.first, world.group)
    double = world.member(world.second, world.group)
    office = world.office(world.second, world.group, "secretary")
    merged(acting, world, doubles={double.pk: TODAY})
    with as_system():
        running = Membership.objects.on(TODAY).filter(institution=world.group, woman__in=[world.first, world.second])
        assert [row.woman_id for row in running] == [world.first.pk]
    # She remains a member through her first record, so an office held as the second is hers and goes on.
    assert (fresh(office).woman_id, fresh(office).during.upper) == (world.first.pk, None)


@pytest.mark.parametrize("day", [None, TODAY + datetime.timedelta(days=1), LONG_AGO])
def test_a_day_that_makes_no_sense_is_refused(acting, world, day) -> None:
    world.member(world.first, world.group)
    double = world.member(world.second, world.second_group)
    with pytest.raises(Refused) as refused:
        merged(acting, world, doubles={double.pk: day})
    assert len(codes_of(refused) & {"day_missing", "in_the_future", "before_it_began"}) == 1


def test_both_entered_twice_is_refused(acting, world) -> None:
    one, two = world.member(world.first, world.group), world.member(world.second, world.second_group)
    with pytest.raises(Refused) as refused:
        merged(acting, world, doubles={one.pk: TODAY, two.pk: TODAY})
    assert codes_of(refused) == {"both_double"}


def test_two_offices_of_one_group_at_once_are_refused(acting, world) -> None:
    world.office(world.first, world.group, "secretary")
    world.office(world.second, world.group, "treasurer")
    with pytest.raises(Refused) as refused:
        merged(acting, world)
    assert codes_of(refused) == {"two_offices"}


def test_signing_twice_for_one_account_ends_once(acting, world) -> None:
    mine, double = world.signs(world.first, world.group), world.signs(world.second, world.group)
    merged(acting, world)
    assert fresh(mine).during.upper is None
    assert (fresh(double).woman_id, fresh(double).during.upper) == (world.second.pk, TODAY)


def test_a_later_withdrawal_of_consent_counts(acting, world) -> None:
    mine = world.agreed(world.first, "bank")
    withdrawn = world.agreed(world.second, "bank", withdrawn_on=datetime.date(2024, 2, 2))
    both = world.agreed(world.first, "record"), world.agreed(world.second, "record")
    merged(acting, world)
    assert fresh(mine).withdrawn_on == datetime.date(2024, 2, 2)
    assert fresh(withdrawn).woman_id == world.first.pk
    assert [fresh(row).woman_id for row in both] == [world.first.pk, world.second.pk]
    with as_system():
        assert Consent.objects.filter(woman=world.first, withdrawn_on__isnull=True).count() == 1


def test_every_reason_at_once(acting, world) -> None:
    with pytest.raises(Refused) as refused:
        merged(acting, world, other=world.first, why=" ")
    assert codes_of(refused) == {"same_record", "reason_missing"}


def test_a_merged_record_is_not_merged_again(acting, world) -> None:
    merged(acting, world)
    third = world.woman("Halimah Begum")
    with pytest.raises(Refused) as refused:
        merged(acting, world, keep=third)
    assert codes_of(refused) == {"merged_already"}


def test_sending_the_page_twice_merges_once(acting, world) -> None:
    from umeed.kernel.ids import new_id

    id = new_id()
    assert merged(acting, world, id=id).pk == merged(acting, world, id=id).pk
    with as_system():
        assert Merge.objects.count() == 1


def test_a_page_that_is_behind_is_refused(acting, world) -> None:
    world.save(world.second)
    with pytest.raises(Refused) as refused:
        merged(acting, world, other_revision=1)
    assert codes_of(refused) == {"stale"}


def test_only_where_both_women_are_hers(acting, world, scene) -> None:
    far = scene.there.women[0]
    with pytest.raises(Refused) as refused:
        merged(acting, world, other=far)
    assert codes_of(refused) == {"not_found"}
    acting(merge_women, by=scene.scope("ut_officer"), keep=world.first, other=far, why=WHY)
    assert fresh(far).merged_into_id == world.first.pk


@pytest.mark.parametrize("role", ["resource_person", "auditor", "accounts", "partner"])
def test_not_without_the_capability(acting, world, scene, role) -> None:
    with pytest.raises(Refused):
        merged(acting, world, by=scene.scope(role))


def test_a_group_out_of_reach_moves_but_is_not_ended(acting, world, scene) -> None:
    """The membership table is joined to institutions that this officer does not see: nothing may be left behind."""
    far = world.member(world.second, scene.there.groups[0])
    merge = merged(acting, world)
    assert fresh(far).woman_id == world.first.pk
    assert str(far.pk) in str(merge.moved)


def test_a_membership_out_of_reach_is_not_ended(acting, world, scene) -> None:
    world.member(world.first, world.group)
    far = world.member(world.second, scene.there.groups[0])
    with pytest.raises(Refused) as refused:
        merged(acting, world, doubles={far.pk: TODAY})
    assert codes_of(refused) == {"out_of_reach"}


def test_every_key_to_a_woman_is_carried_or_known_to_stay() -> None:
    """A later room that ties rows to a woman must say whether a merge carries them (actions/ties.py)."""
    from django.apps import apps

    from umeed.duplicates.actions.ties import CARRIED

    # A book is never changed: its lines and loans stay under the record they were posted for, and are read with hers.
    posted = {"books.line", "books.loan", "books.loanrequest", "books.meeting"}
    stay = {"institutions.woman", "duplicates.candidate", "duplicates.merge", *posted}
    found = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Woman
    }
    assert found == set(CARRIED) | stay


def test_every_column_of_a_woman_is_chosen_or_known_not_to_be() -> None:
    from umeed.duplicates.fields import NOT_CHOSEN, PARTS

    chosen = [column for part in PARTS for column in part.columns]
    assert len(chosen) == len(set(chosen))
    assert {field.attname for field in Woman._meta.concrete_fields} == set(chosen) | NOT_CHOSEN
