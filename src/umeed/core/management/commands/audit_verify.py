"""Proves that nobody changed the audit chain, in the database or in an exported copy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from umeed.core import chain


class Command(BaseCommand):
    help = "Recomputes the audit chain in order and names the first break. Ends non-zero when there is one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="an exported copy; no database is needed")
        parser.add_argument("--head", default="", help="SEQ:HASH written down earlier; the chain must still contain it")

    def handle(self, *args: Any, file: Path | None = None, head: str = "", **options: Any) -> None:
        watch = _Watch(head)
        try:
            verdict = chain.verify(watch.see(chain.read_copy(file) if file else _from_database()))
        except chain.NotAnExport as wrong:
            raise CommandError(str(wrong)) from wrong
        if verdict.broken:
            at = verdict.broken
            raise CommandError(
                f"The chain breaks at entry {at.seq} ({at.what}): expected {at.expected}, found {at.found}."
            )
        if head and not watch.met:
            raise CommandError(f"The chain holds, but does not contain the entry {head}: its end was cut or rewritten.")
        self.stdout.write(
            f"{verdict.seq} entries with {verdict.change_count} changes hold. Head {verdict.seq}:{verdict.hash}"
        )


class _Watch:
    """Looks whether a head that was written down elsewhere passes by."""

    def __init__(self, head: str) -> None:
        self.head, self.met = head, False

    def see(self, links: Any) -> Any:
        for link in links:
            self.met |= f"{link.says['seq']}:{link.says['hash']}" == self.head
            yield link


def _from_database() -> Any:
    from umeed.core.audit_pages.stream import links

    return links()
