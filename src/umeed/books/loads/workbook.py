"""The workbook of cut-offs as Umeed gives it out: who it is and who belongs are written, the figures are filled in by
hand. Of groups three sheets, of VOs and CLFs three, of both six."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils.translation import get_language_bidi, gettext

from umeed.books.loads.columns import BODIES, BODY_LOANS, FEDERATIONS, LOANS, OWN, WOMEN
from umeed.books.loads.columns import GROUPS as SHEET_OF_GROUPS
from umeed.core.sheets import OutSheet, write_book
from umeed.institutions.models import Federation, Institution, Membership

MOST_GROUPS = 500


def titles() -> dict[str, Any]:
    """{sheet: its title}"""
    return {
        SHEET_OF_GROUPS: gettext("Groups"), WOMEN: gettext("Women"), LOANS: gettext("Loans"),
        FEDERATIONS: gettext("VOs and CLFs"), BODIES: gettext("Shares and savings"),
        BODY_LOANS: gettext("Loans of VOs and CLFs"),
    }  # fmt: skip


def workbook_of(institutions: Sequence[Institution]) -> IO[bytes]:
    """An XLSX in the reader's language; the caller closes it."""
    made = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    groups = [one for one in institutions if one.kind == "shg"]
    above = [one for one in institutions if one.kind != "shg"]
    rows: dict[str, Iterator[list[Any]]] = {}
    if groups or not above:
        rows = {SHEET_OF_GROUPS: _figures(SHEET_OF_GROUPS, groups), WOMEN: _women(groups), LOANS: iter(())}
    if above:
        rows |= {FEDERATIONS: _figures(FEDERATIONS, above), BODIES: _bodies(above), BODY_LOANS: iter(())}
    write_book(made, [
        OutSheet(
            titles()[kind], [str(column.title) for column in OWN[kind]], of_kind, right_to_left=get_language_bidi()
        )
        for kind, of_kind in rows.items()
    ])  # fmt: skip
    made.seek(0)
    return made


def _row(kind: str, **said: Any) -> list[Any]:
    return [said.get(column.key, "") for column in OWN[kind]]


def _figures(kind: str, institutions: Sequence[Institution]) -> Iterator[list[Any]]:
    for one in institutions:
        yield _row(kind, group=one.name, village=one.place.name, group_id=str(one.pk))


def _bodies(federations: Sequence[Institution]) -> Iterator[list[Any]]:
    """Groups and VOs of today, federation by federation."""
    ties = Federation.objects.filter(above__in=federations, during__endswith=None).select_related("member")
    by_federation: dict[Any, list[Federation]] = {}
    for tie in ties.order_by("member__name", "member"):
        by_federation.setdefault(tie.above_id, []).append(tie)
    for one in federations:
        for tie in by_federation.get(one.pk, ()):
            yield _row(
                BODIES, group=one.name, village=one.place.name, group_id=str(one.pk), member=tie.member.name,
                member_id=str(tie.member_id),
            )  # fmt: skip


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
