"""The simulator's small server and the real one answer any phones alike, whatever they send in whatever order."""

from __future__ import annotations

import json
import os
import random
import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction

from umeed.access.models import Posting
from umeed.books.actions.settling import settle
from umeed.books.models import Clash
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import between
from umeed.core.viewer import as_viewer
from umeed.field.actions import end_phone
from umeed.field.actions.letting_in import let_in, turn_down
from umeed.field.models import Command
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import Phone, closing, plain
from umeed.field.tests.simulator.running import serve_simulator
from umeed.institutions.tests.making import bookkeeper_of, officer_at, us
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

STORIES = int(os.environ.get("UMEED_STORIES", "60"))
MOST_ACTS = 12
OWNERS = {"bookkeeper": ["one", "two"], "second": ["three"]}
DEVICES = {device: owner for owner, devices in OWNERS.items() for device in devices}
FIRST_DAY = date(2024, 4, 8)


class Story:
    """What phones and officers do, by chance: acts in the words of `conformance.js`."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made: dict[str, dict[str, Any]] = {}
        self.states = dict[str, str]()
        self.days = 0

    def told_by(self, real: Real) -> tuple[list[dict[str, Any]], list[Any]]:
        """Each act, and what the real server answers to it: what she does next depends on that."""
        acts, told = [], []
        for _ in range(self.chance.randint(3, MOST_ACTS)):
            acts.append(self._act())
            told.append(real.tell(**acts[-1]))
            if acts[-1]["act"] == "sync":
                self.states |= {one["id"]: one["state"] for one in told[-1]["answers"]}
        return acts, told

    def _act(self) -> dict[str, Any]:
        kind = self.chance.random()
        if kind < 0.7 or not self.made:
            return self._sync()
        if kind < 0.76:
            return self._backup()
        some = self.chance.choice(list(self.made))
        if kind < 0.83:
            return {"act": "settle", "id": some, "isReplaced": self.chance.random() < 0.5}
        if kind < 0.9:
            return {"act": "decide", "id": some, "isYes": self.chance.random() < 0.6}
        if kind < 0.97:
            owner = self.chance.choice(list(OWNERS))
            return {"act": "posting", "owner": owner, "isHers": self.chance.random() < 0.6}
        return {"act": "end", "device": self.chance.choice(list(DEVICES))}

    def _backup(self) -> dict[str, Any]:
        """Or one is put back."""
        if self.days and self.chance.random() < 0.6:
            self.days = self.chance.randint(1, self.days)
            return {"act": "putBack", "day": self.days - 1}
        self.days += 1
        return {"act": "backup"}

    def _sync(self) -> dict[str, Any]:
        device = self.chance.choice(list(DEVICES))
        owner = DEVICES[device]
        hers = [one for one in self.made.values() if one["owner"] == owner]
        sent = [self._new(owner) for _ in range(self.chance.randint(0, 2))]
        sent += [self._again(one) for one in self.chance.sample(hers, min(len(hers), self.chance.randint(0, 2)))]
        self.chance.shuffle(sent)
        asked = [one["id"] for one in hers if self.chance.random() < 0.7 and one["id"] not in {_["id"] for _ in sent}]
        commands = [{key: value for key, value in one.items() if key != "owner"} for one in sent]
        is_heard = self.chance.random() < 0.7
        return {"act": "sync", "device": device, "commands": commands, "open": asked, "isHeard": is_heard}

    def _new(self, owner: str) -> dict[str, Any]:
        hers = [one["id"] for one in self.made.values() if one["owner"] == owner]
        after = self.chance.sample(hers, 1) if hers and self.chance.random() < 0.4 else []
        if self.chance.random() < 0.3:
            kind, said = (
                "correct_woman",
                {"woman": self.chance.choice(["w1", "w2"]), "revision": 1, "phone": self._phone()},
            )
        else:
            number = self.chance.randint(1, 3)
            said = {"number": number, "on": self._day(number), "paise": self._paise()}
            kind = "close_meeting"
        made = {"id": str(new_id()), "try": 1, "kind": kind, "group": "g", "after": after, "said": said, "owner": owner}
        self.made[made["id"]] = made
        return made

    def _again(self, one: dict[str, Any]) -> dict[str, Any]:
        """The same once more, or mended, where she may mend it."""
        state = self.states.get(one["id"])
        if one["kind"] != "put_away" and self.chance.random() < (0.05 if state in ("accepted", "held") else 0.15):
            away = {"kind": one["kind"], "why": "It was not so"}
            return self._kept({**one, "try": one["try"] + 1, "kind": "put_away", "after": [], "said": away})
        is_hers = state == "refused" or (state == "conflict" and one["kind"] == "correct_woman")
        if state == "waits" and self.chance.random() < 0.4:
            return self._kept({**one, "try": one["try"] + 1, "after": []})
        if not is_hers or self.chance.random() < 0.2:
            return one
        said = one["said"] | ({"phone": self._phone()} if one["kind"] == "correct_woman" else self._better(one["said"]))
        return self._kept({**one, "try": one["try"] + 1, "said": said})

    def _kept(self, one: dict[str, Any]) -> dict[str, Any]:
        self.made[one["id"]] = one
        return one

    def _better(self, said: dict[str, Any]) -> dict[str, Any]:
        place = {"number": self.chance.choice([said["number"], 4, 5]), "on": self._day(said["number"])}
        return {"paise": self._paise()} | (place if self.chance.random() < 0.4 else {})

    def _day(self, number: int) -> int:
        """Days after the first one: mostly weeks by the number, else any near them."""
        return 7 * number + self.chance.choice([0, 0, 0, 0, 0, 1, 3, 6, 7, 7, 7, 9, 14, -7])

    def _paise(self) -> int:
        return self.chance.choice([-1, 0, 1, 2, 3])

    def _phone(self) -> str:
        return str(9906500000 + self.chance.randrange(3))


class Real:
    """The same story told to the real server."""

    def __init__(self, kept: Any, phones: dict[str, Phone]) -> None:
        self.kept, self.phones = kept, phones
        self.days, self.taken = list[Any](), dict[str, dict[str, Any]]()
        self.women = dict(zip(("w1", "w2"), kept.women, strict=False))

    def tell(self, act: str, **said: Any) -> Any:
        return getattr(self, act)(**said)

    def sync(self, device: str, commands: list[dict[str, Any]], open: list[str], isHeard: bool) -> Any:  # noqa: N803
        last = self.taken.get(device)
        told = self.phones[device].sync(
            *map(self._command, commands), open=open, have={}, cursor="", parts=False, told=last and last["told"]
        )
        if isHeard:
            self.taken[device] = told
        answers = sorted(map(_brief, told["answers"]), key=lambda one: str(one["id"]))
        return {"isOther": last is not None and last["server"] != told["server"], "answers": answers}

    def backup(self) -> None:
        self.days.append(transaction.savepoint())

    def putBack(self, day: int) -> None:  # noqa: N802
        """Every row is as it was; the name is the same."""
        del self.days[day + 1 :]
        transaction.savepoint_rollback(self.days[day])

    def _command(self, said: dict[str, Any]) -> dict[str, Any]:
        meant = said["said"]
        if said["kind"] == "put_away":
            return {**said, "group": str(self.kept.group.pk)}
        if said["kind"] == "correct_woman":
            woman = self.women[meant["woman"]]
            changes = {"woman": str(woman.pk), "revision": woman.revision, "changes": {"phone": meant["phone"]}}
            return {**said, "group": str(self.kept.group.pk), "said": changes}
        on = FIRST_DAY + timedelta(days=meant["on"])
        came = {woman.pk: "late" if at < meant["paise"] else "present" for at, woman in enumerate(self.kept.women)}
        counted = 100 if meant["paise"] < 0 else 0
        document = meeting(
            self.kept, meant["number"], on.isoformat(), id=UUID(said["id"]), attendance=came, counted=counted
        )
        whole = closing(self.kept.group.pk, plain(document))
        return {**said, "group": str(self.kept.group.pk), "said": whole["said"]}

    def settle(self, id: str, isReplaced: bool) -> None:  # noqa: N803
        row = Command.objects.filter(uid=id).order_by("-attempt").first()
        clash = Clash.objects.filter(pk=row.clash_id, settled="").first() if row and row.state == "conflict" else None
        if clash is not None:
            with suppress(Refused):  # what was wrong with it besides
                settle(
                    by=us(),
                    clash=clash.pk,
                    settled="replaced" if isReplaced else "kept",
                    why="She remembers",
                    is_sure=True,
                )

    def decide(self, id: str, isYes: bool) -> None:  # noqa: N803
        row = Command.objects.filter(uid=id).order_by("-attempt").first()
        if row is None or row.state != "held":
            return
        officer = next(iter(self.phones.values())).officer
        with as_viewer(officer.viewer):
            (let_in if isYes else turn_down)(by=officer, command=row.pk, why="So it was")

    def posting(self, owner: str, isHers: bool) -> None:  # noqa: N803
        with audited(by=us(), did="change_posting"):
            for posting in Posting.objects.filter(user__username=owner):
                posting.during = between(posting.during.lower, None if isHers else date(2026, 1, 1))
                posting.save()

    def end(self, device: str) -> None:
        phone = self.phones[device]
        if phone.device.is_trusted:
            end_phone(by=phone.officer, device=phone.device.pk, why="Lost on the road")


def _brief(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"], "try": one.get("try"), "state": "accepted" if one["state"] == "known" else one["state"],
        "for": sorted(one["for"]) if "for" in one else None, "with": (one.get("with") or {}).get("number"),
        "number": one.get("number"), "has_receipt": "receipt" in one,
    }  # fmt: skip


def _told(seed: int, step: int, acts: list[dict[str, Any]], one: Any, other: Any) -> str:
    """How the two came to differ: a line an act, ids by their ends."""
    lines = [json.dumps(act) for act in acts[: step + 1]]
    text = "\n".join(
        [f"story {seed}", *lines, f"the real one:  {json.dumps(one)}", f"the small one: {json.dumps(other)}"]
    )
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{18}([0-9a-f]{4})", r"…\1", text)


@pytest.fixture
def phones(kept: Any) -> dict[str, Phone]:
    cache.clear()
    officer = officer_at(kept.group.place)
    for owner in OWNERS:
        bookkeeper_of(kept.group, username=owner)
    return {device: Phone(officer, owner).enrol() for device, owner in DEVICES.items()}


def test_both_servers_answer_alike(js: JavaScript, kept: Any, phones: dict[str, Phone]) -> None:
    stories, told = [], []
    for seed in range(STORIES):
        with transaction.atomic():
            acts, answers = Story(seed).told_by(Real(kept, phones))
            transaction.set_rollback(True)
        stories.append(acts)
        told.append(answers)
    serve_simulator(js)
    about = {"owners": list(OWNERS), "devices": DEVICES, "women": ["w1", "w2"]}
    source = """async (_load, stories, about) =>
        (await import("/simulated/product/tests/simulator/conformance.js")).answersTo(stories, about)"""
    small = js.run(source, stories, about)
    wrong = [
        _told(seed, step, acts, one, other)
        for seed, (acts, here, there) in enumerate(zip(stories, told, small, strict=True))
        for step, (one, other) in enumerate(zip(here, there, strict=True)) if one != other
    ]  # fmt: skip
    assert any(one["isOther"] for answers in told for one in answers if one), "some were put back"
    assert not wrong, f"{len(wrong)} answers differ; the first:\n{wrong[0]}"
