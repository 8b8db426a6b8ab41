"""Recounts all books and names the first difference of each kind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from umeed.books.nightly import keep
from umeed.books.verifying import CHECKS, counts, verify
from umeed.core.viewer import as_system


class Command(BaseCommand):
    help = "Recounts everything that the books keep and names the first difference. Ends non-zero when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="says only what differs")

    def handle(self, *args: Any, quiet: bool = False, **options: Any) -> None:
        with as_system():
            done = verify(tell=lambda check: None if quiet else self._begin(check))
            sheets, lines = counts()
        keep(done)
        for one in done:
            if one.found:
                self.stderr.write(f"{one.check}: {one.found.said}")
        differences = [one.found for one in done if one.found]
        seconds = sum(one.seconds for one in done)
        if not quiet:
            self.stdout.write("; ".join(f"{one.check} {one.seconds:.1f} s" for one in done))
        if differences:
            raise CommandError(f"{len(differences)} of {len(CHECKS)} checks found a difference. {differences[0].said}")
        self.stdout.write(f"{sheets} sheets with {lines} lines hold: {len(CHECKS)} checks in {seconds:.1f} s.")

    def _begin(self, check: str) -> None:
        self.stdout.write(f"{check} …")
        self.stdout.flush()
