"""Workbooks for tests, and hands that send them through the loads engine as an officer does."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from umeed.core.loads import acts, steps
from umeed.core.loads.headings import first_spelling
from umeed.core.loads.models import Load, LoadRow
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer
from umeed.institutions.loads.columns import CUTOFF, GROUPS, LOKOS, MEMBERS, PLAIN_GROUPS, PLAIN_MEMBERS
from umeed.institutions.tests.making import NAMES

TITLES = {GROUPS: "SHGs", MEMBERS: "Members", CUTOFF: "Cutoff Meetings"}
GROUP = {
    "name": "Roshni SHG", "village": "CHINAR", "panchayat": "HALQA", "formed_on": "25_01_2016", "status": "Active",
    "promoter": "NRLM", "frequency": "Weekly", "weekly_day": "Monday", "saving": 100,
}  # fmt: skip
MEMBER = {
    "group": "Roshni SHG", "name": "Haseena Bano", "gender": "Female", "knows_birth": "Yes", "born_on": "12_03_1984",
    "joined_on": "01_02_2016", "marital": "Married", "belonging": "Ghulam Nabi", "relation": "Husband",
    "office": "Null", "social": "General", "religion": "Muslim", "education": "Bachelors Degree",
}  # fmt: skip
EIGHT = [{"name": name} for name in NAMES[:8]]
ACCOUNT = {"account_number": "#90000000043", "ifsc": "SBIN0000125"}
CUT = {"group": "Roshni SHG", "meeting_number": 13, "met_on": "22_02_2022", "c002": 200, "c213": "#90000000040"}


def lokos(
    groups: Sequence[Mapping[str, Any]] = (),
    members: Sequence[Mapping[str, Any]] = (),
    cutoff: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """A LokOS workbook with all three sheets and all 208 headings, rows over the usual values."""
    rows = {
        GROUPS: [GROUP | dict(row) for row in groups],
        MEMBERS: [MEMBER | dict(row) for row in members],
        CUTOFF: [CUT | dict(row) for row in cutoff],
    }
    return workbook({TITLES[kind]: (LOKOS[kind], rows[kind]) for kind in LOKOS})


def plain_women(*rows: Mapping[str, Any]) -> bytes:
    return workbook({"Women": (_used(PLAIN_MEMBERS, rows), rows)})


def plain_groups(*rows: Mapping[str, Any]) -> bytes:
    return workbook({"Groups": (_used(PLAIN_GROUPS, rows), rows)})


def _used(columns: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    keys = {key for row in rows for key in row}
    return [column for column in columns if column.key in keys]


def workbook(sheets: Mapping[str, tuple[Sequence[Any], Sequence[Mapping[str, Any]]]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        for title, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, [first_spelling(column) for column in columns])
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, [row.get(column.key) for column in columns])
    return made.getvalue()


def judged(by: Scope, content: bytes, layout_key: str = "lokos", name: str = "upload.xlsx") -> Load:
    """A load after the dry run."""
    with as_viewer(by.viewer):
        load = acts.receive_file(by=by, file_name=name, pieces=lambda: iter([content]), layout_key=layout_key)
    return _gone_on(load)


def applied(by: Scope, content: bytes, layout_key: str = "lokos", which: str = acts.GOOD) -> Load:
    """A load after consent to its good rows."""
    load = judged(by, content, layout_key)
    with as_viewer(by.viewer):
        acts.consent(load, by=by, revision=load.revision, which=which)
    return _gone_on(load)


def undone(by: Scope, load: Load) -> Load:
    with as_viewer(by.viewer):
        acts.ask_to_undo(load, by=by)
    return _gone_on(load)


def _gone_on(load: Load) -> Load:
    steps.go_on(load.pk)
    load.refresh_from_db()
    return load


def verdicts(load: Load) -> list[tuple[str, list[str]]]:
    """[(what, codes of its reasons)] of every row, in order."""
    rows = LoadRow.objects.filter(load=load).order_by("id")
    return [(row.what, [reason["code"] for reason in row.reasons]) for row in rows]


def told(load: Load) -> str:
    """All reasons of a load as sentences, one a line."""
    from umeed.kernel.refusals import Refusal

    rows = LoadRow.objects.filter(load=load).order_by("id")
    return "\n".join(Refusal.from_dict(reason).message() for row in rows for reason in row.reasons)
