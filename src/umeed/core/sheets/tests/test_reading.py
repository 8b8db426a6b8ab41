"""Good files in every format give the same clean table; headings are found, and notes say what was done."""

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from umeed.core.sheets import Book, read_book
from umeed.core.sheets.cells import clean, column_of, letters
from umeed.core.sheets.tests import made

PEOPLE = made.PEOPLE
SAMPLES = Path(__file__).parents[6] / "shared" / "data" / "samples"


def book_of(data, filename="people.x"):
    answer = read_book(data, filename)
    assert isinstance(answer, Book), [refusal.message() for refusal in answer]
    return answer


def only(data, filename="people.x"):
    (sheet,) = book_of(data, filename).sheets
    return sheet


def cells(sheet):
    return [list(row.cells) for row in sheet.rows]


def codes(sheet):
    return [each.code for each in sheet.notes]


# --- Formats ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (made.xlsx(PEOPLE, titles=["People"]), "People"),
        (made.xlsb({(r, c): text for r, row in enumerate(PEOPLE) for c, text in enumerate(row)}), "People"),
        (made.xls(PEOPLE), "People"),
        (made.ods(PEOPLE), "People"),
        (made.spreadsheetml("".join(made.ml_row(*row) for row in PEOPLE), sheet="People"), "People"),
        (made.csv_bytes(PEOPLE), "people"),
        (made.packed({"folder/People.xls": made.csv_bytes(PEOPLE), "__MACOSX/._People.xls": b"\0"}), "People"),
        (made.packed({"People.xlsx": made.xlsx(PEOPLE)}), "People"),
    ],
    ids=["xlsx", "xlsb", "xls", "ods", "spreadsheetml", "csv", "zip of csv", "zip of xlsx"],
)
@pytest.mark.parametrize("filename", ["people.xls", "people"])
def test_every_format_gives_the_same_table(data, title, filename):
    sheet = only(data, filename)
    assert sheet.title == title
    assert sheet.headings == tuple(PEOPLE[0])
    assert cells(sheet) == PEOPLE[1:]
    assert [row.number for row in sheet.rows] == [2, 3]
    assert (sheet.row_count, sheet.header_row, sheet.last_row, codes(sheet)) == (2, 1, 3, [])


def test_a_path_or_bytes(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(made.csv_bytes(PEOPLE))
    assert cells(only(path)) == cells(only(str(path))) == cells(only(path.read_bytes()))


@pytest.mark.parametrize("separator", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_and_unicode(separator, encoding):
    rows = [["Name", "نام", "Village"], ["Fatima", "فاطمہ", "Birpur"], ["सुनीता", "Ålawla", "007"]]
    assert cells(only(made.csv_bytes(rows, separator, encoding))) == rows[1:]


def test_old_encodings_are_read_and_noted():
    western = only(made.csv_bytes([["Name", "Village"], ["Zoë Müller", "Çeşme".replace("ş", "s")]], encoding="cp1252"))
    assert cells(western) == [["Zoë Müller", "Çesme"]]
    rows = [["Name", "نام", "گاوں"], *[["Fatima", "فاطمه بيگم", "سوپور بارہ مولہ".replace("ہ", "ه")]] * 5]
    arabic = only(made.csv_bytes(rows, encoding="cp1256"))
    assert cells(arabic)[0] == rows[1]
    assert codes(western) == codes(arabic) == ["encoding"]


def test_quoted_text_with_separators_and_line_breaks():
    sheet = only(b'Name,Address,Phone\r\n"Bano, Fatima","Lane 1\nAlawla",0987\r\nSunita,"says ""hello""",1\r\n')
    assert cells(sheet) == [["Bano, Fatima", "Lane 1\nAlawla", "0987"], ["Sunita", 'says "hello"', "1"]]
    assert [row.number for row in sheet.rows] == [2, 3]


def test_excels_own_separator_line():
    assert cells(only(b"sep=;\r\nName;Village\r\nFatima;Alawla, Birpur\r\n")) == [["Fatima", "Alawla, Birpur"]]


def test_one_column():
    assert cells(only(b"Village\r\nAlawla\r\nBirpur\r\n")) == [["Alawla"], ["Birpur"]]


# --- Cells ------------------------------------------------------------------------------------------------------


def test_workbook_cells_keep_their_kind():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Name", "Age", "Share", "Born", "Seen", "Time", "Yes", "Code", "Blank"])
    row = [
        " Fatima\u00a0",
        24,
        0.5,
        datetime(2002, 1, 25),
        datetime(2022, 8, 6, 2, 13),
        time(10, 30),
        True,
        "007",
        "  ",
    ]
    sheet.append(row)
    assert cells(only(made.saved(book))) == [
        ["Fatima", 24, 0.5, date(2002, 1, 25), datetime(2022, 8, 6, 2, 13), "10:30", "TRUE", "007", None]
    ]


def test_spreadsheetml_keeps_leading_zeros_and_reads_numbers_and_dates():
    day = '<Cell><Data ss:Type="DateTime">2016-01-25T00:00:00.000</Data></Cell>'
    row = made.ml_row("00236400", 1.0, 2.5).replace("</Row>", f"{day}</Row>")
    sheet = only(made.spreadsheetml(made.ml_row("Code", "Number", "Share", "Day") + row))
    assert cells(sheet) == [["00236400", 1, 2.5, date(2016, 1, 25)]]


def test_clean():
    assert clean(1e15) == 1e15
    assert isinstance(clean(1e15), float)
    assert clean(float("nan")) is None
    assert clean("a_x000D_\nb\x07") == "a\nb"
    assert clean("\u200f") is None
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_of(letters(n)) == n for n in range(0, 16384, 7))


def test_formulas_give_their_values_and_a_note():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Sum", "Half"])
        sheet.write_row(1, 0, ["Fatima", 0, 2])
        sheet.write_formula(1, 1, "=SUM(4,5)", None, 9)
    sheet = only(out.getvalue())
    assert cells(sheet) == [["Fatima", 9, 2]]
    assert [each.message() for each in sheet.notes] == [
        "Columns B hold formulas; their last calculated values were read."
    ]
    formula = made.ml_row("Fatima", (9, 'ss:Formula="=SUM(4,5)"'))
    assert codes(only(made.spreadsheetml(made.ml_row("Name", "Sum") + formula))) == ["formulas"]


def test_a_sheet_of_several_pieces():
    rows = [["Name", "Village", "Number"], *[[f"Fatima {n}", "Alawla", n] for n in range(15_000)]]
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    assert len(made.member_of(out.getvalue(), "xl/worksheets/sheet1.xml")) > 1_500_000
    assert cells(only(out.getvalue())) == rows[1:]


def test_error_cells_are_empty_and_noted():
    book = openpyxl.Workbook()
    for row in (["Name", "Sum"], ["Fatima", "#N/A"], ["Sunita", 5]):
        book.active.append(row)
    sheet = only(made.saved(book))
    assert cells(sheet) == [["Fatima", None], ["Sunita", 5]]
    assert codes(sheet) == ["error_cells"]


# --- Headings ---------------------------------------------------------------------------------------------------


def test_titles_above_lines_below_and_empty_rows():
    rows = [
        ["Local Government Directory"],
        [],
        ["All villages of a State", None, None, "as on 6 Aug"],
        ["Name", "Village", "Phone", "Age"],
        ["Fatima", "Alawla", "0987", 24],
        [],
        ["Sunita", "Birpur", None, 30],
        [],
        ["Printed on 6 Aug 2022"],
        ["Page 1"],
    ]
    sheet = only(made.xlsx(rows))
    assert sheet.headings == ("Name", "Village", "Phone", "Age")
    assert [row.number for row in sheet.rows] == [5, 7]
    assert (sheet.header_row, sheet.last_row, sheet.row_count) == (4, 7, 2)
    assert sheet.above == ("Local Government Directory", "All villages of a State", "as on 6 Aug")
    assert sheet.below == ("Printed on 6 Aug 2022", "Page 1")
    assert codes(sheet) == ["lines_above", "empty_rows", "lines_below"]


def test_a_last_row_with_one_cell_is_data_when_nothing_sets_it_apart():
    rows = [["Sno", "Name", "Village"], [1, "Fatima", "Alawla"], [2, None, None]]
    assert cells(only(made.xlsx(rows))) == [[1, "Fatima", "Alawla"], [2, None, None]]


def test_a_lone_cell_between_rows_is_data():
    rows = [["Sno", "Name", "Village"], [1, "Fatima", "Alawla"], [], [2, None, None], [3, "Sunita", "Birpur"]]
    sheet = only(made.xlsx(rows))
    assert [row.number for row in sheet.rows] == [2, 4, 5]
    assert sheet.row_count == 3


def test_two_rows_of_merged_headings():
    rows = [
        ["Members of a group", None, None, None, None],
        ["Name", "Bank", None, "Phone", "Office"],
        [None, "IFSC", "Account", None, None],
        ["Fatima", "JAKA0KEEPER", "0012", "0987", "President"],
    ]
    sheet = only(made.xlsx(rows, merges=["A1:E1", "A2:A3", "B2:C2", "D2:D3", "E2:E3"]))
    assert sheet.headings == ("Name", "Bank IFSC", "Bank Account", "Phone", "Office")
    assert cells(sheet) == [["Fatima", "JAKA0KEEPER", "0012", "0987", "President"]]
    assert codes(sheet) == ["lines_above", "headings_joined"]


def test_headings_merged_only_across():
    rows = [["Name", "Bank", None, "Age"], [None, "IFSC", "Account", None], ["Fatima", "JAKA0KEEPER", "0012", 24]]
    assert only(made.xlsx(rows, merges=["B1:C1"])).headings == ("Name", "Bank IFSC", "Bank Account", "Age")


def test_a_merged_heading_over_data_is_not_joined_with_them():
    rows = [["Name", "Phones", None, "Age"], ["Fatima", "0987", "0654", 24], ["Sunita", "0321", None, 30]]
    sheet = only(made.xlsx(rows, merges=["B1:C1"]))
    assert sheet.headings == ("Name", "Phones", "Phones (2)", "Age")
    assert sheet.row_count == 2
    assert codes(sheet) == ["headings_repeated"]


def test_a_second_line_in_brackets_without_merges():
    rows = [
        ["Code", "District Name", "District Name"],
        ["", "(In English)", "(In Local)"],
        ["1", "Anantnag", "اننت ناگ"],
    ]
    sheet = only(made.csv_bytes(rows))
    assert sheet.headings == ("Code", "District Name (In English)", "District Name (In Local)")
    assert sheet.header_row == 2


def test_repeated_and_missing_headings_keep_their_columns():
    rows = [["Name", "Phone", None, "Phone", "Phone (2)"], ["Fatima", "1", "x", "2", "3", "beyond"]]
    sheet = only(made.xlsx(rows))
    assert sheet.headings == ("Name", "Phone", "Column C", "Phone (3)", "Phone (2)", "Column F")
    assert cells(sheet) == [["Fatima", "1", "x", "2", "3", "beyond"]]
    assert [each.message() for each in sheet.notes] == [
        "The heading “Phone” occurs more than once; column D is called “Phone (3)”.",
        "Columns without a heading were named by their letters: C.",
        "Columns without a heading were named by their letters: F.",
    ]


def test_a_table_that_does_not_begin_in_the_first_column():
    book = openpyxl.Workbook()
    for at, row in enumerate(PEOPLE):
        for column, value in enumerate(row):
            book.active.cell(at + 3, column + 3, value)
    sheet = only(made.saved(book))
    assert [row.number for row in sheet.rows] == [4, 5]
    assert sheet.headings[2:] == tuple(PEOPLE[0])
    assert cells(sheet)[0][2:] == PEOPLE[1]


def test_headings_without_rows():
    sheet = only(made.xlsx([["Name", "Village"]]))
    assert (sheet.row_count, list(sheet.rows), sheet.headings) == (0, [], ("Name", "Village"))


# --- Books ------------------------------------------------------------------------------------------------------


def test_sheets_that_hold_no_table_are_left_out_and_named():
    book = book_of(
        made.xlsx(PEOPLE, [], [[1, 2], [3, 4]], PEOPLE, titles=["A", "Empty", "Numbers", "Lists"], hidden=["Lists"])
    )
    assert [sheet.title for sheet in book.sheets] == ["A"]
    assert [each.code for each in book.notes] == ["sheet_empty", "sheet_without_headings", "sheet_hidden"]
    assert book.sheet("A").row_count == 2
    with pytest.raises(KeyError):
        book.sheet("B")


def test_a_zip_of_several_files():
    members = {
        "a/People.csv": made.csv_bytes(PEOPLE),
        "b/People.csv": made.csv_bytes(PEOPLE),
        "read me.pdf": b"%PDF-1.7 x",
    }
    members["Groups.xlsx"] = made.xlsx(PEOPLE, PEOPLE)
    book = book_of(made.packed(members))
    assert [sheet.title for sheet in book.sheets] == ["People", "People (2)", "Groups: Sheet1", "Groups: Sheet2"]
    assert [sheet.member for sheet in book.sheets] == ["a/People.csv", "b/People.csv", "Groups.xlsx", "Groups.xlsx"]
    assert [each.code for each in book.notes] == ["member_left_out"]


def test_rows_can_be_read_again_and_again():
    for data in (
        made.xlsx(PEOPLE),
        made.csv_bytes(PEOPLE),
        made.spreadsheetml("".join(made.ml_row(*r) for r in PEOPLE)),
    ):
        sheet = only(data)
        assert list(sheet.rows) == list(sheet.rows)


# --- Files as they come -----------------------------------------------------------------------------------------


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not here")
def test_a_download_of_the_local_government_directory():
    (path,) = SAMPLES.glob("02_lgd_*.zip")
    districts, villages, towns = book_of(path.read_bytes()).sheets
    assert [sheet.row_count for sheet in (districts, villages, towns)] == [20, 6856, 80]
    assert districts.headings[3:5] == ("District Name (In English)", "District Name (In Local)")
    assert villages.headings[-2:] == ("Census 2001 Code", "Census 2011 Code")
    first = next(villages.rows)
    assert first.number == 6
    assert first.cells[5:8] == (3664, 2, "Anzuwallah")
    assert first.cells[-2:] == ("00236400", "003664")
    assert villages.above == ("Local Government Directory", "All Villages of JAMMU AND KASHMIR(State code : 1) State")
    assert villages.below == ("Aug 6, 2022 2:13 AM",)
    assert sum(1 for _ in villages.rows) == 6856


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not here")
def test_a_lokos_workbook():
    (path,) = SAMPLES.glob("12_lokos_*.xlsx")
    groups, members, cutoff = book_of(path.read_bytes()).sheets
    assert [sheet.title for sheet in (groups, members, cutoff)] == ["SHGs", "Members", "Cutoff Meetings"]
    assert [len(sheet.headings) for sheet in (groups, members, cutoff)] == [60, 60, 88]
    assert [sheet.row_count for sheet in (groups, members, cutoff)] == [3, 6, 1]
    assert groups.headings[3] == "001 SHG Name"
    assert next(groups.rows).cells[7] == "25_01_2016"
