"""Looking at covered fields: what a person's role shows her of a record, and the entry that says she looked."""

from collections.abc import Collection
from typing import Any

from django.db import models

from umeed.core.audit import audited
from umeed.core.audit_pages import words
from umeed.core.scope import Scope


class NotHers(LookupError):
    """The record is out of reach for a covered field that was asked for: to be answered as if it did not exist."""


def reveal(scope: Scope, record: models.Model, fields: Collection[str], why: str = "") -> dict[str, Any]:
    """The clear values of covered fields, by field, when the scope may see each of them on this very record.

    Writes one audit entry naming the fields. Raises NotHers when one capability is missing here; then nothing is told
    and nothing is written. Fields that are not covered are given without an entry.
    """
    table = record._meta.db_table
    asked = {field: words.covered_by(table, field) for field in fields}
    for capability in {key for key in asked.values() if key}:
        rows = type(record)._default_manager.filter(pk=record.pk)
        if not rows.seen_by(scope, capability).exists():
            raise NotHers(capability)
    covered = [field for field, capability in asked.items() if capability]
    if covered:
        with audited(by=scope, did="read_covered", why=why) as trail:
            trail.about(record)
            trail.read(record, covered)
    return {field: getattr(record, field) for field in fields}
