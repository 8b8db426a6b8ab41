"""Loads a year of invented meetings into the books of groups, VOs and CLFs that keep none yet."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.places.models import Place
from umeed.simulator import mission
from umeed.simulator.books import loading


class Command(BaseCommand):
    requires_system_checks: tuple[str, ...] = ()
    help = "Load a year of invented meetings (loans, cut-offs, what goes to VO and CLF) for a place, or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", help="the name or LGD code of a district or block; all when it is left out")
        parser.add_argument("--weeks", type=int, default=loading.WEEKS, help="how many weeks, up to the last one")
        parser.add_argument("--seed", type=int, default=mission.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Invented books are not loaded into production. Use UMEED_MODE=demonstration.")
        if options["weeks"] < 1:
            raise CommandError("A week or more.")
        began = time.monotonic()
        by = system(timezone.localdate(), name="Simulator")
        place = _place(options["place"]) if options["place"] else None
        made = loading.load(by=by, told=self._told, seed=options["seed"], weeks=options["weeks"], place=place)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{made.books:,} books, {made.meetings:,} meetings, {made.sheets:,} sheets, {made.lines:,} lines in "
            f"{seconds:.1f} s ({made.thought:.1f} s to invent, {made.wrote:.1f} s to write)."
        )

    def _told(self, percent: int, words: str) -> None:
        self.stdout.write(f"PROGRESS {percent} {words}")
        self.stdout.flush()


def _place(said: str) -> int:
    """A block or district by its name or LGD code."""
    with as_system():
        rows = Place.objects.filter(kind__in=("district", "block"))
        found = rows.filter(lgd_code=int(said)) if said.isdigit() else rows.filter(name__iexact=said)
        places = list(found.order_by("kind")[:2])
    if len(places) != 1:
        raise CommandError(
            f"There is no one district or block “{said}”." if not places else f"“{said}” is not one place."
        )
    return int(places[0].pk)
