"""Writes `docs/operate/settings.md` from the table of settings."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Writes docs/operate/settings.md from config/environment.py."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Looked up beside the settings in use: the table is of the highest floor.
        environment = import_module(f"{settings.SETTINGS_MODULE.rpartition('.')[0]}.environment")
        page = Path(settings.PROJECT) / "docs" / "operate" / "settings.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(environment.page())
        self.stdout.write(f"{page.relative_to(settings.PROJECT)}: {len(environment.SETTINGS)} settings")
