"""Writes the whole audit chain into one file that can be kept and verified elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from umeed.core import chain
from umeed.core.audit_pages.stream import links


class Command(BaseCommand):
    help = "Exports the audit chain as gzipped JSON lines; `audit_verify --file` checks such a copy without a database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # One moment for the whole copy, while others go on writing.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            written = chain.write_copy(file, links())
        self.stdout.write(
            f"{written.seq} entries with {written.change_count} changes in {file}. Head {written.seq}:{written.hash}"
        )
