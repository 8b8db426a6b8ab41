"""`manage open_mission jk`: opens a mission with the State, districts and blocks that ship as facts."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.places import facts
from umeed.places.actions import open_mission
from umeed.places.models import Kind, Place


class Command(BaseCommand):
    help = "Opens a mission with its State and, for J&K and Ladakh, its districts and blocks. Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help=f"a short key; known: {', '.join(facts.MISSIONS)}")
        parser.add_argument("--name", default="", help="the mission's full name")
        parser.add_argument("--short-name", default="")
        parser.add_argument("--state", type=int, help="LGD code of its State")
        parser.add_argument("--state-name", default="")
        parser.add_argument("--opened-on", type=datetime.date.fromisoformat, help="first day of the tree, YYYY-MM-DD")

    def handle(self, *args: Any, **given: Any) -> None:
        state = (given["state"], given["state_name"]) if given["state"] and given["state_name"] else None
        try:
            with as_system():
                mission = open_mission(
                    key=given["key"],
                    name=given["name"],
                    short_name=given["short_name"],
                    state=state,
                    opened_on=given["opened_on"],
                    by=system(timezone.localdate()),
                )
                places = Place.objects.filter(mission=mission)
                counts = [places.filter(kind=kind).count() for kind in (Kind.DISTRICT, Kind.BLOCK)]
        except Refused as refused:
            raise CommandError("\n".join(reason.message() for reason in refused.refusals)) from refused
        self.stdout.write(f"{mission.short_name}: {counts[0]} districts, {counts[1]} blocks")
