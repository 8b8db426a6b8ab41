"""Bringing in the whole UT, the J&K directory and 100,000 women: how long it takes from the file to the last row."""

import time
from collections.abc import Iterator

from django.db import connection

from umeed.access.models import User
from umeed.bench.bench import Bench
from umeed.bench.foundation import files
from umeed.bench.measuring import milliseconds, thrown_away
from umeed.bench.parts import FOUNDATION
from umeed.bench.promises import MOST, Figure, promise
from umeed.core import doors
from umeed.core.loads import acts, steps
from umeed.core.loads.models import Load, State
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Woman
from umeed.places.models import Place
from umeed.simulator.keeping import loads

UT_SECONDS, UT_MEMORY_MB, DIRECTORY_SECONDS, WOMEN_SECONDS = 300, 2048, 20, 300
WOMEN = 100_000


def _last_ut_load() -> dict[str, object] | None:
    return next((one for one in reversed(loads()) if one["size"] == "ut"), None)


@promise(FOUNDATION, "Loading the whole UT", most=UT_SECONDS, unit="s", by=MOST)
def whole_ut(bench: Bench) -> Figure | str:
    """As `load_demo --size ut` noted it: ground, people, guards, indexes, profiles, sign-ins, statistics."""
    last = _last_ut_load()
    if last is None:
        return "no load of the whole UT is noted in this data folder"
    return Figure([float(str(last["seconds"]))], note=f"{last['women']:,} women, on {str(last['at'])[:10]}")


@promise(FOUNDATION, "Memory of loading the whole UT", most=UT_MEMORY_MB, unit="MB", by=MOST)
def memory_of_the_ut(bench: Bench) -> Figure | str:
    last = _last_ut_load()
    return Figure([float(str(last["memory_mb"]))]) if last else "no load of the whole UT is noted in this data folder"


@promise(FOUNDATION, "J&K directory from its file, dry run and writing", most=DIRECTORY_SECONDS, unit="s", by=MOST)
def directory(bench: Bench) -> Figure:
    """LGD's own download (or one of the same form and size), through the loads engine; thrown away afterwards."""
    content, where = files.directory_of_jk()
    with thrown_away():
        before = _villages()
        seconds, load = _brought_in("mis", "directory.zip", content, "lgd")
        found = _villages() - before
    wrong = "" if found >= files.VILLAGES * 0.99 else f"{found:,} villages arrived ({_standing(load)})"
    return Figure([seconds], note=f"{found:,} villages, {where}", wrong=wrong)


@promise(FOUNDATION, "100,000 women from a LokOS workbook, dry run and writing", most=WOMEN_SECONDS, unit="s", by=MOST)
def hundred_thousand_women(bench: Bench) -> Figure:
    """12,500 groups of eight, through the loads engine, in the name of a UT officer; thrown away afterwards."""
    with as_system():
        content = files.workbook_of_women(WOMEN, bench.today)
    with thrown_away():
        before = _women()
        seconds, load = _brought_in("mis", "women.xlsx", content, "lokos")
        found = _women() - before
        floor = _copied(WOMEN)
    wrong = "" if found == WOMEN else f"{found:,} women arrived ({_standing(load)})"
    note = f"a file of {len(content) / 1e6:.1f} MB"
    return Figure([seconds], beside=("COPY of as many lines", floor), note=note, wrong=wrong)


def _brought_in(username: str, name: str, content: bytes, layout_key: str) -> tuple[float, Load]:
    """Seconds from the file's arrival to the last row, as the load page does it in the background."""
    with as_system():
        user = User.objects.get(username=username)
    by = doors.scope_of_viewer(str(user.pk))
    began = time.perf_counter()
    with as_viewer(by.viewer):
        load = acts.receive_file(by=by, file_name=name, pieces=lambda: _pieces(content), layout_key=layout_key)
    _worked_on(load)
    if load.state == State.MAPPING:
        with as_viewer(by.viewer):
            acts.answer(load, by=by, layout_key=load.layout_key, mapped=load.mapping, options={})
        _worked_on(load)
    if load.state == State.JUDGED and load.counts["chosen"]:
        with as_viewer(by.viewer):
            acts.consent(load, by=by, revision=load.revision, which=acts.GOOD)
        _worked_on(load)
    return time.perf_counter() - began, load


def _worked_on(load: Load) -> None:
    steps.go_on(load.pk)
    load.refresh_from_db()


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[at : at + 1_000_000] for at in range(0, len(content), 1_000_000))


def _standing(load: Load) -> str:
    return f"{load.get_state_display()}, {load.counts}"


def _villages() -> int:
    with as_system():
        return Place.objects.filter(kind="village").count()


def _women() -> int:
    with as_system():
        return Woman.objects.count()


def _copied(lines: int) -> float:
    """Seconds that PostgreSQL needs to take as many women's lines into a bare table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (name text, belonging text, phone text, born date) ON COMMIT DROP")

        def copy() -> None:
            with cursor.copy("COPY bare FROM STDIN") as into:
                for number in range(lines):
                    into.write(f"Haleema Begum\tGhulam Mohammad Bhat\t6{number:09d}\t1984-03-12\n")

        return milliseconds(copy) / 1000
