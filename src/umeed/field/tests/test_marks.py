"""The cursor: whatever changes what a phone keeps of a group marks it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from umeed.books.actions import close_meeting, lock_month, take_back_meeting
from umeed.books.tests.conftest import Kept, keep, kept, valley
from umeed.books.tests.making import day, make_loan
from umeed.books.tests.test_meetings import meeting, saved
from umeed.core.audit import audited
from umeed.core.viewer import as_viewer
from umeed.field.cursor import forget_covered, read_cursor
from umeed.field.models import Mark, What
from umeed.field.tests.making import Phone
from umeed.institutions.actions import correct_group, correct_woman, leave_group
from umeed.institutions.tests.making import (
    bookkeeper_of,
    make_federation,
    make_group,
    make_member,
    make_office,
    members_of,
    officer_at,
    us,
)
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]


def closed(kept: Kept) -> Any:
    return close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))


def marked(kept: Kept, do: Callable[[], Any]) -> bool:
    """Whether it marks the group. Within a test all is one transaction, whose mark is laid once: so none is there."""
    Mark.objects.all().delete()
    do()
    return Mark.objects.filter(group=kept.group.pk).exists()


def test_what_is_written_of_a_group_marks_it(kept: Kept) -> None:
    vo = make_group(kept.group.place, "Sangam", kind="vo")
    first: list[Any] = []
    for do in (
        lambda: first.append(closed(kept)),
        lambda: take_back_meeting(by=us(), meeting=first[0].meeting, id=new_id(), why="Of another group"),
        lambda: make_loan(kept.book, kept.women[0]),
        lambda: lock_month(by=us(), book=kept.book, month=day("2024-04-01")),
        lambda: correct_woman(by=us(), woman=kept.women[0], phone="9906543210"),
        lambda: make_member(kept.group, "Mugli Jan"),
        lambda: make_office(members_of(kept.group)[0]),
        lambda: make_federation(kept.group, vo),
        lambda: correct_group(by=us(), group=vo, name="Sangam VO"),
        lambda: correct_group(by=us(), group=kept.group, name="Roshni B"),
        lambda: leave_group(
            by=us(), membership=members_of(kept.group)[5], left_on=day("2026-05-01"), leave_reason="migrated"
        ),
    ):
        assert marked(kept, do), do


def test_what_is_written_of_another_group_marks_it_not(valley: Any, kept: Kept) -> None:
    other = keep(make_group(valley.chinar, "Gulab", members=5))
    assert not marked(kept, lambda: closed(other))
    assert not marked(kept, lambda: correct_woman(by=us(), woman=other.women[0], phone="9906543210"))


def test_a_trigger_marks_also_where_the_writer_sees_little_and_leaves_the_viewer_as_it_was(kept: Kept) -> None:
    hers = bookkeeper_of(kept.group)
    with as_viewer(hers.viewer):
        Mark.objects.all().delete()
        document = meeting(kept, savings=saved(kept), counted=250_00)
        close_meeting(by=hers, book=kept.book, said=document)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('umeed.viewer')")
            assert cursor.fetchone()[0] == hers.viewer
        marks = set(Mark.objects.filter(group=kept.group.pk).values_list("what", flat=True))
        assert {What.MEETINGS, What.SHEETS} <= marks and What.ALL not in marks


def test_older_marks_go_and_nothing_is_told_less(kept: Kept) -> None:
    Mark.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO field_mark SELECT %s, n FROM generate_series(1, 50) n", [kept.group.pk])
    assert forget_covered() == 49
    stands = read_cursor("")
    assert read_cursor(f"{stands.now.server}.3").touched([kept.group.pk]) == {kept.group.pk: {What.ALL}}
    assert read_cursor(f"{stands.now.server}.51").touched([kept.group.pk]) == {}


def test_groups_that_came_are_told_whole_and_those_that_went_as_gone(valley: Any, kept: Kept) -> None:
    hers = bookkeeper_of(kept.group)
    phone = Phone(officer_at(kept.group.place)).enrol()
    told = phone.sync()
    phone.have = {one["id"]: {"sheets": 0, "parts": {}, "since": "2025-06-01"} for one in told["groups"]}
    other = keep(make_group(valley.chinar, "Gulab", members=5))
    with audited(by=us(), did="post_person"):
        posting = phone.owner.postings.get()
        posting.institution_id = other.group.pk
        posting.save()
    told = phone.sync()
    assert told["gone"] == [str(kept.group.pk)] and [one["id"] for one in told["groups"]] == [str(other.group.pk)]
    assert hers.viewer == str(phone.owner.pk)
