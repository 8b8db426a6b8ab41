"""Writes books as text for `ledger`."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from umeed.books.export_ledger import text_of
from umeed.books.models import Book
from umeed.core.viewer import as_system


class Command(BaseCommand):
    help = "Writes one book, or all, as plain text that ledger, hledger and others read, to the standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--book", type=UUID, help="the id of the group, VO or CLF whose book it is")
        which.add_argument("--all", action="store_true", help="every book, its number before its accounts")

    def handle(self, *args: Any, book: UUID | None = None, **options: Any) -> None:
        with as_system():
            rows = Book.objects.select_related("institution").order_by("pk")
            chosen = rows.filter(institution=book) if book else rows
            if book and not chosen:
                raise CommandError("This institution keeps no book here.")
            for part in text_of(chosen):
                self.stdout.write(part, ending="")
