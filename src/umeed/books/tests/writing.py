"""A bookkeeper at her pages: fields of a step as a browser would send them, with what is changed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from umeed.books.models import Bylaw, Loan, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.core.audit import audited
from umeed.institutions.tests.making import bookkeeper_of, signed_in, us
from umeed.kernel.ids import new_id


class _Fields(HTMLParser):
    """What a form would send if it were sent as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name, value = at.get("name") or "", at.get("value") or ""
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            if at.get("type") not in ("checkbox", "radio") or "checked" in at:
                self.sent[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in self.sent or "selected" in at):
            self.sent[self._select] = value
        elif tag == "textarea":
            self._text = name
            self.sent[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text] += data


def fields_of(answer: HttpResponse) -> dict[str, Any]:
    found = _Fields()
    found.feed(re.sub(r"(?s)^.*?<main", "<main", answer.content.decode()))
    return found.sent


class Keeper:
    """Whoever keeps the book of a group, with a browser."""

    def __init__(self, kept: Kept, client: Client) -> None:
        self.kept, self.client = kept, client

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"books:{name}", args=[self.kept.group.pk, *more])

    def open(self, step: str) -> HttpResponse:
        return self.client.get(self.url(f"meeting_{step}"))

    def fields(self, step: str) -> dict[str, Any]:
        return fields_of(self.open(step))

    def send(self, step: str, **changed: Any) -> HttpResponse:
        """The page as it stands, with what is changed (None takes a field out)."""
        sent = {**self.fields(step), "go": "next", **changed}
        return self.client.post(
            self.url(f"meeting_{step}"), {key: value for key, value in sent.items() if value is not None}
        )

    def begin(self, on: str = "2024-04-08", number: int = 1) -> HttpResponse:
        return self.send("begin", on=on, number=str(number))

    def walk(self, **steps: dict[str, Any]) -> HttpResponse:
        """Every step with what is changed on it, as far as the last page."""
        self.send("attendance", **{"president": str(self.kept.women[0].pk), **steps.get("attendance", {})})
        for step in ("savings", "repayments", "receipts", "requests", "lendings", "payments", "bank", "agenda"):
            answer = self.send(step, **steps.get(step, {}))
            assert answer.status_code == 302, (step, text_of(answer))
        return self.send("count", **steps.get("count", {}))

    def close(self, **changed: Any) -> HttpResponse:
        return self.client.post(self.url("meeting_close"), {**self.fields("close"), **changed})


def text_of(answer: HttpResponse) -> str:
    """What is read in the middle of a page."""
    inside = re.sub(r"(?s)^.*?<main", "<main", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"(?s)<[^>]+>", " ", inside)).replace("\xa0", " ").replace("&#x27;", "'")


def keeper_of(kept: Kept) -> Keeper:
    """The bookkeeper of a group that has rules of its own."""
    with audited(by=us(), did="set_bylaws"):
        Bylaw(
            id=new_id(), book=kept.book, since=kept.book.opened_on, compulsory_paise=50_00, rate_bp_a_year=2_400,
            method="balance", frequency="monthly", fine_late_paise=5_00, fine_absent_paise=10_00, penalty_paise=10_00,
        ).save(force_insert=True)  # fmt: skip
    bookkeeper_of(kept.group, username="keeper")
    return Keeper(kept, signed_in("keeper"))


def lend(kept: Kept, keeper: Keeper, counted: str = "50", **terms: str) -> Loan:
    """Meeting 1: the second woman gets 200, under these terms; `counted` is what five women's savings leave."""
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("savings")
    keeper.send("repayments")
    keeper.send("receipts")
    asked = {"q-0-woman": str(kept.women[1].pk), "q-0-paise": "200", "q-0-purpose": "cattle"}
    keeper.send("requests", go="more", **asked)
    waiting = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("requests", **{f"d-{waiting}-outcome": "granted"})
    said = {"first_due": "2024-05-08", **terms}
    keeper.send("lendings", **{f"l-{waiting}-{name}": value for name, value in said.items()})
    for step in ("payments", "bank", "agenda"):
        keeper.send(step)
    keeper.send("count", counted=counted)
    assert keeper.close().status_code == 302
    return Loan.objects.get()
