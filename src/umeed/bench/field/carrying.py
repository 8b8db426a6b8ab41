"""Messages on their way to the server and back, by a process of its own, and what they came to."""

# ruff: noqa: S603 - what sends is a process of its own

import base64
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from umeed.bench.field.phones import packed
from umeed.bench.field.serving import Server, Spent, spent

CARRIER = Path(__file__).with_name("carrier.py")
IN_FLIGHT = 8
"""Two workers with two threads each answer at once. Which of them gets a message is chance: with no more than they can
answer one would often be idle."""
Letter = tuple[str, dict[str, Any]]
"""The token of a phone, and its message."""


@dataclass(frozen=True)
class Carried:
    """What a number of messages came to: seconds in all, milliseconds of each, the states of their commands, which were
    accepted, what of the processor was spent (by who sends: `sending`, seconds), bytes of the answers, and for which
    reasons (by code) something was not accepted."""

    seconds: float
    each: Sequence[float]
    states: Counter[str]
    accepted: Sequence[str]
    spent: Spent
    sending: float
    bytes: int
    why: Counter[str]
    wrong: str = ""

    @property
    def sheets(self) -> int:
        return len(self.accepted)

    @property
    def a_sheet(self) -> float:
        """Milliseconds, over all of them."""
        return 1000 * self.seconds / max(1, self.sheets)

    @property
    def note(self) -> str:
        """What stands beside a figure."""
        every = (self.spent.web, self.spent.database, self.sending)
        web, database, sending = (1000 * one / max(1, self.sheets) for one in every)
        others = "".join(f", {count} {state}" for state, count in self.states.items() if state != "accepted")
        reasons = f" ({', '.join(f'{code} {many}' for code, many in self.why.most_common())})" if self.why else ""
        told = f"{self.sheets:,} sheets{others}{reasons}, {1000 / self.a_sheet:.0f} a second"
        spent = f"{web:.1f} ms in Python, {database:.1f} in PostgreSQL and {sending:.1f} by who sends"
        return f"{told}; of the processor {spent} a sheet"


def carry(server: Server, letters: Sequence[Letter]) -> tuple[list[dict[str, Any]], Carried]:
    """The answer to each, in order, and what all came to."""
    lines = "".join(json.dumps({"token": token, "body": packed(one)}) + "\n" for token, one in letters)
    command = [sys.executable, "-P", str(CARRIER), str(server.port), str(IN_FLIGHT)]
    before = spent(server)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    used = spent(server) - before
    head, *rest = map(json.loads, done.stdout.splitlines())
    answers = [_unpacked(one) for one in rest]
    commands = [one for answer in answers for one in answer.get("answers", ())]
    return answers, Carried(
        head["seconds"], [one["ms"] for one in rest], Counter(one["state"] for one in commands),
        [one["id"] for one in commands if one["state"] == "accepted"], used, head["processor"],
        sum(one["bytes"] for one in rest), _why(commands), _wrong([one["status"] for one in rest]),
    )  # fmt: skip


def _why(commands: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(reason["code"] for one in commands for reason in one.get("reasons", ()))


def _wrong(statuses: Sequence[int]) -> str:
    failed = [str(one) for one in statuses if one != 200]
    return f"{len(failed)} messages were answered with {', '.join(sorted(set(failed)))}" if failed else ""


def _unpacked(one: dict[str, Any]) -> dict[str, Any]:
    body = base64.b64decode(one["body"])
    if one["status"] != 200:
        return {}
    answer: dict[str, Any] = json.loads(gzip.decompress(body) if one["is_packed"] else body)
    return answer
