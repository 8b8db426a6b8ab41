"""Wrong files: each gets one plain reason, and nothing is read of it."""

import re
import struct
import zipfile
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.core.sheets import Book, Limits, read_book
from umeed.core.sheets.reasons import TEXTS
from umeed.core.sheets.tests import made

PEOPLE = made.PEOPLE
GOOD = made.xlsx(PEOPLE)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def code_of(data, filename="people.xlsx", limits=None):
    """The code of the only refusal; it must read as a sentence with nothing left to fill."""
    answer = read_book(data, filename, limits)
    assert isinstance(answer, list), answer
    (refusal,) = answer
    assert (refusal.field, refusal.severity, refusal.code in TEXTS) == ("file", "refuse", True)
    assert "%(" not in refusal.message()
    return refusal.code


def zip_with(name, content=b"a,b\r\nc,d\r\n"):
    return made.packed({name: content})


def nul_name():
    return made.packed({"aXb.csv": b"a,b"}).replace(b"aXb.csv", b"a\0b.csv")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a_pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a_picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a_picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a_picture"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "a_program"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "a_program"),
        (b"#!/bin/sh\nrm -rf /\n", "a_program"),
        (b"{\\rtf1\\ansi People}", "a_document"),
        (b"Rar!\x1a\x07\0" + b"\1" * 40, "an_archive"),
        (b"\x1f\x8b\x08\0" + b"\1" * 40, "an_archive"),
        (b"<html><body><table><tr><td>Name</td></tr></table></body></html>", "a_web_page"),
        (b"<!DOCTYPE html>\n<html></html>", "a_web_page"),
        (b"\xef\xbb\xbf<table border=1><tr><td>Name</td></tr></table>", "a_web_page"),
        (b'<?xml version="1.0"?><kml xmlns="x"></kml>', "other_xml"),
        (b'{"name": "Fatima"}', "not_a_spreadsheet"),
        (bytes(range(256)) * 40, "not_a_spreadsheet"),
        (made.ole({"WordDocument": b""}), "a_document"),
        (made.ole({"Something": b""}), "not_a_spreadsheet"),
        (made.packed({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "a_document"),
        (made.packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "a_document"),
    ],
)
def test_what_is_no_spreadsheet(data, code):
    assert code_of(data) == code


@pytest.mark.parametrize(
    "data",
    [
        made.encrypted(GOOD),
        made.xls(PEOPLE, protected=True),
        made.ods(PEOPLE, manifest="<manifest:encryption-data/>"),
    ],
    ids=["xlsx", "xls", "ods"],
)
def test_a_password(data):
    assert code_of(data) == "password"


def test_a_zip_behind_a_password():
    data = bytearray(made.packed({"people.csv": made.csv_bytes(PEOPLE)}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(data)) == "zip_password"


@pytest.mark.parametrize("name", ["xlsx", "ods", "xls", "xlsb", "zip", "spreadsheetml"])
def test_cut_off_anywhere(name):
    whole = {
        "xlsx": GOOD,
        "ods": made.ods(PEOPLE),
        "xls": made.xls(PEOPLE),
        "xlsb": made.xlsb({(0, 0): "Name", (1, 0): "Fatima"}),
        "zip": made.packed({"people.csv": made.csv_bytes(PEOPLE)}),
        "spreadsheetml": made.spreadsheetml(made.ml_row("Name", "Village")),
    }[name]
    assert isinstance(read_book(whole, "people"), Book)
    for part in (0.3, 0.6, 0.9, 0.99):
        cut = whole[: int(len(whole) * part)]
        answer = read_book(cut, "people")
        assert isinstance(answer, Book) or [r.code for r in answer] == ["damaged"]
    assert code_of(whole[: len(whole) // 3]) == "damaged"


def test_a_member_without_a_name_is_refused():
    whole = made.packed({"p.csv": made.csv_bytes(PEOPLE)})
    at = whole.rindex(b"p.csv")
    assert code_of(whole[:at] + b"\x00" + whole[at + 1 :]) == "zip_unsafe_name"


@given(st.data())
def test_one_wrong_byte_never_raises(data):
    whole = data.draw(st.sampled_from([GOOD, made.xls(PEOPLE), made.packed({"p.csv": made.csv_bytes(PEOPLE)})]))
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes((data.draw(st.integers(0, 255)),)) + whole[at + 1 :]
    answer = read_book(changed, "people")
    for row in answer.sheets[0].rows if isinstance(answer, Book) else ():
        assert row.number > 1


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(data):
    assert isinstance(read_book(data, "x"), (Book, list))


@pytest.mark.parametrize(
    "data", [made.repacked(GOOD, {"xl/vbaProject.bin": b"\0"}), made.xls(PEOPLE, extra=["_VBA_PROJECT_CUR"])]
)
def test_macros(data):
    assert code_of(data, "people.xlsm") == "macros"


@pytest.mark.parametrize("definitions", [DOCTYPE, OUTSIDE])
def test_entity_bombs_and_outside_entities(definitions):
    body = made.ml_row("Name", "Village")
    assert code_of(made.spreadsheetml(body, before=definitions)) == "unsafe_xml"
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
        prolog = f'<?xml version="1.0"?>{definitions}'.encode()
        content = (
            made.member_of(GOOD, part).split(b"?>", 1)[-1]
            if part in zipfile.ZipFile(BytesIO(GOOD)).namelist()
            else b"<sst/>"
        )
        assert code_of(made.repacked(GOOD, {part: prolog + content})) == "unsafe_xml"
    content = made.member_of(made.ods(PEOPLE), "content.xml").replace(b"?>", f"?>{definitions}".encode(), 1)
    assert code_of(made.repacked(made.ods(PEOPLE), {"content.xml": content})) == "unsafe_xml"


# --- Zips -------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_that_declares_its_size():
    assert code_of(zip_with("a.csv", b"a" * 30_000_000)) == "zip_bomb"
    assert code_of(made.repacked(GOOD, {"xl/media/a.xml": b" " * 30_000_000})) == "zip_bomb"


def test_a_zip_bomb_that_hides_its_size():
    data = zip_with("a.csv", b"Name,Village\r\n" + b"a,b\r\n" * 2_000_000)
    at = data.index(b"PK\x01\x02")
    lying = data[: at + 24] + struct.pack("<I", 1000) + data[at + 28 :]
    assert code_of(lying) == "zip_bomb"


def test_too_much_unpacked():
    data = zip_with("a.csv", made.csv_bytes(PEOPLE) * 50)
    assert code_of(data, limits=Limits(unpacked_bytes=1000)) == "zip_bomb"


def test_too_many_members():
    assert code_of(made.packed({f"{n}.csv": b"a,b" for n in range(301)})) == "zip_too_many_members"


@pytest.mark.parametrize(
    "name", ["../people.csv", "a/../../people.csv", "/people.csv", "C:\\people.csv", "..\\people.csv"]
)
def test_names_that_point_outside(name):
    assert code_of(zip_with(name)) == "zip_unsafe_name"


def test_a_name_with_a_nul():
    assert code_of(nul_name()) in ("zip_unsafe_name", "damaged")


def test_two_members_of_one_name():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as book, pytest.warns(UserWarning, match="Duplicate"):
        book.writestr("a.csv", b"a,b")
        book.writestr("a.csv", b"c,d")
    assert code_of(out.getvalue()) == "zip_same_name"


def test_a_zip_in_a_zip():
    assert code_of(zip_with("inner.zip", zip_with("a.csv"))) == "zip_in_zip"


def test_other_packing():
    assert code_of(made.packed({"a.csv": b"a,b"}, zipfile.ZIP_LZMA)) == "zip_packed_otherwise"


def test_a_wrong_check_sum():
    data = made.packed({"a.csv": made.csv_bytes(PEOPLE)}, zipfile.ZIP_STORED)
    assert code_of(data.replace(b"Fatima", b"Fatime", 1)) == "damaged"


def test_a_zip_without_a_spreadsheet():
    assert code_of(zip_with("scan.pdf", b"%PDF-1.7 x")) == "no_rows"
    assert code_of(made.packed({})) == "no_rows"


# --- Too much, too little ---------------------------------------------------------------------------------------


def test_too_large():
    refusal = read_book(b"a,b\r\n" * 1000, "a.csv", Limits(file_bytes=2000))[0]
    assert refusal.code == "file_too_large"


def test_too_large_is_said_before_reading(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        out.truncate(61 * 1024 * 1024)
    assert read_book(path, "a.csv")[0].message().startswith("The file has 61.0 MB; at most 60 MB")


def test_too_many_columns():
    wide = [f"Column {n}" for n in range(1001)]
    assert code_of(made.csv_bytes([wide])) == "too_many_columns"
    assert code_of(made.xlsx([wide])) == "too_many_columns"
    assert code_of(made.spreadsheetml(made.ml_row("Name", ("x", 'ss:Index="1001"')))) == "too_many_columns"


def test_too_many_rows():
    limits = Limits(rows=100)
    rows = [["Name", "Village"], *[["a", "b"]] * 100]
    for data in (made.csv_bytes(rows), made.xlsx(rows), made.spreadsheetml("".join(made.ml_row(*r) for r in rows))):
        assert code_of(data, limits=limits) == "too_many_rows"
    assert code_of(made.spreadsheetml(made.ml_row("a", "b", attributes='ss:Index="1048577"'))) == "too_many_rows"


def far_cell(reference):
    book = openpyxl.Workbook()
    for row in PEOPLE:
        book.active.append(row)
    book.active[reference] = "x"
    return made.saved(book)


def test_one_cell_far_away_does_not_cost_the_memory():
    assert code_of(far_cell("ALL1048576")) == "too_many_cells"
    assert code_of(far_cell("XFD2")) == "too_many_columns"
    assert code_of(made.xlsb({(0, 0): "Name", (1_048_575, 900): "x"})) == "too_many_cells"
    text = 'office:value-type="string"><text:p>x</text:p></table:table-cell>'
    repeated = f'<table:table-cell table:number-columns-repeated="900" {text}'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{repeated}</table:table-row>'
    assert code_of(made.ods(PEOPLE, after=rows)) == "too_many_cells"


def prefixed(sheet):
    """The same worksheet with a prefix before each tag, as the Open XML SDK writes it."""
    tags = re.sub(rb"<(/?)(\w+)", rb"<\1x:\2", sheet)
    return tags.replace(b"xmlns=", b"xmlns:x=")


def test_tags_with_a_prefix_are_read():
    sheet = prefixed(made.member_of(GOOD, "xl/worksheets/sheet1.xml"))
    book = read_book(made.repacked(GOOD, {"xl/worksheets/sheet1.xml": sheet}), "people")
    assert [list(row.cells) for row in book.sheets[0].rows] == PEOPLE[1:]


def test_a_far_cell_written_in_another_way_is_not_overlooked():
    sheet = made.member_of(far_cell("ALL1048576"), "xl/worksheets/sheet1.xml")
    for changed in (
        sheet.replace(b'<c r="ALL1048576"', b'<c   r="ALL1048576"'),
        sheet.replace(b'<c r="ALL1048576"', b'<c t="n" r="ALL1048576"'),
        sheet.replace(b'<c r="ALL1048576"', b"<c r='ALL1048576'"),
        sheet.replace(b'<c r="ALL1048576"', b"<c"),
        sheet.replace(b'<c r="ALL1048576"', b'<c r="ALL1048576" x="/>"'),
        sheet.replace(b'<c r="ALL1048576"', b"<c r=\"ALL1048576\" x='/>'"),
        prefixed(sheet),
        sheet.decode().encode("utf-16"),
    ):
        assert code_of(made.repacked(GOOD, {"xl/worksheets/sheet1.xml": changed})) in ("too_many_cells", "unusual")


def test_styled_but_empty_cells_far_away_are_nothing():
    sheet = made.member_of(GOOD, "xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0" /></row></sheetData>')
    assert isinstance(read_book(made.repacked(GOOD, {"xl/worksheets/sheet1.xml": far}), "people"), Book)


def test_too_many_sheets():
    book = made.xlsx(*[PEOPLE] * 3)
    assert code_of(book, limits=Limits(sheets=2)) == "too_many_sheets"
    assert (
        code_of(made.packed({f"{n}.csv": made.csv_bytes(PEOPLE) for n in range(3)}), limits=Limits(sheets=2))
        == "too_many_sheets"
    )


def test_nothing_in_it():
    assert code_of(made.xlsx([])) == "no_rows"
    assert code_of(made.xlsx([], [])) == "no_rows"
    assert code_of(made.spreadsheetml("")) == "no_rows"
    assert code_of(b",,,\r\n,,,\r\n") == "no_rows"


def test_no_headings():
    assert code_of(b"Fatima,9876543210,12\r\nSunita,9876543211,13\r\n") == "no_headings"
    assert code_of(made.xlsx([[1, 2, 3], [4, 5, 6]])) == "no_headings"
    assert code_of(made.xlsx([[1, 2, 3]], [[4, 5, 6]])) == "no_headings"


def test_a_quotation_mark_left_open():
    assert code_of(b'Name,Village\r\nFatima,"Alawla\r\nSunita,Birpur\r\nDolma,Leh\r\n') == "open_quote"
    assert isinstance(read_book(b'Name,Size\r\nPipe,5" wide\r\nTap,1\r\n', "a.csv"), Book)
