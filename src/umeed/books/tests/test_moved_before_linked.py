"""A meeting and a day that moved a loan before it was linked: PostgreSQL lets nobody take that back in one book alone.
It is told plainly, on every page, and what else was wrong is put right by what it differs, in an open month too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from umeed.books.actions import begin_meeting, close_meeting, take_back_meeting
from umeed.books.actions.bodies import link_loans
from umeed.books.actions.days import close_day, known_before_day, take_back_day
from umeed.books.actions.meetings import known_before
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.ledger.balances import balances
from umeed.books.models import Book, Meeting
from umeed.books.pages.writing.state import PAGE
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import women_of
from umeed.books.tests.test_cutoff_bodies import both, clf, groups, text_of, vo
from umeed.books.tests.writing import fields_of
from umeed.books.verifying import verify
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import bookkeeper_of, codes_of, signed_in, us
from umeed.kernel.ids import new_id

__all__ = ["clf", "groups", "vo"]
WHY = "Both passbooks seen"
STAYS = "was linked since and stands in both books as one"


@dataclass
class Linked:
    """Seven thousand were repaid in the group's meeting and counted on the VO's day; then the loan was linked."""

    meeting: Meeting
    day: Meeting
    said: dict[str, Any]
    said_by_vo: dict[str, Any]


@pytest.fixture
def linked(vo, groups, clf) -> Linked:
    ours, theirs = both(vo, groups, clf)
    group, above = Book.objects.get(institution=groups[0]), Book.objects.get(institution=vo)
    women = women_of(groups[0])
    paid = {"principal": 7_000_00, "interest": 400_00, "mode": "bank"}
    said = {
        "id": new_id(), "number": 101, "on": "2024-04-08", "president": women[0].pk,
        "attendance": {woman.pk: "present" for woman in women}, "repaid": [{"loan": theirs.uid, **paid}],
        "fines": [{"woman": women[0].pk, "paise": 50_00, "why": "late"}],
        "counted": balances(group.pk, day("2024-04-08"))["cash"] + 50_00,
    }  # fmt: skip
    said_by_vo = {
        "id": new_id(), "number": 31, "on": "2024-04-10", "attendance": {one.pk: "present" for one in groups},
        "repayments": [{"loan": ours.uid, **paid}], "counted": balances(above.pk, day("2024-04-10"))["cash"],
    }  # fmt: skip
    meeting = close_meeting(by=us(), book=group, said=said, is_sure=True).meeting
    held = close_day(by=us(), book=above, said=said_by_vo, is_sure=True).meeting
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why=WHY, takes_terms=True)
    return Linked(Meeting.objects.get(pk=meeting), Meeting.objects.get(pk=held), said, said_by_vo)


def test_it_is_neither_corrected_nor_taken_back(linked: Linked, vo, groups) -> None:
    for held, said, close, back, look, name in (
        (linked.meeting, linked.said, close_meeting, take_back_meeting, known_before, vo.name),
        (linked.day, linked.said_by_vo, close_day, take_back_day, known_before_day, groups[0].name),
    ):
        which = {"meeting" if held is linked.meeting else "day": held.pk, "id": new_id(), "why": "Never"}
        anew = {"book": held.book, "said": {**said, "id": new_id()}, "replaces": held.pk, "why": "A saving"}
        looked = {"book": held.book, "on": held.held_on, "number": held.number, "replaces": held.pk}
        for act, beside in ((close, {**anew, "is_sure": True}), (back, which), (look, looked)):
            with pytest.raises(Refused) as refused:
                act(by=us(), **beside)
            assert codes_of(refused) == ["linked_since"] and name in refused.value.refusals[0].message(str)


def test_the_pages_say_so_and_lead_to_what_can_be_done(linked: Linked, groups) -> None:
    held, keeper = linked.meeting, _keeper(groups[0])
    url = {name: reverse(f"books:meeting_{name}", args=[groups[0].pk, held.pk]) for name in (
        "correct", "take_back", "differing"
    )}  # fmt: skip
    for name in ("correct", "take_back"):
        for answer in (keeper.get(url[name]), keeper.post(url[name], {"why": "Wrong", "id": new_id()})):
            assert STAYS in text_of(answer) and url["differing"] in answer.content.decode(), name
    right = fields_of(keeper.get(url["differing"]))
    fine = next(key for key in right if key.startswith("fine-") and right[key] == "50")
    assert keeper.post(url["differing"], {**right, fine: "80", "why": "Her own book"}).status_code == 302
    with as_system():
        assert balances(held.book_id, timezone.localdate())["cash_short"] == 30_00
        assert [one.check for one in verify() if one.found] == [] and first_disagreement() is None


def test_a_correction_that_was_begun_before_says_so_too(linked: Linked, groups) -> None:
    held, keeper, new = linked.meeting, _keeper(groups[0]), new_id()
    with as_system():
        page = {"replaces": str(held.pk), "why": "A saving", "done": []}
        begin_meeting(by=us(), book=held.book, id=new, said={**held.said, "id": str(new), PAGE: page})
    for step in ("savings", "repayments", "close"):
        answer = keeper.get(reverse(f"books:meeting_{step}", args=[groups[0].pk]), follow=True)
        assert answer.status_code == 200 and STAYS in text_of(answer)


def _keeper(group) -> Client:  # type: ignore[no-untyped-def]
    bookkeeper_of(group)
    return signed_in("bookkeeper")
