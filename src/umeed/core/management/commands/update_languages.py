"""Brings the catalogues up to what the code and templates say now; for whoever writes or translates texts."""

from typing import Any

from django.core.management.base import BaseCommand

from umeed.core.language import LANGUAGES, update


class Command(BaseCommand):
    help = "Gather all texts and update the Hindi and Urdu catalogues; prints how many are left to translate."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in LANGUAGES:
            catalogue = update(language)
            open_count = sum(1 for message in catalogue if message.id and not message.string)
            self.stdout.write(f"{language}: {len(catalogue)} texts, {open_count} to translate")
