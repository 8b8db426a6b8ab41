"""Searches for women who were entered twice, in the whole installation or in the district of a place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.duplicates.finding.searching import search_places
from umeed.places.models import Kind, Place


class Command(BaseCommand):
    help = "Find women who may be entered twice, for people to review. `PROGRESS percent words` tells how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--place", action="append", metavar="KIND/CODE", help="district/1, block/7 (LGD codes), or a place's own id"
        )
        parser.add_argument("--changed", action="store_true", help="leave out districts where nothing has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_system():
            places = [self._place(text) for text in options["place"]] if options["place"] else None
        by = system(timezone.localdate(), name="Search for duplicates")
        done = search_places(places, by=by, told=self._told, only_changed=options["changed"])
        for name, found in done:
            self.stdout.write(
                f"{name}: {found.women:,} women, {found.open:,} pairs to review "
                f"({found.new:,} new, {found.gone:,} gone), {found.milliseconds / 1000:.1f} s"
            )

    def _place(self, text: str) -> Place:
        kind, _, code = text.rpartition("/")
        if not code.isdecimal() or (kind and kind not in Kind.values):
            raise CommandError(f"“{text}” names no place: write a kind and an LGD code, like district/1, or an id.")
        found = Place.objects.filter(**({"kind": kind, "lgd_code": int(code)} if kind else {"pk": int(code)})).first()
        if found is None:
            raise CommandError(f"There is no place {text}.")
        return found

    def _told(self, percent: int, words: str) -> None:
        self.stdout.write(f"PROGRESS {percent} {words}")
        self.stdout.flush()
