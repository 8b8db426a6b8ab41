"""`manage places_recount`: proves that the kept closure equals one worked out anew; names the first difference."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from umeed.places import closure
from umeed.places.models import Place, Within


class Command(BaseCommand):
    help = "Compares the kept dated closure of places with a recount; ends with 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write the recounted closure when they differ")

    def handle(self, *args: Any, **given: Any) -> None:
        with transaction.atomic():
            closure.lock()
            found = closure.first_difference()
            if found is None:
                self.stdout.write(f"equal: {Within.objects.count()} rows for {Place.objects.count()} places")
                return
            self.stderr.write(_said(found))
            if given["repair"]:
                self.stderr.write(f"repaired: {closure.rebuild()} rows written")
                return
        sys.exit(1)


def _said(found: closure.Difference) -> str:
    places = Place.objects.in_bulk([found.above_id, found.below_id])
    above, below = places[found.above_id], places[found.below_id]
    return (
        f"{below.kind} {below.name} ({below.pk}) within {above.kind} {above.name} ({above.pk}): "
        f"kept {_days(found.kept)}, recounted {_days(found.recounted)}"
    )


def _days(during: Any) -> str:
    if during is None:
        return "nothing"
    return f"from {during.lower} to {during.upper or 'now'}"
