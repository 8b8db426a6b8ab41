"""Who says which of two holds, and what becomes of the second: written at once, or as one of its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import Conflict, close_meeting, post_cut_off, put_away
from umeed.books.actions.settling import settle
from umeed.books.ledger.balances import balances
from umeed.books.models import Clash, CutOff, Meeting, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_clashes import clash_of
from umeed.books.tests.test_cutoff import cut_off
from umeed.books.tests.test_meetings import meeting, saved
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, codes_of, make_group, officer_at, signed_in, us

OFFICERS = ["block_officer", "district_officer", "ut_officer", "mis_officer"]


@pytest.mark.parametrize("role", OFFICERS)
@pytest.mark.parametrize(("settled", "cash"), [("kept", 250_00), ("replaced", 300_00), ("both", 300_00)])
def test_an_officer_says_which_holds_and_keeps_no_book(kept: Kept, role: str, settled: str, cash: int) -> None:
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    with pytest.raises(Conflict):
        close_meeting(
            by=us(), book=kept.book, said=meeting(kept, 1, "2024-04-12", savings=saved(kept, 60), counted=300_00)
        )
    clash, by = Clash.objects.get(), officer_at(kept.group.place, role)
    said: dict[str, Any] = {
        "by": by,
        "clash": clash.pk,
        "settled": settled,
        "why": "The secretary remembers",
        "number": 2,
    }
    with as_viewer(by.viewer):
        if settled == "both":
            with pytest.raises(Refused) as refused:
                settle(**said)
            assert "difference" in codes_of(refused) and not OpenMeeting.objects.exists()
            said |= {"difference_why": "Each counted her own", "is_sure": True}
        settle(**said)
    assert balances(kept.book.pk, us().today)["cash"] == cash and not OpenMeeting.objects.exists()
    clash.refresh_from_db()
    assert (clash.settled, clash.settled_by) == (settled, by.viewer) and not by.can("books.keep")


def test_the_officer_settles_on_the_page(valley: Any, kept: Kept, settings: Any) -> None:
    settings.SECOND_FACTOR = "none"
    clash = clash_of(kept)
    officer_at(kept.group.place)
    officer_at(valley.walnut, username="elsewhere")
    url = f"/books/{kept.group.pk}/clashes/"
    sent = {"clash": clash.pk, "settled": "replaced", "why": "The secretary remembers"}
    assert signed_in("elsewhere").post(url, sent).status_code == 404
    client = signed_in("officer")
    assert "Which one holds?" in text_of(client.get(url))
    assert client.post(url, sent).status_code == 302
    assert Meeting.objects.order_by("version").last().counted_paise == 300_00


def test_she_who_wrote_both_does_not_settle_alone_while_there_is_another(kept: Kept) -> None:
    by = bookkeeper_of(kept.group)
    close_meeting(by=by, book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    with pytest.raises(Conflict):
        close_meeting(by=by, book=kept.book, said=meeting(kept, savings=saved(kept, 60), counted=300_00))
    said = {"clash": Clash.objects.get().pk, "settled": "kept", "why": "I remember"}
    officer = officer_at(kept.group.place)
    with pytest.raises(Refused) as refused:
        settle(by=by, **said)
    assert codes_of(refused) == ["wrote_both"]
    settle(by=officer, **said)


def test_alone_she_settles_what_she_wrote_herself(kept: Kept) -> None:
    by = bookkeeper_of(kept.group)
    close_meeting(by=by, book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    with pytest.raises(Conflict):
        close_meeting(by=by, book=kept.book, said=meeting(kept, savings=saved(kept, 60), counted=300_00))
    settle(by=by, clash=Clash.objects.get().pk, settled="replaced", why="I remember")
    assert Clash.objects.get().settled == "replaced"


def test_both_is_settled_when_the_second_is_closed_and_open_again_when_it_is_put_away(
    kept: Kept, keeper: Keeper
) -> None:
    clash, url = clash_of(kept), keeper.url("clashes")
    sent = {"clash": clash.pk, "settled": "both", "why": "Two evenings"}
    assert keeper.client.post(url, sent).status_code == 302
    clash.refresh_from_db()
    assert clash.settled == "" and "is being written as a meeting of its own" in text_of(keeper.client.get(url))
    again = keeper.client.post(url, {**sent, "settled": "kept"})
    assert again.status_code == 422 and "put it away first" in text_of(again)
    put_away(by=us(), meeting=OpenMeeting.objects.get().pk, why="Not now")
    assert "Which one holds?" in text_of(keeper.client.get(url))
    assert keeper.client.post(url, sent).status_code == 302
    row = OpenMeeting.objects.get()
    row.said |= {"on": "2024-04-15", "counted": 550_00}
    with as_viewer(us().viewer):
        OpenMeeting.objects.filter(pk=row.pk).update(said=row.said)
    closed = _close(keeper.client, kept, row)
    assert closed.status_code == 302, text_of(closed)
    clash.refresh_from_db()
    assert (clash.settled, clash.why) == ("both", "Two evenings") and clash.settled_by == row.begun_by
    assert Meeting.objects.filter(number=2).exists() and not OpenMeeting.objects.exists()


def _close(client: Client, kept: Kept, row: OpenMeeting) -> Any:
    url = f"/books/{kept.group.pk}/meetings/open/close/"
    sent = {"revision": row.revision, "meeting": str(row.pk)}
    answer = client.post(url, sent)
    if answer.status_code == 422:
        marks = re.findall(r'name="sure" value="([^"]+)"', answer.content.decode())
        answer = client.post(url, {**sent, "sure": marks})
    return answer


@pytest.mark.parametrize("settled", ["kept", "replaced"])
def test_of_two_cut_offs_one_holds(valley: Any, settings: Any, settled: str) -> None:
    settings.SECOND_FACTOR = "none"
    group = make_group(valley.chinar, "Gulab", members=5)
    said = cut_off(group)
    post_cut_off(by=us(), group=group.pk, said=said, is_sure=True)
    with pytest.raises(Conflict):
        other = {**said, "bank": said["bank"] + 100_00, "cash": said["cash"] - 100_00}
        post_cut_off(by=us(), group=group.pk, said=other, is_sure=True)
    clash = Clash.objects.get()
    officer_at(group.place)
    client, url = signed_in("officer"), f"/books/{group.pk}/clashes/"
    shown = text_of(client.get(url))
    assert "The cut-off came twice" in shown and "Bank" in shown and "Both happened" not in shown
    sent = {"clash": clash.pk, "settled": settled, "why": "By the bank's paper"}
    assert client.post(url, {**sent, "settled": "both"}).status_code == 422
    answer = client.post(url, sent)
    assert answer.status_code == 302, text_of(answer)
    assert client.get(answer.url).status_code == 200
    more = 100_00 if settled == "replaced" else 0
    assert balances(clash.book_id, us().today)["bank"] == said["bank"] + more
    assert CutOff.objects.count() == (2 if settled == "replaced" else 1)
