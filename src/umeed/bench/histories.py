"""Histories of phones, network, server and office by chance: `./umeed bench histories --histories 1000000`.

The simulator of the phone's tests, in the real Chromium, from seeds that no test has. All is asked in one run, which
ends at the first history that went wrong.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from umeed.bench.bench import Bench
from umeed.bench.field.phone_hand import chromium
from umeed.bench.parts import HISTORIES
from umeed.bench.promises import MOST, Figure, promise

ENOUGH = 20_000
TOLD_EVERY = 20_000
# The test's are the first ones; a run for millions goes on from any other by --first.
FIRST = 1_000_000_001


@dataclass
class Found:
    """What a run has found: how many histories and commands, in how many seconds; the first one that went wrong."""

    first: int
    done: int = 0
    told: int = 0
    seconds: float = 0.0
    seed: int = 0
    wrong: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> Figure:
        """One history at most, where something of these kinds went wrong in it; it says its seed."""
        wrong = [one for one in self.wrong if kind_of(one) in kinds]
        said = f"seed {self.seed}: {'; '.join(wrong)[:300]}" if wrong else "" if self.told else "nothing was told"
        return Figure([float(bool(wrong))], note=self.note, wrong=said)

    @property
    def note(self) -> str:
        pace = self.done / max(self.seconds, 0.001)
        return (
            f"{self.done:,} histories from seed {self.first}, {self.told:,} commands, {self.seconds:,.0f} s, "
            f"{pace:,.0f} histories a second"
        )


LOST, DOUBLED, DIVERGED = "lost", "doubled", "diverged"


def kind_of(wrong: str) -> str:
    """Of a sentence of the simulator. Whatever is neither lost nor doubled is not the same on both sides."""
    kind = wrong.partition(":")[0]
    return kind if kind in (LOST, DOUBLED) else DIVERGED


class Page:
    """A page of Chromium, in this thread."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def page(self, work: Callable[[Any], Any]) -> Any:
        return work(self._page)


def run(bench: Bench) -> Found | str:
    """Made once a run; a text says why it could not be."""
    if not bench.histories_run:
        try:
            bench.histories_run = _run(bench.first or FIRST, bench.histories or ENOUGH)
        except ImportError:
            return "needs Chromium and the tools of development"
    found: Found = bench.histories_run
    return found


def _run(first: int, count: int, name: str = "product") -> Found:
    """`name`: of the product, or of a mistake of `mutants.py`."""
    # Not above: these are of the tests' room, and the bench starts without it.
    from umeed.field.tests.simulator.running import BLANK, histories, serve_simulator, shortest

    found, began = Found(first), time.monotonic()
    with chromium() as browser:
        page = Page(browser.new_page())
        serve_simulator(page)
        page.page(lambda one: one.goto(BLANK))
        for some in histories(page, first, count, name):
            before = found.done
            found.done, found.told = found.done + some["done"], found.told + some["told"]
            found.seconds = time.monotonic() - began
            if some["failed"]:
                found.seed, found.wrong = some["failed"][0]["seed"], some["failed"][0]["wrong"]
                print(shortest(page, found.seed, name), file=sys.stderr, flush=True)
            elif found.done // TOLD_EVERY > before // TOLD_EVERY:
                print(found.note, file=sys.stderr, flush=True)
    return found


# Promises -------------------------------------------------------------------------------------------------------------


@promise(HISTORIES, "Histories in which something she was told is kept was lost", most=0, unit="histories", by=MOST)
def lost(bench: Bench) -> Figure | str:
    found = run(bench)
    return found if isinstance(found, str) else found.of(LOST)


@promise(HISTORIES, "Histories in which something was written twice", most=0, unit="histories", by=MOST)
def doubled(bench: Bench) -> Figure | str:
    found = run(bench)
    return found if isinstance(found, str) else found.of(DOUBLED)


@promise(HISTORIES, "Histories at whose end a phone and the server differ", most=0, unit="histories", by=MOST)
def diverged(bench: Bench) -> Figure | str:
    found = run(bench)
    return found if isinstance(found, str) else found.of(DIVERGED)
