"""A merge is taken back exactly, or not at all."""

import datetime

import pytest

from umeed.books.actions import open_book
from umeed.books.ledger.balances import balances_of_a_woman
from umeed.books.tests.making import post, saving
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.duplicates.actions import merge_women, undo_merge
from umeed.duplicates.models import Candidate, Merge, State
from umeed.duplicates.tests.conftest import TODAY, everything
from umeed.institutions.actions.women import correct_woman
from umeed.institutions.tests.making import us

WHY = "Looked again: two sisters"


@pytest.fixture
def tied(world):
    """Two records with everything that can clash."""
    one = world.member(world.first, world.group)
    two = world.member(world.second, world.second_group)
    world.office(world.second, world.second_group, "treasurer")
    world.signs(world.first, world.group)
    world.signs(world.second, world.group)
    world.signs(world.second, world.second_group)
    world.agreed(world.first, "bank")
    world.agreed(world.second, "bank", withdrawn_on=datetime.date(2024, 2, 2))
    world.agreed(world.second, "record")
    world.alias(world.second, "L-78")
    return one, two


@pytest.mark.parametrize("which", [0, 1])
def test_everything_is_as_it_was(acting, world, tied, which) -> None:
    pair = world.pair()
    before = everything()
    take = {"name", "born", "phone", "home", "livelihoods"}
    merge = acting(
        merge_women, keep=world.first, other=world.second, why="Same", doubles={tied[which].pk: TODAY}, take=take
    )
    assert everything() != before
    acting(undo_merge, merge=merge, why=WHY)
    assert everything() == before
    with as_system():
        assert Candidate.objects.get(pk=pair.pk).state == State.OPEN
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.why) == ("undo_merge", WHY)


def test_twice_and_back_again(acting, world, tied) -> None:
    before = everything()
    for _ in range(2):
        merge = acting(merge_women, keep=world.first, other=world.second, why="Same", doubles={tied[1].pk: TODAY})
        acting(undo_merge, merge=merge, why=WHY)
    assert everything() == before
    with pytest.raises(Refused) as refused:
        acting(undo_merge, merge=merge, why=WHY)
    assert {reason.code for reason in refused.value.refusals} == {"undone_already"}


def _merged(acting, world):
    return acting(merge_women, keep=world.first, other=world.second, why="Same", take={"born"})


def _refusals(acting, merge, **given) -> set[str]:
    before = everything()
    with pytest.raises(Refused) as refused:
        acting(undo_merge, merge=merge, **{"why": WHY, **given})
    assert everything() == before
    return {reason.code for reason in refused.value.refusals}


def test_not_when_a_tie_was_changed_or_added_since(acting, world) -> None:
    tie = world.member(world.second, world.group)
    merge = _merged(acting, world)
    world.agreed(world.first, "photo")
    with as_system():
        tie.refresh_from_db()
    tie.leave_note = "looked at"
    world.save(tie)
    assert _refusals(acting, merge) == {"changed_since", "added_since"}


def test_not_when_a_value_it_took_was_corrected_since(acting, world) -> None:
    merge = _merged(acting, world)
    acting(correct_woman, woman=world.first, born_on=datetime.date(1989, 1, 1), born_year=1989)
    assert _refusals(acting, merge) == {"changed_since"}


def test_another_correction_since_stays(acting, world) -> None:
    merge = _merged(acting, world)
    acting(correct_woman, woman=world.first, education="primary")
    acting(undo_merge, merge=merge, why=WHY)
    with as_system():
        world.first.refresh_from_db()
    assert (world.first.education, world.first.born_on) == ("primary", None)


def test_merges_are_undone_from_the_last_one(acting, world) -> None:
    merge = _merged(acting, world)
    third = world.woman("Haleemah Begum")
    later = acting(merge_women, keep=world.first, other=third, why="Same again")
    assert _refusals(acting, merge) == {"later_merge"}
    upper = acting(undo_merge, merge=later, why=WHY)
    assert upper.undone_at is not None
    above = acting(merge_women, keep=third, other=world.first, why="The other way")
    assert "survivor_merged" in _refusals(acting, merge)
    acting(undo_merge, merge=above, why=WHY)
    acting(undo_merge, merge=merge, why=WHY)


def test_a_reason_and_the_right_place(acting, world, scene) -> None:
    merge = _merged(acting, world)
    assert _refusals(acting, merge, why="") == {"reason_missing"}
    assert _refusals(acting, merge, by=scene.scope("resource_person")) == {"not_found"}


def test_not_when_something_was_posted_for_her_in_a_book_that_came_with_the_other(acting, world) -> None:
    """Her book reads both records while they are one; which of the two a later saving belongs to cannot be known."""
    world.member(world.second, world.group)
    with as_system():
        book = open_book(by=us(TODAY), institution=world.group, on=world.group.formed_on)
        post(book, saving(world.second, on=str(TODAY)), by=us(TODAY))
    merge = _merged(acting, world)
    with as_system():
        assert balances_of_a_woman(book.pk, world.first.pk, TODAY)["saving_compulsory"] == -100_00
        post(book, saving(world.first, on=str(TODAY)), by=us(TODAY))
        # A sheet is recorded when its transaction began, and a test is one transaction.
        Merge.objects.filter(pk=merge.pk).update(merged_at=merge.merged_at - datetime.timedelta(days=1))
        merge.refresh_from_db()
    assert _refusals(acting, merge) == {"added_since"}
