"""Runs the simulator in the real Chromium: histories by seed, of the product or of one that was broken on purpose.

The test and `./umeed bench histories` run it. `python -m umeed.field.tests.simulator.running NAME` looks for the first
seed that finds a mistake of `mutants.py`.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from umeed.field.tests.simulator.mutants import MUTANTS

ROOM = Path(__file__).resolve().parents[2]
CHUNK = 1000
PRODUCT = "product"
BLANK = "http://127.0.0.1/simulated/"
"""A page for who has no other: it need not be there, it is answered like the rest."""
_RUN = """async ([name, depth, what, args]) => {
    Error.stackTraceLimit = depth;
    return (await import(`/simulated/${name}/tests/simulator/history.js`))[what](...args);
}"""


class Browser(Protocol):
    """Who has a page of Chromium."""

    def page(self, work: Callable[[Any], Any]) -> Any:
        """What `work` answers to the page, in the thread in which that lives."""


def serve_simulator(browser: Browser) -> None:
    """From now on the page finds the room under /simulated/<mutant>/, with that mutant's change in it."""
    browser.page(lambda page: page.route("**/simulated/**", _answered))


def _answered(route: Any) -> None:
    name, _, path = route.request.url.split("/simulated/")[1].partition("/")
    if not name:
        route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html")
    elif ".." in path or not path.endswith(".js"):
        route.fulfill(status=404)
    else:
        route.fulfill(body=_source(name, path), content_type="text/javascript")


def _source(name: str, path: str) -> str:
    """Below made/ the same files lie as functions (`_as_function`)."""
    plain = path.removeprefix("made/")
    source = (ROOM / plain).read_text("utf-8")
    if name != PRODUCT and MUTANTS[name].path == plain:
        source = source.replace(MUTANTS[name].old, MUTANTS[name].new)
    return source if plain == path else _as_function(source)


_IMPORT = re.compile(r'^import \{ (.+) \} from ".+";$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.M)
_AROUND = (
    "self", "navigator", "indexedDB", "fetch", "crypto", "AbortSignal", "atob", "Uint8Array", "VERSION", "FILES",
    "LETTERS",
)  # fmt: skip


def _as_function(source: str) -> str:
    """A script of the product as a function of what it imports and of what it finds around it: each life of an app, or
    of its worker, has one of its own, on a phone of its own."""
    names = _EXPORT.findall(source)
    inner = _EXPORT.sub("", _IMPORT.sub(r"const { \1 } = given;", source))
    return (
        f"export function made(given, {{ {', '.join(_AROUND)} }}) {{\n{inner}\nreturn {{ {', '.join(names)} }};\n}}\n"
    )


def _look_up(name: str) -> None:
    """A mutant whose text is not there, once, would be the product itself."""
    mutant = MUTANTS[name]
    count = (ROOM / mutant.path).read_text("utf-8").count(mutant.old)
    assert count == 1, f"{name}: what is to be changed stands {count} times in {mutant.path}"


def histories(browser: Browser, first: int, count: int, name: str = PRODUCT) -> Iterator[dict[str, Any]]:
    """What was found, chunk by chunk: {done, told, failed: [{seed, wrong}]}; ends where one failed."""
    if name != PRODUCT:
        _look_up(name)
    for start in range(first, first + count, CHUNK):
        found = _run(browser, name, "histories", start, min(CHUNK, first + count - start))
        yield found
        if found["failed"]:
            return


def shortest(browser: Browser, seed: int, name: str = PRODUCT) -> str:
    """The shortest telling of a history that went wrong."""
    told = _run(browser, name, "shortest", seed, depth=10)
    return "\n".join([f"seed {seed}", *told["trace"], "wrong:", *told["wrong"]])


def _run(browser: Browser, name: str, what: str, *args: Any, depth: int = 0) -> Any:
    return browser.page(functools.partial(_evaluated, [name, depth, what, args]))


def _evaluated(asked: list[Any], page: Any) -> Any:
    return page.evaluate(_RUN, asked)


def main() -> int:
    from umeed.field.tests.javascript import JavaScript

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mutant", choices=[PRODUCT, *MUTANTS])
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--histories", type=int, default=100_000)
    asked = parser.parse_args()
    js = JavaScript()
    try:
        serve_simulator(js)
        for found in histories(js, asked.first, asked.histories, asked.mutant):
            if found["failed"]:
                print(shortest(js, found["failed"][0]["seed"], asked.mutant))
                return 1
        return 0
    finally:
        js.close()


if __name__ == "__main__":
    sys.exit(main())
