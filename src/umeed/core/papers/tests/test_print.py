"""Papers in print, really set: the right fonts inside, pages numbered, nothing that a name says taken for markup."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Iterator
from typing import Any

import pymupdf
import pytest
from django.core.management import call_command
from django.utils import translation
from fontTools.ttLib import TTFont

from umeed.core.papers import fonts, laying, pdf, qr, samples
from umeed.core.papers.forms import FORMS
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Sides, Table

LANGUAGES = ("en", "hi", "ur")
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '#set page(width: 1pt)\n#panic("no") $x^2$ *bold* `raw` @ref <label>',
    "#eval(\"1+1\") #read(\"/etc/passwd\") \\u{41} \\",
    "<script>alert(1)</script>",
    "🙂👩🏽‍🌾 ka\u0301 \u202eevil\u202c \x00\x07\ufeff",
    "one\r\ntwo\nthree",
    '"}]}; {{ 7*7 }} %s %(x)s',
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _fonts_are_made() -> None:
    call_command("make_fonts", stdout=io.StringIO())


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def opened(paper: Paper) -> pymupdf.Document:
    return pymupdf.open(stream=pdf.pdf(paper), filetype="pdf")


def families(document: pymupdf.Document) -> set[str]:
    """The fonts inside, without the six letters that mark a subset."""
    return {font[3].partition("+")[2] for page in document for font in page.get_fonts()}


def text_of(document: pymupdf.Document) -> str:
    return "\n".join(page.get_text() for page in document)


def list_of(count: int, words: str = "Savings") -> Paper:
    columns = [Column("Day", "day"), Column("For"), Column("Amount", "paise")]
    rows = [Row((samples.DAY, words, 1_00 * n)) for n in range(count)]
    return Paper("Ledger", "Noor SHG", [Table("Lines", columns, rows, empty="Nothing was written.")])


# The page -----------------------------------------------------------------------------------------------------------


def test_each_script_is_set_in_its_own_font_and_none_of_the_machine_s(language: str) -> None:
    own = {"en": {"NotoSans"}, "hi": {"NotoSansDevanagari"}, "ur": {"NotoNastaliqUrdu"}}[language]
    with opened(samples.cash_book(language)) as document:
        inside = {name.partition("-")[0] for name in families(document)}
        assert inside == own | {"NotoSans"}
        assert document.metadata["title"] == samples.WORDS[language]["cash"]


def test_amounts_and_days_are_written_alike_in_every_language(language: str) -> None:
    with opened(samples.cash_book(language)) as document:
        text = text_of(document)
    assert "12,34,567.50" in text
    assert "-50.00" in text
    assert "₹\u00a034,567.50" in text


def test_right_to_left_the_first_column_stands_right_and_amounts_end_on_one_line(language: str) -> None:
    with opened(samples.passbook(language)) as document:
        words = document[0].get_text("words")
    savings = [word for word in words if word[4] == "100.00"]
    interest = [word for word in words if word[4] == "200.50"]
    assert len(savings) > 15
    assert (savings[0][0] > interest[0][0]) == (language == "ur")
    long = [word for word in words if word[4] in ("100.00", "2,400.00")]
    assert max(word[2] for word in long) - min(word[2] for word in long) < 0.6


def test_a_thousand_lines_are_printed_with_headings_on_every_page_and_quickly() -> None:
    started = time.perf_counter()
    with opened(list_of(1_000)) as document:
        taken = time.perf_counter() - started
        pages = [page.get_text() for page in document]
    assert len(pages) > 15
    assert all("Particulars" not in page and "For" in page and "Amount" in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    assert all("Noor SHG" in page for page in pages)
    assert taken < 30  # that it ends; how quick it is, decision 0013 says


def test_a_paper_can_be_walked_through_by_a_screen_reader_unless_it_is_long() -> None:
    def tags(paper: Paper) -> str:
        with opened(paper) as document:
            return document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")[0]

    assert tags(samples.cash_book()) == "xref"
    assert tags(list_of(1_000)) == "null"


@pytest.mark.parametrize("name", FORMS)
def test_each_form_has_its_own_page(name: str) -> None:
    form = FORMS[name]
    with opened(samples.passbook("en", form=name)) as document:
        assert document[0].rect.width == pytest.approx(form.width / 25.4 * 72, abs=1)
        assert document[0].rect.height == pytest.approx(form.height / 25.4 * 72, abs=1)


def test_a_bound_page_leaves_room_at_its_inner_side_which_changes_and_is_the_other_in_urdu() -> None:
    def left(language: str, page: int) -> float:
        with translation.override(language), opened(samples.passbook(language, months=60)) as document:
            return min(drawing["rect"].x0 for drawing in document[page].get_drawings())

    assert left("en", 0) > left("en", 1)
    assert left("ur", 0) < left("ur", 1)


def test_no_ink_of_nastaliq_crosses_the_line_above_its_cell() -> None:
    """Each letter of a word stands above the next: kaf with three letters after it reaches twice its size."""
    words = ("بیگم", "کمیٹی", "گنتی", "لکھتی", "کشمیر", "تقسیم", "گروپ", "سطح", "دیگر", "رقم", "رکنیتیں")
    rows = [Row((one, other)) for one in words for other in words]
    table = Table("کھاتے", [Column("کیفیت"), Column("کمیٹی")], [*rows, Row(("کچھ",), "heading")])
    with translation.override("ur"), opened(Paper("کھاتہ", "بیگم", [table])) as document:
        crossed = [at for page in document for at in crossings(page)]
        assert len(document) <= 5 and crossed == []


def crossings(page: pymupdf.Page, scale: float = 5.0) -> Iterator[float]:
    """Where letters, which are darker, stand on a hair line that runs across."""
    picture = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY)
    for line in {(one["rect"].y0, one["rect"].x0, one["rect"].x1) for one in page.get_drawings() if is_hair(one)}:
        row, first, last = (int(part * scale) for part in line)
        if min(picture.samples[row * picture.stride + first : row * picture.stride + last]) < 60:
            yield line[0]


def is_hair(drawn: dict[str, Any]) -> bool:
    return drawn["type"] == "s" and drawn["width"] < 0.6 and drawn["rect"].height < 0.1 < drawn["rect"].width


def test_what_is_not_there_takes_no_room() -> None:
    with opened(Paper("Minutes", "Noor SHG")) as document:
        assert len(document) == 1
        assert text_of(document).count("Noor SHG") == 1
    with opened(list_of(0)) as document:
        assert "Nothing was written." in text_of(document)


def test_the_code_leads_to_the_address_that_stands_beneath_it() -> None:
    drawn = qr.svg("https://umeed.example.org/p/1")
    assert "style" not in drawn and drawn == qr.svg("https://umeed.example.org/p/1")
    assert drawn != qr.svg("https://umeed.example.org/p/2")
    assert "&lt;" in qr.svg("<x>") and "<x>" not in qr.svg("<x>")
    with opened(samples.passbook("en")) as document:
        assert "https://umeed.example.org/papers/" in text_of(document).replace("\n", "").replace("\u200b", "")


# Hostile words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_word_is_taken_for_markup(words: str, language: str) -> None:
    table = Table(words, [Column(words), Column(words, "count")], [Row((words, 7))], note=words)
    paper = Paper(
        title=words, of=words, where=words, unit=words, period=words, facts=[Fact(words, words)], notes=[words],
        signatures=[words], tables=[table],
    )  # fmt: skip
    with opened(paper) as document:
        assert document[0].rect.width == pytest.approx(595, abs=1)
        text = text_of(document)
    if "script" in words or "set page" in words:
        assert words.partition("\n")[0][:12] in text


@pytest.mark.parametrize("words", ["x" * 10_000, "زونہ" * 2_500, "no end " * 1_500], ids=["word", "urdu", "text"])
def test_ten_thousand_letters_are_broken_into_lines_and_stay_on_the_page(words: str, language: str) -> None:
    with opened(list_of(1, words)) as document:
        page = document[0]
        # What is drawn and where; reading such a page's text would take minutes.
        drawn = [box for kind, box in page.get_bboxlog() if kind == "fill-text"]
        assert min(box[0] for box in drawn) > 0
        assert max(box[2] for box in drawn) < page.rect.width


def test_a_foreign_name_keeps_its_brackets() -> None:
    with translation.override("ur"):
        assert (
            pdf.said(list_of(1, "Noor SHG (2)"))["tables"][0]["lines"][0][0]["cells"][1] == "\u2068Noor SHG (2)\u2069"
        )
        assert pdf.said(list_of(1, "نور (2)"))["tables"][0]["lines"][0][0]["cells"][1] == "نور (2)"


def test_a_line_of_urdu_that_begins_with_latin_letters_begins_on_the_right() -> None:
    """The first word read is the one furthest to the right, also in Urdu's "VO سے قرض"."""
    with translation.override("ur"), opened(list_of(1, "VO سے قرض")) as document:
        (vo,), others = document[0].search_for("VO"), document[0].search_for("قرض")
        letters = [box for box in others if abs(box.y0 - vo.y0) < 20]
        assert all(box.x1 <= vo.x0 + 1 for box in letters) and letters


# Laying out ---------------------------------------------------------------------------------------------------------


def test_the_totals_of_two_sides_meet_on_one_line() -> None:
    columns = [Column("For"), Column("Amount", "paise")]
    came = Table("In", columns, [Row((str(n), n)) for n in range(5)] + [Row(("Total", 9), "total")])
    went = Table("Out", columns, [Row(("a", 1)), Row(("Left", 8), "closing"), Row(("Total", 9), "total")])
    (ruling,) = laying.rulings([Sides(came, went)], line=60)
    assert [line[1].cells[0] for line in ruling.lines] == ["a", "", "", "", "Left", "Total"]
    assert [line[0].kind for line in ruling.lines][-1] == "total"
    assert ruling.titles == ["In", "Out"]


def test_sides_that_do_not_fit_beside_each_other_follow_each_other() -> None:
    columns = [Column("For", width=30)] + [Column(f"Amount {n}", "paise") for n in range(4)]
    rows = [Row(("Savings", *[1_23_45_678_00] * 4))]
    sides = Sides(Table("In", columns, rows), Table("Out", columns, rows), title="April")
    assert [ruling.title for ruling in laying.rulings([sides], line=40)] == ["April · In", "April · Out"]
    assert len(list(laying.rulings([sides], line=200))) == 1


def test_many_columns_make_the_letters_smaller_before_anything_is_cut() -> None:
    columns = [Column("Member")] + [Column("May 2026", "paise")] * 12
    table = Table("", columns, [Row(("Zoona Begum", *[1_23_456_00] * 12))])
    (ruling,) = laying.rulings([table], line=FORMS["a4"].line)
    assert 0.6 <= ruling.size < 1
    with opened(Paper("Savings", "Noor SHG", [table])) as document:
        assert text_of(document).count("1,23,456.00") == 12


def test_a_heading_of_broad_letters_keeps_within_its_column() -> None:
    """Over amounts that are short, or where none stand, the heading alone says how wide a column is."""
    titles = ("Came in", "Went out", "Owed", "Women", "Amount", "CIF", "NPA", "Summed", "To come")
    columns = [Column("Particulars"), *(Column(title, "paise") for title in titles)]
    table = Table("", columns, [Row(("x", *[None] * len(titles)))])
    with opened(Paper("Passbook", "Noor SHG", [table], form="register")) as document:
        (page,) = document
        across = [one["rect"] for one in page.get_drawings() if one["type"] == "s" and one["rect"].width < 0.1]
        words = [word for word in page.get_text("words") if word[4] in " ".join(titles).split()]
    assert len(words) == len(" ".join(titles).split())
    for x0, y0, x1, y1, word, *_place in words:
        near = [line.x0 for line in across if line.y0 < (y0 + y1) / 2 < line.y1 and x0 - 1.5 < line.x0 < x1 + 1.5]
        assert not near, word


def test_a_long_text_beside_many_amounts_has_room() -> None:
    columns = [Column("Day", "day"), Column("Particulars"), *(Column(f"Recovered {n}", "paise") for n in range(5))]
    long = "Written off · " + "Resolution 7 of the meeting, agreed by the VO. " * 2
    rows = [Row(("Opening balance", None, *[1_00] * 5), "opening"), Row((samples.DAY, long, *[12_000_00] * 5))]
    line = FORMS["register"].line
    (ruling,) = laying.rulings([Table("", columns, rows)], line)
    (side,) = ruling.columns
    room = line / ruling.size - sum(column["em"] or 0 for column in side)
    assert 0.8 <= ruling.size < 1
    assert laying.em(long) / room < 6, "lines that it takes"
    assert laying.em("Opening balance") > side[0]["em"], "the column of days is as wide as days are"
    assert ruling.lines[0][0].spans == 2 and ruling.lines[1][0].spans == 1


def test_a_sum_stands_on_one_page_with_the_line_above_it() -> None:
    columns = [Column("Day", "day"), Column("For"), Column("Amount", "paise")]
    parted = 0
    for count in range(36, 48):
        rows = [Row((samples.DAY, f"Line {n}", 1_00)) for n in range(count)]
        closing = Row(("Closing balance", None, 1_00), "closing")
        with opened(Paper("Ledger", "Noor", [Table("", columns, [*rows, closing])], form="register")) as document:
            pages = [page.get_text() for page in document]
        (last,) = (page for page in pages if "Closing balance" in page)
        assert f"Line {count - 1}\n" in last
        parted += len(pages) > 1 and f"Line {count - 2}\n" not in last
    assert parted, "one of them had to go to the next page together"


def test_a_text_too_long_for_a_page_goes_on_before_its_sum() -> None:
    long = Row((samples.DAY, "Why so. " * 2_000, 1_00))
    rows = [Row((samples.DAY, "Savings", 1_00)), long, Row(("Total", "", 2_00), "total")]
    columns = [Column("Day", "day"), Column("For"), Column("Amount", "paise")]
    with opened(Paper("Ledger", "Noor SHG", [Table("", columns, rows)])) as document:
        assert len(document) > 1 and "Total" in document[-1].get_text()


# Fonts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.name)
def test_every_font_of_print_holds_its_letters_and_says_its_licence(face: fonts.PrintFace) -> None:
    font = TTFont(fonts.FOLDER / face.name)
    letters = {"sans": "Aāẏ₹9", "deva": "अक्ष", "nask": "بگڈۄ", "nast": "بگڈے۔"}[face.name[:4]]
    assert {ord(letter) for letter in letters} <= set(font.getBestCmap())
    assert font["OS/2"].usWeightClass == face.weight
    assert "fvar" not in font
    assert "Open Font License" in str(font["name"].getDebugName(13))


def test_fonts_are_made_once_and_anew_when_what_they_are_cut_from_changes(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fonts, "FACES", fonts.FACES[-1:])
    assert not fonts.are_made(tmp_path)
    assert fonts.make(tmp_path)["nastaliq-400.otf"] > 300_000
    assert fonts.are_made(tmp_path)
    (tmp_path / fonts.RECIPE_FILE).write_text("another recipe")
    assert not fonts.are_made(tmp_path)


def test_without_fonts_it_is_said_what_makes_them(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    pdf._faces.cache_clear()
    with pytest.raises(fonts.NoFonts, match="make_fonts"):
        pdf.pdf(list_of(1))
    pdf._faces.cache_clear()


def test_the_day_is_written_in_the_reader_s_language(language: str) -> None:
    month = {"en": "Apr 2026", "hi": "अप्रैल 2026", "ur": "اپریل 2026"}[language]
    paper = Paper("Ledger", "Noor SHG", as_of=dt.date(2026, 4, 30))
    assert f"30 {month}" in pdf.said(paper)["when"][0]


# Several on a page --------------------------------------------------------------------------------------------------


def small(words: str, lines: int = 3) -> Paper:
    rows = [Row(("Savings", 1_00)) for _ in range(lines)]
    return Paper(
        "Slip", words, [Table("", [Column("For"), Column("Amount", "paise")], rows)], form="slip",
        confirm_url="https://umeed.example.org/slip/abcdef-ghijkl-mnopqr-stuvwx", signatures=["Bookkeeper"],
    )  # fmt: skip


def test_small_papers_stand_several_on_a_page_and_none_is_parted(language: str) -> None:
    papers = [small(f"Woman {n}", lines=2 + n % 7) for n in range(20)]
    with pymupdf.open(stream=pdf.cut_pdf(papers, "Slips"), filetype="pdf") as document:
        assert 2 <= len(document) <= 7
        for n in range(20):
            pages = [page for page in document if page.search_for(f"Woman {n}")]
            assert pages and f"Woman {n}" in text_of(document)
        codes = sum(page.get_text().replace("\n", "").count("stuvwx") for page in document)
        assert codes == 20
        assert all(drawn["rect"].x1 <= document[0].rect.width for drawn in document[0].get_drawings())


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_word_is_taken_for_markup_on_small_ones_either(words: str) -> None:
    with pymupdf.open(stream=pdf.cut_pdf([small(words)], words), filetype="pdf") as document:
        assert "Slip" in text_of(document) and "49" not in text_of(document).replace("7*7", "")


def test_too_many_lines_are_not_cut_either() -> None:
    with pytest.raises(pdf.TooLong):
        pdf.cut_pdf([small("x", lines=2_000)] * 2, "Slips")
