"""Tables out: types kept, no text becomes a formula, and what is written is read back."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from umeed.core.sheets import Book, OutSheet, Shown, read_book, write_book, write_csv

DANGEROUS = ["=1+1", "+91 98765 43210", "-5", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")']


def book_of(*sheets):
    out = BytesIO()
    write_book(out, sheets)
    return out.getvalue()


def csv_text(headings, rows):
    return b"".join(write_csv(headings, rows)).decode("utf-8-sig")


def test_types_in_xlsx(tmp_path):
    row = [
        "007",
        5,
        Decimal("1.50"),
        date(2016, 1, 25),
        datetime(2022, 8, 6, 2, 13, tzinfo=UTC),
        True,
        None,
        "",
        10**16,
    ]
    path = tmp_path / "out.xlsx"
    assert write_book(path, [OutSheet("Women", [f"H{n}" for n in range(10)], [[*row, UUID(int=7)]])]) == 1
    cells = next(openpyxl.load_workbook(path)["Women"].iter_rows(min_row=2))
    assert [cell.value for cell in cells] == [
        "007", 5, 1.5, datetime(2016, 1, 25), datetime(2022, 8, 6, 2, 13), True, None, None,
        str(10**16), str(UUID(int=7)),
    ]  # fmt: skip
    assert cells[3].number_format == "dd-mm-yyyy"


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    data = book_of(OutSheet("S", ["A", "B"], [[text, "x"]]))
    cell = openpyxl.load_workbook(BytesIO(data)).active["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert b"<f>" not in zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")
    line = csv_text(["A", "B"], [[text, "x"]]).split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_numbers_in_csv_stay_numbers():
    assert csv_text(["A", "B", "C"], [[-5, -1.5, date(2016, 1, 25)]]) == "A,B,C\r\n-5,-1.5,2016-01-25\r\n"


def test_csv_comes_in_pieces_with_its_mark():
    pieces = list(write_csv(["Name"], ([f"Fatima {n}"] for n in range(20_000))))
    assert len(pieces) > 2
    assert pieces[0].startswith(b"\xef\xbb\xbfName\r\n")
    assert not any(piece.startswith(b"\xef\xbb\xbf") for piece in pieces[1:])
    assert b"".join(pieces).count(b"\r\n") == 20_001


def test_headings_are_disarmed_too():
    assert csv_text(["=A"], []) == "'=A\r\n"


def test_titles_are_made_fit_and_unique():
    wanted = ["Women [all]: a/b", "x" * 40, "X" * 40, "", "History", "Women  all   a b"]
    names = openpyxl.load_workbook(BytesIO(book_of(*[OutSheet(title, ["A"], []) for title in wanted]))).sheetnames
    assert len({name.lower() for name in names}) == len(wanted)
    assert all(1 <= len(name) <= 31 for name in names)


def test_right_to_left():
    data = book_of(OutSheet("S", ["نام"], [["فاطمہ"]], right_to_left=True))
    assert openpyxl.load_workbook(BytesIO(data)).active.sheet_view.rightToLeft


def test_a_cell_says_how_it_is_shown_and_stays_what_it_is():
    cells = [
        Shown(Decimal("12.50"), "#,##0.00"),
        Shown("=1+1", bold=True),
        Shown(date(2016, 1, 25), bold=True),
        Shown(""),
    ]
    sheet = openpyxl.load_workbook(BytesIO(book_of(OutSheet("S", list("ABCD"), [cells], widths=[25])))).active
    amount, text, day, blank = sheet[2]
    assert (amount.value, amount.number_format, amount.font.b) == (12.5, "#,##0.00", False)
    assert (text.value, text.data_type, text.font.b) == ("=1+1", "s", True)
    assert (day.value, day.number_format, day.font.b) == (datetime(2016, 1, 25), "dd-mm-yyyy", True)
    assert blank.value is None
    assert sheet.column_dimensions["A"].width > 24 > sheet.column_dimensions["B"].width


def test_long_text_is_cut_openly():
    data = book_of(OutSheet("S", ["A"], [["x" * 40_000]]))
    value = openpyxl.load_workbook(BytesIO(data)).active["A2"].value
    assert len(value) == 32_767
    assert value.endswith("… (cut)")


def test_text_with_characters_xml_cannot_hold():
    data = book_of(OutSheet("S", ["A"], [["a\x00b\x1fc\ud800d"]]))
    assert openpyxl.load_workbook(BytesIO(data)).active["A2"].value == "abcd"
    assert "a\ufffdb" in csv_text(["A"], [["a\ud800b"]]).replace("?", "\ufffd")


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn")), min_size=1, max_size=12)


@given(
    st.lists(
        st.lists(st.one_of(texts, st.integers(-(10**14), 10**14), st.dates(date(1901, 1, 1))), min_size=3, max_size=3)
    )
)
def test_what_is_written_is_read_back(rows):
    rows = [[f"n{at}", *row] for at, row in enumerate(rows)]
    book = read_book(book_of(OutSheet("S", ["Name", "Second", "Third", "Fourth"], rows)), "out.xlsx")
    assert isinstance(book, Book)
    assert [list(row.cells) for row in book.sheets[0].rows] == rows


@given(st.lists(st.lists(st.one_of(texts, st.sampled_from(DANGEROUS)), min_size=2, max_size=2)))
@example([["0", "'@"], ["''=1", "'"], ["'x", "''"]])
def test_csv_is_read_back_whatever_it_holds(rows):
    rows = [[f"n{at}", *row, "end"] for at, row in enumerate(rows)]
    book = read_book(b"".join(write_csv(["Name", "Second", "Third", "Fourth"], rows)), "out.csv")
    assert isinstance(book, Book)
    assert [list(row.cells) for row in book.sheets[0].rows] == [[cell.strip() for cell in row] for row in rows]
