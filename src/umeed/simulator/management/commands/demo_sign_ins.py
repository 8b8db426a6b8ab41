"""Prints who can sign in to the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from umeed.core.viewer import as_system
from umeed.simulator.sign_ins import password, table


class Command(BaseCommand):
    help = "Print the demonstration's user names and its password."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("There are no demonstration sign-ins in production.")
        with as_system():
            rows = [("Role", "At", "User name", "Name"), *table()]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        self.stdout.write(f"\nPassword for all of them: {password()}")
