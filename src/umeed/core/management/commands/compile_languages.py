"""Compiles the catalogues of Hindi and Urdu for Django; nothing happens where they are up to date."""

from typing import Any

from django.core.management.base import BaseCommand

from umeed.core.language import LANGUAGES, compile_catalogue


class Command(BaseCommand):
    help = "Compile the translation catalogues (needs no GNU gettext)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = [language for language in LANGUAGES if compile_catalogue(language)]
        self.stdout.write(f"Compiled: {', '.join(written)}." if written else "Languages are up to date.")
