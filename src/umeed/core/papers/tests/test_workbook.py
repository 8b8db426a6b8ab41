"""Papers as workbooks, read back: amounts are numbers, days are dates, and no word is a formula."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from umeed.core.papers import samples
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Table
from umeed.core.papers.xlsx import xlsx


def read(paper: Paper, language: str = "en") -> Any:
    with translation.override(language):
        return openpyxl.load_workbook(io.BytesIO(xlsx(paper)))


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
def test_a_workbook_reads_from_the_right_in_urdu_alone(language: str) -> None:
    book = read(samples.cash_book(language), language)
    assert [bool(sheet.sheet_view.rightToLeft) for sheet in book] == [language == "ur"] * 2
    assert [sheet.freeze_panes for sheet in book] == ["A2", "A2"]
    assert book.worksheets[0]["B1"].value == samples.WORDS[language]["group"]


def test_amounts_are_numbers_in_rupees_and_days_are_dates() -> None:
    sheet = read(samples.passbook())["Passbook"]
    assert [cell.value for cell in sheet[1]] == ["Day", "Savings", "Loan given", "Repaid", "Interest", "Balance"]
    opening, first = sheet[2], sheet[3]
    assert (opening[0].value, opening[1].value, opening[2].value) == ("Brought forward", 2400, None)
    assert opening[1].font.b and not first[1].font.b
    assert first[0].value == dt.datetime(2026, 4, 6) and first[0].number_format == "dd-mm-yyyy"
    assert (first[4].value, first[4].data_type) == (200.5, "n")
    assert "##\\,##\\,##0.00" in first[4].number_format
    assert sheet[sheet.max_row][3].value == 12_34_567.5


def test_two_sides_stand_beside_each_other_and_each_heading_says_its_side() -> None:
    sheet = read(samples.cash_book()).worksheets[1]
    headings = [cell.value for cell in sheet[1]]
    assert headings[0] == "Receipts · Day" and not headings[4] and headings[5] == "Payments · Day"
    assert sheet["C2"].value == 4217.5 and sheet["H2"].value == 10_000
    assert sheet.max_row > 10 and sheet["H12"].value is None


def test_what_it_is_stands_on_the_first_sheet() -> None:
    about = read(samples.cash_book()).worksheets[0]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["As on"] == dt.datetime(2026, 4, 30)
    assert said["Balance"] == 34_567.5
    assert said["Unit"].startswith("Amounts in rupees")
    assert said["Confirmed at"].startswith("https://umeed.example.org/")


def test_rates_shares_and_counts_are_numbers_that_look_as_on_paper() -> None:
    columns = [Column("For"), Column("Rate", "rate"), Column("Share", "percent"), Column("Women", "count")]
    table = Table("T", columns, [Row(("a", 2400, 0.853, 7)), Row(("b",), "heading"), Row(("c", None, None, None))])
    sheet = read(Paper("P", "G", [table])).worksheets[1]
    assert [(cell.value, cell.number_format.partition(";")[0][-5:]) for cell in sheet[2][1:3]] == [
        (0.24, "0.00%"), (0.853, "0.0%"),
    ]  # fmt: skip
    assert sheet["D2"].value == 7
    assert sheet["A3"].font.b and sheet["B4"].value is None


@pytest.mark.parametrize("words", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "<script>", "🙂", "a\nb", "{=1}"])
def test_no_word_becomes_a_formula_or_a_link(words: str) -> None:
    paper = Paper(
        words, words, [Table(words, [Column(words)], [Row((words,))], note=words)], facts=[Fact(words, words)]
    )
    for sheet in read(paper):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d") and cell.hyperlink is None
    assert read(paper).worksheets[1]["A2"].value == words.strip()


def test_ten_thousand_letters_and_an_empty_table_are_written_too() -> None:
    long = Paper("P", "G", [Table("T", [Column("x")], [Row(("x" * 10_000,))])])
    assert read(long).worksheets[1]["A2"].value == "x" * 10_000
    empty = Paper("P", "G", [Table("T", [Column("x")], empty="Nothing yet.")])
    assert read(empty).worksheets[1]["A2"].value == "Nothing yet."


def test_tables_without_a_title_and_with_the_same_one_get_sheets_of_their_own() -> None:
    tables = [Table("", [Column("x")]), Table("", [Column("x")]), Table("About", [Column("x")])]
    assert read(Paper("P", "G", tables)).sheetnames == ["About", "P", "P (2)", "About (2)"]
