"""Takes up loads whose work was broken off, in this process: where no background worker runs, or one was killed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from umeed.core.loads import steps
from umeed.core.loads.models import AT_WORK, Load
from umeed.core.loads.progress import Told


class Command(BaseCommand):
    help = "Go on with every load that is being read, checked, loaded or taken back. Harmless beside a running worker."

    def handle(self, *args: Any, **given: Any) -> None:
        loads = Load.objects.filter(state__in=AT_WORK).order_by("made_at")
        for load in loads:
            self.stdout.write(f"{load.file_name}: {load.get_state_display()}")
            with Told(load.pk) as progress:
                steps.go_on(load.pk, progress)
            load.refresh_from_db(fields=["state"])
            self.stdout.write(f"{load.file_name}: {load.get_state_display()}")
        if not loads:
            self.stdout.write("No load waits for work.")
