"""Loads the demonstration: invented missions of J&K and Ladakh with people who can sign in. Twice is once."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from umeed.core.scope import Scope, system
from umeed.core.viewer import as_system
from umeed.duplicates.jobs import search_later
from umeed.places.models import Kind, Place
from umeed.profiles.keeping import settle
from umeed.simulator import mission, real_places, sign_ins
from umeed.simulator.books import loading, showing
from umeed.simulator.keeping import record, tidied
from umeed.simulator.phones import showing as phones
from umeed.simulator.sizes import HOME_BLOCK, SIZES


class Command(BaseCommand):
    requires_system_checks: tuple[str, ...] = ()
    help = "Load an invented mission (village, district or the whole UT) with a sign-in for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="village")
        parser.add_argument("--lgd", type=Path, help="an LGD download whose real villages are used")
        parser.add_argument("--seed", type=int, default=mission.SEED)
        parser.add_argument(
            "--books", choices=("home", "none"), default="home", help="a year of books for the home block"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Invented people are not loaded into production. Use UMEED_MODE=demonstration.")
        if options["lgd"] and not options["lgd"].is_file():
            raise CommandError(f"There is no file {options['lgd']}.")
        began = time.monotonic()
        by = system(timezone.localdate(), name="Simulator")
        made = None
        if mission.is_there():
            self.stdout.write("The demonstration is loaded already.")
        else:
            after = (lambda: self._real_places(options["lgd"], by)) if options["lgd"] else None
            made = mission.invent(options["size"], by=by, told=self._told, seed=options["seed"], after_ground=after)
            self.stdout.write(f"{made.groups:,} groups, {made.women:,} women in {made.blocks} blocks.")
        group, books = self._books(by, options) if options["books"] == "home" else (None, 0)
        self._told(99, "Sign-ins")
        with as_system():
            sign_ins.make(by=by)
            if made:
                search_later(Place.objects.get(kind=Kind.BLOCK, lgd_code=HOME_BLOCK).pk)
        if group and books:
            showing.show(group)
        if group:
            phones.show(by=by, home=group)
        if made or books:
            with as_system():
                # Women have left their groups since their profiles were counted.
                settle(by.today)
            tidied()
        if made:
            record(options["size"], made, time.monotonic() - began)
        self._told(100, "Ready")

    def _books(self, by: Scope, options: dict[str, Any]) -> tuple[UUID | None, int]:
        """A year of books for the home block, where there is none yet; the group that is shown, and how many."""
        with as_system():
            home = Place.objects.filter(kind=Kind.BLOCK, lgd_code=HOME_BLOCK).first()
            group = sign_ins.home_group(by)
        if home is None:
            return None, 0
        told = lambda _percent, words: self._told(98, words)  # noqa: E731
        shown = group.pk if group else None
        counts = loading.load(by=by, told=told, seed=options["seed"], place=home.pk, shown=shown)
        return shown, counts.books

    def _real_places(self, file: Path, by: Scope) -> None:
        self._told(2, f"Villages of {file.name}")
        try:
            filed = real_places.load_lgd(file, by=by)
        except real_places.UnreadableDownload as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{filed:,} real villages, each given a block.")

    def _told(self, percent: int, words: str) -> None:
        self.stdout.write(f"PROGRESS {percent} {words}")
        self.stdout.flush()
