"""The officer's pages: phones, what they sent, letting in, files that were carried by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from umeed.books.actions import settle_clash
from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.writing import text_of
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer
from umeed.field.models import Command, Device, Page
from umeed.field.queries import SILENT_DAYS
from umeed.field.tests.making import Phone
from umeed.field.tests.test_carried import pieces
from umeed.field.tests.test_pages_of_books import attaching, picture, send
from umeed.field.tests.test_receiving import adding, correcting, first, leaves, second
from umeed.institutions.tests.making import officer_at, signed_in, us
from umeed.web.today import Day

__all__ = ["kept", "valley"]


def page(client: Client, name: str, *args: Any, **asked: Any) -> str:
    answer = client.get(reverse(f"phones:{name}", args=args), asked, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)


def test_phones_are_listed_with_whose_they_are_and_when_they_spoke(kept: Any, phone: Phone, officer: Client) -> None:
    assert "No word yet" in page(officer, "list")
    phone.sync(counts={"waiting": 3, "refused": 1})
    shown = page(officer, "list")
    assert all(word in shown for word in ("Bookkeeper", "Redmi of the family", "Roshni", "1 to be mended", "In use"))
    assert "No phone is found" in page(officer, "list", state="silent")
    Device.objects.update(last_synced_at=timezone.now() - timedelta(days=SILENT_DAYS + 1))
    assert "Silent" in page(officer, "list", state="silent")
    assert "No phone is found" in page(officer, "list", q="somebody else")


def test_an_officer_elsewhere_sees_no_phone(valley: Any, phone: Phone) -> None:
    officer_at(valley.walnut, username="elsewhere")
    client = signed_in("elsewhere")
    assert "No phone is found" in page(client, "list") and "Nobody is found" in page(client, "enrol")
    assert client.get(reverse("phones:phone", args=[phone.device.pk])).status_code == 404
    assert client.post(reverse("phones:enrol"), {"owner": phone.owner.pk}).status_code == 404


def test_a_code_is_given_and_shown_once(kept: Any, phone: Phone, officer: Client) -> None:
    assert "has a phone" in page(officer, "enrol", q="book")
    answer = officer.post(reverse("phones:enrol"), {"owner": phone.owner.pk}, headers={"accept-language": "en"})
    assert answer.headers["Cache-Control"] == "no-store"
    code = re.search(r"<code><b>(.{11})</b></code>", answer.content.decode())
    assert code is not None
    Phone(phone.officer).enrol(code[1])
    assert code[1] not in page(officer, "enrol")
    assert officer.post(reverse("phones:enrol"), {"owner": "x"}).status_code == 404


def test_a_phone_is_ended_and_taken_back_on_its_page(phone: Phone, officer: Client) -> None:
    url = reverse("phones:phone", args=[phone.device.pk])
    assert officer.post(url, {"do": "end", "why": ""}).status_code == 422
    assert officer.post(url, {"do": "nothing", "why": "x"}).status_code == 404
    assert officer.post(url, {"do": "lost", "why": "On the road"}).status_code == 302
    shown = page(officer, "phone", phone.device.pk)
    assert "On the road" in shown and "It was another phone" in shown and "Asked to forget everything" in shown
    assert officer.post(url, {"do": "undo_end", "why": "Found"}).status_code == 302
    assert officer.post(url, {"do": "wipe", "why": "Sold"}).status_code == 302
    assert officer.post(url, {"do": "undo_wipe", "why": ""}).status_code == 302
    assert phone.sync()["wipe"] is False


def test_what_is_held_is_let_in_from_its_page(kept: Any, phone: Phone, officer: Client) -> None:
    leaves(phone)
    assert phone.send(first(kept), second(kept)) == ["held", "held"]
    assert "Roshni" in page(officer, "inbox") and "Bookkeeper" in page(officer, "inbox", state="held")
    row = Command.objects.order_by("pk")[0]
    shown = page(officer, "command", row.pk)
    assert all(word in shown for word in ("Savings", "₹ 50", "Haseena", "Held on", "Let in all 2 of hers"))
    url = reverse("phones:command", args=[row.pk])
    assert officer.post(url, {"do": "let_in", "why": ""}).status_code == 422
    assert officer.post(url, {"do": "let_in_all", "why": "She held them"}).status_code == 302
    assert Meeting.objects.count() == 2 and "Nothing lies here" in page(officer, "inbox")
    assert "The meeting in the book" in page(officer, "command", row.pk)
    assert officer.post(url, {"do": "let_in", "why": "Again"}).status_code == 422


def test_what_is_not_let_in_is_told_with_the_reason(kept: Any, phone: Phone, officer: Client) -> None:
    leaves(phone)
    one = first(kept)
    phone.send(one)
    url = reverse("phones:command", args=[Command.objects.get().pk])
    assert officer.post(url, {"do": "turn_down", "why": "It was another bookkeeper's"}).status_code == 302
    assert "It was another bookkeeper's" in page(officer, "inbox", state="refused")
    assert phone.sync(open=[one["id"]])["answers"][0]["state"] == "refused"


def test_two_for_one_place_lead_to_the_books(kept: Any, phone: Phone, officer: Client) -> None:
    assert phone.send(first(kept)) == ["accepted"]
    phone.send(first(kept, 60))
    row = Command.objects.get(state="conflict")
    assert "Roshni" in page(officer, "inbox", state="conflict")
    answer = officer.get(reverse("phones:command", args=[row.pk]))
    assert reverse("books:clashes", args=[kept.group.pk]) in answer.content.decode()
    settle_clash(by=us(), clash=Clash.objects.get().pk, settled="kept", why="The secretary remembers")
    assert "Nothing lies here" in page(officer, "inbox", state="conflict")


def test_every_kind_is_told_in_plain_lines(kept: Any, phone: Phone, officer: Client) -> None:
    leaves(phone)
    one, raw = first(kept), picture()
    phone.send(
        one, correcting(kept, kept.women[0], phone="9906543210", account_number="0043040100012345", born_year=1980),
        adding(kept, social_category="st"), {**attaching(kept, one["id"], raw), "after": []},
    )  # fmt: skip
    told = {row.kind: page(officer, "command", row.pk) for row in Command.objects.all()}
    assert "Haseena Bano" in told["correct_woman"] and "1980" in told["correct_woman"]
    assert "Mugli Jan" in told["add_woman"]
    assert len(told) == 4


def test_a_picture_is_shown_to_who_sees_the_book_and_the_look_is_kept(
    valley: Any, kept: Any, phone: Phone, officer: Client
) -> None:
    one, raw = first(kept), picture()
    sent = attaching(kept, one["id"], raw)
    send(phone, sent["id"], raw)
    url = reverse("phones:picture", args=[Page.objects.get().pk])
    assert officer.get(url).status_code == 404, "no meeting has it yet"
    assert phone.send(one, sent) == ["accepted", "accepted"]
    answer = officer.get(url)
    assert answer.content == raw and answer.headers["Content-Type"] == "image/jpeg"
    assert AuditEntry.objects.filter(did="look_at_page").count() == 1
    officer_at(valley.walnut, username="elsewhere")
    assert signed_in("elsewhere").get(url).status_code == 404


def test_a_file_is_loaded_and_answered_row_by_row(kept: Any, phone: Phone, officer: Client) -> None:
    wrong = second(kept)
    wrong["said"]["document"]["counted"] = 5
    raw = phone.envelope(first(kept), wrong)
    file = BytesIO(raw)
    file.name = "umeed.umeed"
    answer = officer.post(reverse("phones:carried"), {"file": file}, headers={"accept-language": "en"})
    shown = text_of(answer)
    assert answer.status_code == 200 and "The file of Bookkeeper was taken in" in shown
    assert "Receipt" in shown and "Accepted" in shown and "Refused" in shown
    back = re.search(r'href="(/phones/answers/[^"]+)"', answer.content.decode())
    assert back is not None
    told = phone.read_answers(officer.get(back[1]).content)
    assert [one["state"] for one in told["answers"]] == ["accepted", "refused"]
    assert signed_in("bookkeeper").get(back[1]).status_code == 404
    assert Command.objects.first().carried_by == phone.officer.viewer
    again = officer.post(reverse("phones:carried"), {"codes": "\n".join(pieces(raw, 400))})
    assert again.status_code == 200 and Meeting.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"codes": "UM1"}, {"codes": "UM1:00000000:1:2:00"}])
def test_what_is_no_file_is_told_beside_its_field(phone: Phone, officer: Client, sent: dict[str, str]) -> None:
    assert officer.post(reverse("phones:carried"), sent).status_code == 422
    file = BytesIO(b"x" * 100)
    file.name = "x.umeed"
    assert officer.post(reverse("phones:carried"), {"file": file}).status_code == 422


def test_what_an_officer_must_do_today_about_phones(kept: Any, phone: Phone) -> None:
    def work() -> list[str]:
        with as_viewer(phone.officer.viewer), override("en"):
            return [line.text for line in Day(phone.officer).work if "phone" in line.text]

    assert work() == []
    Device.objects.update(enrolled_at=timezone.now() - timedelta(days=SILENT_DAYS + 1))
    assert work() == ["1 phone has not been heard of for two weeks"]
    leaves(phone)
    phone.send(first(kept), second(kept))
    assert work() == ["2 entries from phones wait for you: let them in or not"]
