"""Prints the last entry's number and hash, to be written down elsewhere: a chain cut at its end is found by it."""

from typing import Any

from django.core.management.base import BaseCommand

from umeed.core.chain import FIRST_HASH
from umeed.core.models import AuditEntry


class Command(BaseCommand):
    help = "Prints SEQ:HASH of the last audit entry. Keep it outside this machine; give it to `audit_verify --head`."

    def handle(self, *args: Any, **options: Any) -> None:
        last = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, FIRST_HASH)
        self.stdout.write(f"{last[0]}:{last[1]}")
