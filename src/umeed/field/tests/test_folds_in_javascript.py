"""A cut-off or a woman written on the phone stands in its book at once as the server will have it."""

from __future__ import annotations

import contextlib
import datetime
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from umeed.books.actions import post_cut_off
from umeed.books.models import Book
from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.books.tests.test_cutoff import cut_off, loan, women_of
from umeed.field.tests.books_compared import Asked, compare, said_by_phone, said_by_server, told
from umeed.field.tests.javascript import JavaScript
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["valley", "vo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]


def _command(kind: str, group: UUID, said: dict[str, Any], id: UUID | None = None) -> dict[str, Any]:
    plain = json.loads(json.dumps(said, default=str))
    made_at = f"{us().today}T10:00:00"
    return {"id": str(id or new_id()), "try": 1, "kind": kind, "group": str(group), "made_at": made_at, "said": plain}


def _cut_offs(group: Institution, vo: Institution) -> list[dict[str, Any]]:
    """Loans of every kind among them."""
    women = women_of(group)
    late = [{"on": "2024-02-10", "principal": 1_000_00, "interest": 120_00}]
    taken: dict[str, Any] = {"lent_on": "2023-09-01", "lent": 10_000_00, "outstanding": 8_000_00, "instalments": 8,
                             "rate_bp_a_year": 900, "method": "balance", "next_due": "2024-04-15"}  # fmt: skip
    bank = {"loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank", "number": "77", **taken}
    above = {"loan": new_id(), "head": "loan_from_vo", "body": vo.pk, "source": "cif", **taken}
    credit = {"loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank", "is_cash_credit": True,
              "limit": 20_000_00, **taken, "instalments": 0, "next_due": None}  # fmt: skip
    return [
        cut_off(group),
        cut_off(group, loans=[loan(women[0], overdue=late, instalments=5), loan(women[1], method="flat")],
                surplus=8_000_00),
        cut_off(group, loans=[loan(women[0], method="bullet", instalments=1, next_due="2024-10-10"),
                              loan(women[1], method="declining", part_month="whole")], surplus=8_000_00),
        cut_off(group, loans=[bank], surplus=-12_000_00, surplus_why="Hail"),
        cut_off(group, loans=[above, credit], surplus=-20_000_00, surplus_why="Hail"),
        cut_off(group, held=[{"body": vo.pk, "what": "saving", "paise": 3_000_00}], surplus=5_100_00,
                rf_returned=100_00),
    ]  # fmt: skip


def test_a_first_cut_off_folded_in_says_what_the_book_will_say(js: JavaScript, vo: Vo) -> None:
    group, since = vo.bookless, datetime.date(2024, 3, 1)
    for said in _cut_offs(group, vo.vo):
        parts, command = (
            told(us(), group.pk, since),
            _command("write_cut_off", group.pk, {"document": said}, said["id"]),
        )
        with contextlib.suppress(_Undone), transaction.atomic():
            post_cut_off(by=us(), group=group.pk, said=said, is_sure=True)
            book = Book.objects.get(institution=group)
            asked = [
                Asked(datetime.date(2024, month, 12), number, us().today)
                for month, number in ((4, 101), (5, None), (11, 7))
            ]
            server = [said_by_server(book, one) for one in asked]
            compare(server, said_by_phone(js, parts, asked, [command]), said, is_folded=True)
            compare(server, said_by_phone(js, told(us(), group.pk, since), asked), said)
            raise _Undone


def test_a_corrected_cut_off_folded_in_says_what_the_book_will_say(js: JavaScript, vo: Vo) -> None:
    group, since = vo.bookless, datetime.date(2024, 3, 1)
    first, second, third, *_others = _cut_offs(group, vo.vo)
    post_cut_off(by=us(), group=group.pk, said=first, is_sure=True)
    less = [{**one, "outstanding": one["outstanding"] - 500_00} for one in first["loans"]]
    same = {**first, "loans": less, "surplus": first.get("surplus", 0) - sum(500_00 for _one in less)}
    for said in ({**same, "surplus_why": "Misread"}, second, third):
        corrects = {"document": {**said, "id": str(new_id())}, "replaces": first["id"], "why": "A figure was misread"}
        parts = told(us(), group.pk, since)
        command = _command("write_cut_off", group.pk, corrects, corrects["document"]["id"])
        with contextlib.suppress(_Undone), transaction.atomic():
            post_cut_off(
                by=us(), group=group.pk, said=corrects["document"], replaces=first["id"], why="misread", is_sure=True
            )
            book = Book.objects.get(institution=group)
            asked = [Asked(datetime.date(2024, month, 12), number, us().today) for month, number in ((4, 101), (11, 7))]
            server = [said_by_server(book, one) for one in asked]
            compare(server, said_by_phone(js, parts, asked, [command]), said, is_folded=True)
            raise _Undone


class _Undone(Exception):
    """Takes back what was tried."""


def test_a_woman_who_is_entered_or_corrected_stands_in_the_book_at_once(js: JavaScript, vo: Vo) -> None:
    group, since, on = vo.one.group, datetime.date(2024, 4, 1), datetime.date(2024, 5, 6)
    woman, first = new_id(), vo.one.women[0]
    commands = [
        _command(
            "add_woman", group.pk, {"woman": woman, "name": "Zoona Begum", "joined_on": "2024-05-01", "phone": "9"}
        ),
        _command(
            "correct_woman",
            group.pk,
            {"woman": first.pk, "revision": 1, "changes": {"marital": "widowed", "relation": ""}},
        ),
    ]
    source = """async (load, {parts, commands, woman, on}) => {
        const [{openBook}, {fold, foldAll}, {membersOf}] = await Promise.all([
            load("book/parts.js"), load("book/fold.js"), load("book/facts.js")]);
        const book = foldAll(openBook(parts), commands);
        return {
            members: membersOf(book, on), before: membersOf(book, "2024-04-30").size,
            again: fold(book, commands[0]) === book, she: book.women.find((one) => one.id === woman),
        };
    }"""
    asked = {"parts": told(us(), group.pk, since), "commands": commands, "woman": first.pk, "on": on}
    found = js.run(source, asked)
    assert found["members"][str(woman)] == "Zoona Begum" and len(found["members"]) == 6 and found["before"] == 5
    assert (
        found["again"] and found["she"]["profile"]["marital"] == "widowed" and "relation" not in found["she"]["profile"]
    )
