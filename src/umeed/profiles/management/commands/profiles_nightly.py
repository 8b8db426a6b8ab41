"""Nightly: count everything afresh (for what only time has changed), prove it, and keep the day's picture."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from umeed.profiles.keeping import first_difference, recount, take_picture


class Command(BaseCommand):
    help = "Recount the profiles of every village, prove the kept counts, keep today's picture of the blocks."

    def handle(self, *args: Any, **options: Any) -> None:
        day = timezone.localdate()
        with transaction.atomic():
            recount(day)
            difference = first_difference(day)
            if difference:
                raise CommandError(difference)
            kept = take_picture(day)
        self.stdout.write(f"Counts equal a recount; {kept} block pictures of {day.isoformat()} kept.")
