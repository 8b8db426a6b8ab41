"""Exports: the same rows as the list, told and recorded, read back by a spreadsheet, safe to open."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.registers.conftest import HER_PHONE
from umeed.core.audit import audited
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers import export
from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.institutions.models import Woman


def _bytes(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    assert answer.streaming
    return b"".join(answer.streaming_content)


def _csv(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_bytes(answer).decode("utf-8-sig"))))


def test_csv_has_the_rows_of_the_list_with_places_in_columns_of_their_own(world, client_of) -> None:
    rows = _csv(client_of("block_officer").get("/women/export.csv?q=Gulam"))
    assert {row["Name"] for row in rows} == {"Ghulam Jan", "Jana Gulam Bano"}
    first = next(row for row in rows if row["Name"] == "Ghulam Jan")
    where = (first["District"], first["Block"], first["Panchayat"], first["Village"])
    assert where == ("Here district", "Here block", "Here panchayat", "Here village 1")
    assert first["Group"] == "Here group 1"


def test_xlsx_says_first_what_it_is(world, client_of) -> None:
    answer = client_of("block_officer").get("/shgs/export.xlsx?members_from=3")
    assert 'filename="shgs-here-block-block-' in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(_bytes(answer)))
    about = {str(row[0]): row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert about["Rows"] == 1
    assert about["In words"] == "1 group"
    assert about["Place"] == "Here block block"
    assert about["Exported by"] == "Block officer"
    assert about["Filter"] == "Members from: 3"
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    headings = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2
    assert headings["Name"] == "Here group 1"
    assert headings["Members"] == 3
    assert headings["Formed on"].date() == date(2020, 1, 1)


def test_all_rows_are_exported_not_a_page(world, client_of, monkeypatch) -> None:
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 7)
    with as_system(), audited(by=system(world.scope("block_officer").today), did="fill"):
        for number in range(70):
            Woman(name=f"Bano {number:02}", place=world.scene.here.villages[number % 2]).save()
    rows = _csv(client_of("block_officer").get("/women/export.csv?sort=name"))
    names = [row["Name"] for row in rows]
    assert len(names) == len(set(names)) == 70 + 4 + 4
    assert [name for name in names if name.startswith("Bano")] == [f"Bano {number:02}" for number in range(70)]


def test_phones_are_covered_unless_asked_for_and_then_the_export_says_so(world, client_of) -> None:
    client = client_of("block_officer")
    covered = next(row for row in _csv(client.get("/women/export.csv")) if row["Name"] == "Ghulam Jan")
    assert covered["Phone"] == "••••••3210"
    assert covered["Social category"] == "••••••"
    shown = next(row for row in _csv(client.get("/women/export.csv?show=phone")) if row["Name"] == "Ghulam Jan")
    assert shown["Phone"] == HER_PHONE
    entries = AuditEntry.objects.filter(did="export_register").order_by("seq")
    said = [AuditChange.objects.get(entry=entry) for entry in entries]
    assert [change.after["fields"] for change in said] == [[], ["phone"]]
    assert all(change.kind == "read" and change.after["rows"] == 8 for change in said)


def test_asking_without_the_capability_exports_nothing_more(world, client_of) -> None:
    rows = _csv(client_of("auditor").get("/women/export.csv?show=phone"))
    assert HER_PHONE not in {row["Phone"] for row in rows}


def test_a_text_that_looks_like_a_formula_is_text(world, client_of) -> None:
    rows = _csv(client_of("block_officer").get("/women/export.csv?q=Shaheena"))
    assert rows[0]["Husband's, father's or mother's name"] == "'=HYPERLINK(1)"
    book = load_workbook(io.BytesIO(_bytes(client_of("block_officer").get("/women/export.xlsx?q=Shaheena"))))
    cells = [cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("role", ["resource_person", "partner", "bank_branch", "site_administrator"])
def test_without_the_right_to_export_there_is_no_export(world, client_of, role) -> None:
    assert client_of(role).get("/women/export.csv").status_code == 404
    assert not AuditEntry.objects.filter(did="export_register").exists()


def test_an_export_stays_within_the_scope(world, client_of) -> None:
    rows = _csv(client_of("clf_bookkeeper").get("/women/export.csv"))
    assert {row["Name"] for row in rows} == {"Zoona of Here group 1", "Rafiqa of Here group 1", "Ghulam Jan"}


@pytest.mark.parametrize(
    ("role", "query", "reason"),
    [
        ("block_officer", "age_from=abc", "Age from: Enter a whole number."),
        ("block_officer", "place=99999999", "There is no such place within your reach."),
        ("block_officer", "born=1990", "born: This list has no such filter."),
        ("auditor", "social_category=sc", "Your role does not let you use this filter."),
    ],
)
def test_a_filter_that_cannot_be_used_exports_nothing_and_says_why(world, client_of, role, query, reason) -> None:
    client = client_of(role)
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/women/export.{kind}?{query}&q=Jan")
        page = answer.content.decode()
        assert answer.status_code == 422 and reason in page, page
        assert f'href="/women/?{query}&amp;q=Jan"' in page
    assert not AuditEntry.objects.filter(did="export_register").exists()


def test_a_list_says_which_filter_the_role_may_not_use(world, client_of) -> None:
    page = client_of("auditor").get("/women/?social_category=sc").content.decode()
    assert "was left out. Your role does not let you use this filter." in page


def test_other_kinds_of_file_are_not_there(world, client_of) -> None:
    assert client_of("block_officer").get("/women/export.pdf").status_code == 404


def test_the_export_speaks_the_language_of_the_page_it_came_from(world, client_of, monkeypatch) -> None:
    """The answer streams after the request has ended, and with it the language that it was asked in."""
    from django.utils import translation

    heard = []
    monkeypatch.setattr(export, "csv_pieces", lambda *_: heard.append(translation.get_language()) or iter([b"x"]))
    answer = client_of("block_officer").get("/women/export.csv", headers={"Accept-Language": "ur"})
    with translation.override("en"):
        _bytes(answer)
    assert heard == ["ur"]
