"""The whole chain out of the database as a stream of plain links: constant memory, however long it is."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from umeed.core.audit import change_values, entry_values
from umeed.core.chain import Link
from umeed.core.models import AuditChange, AuditEntry

_AT_ONCE = 500


def links() -> Iterator[Link]:
    """Every entry in order with its changes. A chunk of entries is in memory; changes come through a cursor."""
    last = None
    while chunk := list(_after(last)):
        rows = AuditChange.objects.filter(entry__in=[entry.pk for entry in chunk])
        by_entry = groupby(
            rows.select_related("entry").only(*_CHANGE_COLUMNS).order_by("entry__seq", "position").iterator(2000),
            key=attrgetter("entry_id"),
        )
        group = next(by_entry, None)
        for entry in chunk:
            if group is not None and group[0] == entry.pk:
                yield Link(entry_values(entry), map(change_values, group[1]))
                group = next(by_entry, None)
            else:
                yield Link(entry_values(entry), ())
        last = chunk[-1]


_CHANGE_COLUMNS = ("position", "kind", "table", "subject_id", "before", "after", "entry_id", "entry__seq")


def _after(last: AuditEntry | None) -> list[AuditEntry]:
    """The next entries by (seq, id): a doubled number, where the table was tampered with, is still seen twice."""
    rows = AuditEntry.objects.order_by("seq", "id")
    if last is not None:
        rows = rows.filter(seq__gt=last.seq)
    return list(rows[:_AT_ONCE])
