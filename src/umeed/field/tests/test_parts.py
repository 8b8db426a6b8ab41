"""What a phone is told: only of groups whose books its person keeps, in a fixed number of questions; and that what it
lacked, added to what it had, is all that there is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from umeed.books.tests.conftest import Kept, keep, valley
from umeed.books.tests.making import post, saving
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.core.scope import Scope, nobody
from umeed.core.viewer import as_viewer
from umeed.field.bundles.difference import AT_ONCE, difference
from umeed.field.bundles.digests import digest_of, sum_of
from umeed.field.bundles.parts import WHOLE, parts_of
from umeed.field.bundles.windows import read_since, usual_since
from umeed.field.models import What
from umeed.field.tests.histories_at_random import History
from umeed.institutions.tests.making import TODAY, bookkeeper_of, make_group, officer_at, us

__all__ = ["valley", "vo"]
SINCE = datetime.date(2024, 6, 1)
MOST_QUESTIONS = 32


@dataclass
class Phone:
    """What a phone keeps, as its own code keeps it."""

    since: datetime.date | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    pieces: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def have(self) -> dict[str, Any]:
        return {
            group: {"sheets": ([0, *self.sheets(group)])[-1], "since": self.pieces[group][0]["since"],
                    "parts": {name: digest_of(part) for name, part in parts.items()}}
            for group, parts in self.parts.items()
        }  # fmt: skip

    def sheets(self, group: str) -> list[int]:
        numbers: list[int] = []
        for piece in self.pieces[group]:
            at = 0
            for step in piece["ids"]:
                at += step
                numbers.append(at)
        return numbers

    def sync(self, scope: Scope, touched: Collection[UUID] | None = None) -> int:
        """How many groups it was told of."""
        marks = None if touched is None else dict.fromkeys(touched, frozenset[int]({What.ALL}))
        lacks, count = difference(scope, self.have, marks), 0
        for one in json.loads(json.dumps(lacks.groups)):
            group, came = one["id"], one["sheets"]
            self.parts.setdefault(group, {}).update(one["parts"])
            if came is not None:
                self.pieces[group] = [came] if came["first"] else [*self.pieces[group], came]
            numbers = self.sheets(group)
            has = {"sheets": len(numbers), "last": numbers[-1] if numbers else 0, "sum": sum_of(numbers)}
            assert has == one["has"] and numbers == sorted(set(numbers))
            count += 1
        for group in lacks.gone:
            del self.parts[group], self.pieces[group]
        return count + (self.sync(scope, touched) if lacks.more else 0)


def lines_of(pieces: list[dict[str, Any]]) -> list[Any]:
    """(sheet, day, kind, what it reverses, theirs, off, head, woman, loan, body, paise) of every line."""
    return [line for piece in pieces for line in _lines(piece)]


def _lines(piece: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    said, amounts = list(_accounts(piece)), _amounts(piece)
    sheet = day = at = 0
    for row, count in enumerate(piece["lines"]):
        sheet, day = sheet + piece["ids"][row], day + piece["on"][row]
        is_theirs, is_off = row in piece["theirs"], row in piece["off"]
        head = (sheet, day, piece["kind"][row], piece["reverses"].get(str(row)), is_theirs, is_off)
        for nth in range(at, at + count):
            yield (*head, *said[piece["account"][nth]], amounts[nth])
        at += count


def _accounts(piece: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for head, woman, loan, body in zip(*(piece[name] for name in ("heads", "women", "loans", "bodies")), strict=True):
        yield head, _named(piece["who"], woman), loan, _named(piece["whom"], body)


def _named(table: list[str], at: int) -> str | None:
    return table[at] if at >= 0 else None


def _amounts(piece: dict[str, Any]) -> list[int]:
    accounts = piece["account"]
    firsts = {sum(piece["lines"][:row]) for row in range(len(piece["lines"]))}
    others = sorted(set(range(len(accounts))) - firsts, key=lambda at: (accounts[at], at))
    amounts = [0] * len(accounts)
    for at, paise in zip(others, piece["paise"], strict=True):
        amounts[at] = paise
    for count, first in zip(piece["lines"], sorted(firsts), strict=True):
        amounts[first] = -sum(amounts[first + 1 : first + count])
    return amounts


def fresh(scope: Scope, since: datetime.date, group: UUID) -> tuple[dict[str, Any], list[Any]]:
    (one,) = parts_of(scope, [group], {group: since})
    told = json.loads(json.dumps({"parts": one.parts, "sheets": one.sheets}))
    return told["parts"], lines_of([told["sheets"]])


# Who is told what ----------------------------------------------------------------------------------------------------


def test_a_bookkeeper_is_told_of_her_own_group_alone(vo: Vo) -> None:
    hers = bookkeeper_of(vo.one.group)
    post(vo.one.book, saving(vo.one.women[0]))
    with as_viewer(hers.viewer):
        found = difference(hers, {})
        asked = parts_of(hers, [vo.one.group.pk, vo.two.group.pk, vo.vo.pk])
    assert [one["id"] for one in found.groups] == [str(vo.one.group.pk)] and not found.more
    assert [one.group for one in asked] == [vo.one.group.pk]
    told = found.groups[0]
    assert set(told["parts"]) == set(WHOLE) and told["has"]["sheets"] == 0 and told["sheets"]["first"]
    assert [one["name"] for one in told["parts"]["self"]["above"]] == ["Umeed VO"]
    assert len(told["parts"]["women"]) == 5 and str(vo.two.women[0].pk) not in json.dumps(told)


def test_row_security_says_the_same_as_the_product(vo: Vo) -> None:
    """Who keeps one book is told of it what the product itself is told of it."""
    history = History(vo.one, vo, Random(5))
    history.begin()
    _live(history, 14)
    hers = bookkeeper_of(vo.one.group)
    whole = parts_of(us(), [vo.one.group.pk], {vo.one.group.pk: SINCE})[0]
    with as_viewer(hers.viewer):
        mine = parts_of(hers, [vo.one.group.pk], {vo.one.group.pk: SINCE})[0]
    for name in (*WHOLE, "sheets"):
        if name != "women":
            of = [json.dumps(one.sheets if name == "sheets" else one.parts[name]) for one in (whole, mine)]
            assert of[0] == of[1], name


def test_who_keeps_no_book_is_told_of_none(vo: Vo, valley: Any) -> None:
    for scope in (nobody(TODAY), officer_at(valley.chinar, "auditor")):
        assert difference(scope, {}).groups == []
        assert parts_of(scope, [vo.one.group.pk]) == []


def test_of_a_woman_only_what_her_viewer_may_see(vo: Vo) -> None:
    hers = bookkeeper_of(vo.one.group)
    with as_viewer(hers.viewer):
        women = parts_of(hers, [vo.one.group.pk])[0].parts["women"]
    row = next(one for one in women if one["id"] == str(vo.one.women[0].pk))
    assert row["profile"]["belonging_name"] == "Ghulam Nabi" and "phone" not in row["profile"]
    # She may see phones, and neither accounts nor what is said of disability.
    assert set(row.get("covered", [])) <= {"phone"}


def test_a_group_that_is_hers_no_more_is_gone(vo: Vo) -> None:
    phone, hers = Phone(), bookkeeper_of(vo.one.group)
    assert phone.sync(hers) == 1
    other = bookkeeper_of(vo.two.group, username="other")
    found = difference(other, phone.have)
    assert found.gone == [str(vo.one.group.pk)] and [one["id"] for one in found.groups] == [str(vo.two.group.pk)]


def test_a_group_without_a_book_is_told_too(vo: Vo) -> None:
    hers = bookkeeper_of(vo.bookless)
    phone = Phone()
    assert phone.sync(hers) == 1 and phone.sync(hers) == 0
    parts = phone.parts[str(vo.bookless.pk)]
    assert parts["self"]["book"] is None and parts["self"]["opened_on"] is None and len(parts["women"]) == 5
    keep(vo.bookless)
    assert phone.sync(hers) == 1 and phone.parts[str(vo.bookless.pk)]["self"]["book"]


# How much is asked ---------------------------------------------------------------------------------------------------


def test_as_many_questions_for_many_groups_as_for_one(valley: Any) -> None:
    kept = [keep(make_group(valley.chinar, f"Group {at}", members=5)) for at in range(6)]
    for one in kept:
        _year(one)
    few, many = (_questions([one.group.pk for one in some]) for some in (kept[:1], kept))
    assert few == many <= MOST_QUESTIONS


def _year(kept: Kept) -> None:
    for at in range(3):
        post(kept.book, saving(kept.women[at], on=f"2024-0{4 + at}-08"))


def _questions(groups: list[UUID]) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert len(parts_of(us(), groups, dict.fromkeys(groups, SINCE))) == len(groups)
    return len(asked)


def test_of_many_groups_some_are_told_at_a_time(valley: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("umeed.field.bundles.difference.AT_ONCE", 3)
    groups = [make_group(valley.chinar, f"Group {at}", members=0) for at in range(7)]
    assert difference(us(), {}).more
    phone = Phone()
    assert phone.sync(us()) == 7 and set(phone.parts) == {str(one.pk) for one in groups}
    assert phone.sync(us()) == 0 and AT_ONCE > 3


def test_a_phone_that_lacks_only_whole_groups_asks_next_since_now(valley: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the last message of a first contact would compare all groups to say nothing."""
    monkeypatch.setattr("umeed.field.bundles.difference.AT_ONCE", 3)
    for at in range(9):
        make_group(valley.chinar, f"Group {at}", members=0)
    first = difference(us(), {})
    assert first.more and not first.stays
    have: dict[str, Any] = {one["id"]: {} for one in first.groups}
    second = difference(us(), have, {})
    assert second.more and not second.stays and not have.keys() & {one["id"] for one in second.groups}
    touched = {UUID(first.groups[0]["id"]): frozenset({int(What.ALL)})}
    assert difference(us(), have, touched).stays and difference(us(), have).stays


# What it lacks -------------------------------------------------------------------------------------------------------


def _live(history: History, steps: int) -> int:
    done = 0
    for _ in range(steps):
        try:
            history.step()
            done += 1
        except Refused:
            continue
    return done


@pytest.mark.parametrize("seed", [3, 4])
def test_after_any_history_a_phone_has_what_there_is(vo: Vo, seed: int) -> None:
    """It syncs now and then; each time it has the very parts that a new phone would be told, sheet by sheet."""
    chance, scope, group = Random(seed), us(), vo.one.group.pk
    history = History(vo.one, vo, chance)
    history.begin()
    phone, synced = Phone(), 0
    # As a phone that synced first when its year began in June.
    phone.parts[str(group)] = {}
    phone.pieces[str(group)] = [json.loads(json.dumps(parts_of(scope, [group], {group: SINCE})[0].sheets))]
    assert phone.sync(scope) >= 1 and phone.sync(scope) == 0
    for _ in range(40):
        if _live(history, 1) and chance.random() < 0.6:
            touched = chance.choice((None, {group, vo.two.group.pk}))
            phone.sync(scope, touched)
            parts, lines = fresh(scope, SINCE, group)
            assert phone.parts[str(group)] == parts and lines_of(phone.pieces[str(group)]) == lines, history.did
            assert phone.sync(scope, touched) == 0
            synced += 1
    assert synced > 8


def test_who_was_not_touched_is_not_looked_at(vo: Vo) -> None:
    phone = Phone()
    phone.sync(us())
    post(vo.one.book, saving(vo.one.women[0], on="2026-05-04"))
    assert phone.sync(us(), {vo.two.group.pk}) == 0
    assert phone.sync(us(), {vo.one.group.pk}) == 1
    assert phone.sync(us(), None) == 0


def test_a_late_sheet_before_the_window_changes_what_lies_before_it(vo: Vo) -> None:
    phone, group = Phone(), str(vo.one.group.pk)
    phone.sync(us())
    assert phone.pieces[group][0]["since"] == usual_since(TODAY).isoformat() == "2025-06-01"
    post(vo.one.book, saving(vo.one.women[0], on="2024-05-04"))
    phone.sync(us())
    assert phone.parts[group]["before"]["heads"] == {"101": 10_000, "201": -10_000} and phone.sheets(group) == []


def test_a_window_begins_where_the_phone_says_if_it_can() -> None:
    said = {"2025-02-01": "2025-02-01", "2025-02-03": "2025-06-01", "2031-01-01": "2025-06-01", "x": "2025-06-01"}
    assert {text: read_since(text, TODAY).isoformat() for text in said} == said


def test_a_phone_that_says_nonsense_is_told_all(vo: Vo) -> None:
    group = str(vo.one.group.pk)
    for have in ({group: {}}, {group: {"sheets": "x", "parts": [], "since": None}}, {group: {"parts": {"self": 7}}}):
        found = difference(us(), have)
        told = next(one for one in found.groups if one["id"] == group)
        assert set(told["parts"]) == set(WHOLE) and told["sheets"]["first"]


@pytest.mark.parametrize("last", ["x", True, 2**63, -1, 1.5])
def test_a_last_sheet_that_is_none_is_none(vo: Vo, last: object) -> None:
    phone, group = Phone(), str(vo.one.group.pk)
    post(vo.one.book, saving(vo.one.women[0], on="2026-05-04"))
    phone.sync(us())
    have = phone.have
    have[group]["sheets"] = last
    (told,) = [one for one in difference(us(), have).groups if one["id"] == group]
    assert told["sheets"]["first"] and len(told["sheets"]["ids"]) == 1
