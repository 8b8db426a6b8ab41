"""Rows that came, added by the phone to the parts that it has, make the very parts that it would be told whole."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.field.bundles.difference import difference
from umeed.field.bundles.digests import digest_of
from umeed.field.bundles.parts import parts_of
from umeed.field.models import Mark, What
from umeed.field.tests.histories_at_random import History
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_parts import SINCE
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["valley", "vo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
STEPS = 60
_KEEP = """async (load, id, syncs) => {
    const { Kept } = await load("store/kept.js");
    const boxes = new Map();
    const store = {
        get: async (box, key) => boxes.get(`${box} ${key}`), all: async () => [],
        many: async (box, keys) => keys.map((key) => boxes.get(`${box} ${key}`)),
        write: async (changes) => { for (const [, box, key, value] of changes) boxes.set(`${box} ${key}`, value); },
    };
    const kept = await new Kept({ store }).load();
    const told = [];
    for (const [groups, digests] of syncs) {
        const agrees = await kept.take(groups);
        const { parts, sheets } = kept.have()[id] ?? { parts: {} };
        const wrong = Object.keys(digests).filter((name) => parts[name] !== digests[name]);
        told.push([agrees, sheets, Object.fromEntries(wrong.map((name) => [name, boxes.get(`parts ${id} ${name}`)]))]);
    }
    return told;
}"""


def now() -> int:
    """The transaction from which on rows are new. All of a test is one; of it PostgreSQL numbers each savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO field_mark (group_id, xid) VALUES (%s, 0) RETURNING xmin::text::int", [new_id()])
        return int(cursor.fetchone()[0])


class Story:
    """A group that lives on, and a phone that asks now and then: what it was told, and what it must have then."""

    def __init__(self, vo: Vo, seed: int) -> None:
        self.group, self.chance = vo.one.group.pk, Random(seed)
        self.history = History(vo.one, vo, self.chance)
        self.history.begin()
        self.live(10)
        self.syncs, self.truth = list[Any](), list[dict[str, Any]]()
        told = self.fresh()
        self.asked = now()
        self.syncs.append([[{"id": str(self.group), **told}], self.digests(told)])

    def live(self, steps: int) -> None:
        for _ in range(steps):
            try:
                self.history.step()
            except Refused:
                continue

    def fresh(self) -> dict[str, Any]:
        (one,) = parts_of(us(), [self.group], {self.group: SINCE})
        told: dict[str, Any] = json.loads(json.dumps({"parts": one.parts, "sheets": one.sheets, "has": one.has}))
        self.truth.append(told)
        return told

    def digests(self, told: dict[str, Any]) -> dict[str, str]:
        return {name: digest_of(part) for name, part in told["parts"].items()}

    def sync(self) -> dict[str, Any] | None:
        last, touched = self.truth[-1], frozenset(Mark.objects.filter(group=self.group).values_list("what", flat=True))
        have = {"sheets": last["has"]["last"], "since": SINCE.isoformat(), "parts": self.digests(last)}
        found = difference(us(), {str(self.group): have}, {self.group: touched}, self.asked)
        groups = [one for one in json.loads(json.dumps(found.groups)) if one["id"] == str(self.group)]
        self.asked = now()
        Mark.objects.all().delete()
        self.syncs.append([groups, self.digests(self.fresh())])
        return groups[0] if groups else None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_added_are_the_very_parts(js: JavaScript, vo: Vo, seed: int) -> None:
    story, by_rows = Story(vo, seed), set[str]()
    for _ in range(STEPS):
        Mark.objects.all().delete()
        story.live(story.chance.choice((1, 1, 2)))
        told = story.sync()
        rows = told["rows"] if told and "rows" in told else {}
        by_rows |= {*rows, *("also" for one in rows.get("said", ()) if one["also"])}
    answered = js.run(_KEEP, str(story.group), story.syncs)
    for at, ((agrees, sheets, wrong), truth) in enumerate(zip(answered, story.truth, strict=True)):
        for name, part in wrong.items():
            assert part == truth["parts"][name], (at, name, story.history.did[-3:])
        assert agrees and sheets == truth["has"]["last"], (at, sheets)
    assert {"meetings", "said", "loans", "also"} <= by_rows


def test_what_is_plain_is_told_by_rows_and_nothing_else_is_built(vo: Vo) -> None:
    story = Story(vo, 5)
    for _ in range(30):
        story.history.did.clear()
        Mark.objects.all().delete()
        story.live(1)
        told = story.sync()
        if told and "rows" in told and story.history.did == ["close_meeting"]:
            assert "meetings" not in told["parts"] and len(told["rows"]["said"]) == 1
            return
    raise AssertionError("no plain meeting in thirty steps")


def test_a_phone_that_adds_no_rows_is_told_whole_parts(vo: Vo) -> None:
    story = Story(vo, 6)
    story.live(6)
    last = story.truth[-1]
    have = {"sheets": last["has"]["last"], "since": SINCE.isoformat(), "parts": story.digests(last)}
    found = difference(us(), {str(story.group): have}, {story.group: frozenset({What.MEETINGS, What.SHEETS})})
    mine = next(one for one in found.groups if one["id"] == str(story.group))
    assert "rows" not in mine and "meetings" in mine["parts"]


def test_all_of_a_group_is_compared_when_it_is_its_turn_though_nothing_came(vo: Vo) -> None:
    story = Story(vo, 7)
    last = story.truth[-1]
    parts = {**story.digests(last), "women": "x" * 16}
    have = {"sheets": last["has"]["last"], "since": SINCE.isoformat(), "parts": parts}

    def told(*whose: UUID) -> list[Any]:
        found = difference(us(), {str(story.group): have}, {}, story.asked, compared=whose)
        return [set(one["parts"]) for one in found.groups if one["id"] == str(story.group)]

    assert told() == [] and told(story.group) == [{"women"}]
