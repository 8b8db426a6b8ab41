"""Measures what Umeed promises and prints a row a promise; ends non-zero when one falls short."""

import os
import platform
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from umeed.bench import history, report
from umeed.bench.bench import WHOLE_UT, Bench, groups_here
from umeed.bench.measuring import pace
from umeed.bench.parts import BARE, PARTS, bring_in
from umeed.bench.promises import BOOK, Promise, Row

PAGE = Path("docs") / "operate" / "performance.md"


class Command(BaseCommand):
    requires_system_checks: tuple[str, ...] = ()
    help = "Measure what is promised of speed. On the whole UT, unless --any-size."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", nargs="?", choices=PARTS, help="one part; without it, all parts")
        parser.add_argument("--runs", type=int, default=40, help="repetitions of what is quick (40)")
        parser.add_argument("--sheets", type=int, default=0, help="how many sheets phones send (10,000; the UT: 94962)")
        parser.add_argument("--kills", type=int, default=0, help="how often the server is killed while phones send (0)")
        parser.add_argument("--histories", type=int, default=0, help="how many histories by chance (20,000)")
        parser.add_argument("--first", type=int, default=0, help="the seed of the first history (one that no test has)")
        parser.add_argument("--only", default="", help="promises whose name holds this text")
        parser.add_argument("--any-size", action="store_true", help="measure on whatever is loaded")
        parser.add_argument("--load", action="store_true", help="load the whole UT first, when nothing is loaded")
        parser.add_argument("--write", action="store_true", help=f"write the figures into {PAGE}")

    def handle(self, *args: Any, **given: Any) -> None:
        promises = self._promises([given["part"]] if given["part"] else list(PARTS), given["only"])
        if not promises:
            return
        is_bare = all(one.part in BARE for one in promises)
        groups = groups_here() if is_bare else self._groups(any_size=given["any_size"], load=given["load"])
        self.stdout.write(f"On {groups:,} groups. {self._machine()}\n")
        asked = {name: max(0, given[name]) for name in ("sheets", "kills", "histories", "first")}
        bench, rows = Bench(max(1, given["runs"]), **asked), []
        for at, promise in enumerate(promises):
            self.stderr.write(f"{at + 1} of {len(promises)}: {promise.name}")
            rows.append(promise.judged(bench))
        self._tell(rows, groups, write=given["write"])
        if any(row.is_short for row in rows):
            raise CommandError("A promise falls short.", returncode=1)

    def _promises(self, parts: list[str], only: str) -> list[Promise]:
        """What the parts promise; of a part that promises nothing yet, a sentence says so."""
        for part in parts:
            bring_in(part)
        for part in parts:
            if not BOOK.of(part):
                self.stdout.write(f"The promises of '{part}' ({PARTS[part]}) come with the rooms that bring them.")
        return [one for part in parts for one in BOOK.of(part) if only.casefold() in one.name.casefold()]

    def _groups(self, *, any_size: bool, load: bool) -> int:
        groups = groups_here()
        if not groups and load:
            self.stdout.write("Nothing is loaded yet: loading the whole UT of Jammu & Kashmir, all of it invented.")
            call_command("load_demo", size="ut", books="none", stdout=self.stdout)
            groups = groups_here()
        if groups < WHOLE_UT and not any_size:
            raise CommandError(
                f"The promises hold for the whole UT; here are {groups:,} groups. `./umeed bench` loads it into a "
                "database of its own and measures there; --any-size measures what there is."
            )
        if not groups:
            raise CommandError("Nothing is loaded here, so there is nothing to measure.")
        return groups

    def _machine(self) -> str:
        """What it ran on, and how busy that was: rows of two runs are compared only when these are alike."""
        busy = f"load {history.busy()}, a million additions in {pace():.0f} ms"
        python = f"Python {platform.python_version()}"
        return f"{os.cpu_count()} cores, {platform.system()}, {python}, {busy}, {timezone.localdate()}."

    def _tell(self, rows: list[Row], groups: int, *, write: bool) -> None:
        self.stdout.write(report.table(rows))
        file = history.keep(rows, groups, timezone.localtime())
        self.stdout.write(f"Kept in {file.name} in the data folder.")
        if write:
            for part in dict.fromkeys(row.promise.part for row in rows):
                words = self._machine() if part in BARE else f"{groups:,} groups. {self._machine()}"
                of_it = [row for row in rows if row.promise.part == part]
                report.written_into(settings.PROJECT / PAGE, part, of_it, words)
