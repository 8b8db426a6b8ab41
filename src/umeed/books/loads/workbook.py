"""The workbook of cut-offs as Umeed gives it out: groups and women are written, the figures are filled in by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils.translation import get_language_bidi, gettext

from umeed.books.loads.columns import GROUPS as SHEET_OF_GROUPS
from umeed.books.loads.columns import LOANS, OWN, WOMEN
from umeed.core.sheets import OutSheet, write_book
from umeed.institutions.models import Institution, Membership

MOST_GROUPS = 500


def workbook_of(groups: Sequence[Institution]) -> IO[bytes]:
    """An XLSX in the reader's language; the caller closes it."""
    made = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    titles = {SHEET_OF_GROUPS: gettext("Groups"), WOMEN: gettext("Women"), LOANS: gettext("Loans")}
    rows = {SHEET_OF_GROUPS: _groups(groups), WOMEN: _women(groups), LOANS: iter(())}
    write_book(made, [
        OutSheet(
            titles[kind], [str(column.title) for column in OWN[kind]], rows[kind], right_to_left=get_language_bidi()
        )
        for kind in OWN
    ])  # fmt: skip
    made.seek(0)
    return made


def _row(kind: str, **said: Any) -> list[Any]:
    return [said.get(column.key, "") for column in OWN[kind]]


def _groups(groups: Sequence[Institution]) -> Iterator[list[Any]]:
    for group in groups:
        yield _row(SHEET_OF_GROUPS, group=group.name, village=group.place.name, group_id=str(group.pk))


def _women(groups: Sequence[Institution]) -> Iterator[list[Any]]:
    """Women of today, group by group, in order of their names."""
    ties = Membership.objects.filter(institution__in=groups, during__endswith=None).select_related("woman")
    by_group: dict[Any, list[Membership]] = {}
    for tie in ties.order_by("woman__name", "woman"):
        by_group.setdefault(tie.institution_id, []).append(tie)
    for group in groups:
        for tie in by_group.get(group.pk, ()):
            yield _row(
                WOMEN, group=group.name, village=group.place.name, group_id=str(group.pk), woman=tie.woman.name,
                belonging=tie.woman.belonging_name, woman_id=str(tie.woman_id),
            )  # fmt: skip
