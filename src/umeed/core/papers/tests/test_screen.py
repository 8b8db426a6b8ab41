"""Papers on the page and as answers: three languages, what a phone needs, links, files, and nothing kept on the way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import Http404
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from umeed.core.models import AuditEntry
from umeed.core.papers import samples
from umeed.core.papers.answers import file_name, paper_page, paper_response
from umeed.core.papers.pdf import MOST_LINES
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Sides, Table
from umeed.core.scope import Scope, system


def drawn(paper: Paper, language: str = "en", address: str = "/books/1/cash/", how: str = "") -> str:
    request = RequestFactory().get(address)
    with translation.override(language):
        source = Template("{% load umeed_papers %}{% paper p " + how + " %}")
        return source.render(Context({"p": paper, "request": request}))


def one(*rows: Row, columns: int = 2) -> Paper:
    return Paper("P", "G", [Table("T", [Column("For"), *[Column("Rupees", "paise")] * (columns - 1)], rows)])


# The page -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
def test_a_paper_says_everything_in_the_reader_s_language(language: str) -> None:
    page, words = drawn(samples.cash_book(language), language), samples.WORDS[language]
    for said in ("group", "where", "cash", "in", "out", "saving", "opening", "total", "unit", "note", "month"):
        assert words[said] in page, said
    assert "12,34,567.50" in page
    assert "₹\u00a034,567.50" in page
    month = {"en": "30 Apr 2026", "hi": "30 अप्रैल 2026", "ur": "30 اپریل 2026"}[language]
    assert month in page


def test_what_stands_behind_a_line_is_opened_from_its_first_words() -> None:
    page = drawn(one(Row(("Savings", 100), href="/a?x=1&y=2"), Row(("Other", 100)), Row((None, 5), href="/b")))
    assert '<a href="/a?x=1&amp;y=2"><bdi>Savings</bdi></a>' in page
    assert "<bdi>Other</bdi></th>" in page
    assert '<a href="/b"><bdi>0.05</bdi></a>' in page


def test_words_beside_figures_and_many_figures_fold_into_cards_two_stand_beside_a_name() -> None:
    figures = drawn(one(Row(("a", 1, 2)), columns=3))
    assert "table-cards" not in figures and 'tabindex="0"' in figures
    assert "table-cards" in drawn(one(Row(("a", 1, 2, 3)), columns=4))
    words = drawn(Paper("P", "G", [Table("T", [Column("Day", "day"), Column("For")], [Row((samples.DAY, "x"))])]))
    assert "table-cards" in words and 'data-label="For"' in words and 'tabindex="0"' not in words


def test_the_shorter_side_is_filled_up_so_that_totals_meet() -> None:
    columns = [Column("For"), Column("Rupees", "paise")]
    came = Table("In", columns, [Row(("a", 1)), Row(("b", 1)), Row(("Total", 2), "total")])
    went = Table("Out", columns, [Row(("c", 2)), Row(("Total", 2), "total")])
    page = drawn(Paper("P", "G", [Sides(came, went)]))
    assert page.count('class="filler"') == 1
    assert page.index(">c<") < page.index('class="filler"') < page.rindex(">Total<")


def test_a_long_page_begins_with_a_list_that_leads_to_each_table_and_back() -> None:
    columns = [Column("Day", "day"), Column("For"), Column("Balance", "paise")]

    def account(title: str, lines: int) -> Table:
        rows = [Row((samples.DAY, "x", 1_00)) for _ in range(lines)]
        return Table(title, columns, [*rows, Row(("Closing", None, 12_345_67), "closing")])

    ledger = Paper("P", "G", [account("Cash", 20), account("Bank", 20), account("Fees & fines", 2)])
    page = drawn(ledger)
    listed = page[page.index('<nav class="stack stack-s no-print" id="contents"') : page.index("</nav>")]
    links = re.findall(r'<a href="#(part-\d)"><bdi>(.*?)</bdi> <span class="num ltr">(.*?)</span></a>', listed)
    assert links == [
        ("part-1", "Cash", "12,345.67"), ("part-2", "Bank", "12,345.67"), ("part-3", "Fees &amp; fines", "12,345.67"),
    ]  # fmt: skip
    assert [page.count(f'id="{at}"') for at, _name, _closing in links] == [1, 1, 1]
    assert page.count('<a href="#contents">') == 3
    # Else a browser turns it round: it looks at the first letter only.
    urdu = drawn(Paper("P", "G", [account(title, 20) for title in ("VO سے قرض", "ب", "پ")]), "ur")
    assert '<a href="#part-1"><bdi dir="rtl">VO سے قرض</bdi>' in urdu
    short = drawn(Paper("P", "G", [account(title, 3) for title in ("Cash", "Bank", "Fees")]))
    assert "contents" not in short and "contents" not in drawn(Paper("P", "G", [account("Cash", 99)]))


def test_a_heading_stands_over_all_columns_and_an_empty_table_says_so() -> None:
    assert '<th colspan="2" scope="rowgroup"><bdi>Loans</bdi></th>' in drawn(one(Row(("Loans",), "heading")))
    empty = Paper("P", "G", [Table("T", [Column("x")], empty="Nothing was paid.")])
    assert "Nothing was paid." in drawn(empty)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{ 7*7 }}{% now %}", "&amp;"]
)
def test_no_word_becomes_markup(words: str) -> None:
    table = Table(words, [Column(words), Column(words)], [Row((words, words), href=words)], note=words, empty=words)
    paper = Paper(
        words, words, [table, Table(words, [Column(words)])], where=words, period=words, unit=words,
        facts=[Fact(words, words)], notes=[words], confirm_url="https://x.example/" + words, spoken=words,
    )  # fmt: skip
    page = drawn(paper)
    assert "<script>alert" not in page and "<img src=x" not in page and ">49" not in page
    assert ' style="' not in page


def test_the_files_are_asked_for_with_what_the_page_was_asked_for() -> None:
    page = drawn(samples.cash_book(), address="/books/1/cash/?month=2026-04&as=x")
    assert 'href="?month=2026-04&amp;as=pdf"' in page
    assert 'href="?month=2026-04&amp;as=xlsx"' in page
    assert "as=pdf" not in drawn(samples.cash_book(), how="ways=False")


def test_reading_aloud_is_a_button_that_needs_its_script() -> None:
    page = drawn(samples.passbook("ur"), "ur")
    button = re.search(r"<button[^>]*data-read=\"([^\"]*)\"", page)
    assert button and button[1] == samples.passbook("ur").spoken
    assert "اردو" in page[page.index("data-none") :][:120]
    assert re.search(r'<script type="module" src="[^"]*core/read[^"]*\.js"></script>', page)
    assert "data-read" not in drawn(one())


def test_ten_thousand_cells_are_drawn() -> None:
    page = drawn(one(*[Row(("Savings", *[1_00] * 9)) for _ in range(1_000)], columns=10))
    assert page.count("<td") == 9_000


# Shapes -------------------------------------------------------------------------------------------------------------


def test_a_float_among_paise_is_told_when_the_paper_is_made() -> None:
    with pytest.raises(TypeError, match="paise"):
        one(Row(("a", 1.5)))
    with pytest.raises(TypeError):
        one(Row(("a", True)))
    with pytest.raises(ValueError, match="2 are wanted"):
        one(Row(("a",)))
    with pytest.raises(ValueError, match="none of"):
        Column("x", "rupees")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="none of"):
        Paper("P", "G", form="a3")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Paper("P", "G", facts=[Fact("x", 1.5, "paise")])


def test_what_sums_up_may_be_named_where_a_day_would_stand() -> None:
    assert Table("T", [Column("Day", "day"), Column("x", "paise")], [Row(("Total", 5), "total")])
    with pytest.raises(TypeError):
        Table("T", [Column("Day", "day"), Column("x", "paise")], [Row(("Total", 5))])


# Answers ------------------------------------------------------------------------------------------------------------


def request_of(address: str = "/", scope: Scope | None = None):
    request = RequestFactory().get(address)
    request.scope = scope or system(dt.date(2026, 4, 30), origin="test")
    return request


@pytest.mark.parametrize(
    ("kind", "content_type", "starts"),
    [("pdf", "application/pdf", b"%PDF-"), ("xlsx", "application/vnd.openxmlformats", b"PK")],
)
def test_a_paper_is_answered_as_a_file_that_nobody_keeps(kind: str, content_type: str, starts: bytes) -> None:
    answer = paper_response(request_of(), samples.cash_book(), kind)
    assert answer["Content-Type"].startswith(content_type)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="cash-book-noor-shg-2026-04-30.{kind}"'
    assert answer.content.startswith(starts)


def test_a_kind_that_is_not_known_is_not_there() -> None:
    with pytest.raises(Http404):
        paper_response(request_of(), samples.cash_book(), "exe")
    with pytest.raises(Http404):
        paper_page(request_of("/?as=docx"), samples.cash_book())


def test_what_is_too_long_to_print_leads_back_and_is_a_workbook_all_the_same() -> None:
    long = one(*[Row(("a", 1))] * (MOST_LINES + 1))
    answer = paper_response(request_of("/books/1/?month=4&as=pdf"), long, "pdf")
    assert (answer.status_code, answer["Location"]) == (302, "/books/1/?month=4")
    assert paper_response(request_of(), long, "xlsx").content.startswith(b"PK")


def test_file_names_keep_every_letter_of_their_script_and_no_path() -> None:
    assert file_name(samples.cash_book("hi"), "pdf") == "रोकड़-बही-नूर-समूह-2026-04-30.pdf"
    assert file_name(samples.passbook("ur"), "pdf") == "پاس-بک-زونہ-بیگم-2026-04-30.pdf"
    assert file_name(Paper("../../etc/passwd\r\nX: 1", '"; a'), "pdf") == "etc-passwd-x-1-a.pdf"
    assert file_name(Paper("///", "🙂"), "xlsx") == "paper.xlsx"
    assert len(file_name(Paper("x" * 10_000, "y" * 10_000), "pdf")) < 180


@pytest.mark.django_db
def test_that_a_file_was_taken_is_written_down_and_a_look_is_not(by: Scope) -> None:
    from umeed.core.registers.models import SavedView  # any record does

    record = SavedView(pk="0192f6a8-1c2d-7bbb-8ccc-0123456789ab")
    before = AuditEntry.objects.count()
    paper_response(request_of(scope=by), samples.passbook(), "xlsx", of=record)
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.why) == ("take_paper", "Passbook")


@pytest.mark.django_db
def test_the_page_has_the_paper_and_is_kept_by_nobody(client) -> None:
    answer = paper_page(request_of("/books/1/"), samples.cash_book(), crumbs=[{"title": "Books", "url": "/books/"}])
    page = answer.content.decode()
    assert "<title>Cash book" in page and 'href="/books/"' in page and "?as=pdf" in page
    assert answer["Cache-Control"] == "private, no-store"
    assert paper_page(request_of("/books/1/?as=pdf"), samples.cash_book())["Content-Type"] == "application/pdf"


def test_a_cell_in_urdu_runs_from_the_right_whatever_it_begins_with() -> None:
    paper = one(Row(("VO سے قرض", 500)), Row(("Noor SHG", 500)))
    page = drawn(paper, "ur")
    assert '<bdi dir="rtl">VO سے قرض</bdi>' in page and "<bdi>Noor SHG</bdi>" in page
    assert "<bdi>VO سے قرض</bdi>" in drawn(paper)


def test_the_sign_of_rupees_stays_before_its_number_among_urdu_words() -> None:
    paper = one(Row(("22 جنوری کا قرض، ₹6,000.50", 500)))
    assert "، \u2066₹6,000.50\u2069<" in drawn(paper, "ur")
    assert "، ₹6,000.50<" in drawn(paper)
