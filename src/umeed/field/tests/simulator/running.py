"""Runs the simulator in the real Chromium: histories by seed, of the product or of one that was broken on purpose.

`python -m umeed.field.tests.simulator.running 1000000 --first 1` runs a million and tells what it found.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.simulator.mutants import MUTANTS

ROOM = Path(__file__).resolve().parents[2]
CHUNK = 1000
PRODUCT = "product"


def serve_simulator(js: JavaScript) -> None:
    """From now on the page finds the room under /simulated/<mutant>/, with that mutant's change in it."""
    js.page(lambda page: page.route("**/simulated/**", _answered))


def _answered(route: Any) -> None:
    name, path = route.request.url.split("/simulated/")[1].split("/", 1)
    if ".." in path or not path.endswith(".js"):
        route.fulfill(status=404)
        return
    route.fulfill(body=_source(name, path), content_type="text/javascript")


def _source(name: str, path: str) -> str:
    source = (ROOM / path).read_text("utf-8")
    if name == PRODUCT or MUTANTS[name].path != path:
        return source
    return source.replace(MUTANTS[name].old, MUTANTS[name].new)


def _look_up(name: str) -> None:
    """A mutant whose text is not there, once, would be the product itself."""
    mutant = MUTANTS[name]
    count = (ROOM / mutant.path).read_text("utf-8").count(mutant.old)
    assert count == 1, f"{name}: what is to be changed stands {count} times in {mutant.path}"


def histories(js: JavaScript, first: int, count: int, name: str = PRODUCT) -> Iterator[dict[str, Any]]:
    """What was found, chunk by chunk: {done, told, failed: [{seed, wrong}]}; ends where one failed."""
    if name != PRODUCT:
        _look_up(name)
    for start in range(first, first + count, CHUNK):
        found = _run(js, name, "histories", start, min(CHUNK, first + count - start))
        yield found
        if found["failed"]:
            return


def shortest(js: JavaScript, seed: int, name: str = PRODUCT) -> str:
    """The shortest telling of a history that went wrong."""
    told = _run(js, name, "shortest", seed)
    return "\n".join([f"seed {seed}", *told["trace"], "wrong:", *told["wrong"]])


def _run(js: JavaScript, name: str, what: str, *args: Any) -> Any:
    source = f"""async (_load, ...args) => {{
        Error.stackTraceLimit = {10 if what == "shortest" else 0};
        return (await import("/simulated/{name}/tests/simulator/history.js")).{what}(...args); }}"""
    return js.run(source, *args)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--mutant", default=PRODUCT, choices=[PRODUCT, *MUTANTS])
    asked = parser.parse_args()
    js = JavaScript()
    try:
        serve_simulator(js)
        began, done, told = time.monotonic(), 0, 0
        for found in histories(js, asked.first, asked.count, asked.mutant):
            done, told = done + found["done"], told + found["told"]
            if found["failed"]:
                print(json.dumps(found["failed"], indent=1))
                print(shortest(js, found["failed"][0]["seed"], asked.mutant))
                return 1
            if done % 50_000 < CHUNK:
                print(f"{done:,} histories, {told:,} commands, {time.monotonic() - began:.0f} s", flush=True)
        print(f"{done:,} histories, {told:,} commands: 0 lost, 0 doubled, 0 diverged, {time.monotonic() - began:.0f} s")
        return 0
    finally:
        js.close()


if __name__ == "__main__":
    sys.exit(main())
