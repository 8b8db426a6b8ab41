"""Wrong files: a plain reason on the page, and nothing half-done."""

import datetime
import io
import zipfile

import msoffcrypto
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from msoffcrypto.format.ooxml import OOXMLFile

from tests.loads.conftest import GOOD, HEADINGS, book, latest, sent
from tests.loads.reading import at, words
from umeed.core.loads.models import Load, LoadRow
from umeed.places.models import PlaceTag

pytestmark = pytest.mark.django_db


def refused(client, content, name="tags.xlsx", **more):
    """Send a file that cannot be used; the words of the page. Nothing of it may remain but its line."""
    page = sent(client, content, name, **more)
    assert not LoadRow.objects.exists()
    assert not PlaceTag.objects.exists()
    return words(page)


def test_a_picture_and_a_document_are_not_spreadsheets(client):
    assert "This is a picture" in refused(client, b"\x89PNG\r\n\x1a\n" + b"0" * 200, "tags.xlsx")
    assert "This is a PDF" in refused(client, b"%PDF-1.7\n" + b"0" * 200, "tags.xlsx")
    assert not Load.objects.exclude(state="failed").exists()
    assert not any(load.pieces.exists() for load in Load.objects.all()), "what cannot be read is not kept"


def test_an_empty_file_and_no_file(client):
    assert "The file is empty" in refused(client, b"", "tags.csv")
    assert client.post("/loads/", {}).status_code == 422
    assert not Load.objects.exists()


def test_a_password(client):
    made = io.BytesIO()
    OOXMLFile(io.BytesIO(book(*GOOD))).encrypt("secret", made)
    assert msoffcrypto.OfficeFile(made).is_encrypted()
    assert "protected by a password" in refused(client, made.getvalue())


def test_a_truncated_workbook(client):
    assert "damaged or was cut off" in refused(client, book(*GOOD)[:-400])


def test_a_zip_bomb(client):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.csv", b"Village Name,Mark,From Date\n" + b"0" * 30_000_000)
    assert "unpacks to far more" in refused(client, made.getvalue(), "bomb.zip")


def test_a_file_larger_than_allowed_is_stopped_on_its_way(client, settings):
    settings.UPLOAD_LIMIT_BYTES = 3 * 1024 * 1024
    page = client.post("/loads/", {"file": SimpleUploadedFile("tags.csv", b"x" * 4 * 1024 * 1024)})
    assert page.status_code == 422
    assert "The file is larger than 3 MB" in words(page)
    assert not Load.objects.exists()


def test_formulas_never_run_and_their_values_are_read(client):
    made = openpyxl.Workbook()
    made.active.append(list(HEADINGS))
    made.active.append(['=HYPERLINK("http://evil.example")', "covered", "01-04-2024", '=cmd|"/c calc"!A1', ""])
    content = io.BytesIO()
    made.save(content)
    page = sent(client, content.getvalue())
    assert "evil.example" not in words(page)
    assert not PlaceTag.objects.exists()


def test_three_times_the_expected_columns(client):
    headings = (*HEADINGS, *(f"Extra {n}" for n in range(40)))
    page = refused(client, book((*GOOD[0], *["x"] * 40), headings=headings), layout="village-tags")
    assert "has 45 columns, where 5 are expected" in page


def test_duplicate_headings_ask_which_is_meant(client):
    headings = ("Village Name", "Mark", "From Date", "Village Name", "Mobile Number")
    page = refused(client, book(GOOD[0], headings=headings))
    assert "The heading “Village Name” stands over more than one column" in page
    given = {"layout": "village-tags", "column_tags_village": "0", "column_tags_tag": "1", "column_tags_since": "2"}
    client.post(at(latest(), "answers/"), given)
    assert latest().counts["create"] == 1


def test_a_merged_header_is_read_or_asked_about_never_guessed_wrong(client):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Tags of villages, 2024", None, None, None, None])
    sheet.merge_cells("A1:E1")
    sheet.append(list(HEADINGS))
    for row in GOOD:
        sheet.append(list(row))
    content = io.BytesIO()
    made.save(content)
    sent(client, content.getvalue())
    assert latest().counts["create"] == 2
    assert [row.number for row in LoadRow.objects.all()] == [3, 4], "row numbers are those of Excel"


def test_empty_rows_are_passed_over(client):
    sent(client, book(GOOD[0], ("", "", "", "", ""), GOOD[1]))
    assert latest().counts["create"] == 2
    assert [row.number for row in LoadRow.objects.all()] == [2, 4]


def test_only_headings(client):
    assert "no filled rows" in refused(client, book()) or "no rows below" in words(client.get(at(latest())))


def test_mixed_date_forms_and_excel_dates(client):
    days = ["01-04-2024", "25_01_2016", "25 Jan 2016", datetime.date(2024, 4, 1), "2024-04-01", "01/25/2016", "soon"]
    tags = ["covered", "aspirational", "vibrant", "hard_to_reach", "snow_bound", "covered", "vibrant"]
    villages = ["Here village 1"] * 5 + ["Here village 2"] * 2
    rows = list(zip(villages, tags, days, strict=True))
    sent(client, book(*rows, headings=HEADINGS[:3]))
    assert latest().counts["create"] == 5
    assert latest().counts["refuse"] == 2
    refusals = [row.reasons[0]["field"] for row in LoadRow.objects.filter(what="refuse")]
    assert refusals == ["since", "since"]


def test_a_wrong_encoding(client):
    text = "Village Name,Mark,From Date,Order No\nHere village 1,covered,01-04-2024,Café №\n"
    sent(
        client,
        "Village Name,Mark,From Date,Order No\nHere village 1,covered,01-04-2024,Café\n".encode("cp1252"),
        "a.csv",
    )
    assert latest().counts["create"] == 1
    sent(client, text.encode("utf-16"), "b.csv")
    assert latest().counts["create"] == 1
    assert LoadRow.objects.filter(load=latest()).get().after["source"] == "Café №"


def test_a_village_of_elsewhere_gets_a_plain_reason(client):
    page = words(sent(client, book(("There village 1", "covered", "01-04-2024", "", ""))))
    assert "There is no village There village 1 in your area." in page


def test_a_kind_that_one_may_not_load_is_refused(client, kinds):
    kinds["village-tags"].capability = "site.run"
    try:
        page = client.post("/loads/", {"file": SimpleUploadedFile("t.xlsx", book(*GOOD)), "layout": "village-tags"})
        assert page.status_code == 422
        assert not Load.objects.exists()
    finally:
        kinds["village-tags"].capability = "loads.make"
