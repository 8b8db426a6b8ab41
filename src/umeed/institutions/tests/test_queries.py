"""Queries: what they answer, for whom, and in how many SQL queries however much there is."""

from umeed.core.viewer import as_viewer
from umeed.institutions import actions, queries
from umeed.institutions.tests.making import (
    NAMES,
    day,
    make_account,
    make_federation,
    make_group,
    make_member,
    make_office,
    members_of,
    officer_at,
    us,
)
from umeed.kernel.ids import new_id


def mission(valley):
    """A federated group of six with president and account, a bare one of six, and a group out of reach."""
    full, bare = make_group(valley.chinar, "Roshni", members=6), make_group(valley.deodar, "Himmat", members=0)
    for name in NAMES[6:12]:
        make_member(bare, name)
    actions.change_status(by=us(), group=bare, status="active", on=day("2016-03-01"), why="Six members")
    vo, clf = make_group(valley.chinar, "Chinar VO", kind="vo"), make_group(valley.north, "North CLF", kind="clf")
    make_federation(full, vo)
    make_federation(vo, clf)
    make_office(members_of(full)[0])
    make_account(full)
    make_group(valley.walnut, "Far away", members=5)
    return full, bare


def test_lists_know_group_vo_clf_block_and_district(valley, django_assert_num_queries):
    full, bare = mission(valley)
    by = officer_at(valley.upper, "district_officer")
    with as_viewer(by.viewer), django_assert_num_queries(2):
        shgs = {row.pk: row for row in queries.groups(by)}
        women = list(queries.women(by))
    assert set(shgs) == {full.pk, bare.pk} and len(women) == 12
    row = shgs[full.pk]
    assert (row.member_count, row.above_name, row.clf_name, row.block_name, row.district_name) == (
        6, "Chinar VO", "North CLF", "North", "Upper",
    )  # fmt: skip
    assert (shgs[bare.pk].above_name, shgs[bare.pk].member_count) == (None, 6)
    assert {woman.group_name for woman in women} == {"Roshni", "Himmat"}
    assert {woman.block_name for woman in women} == {"North"}


def test_a_page_costs_the_same_for_two_members_and_for_twenty(valley, django_assert_max_num_queries):
    small = make_group(valley.chinar, "Small", members=2)
    for group in (small, make_group(valley.deodar, "Large", members=20)):
        make_account(group, number=f"00430401000123{len(members_of(group)):02d}")
        make_office(members_of(group)[0])
        with django_assert_max_num_queries(11):
            page = queries.institution_page(us(), group.pk)
        assert page is not None and len(page.members) == len(members_of(group))
        assert page.members[[one.offices != () for one in page.members].index(True)].offices == ("President",)
        assert page.accounts[0].number.startswith("•")


def test_a_page_shows_the_chain_the_former_members_and_the_statuses(valley):
    full, _bare = mission(valley)
    actions.leave_group(by=us(), membership=members_of(full)[1], left_on=day("2020-01-01"), leave_reason="migrated")
    page = queries.institution_page(us(), full.pk)
    assert [one.name for one in page.chain] == ["Chinar VO", "North CLF"]
    assert (len(page.members), len(page.former)) == (5, 1)
    assert [term.status for term in page.statuses] == ["active", "forming"]
    above = queries.institution_page(us(), page.chain[0].pk)
    assert [(one.name, one.member_count) for one in above.below] == [("Roshni", 5)]


def test_a_womans_page_shows_her_ties_and_her_household(valley):
    tie = make_member(make_group(valley.chinar), new_household={"head_name": "Ghulam Nabi", "poverty": "poor"})
    actions.enrol_woman(
        by=us(), id=new_id(), name="Rubeena Jan", place=valley.chinar, household=tie.woman.household_id, born_year=1990
    )
    actions.give_consent(
        by=us(),
        id=new_id(),
        woman=tie.woman,
        purpose="record",
        language="ks",
        taken="thumb",
        given_on=day("2020-01-01"),
    )
    page = queries.woman_page(us(), tie.woman_id)
    assert [one.name for one in page.home] == ["Rubeena Jan"]
    assert len(page.memberships) == len(page.consents) == 1


def test_pages_outside_the_scope_are_not_there(valley):
    group = make_group(valley.walnut, members=1)
    by = officer_at(valley.north)
    with as_viewer(by.viewer):
        assert queries.institution_page(by, group.pk) is None
        assert queries.woman_page(by, members_of(group)[0].woman_id) is None


def test_what_wants_doing_is_counted_within_reach(valley):
    full, _bare = mission(valley)
    forming = make_group(valley.chinar, "Sahara")
    for name in NAMES[12:17]:
        make_member(forming, name)
    actions.leave_group(by=us(), membership=members_of(full)[1], left_on=day("2020-01-01"), leave_reason="migrated")
    actions.leave_group(by=us(), membership=members_of(full)[1], left_on=day("2020-01-01"), leave_reason="migrated")
    by = officer_at(valley.north)
    with as_viewer(by.viewer):
        assert queries.lacks(by) == {
            "too_small": 1, "too_large": 0, "ready_to_be_active": 1, "without_president": 2, "without_account": 2,
            "without_phone": 15, "without_nominee": 15, "without_consent": 15,
        }  # fmt: skip
        assert list(queries.too_small(by)) == [full]
        assert list(queries.ready_to_be_active(by)) == [forming]


def test_who_may_not_change_has_nothing_to_do(valley):
    mission(valley)
    assert queries.lacks(officer_at(valley.north, "bank_branch", "branch")) == {}
