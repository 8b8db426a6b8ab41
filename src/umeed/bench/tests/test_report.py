"""The table, the page and the history tell the same figures."""

import datetime
import json

import pytest

from umeed.bench import history, report
from umeed.bench.promises import Figure, Promise


def rows():
    page = Promise("books", "A | page", 100, lambda bench: Figure([20.0, 30.0, 40.0], beside=("plain SQL", 2.5)))
    slow = Promise("books", "A load", 60, lambda bench: Figure([90.0], note="of 7 rows"), unit="s", by="most")
    none = Promise("books", "Another", 1, lambda bench: "nothing is loaded")
    return [one.judged(None) for one in (page, slow, none)]


def test_the_table_has_a_row_a_promise_and_says_what_falls_short():
    lines = report.table(rows()).splitlines()
    assert lines[0].split() == ["Promise", "At", "most", "Median", "p95", "Runs", "Beside", "it", "Verdict"]
    assert "30.0 ms" in lines[1] and "plain SQL 2.5 ms" in lines[1] and lines[1].endswith("kept")
    assert lines[2].endswith("falls short (of 7 rows)")
    assert "nothing is loaded" in lines[3]
    assert lines[-1] == "1 of 3 promises are kept. Short: A load."


def test_a_page_keeps_its_words_and_gets_new_figures(tmp_path):
    page = tmp_path / "performance.md"
    first, second = (report.BEGIN.format(part=part) for part in ("foundation", "books"))
    page.write_text(f"# Speed\n\n{first}\nolder\n{report.END}\n\n{second}\nold\n{report.END}\n\nAfter.\n")
    for _ in range(2):
        report.written_into(page, "books", rows(), "Measured today.")
    text = page.read_text()
    assert text.startswith(f"# Speed\n\n{first}\nolder\n") and text.endswith("\n\nAfter.\n")
    assert "\nold\n" not in text and f"{second}\n\nMeasured today." in text
    assert text.count("| A \\| page |") == 1 and "Measured today." in text


def test_every_run_adds_its_rows_to_the_history(settings, tmp_path, db):
    settings.DATA = tmp_path / "not-there-yet"
    at = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)
    for _ in range(2):
        file = history.keep(rows(), 94_962, at)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == 6
    assert lines[0]["groups"] == 94_962 and lines[0]["p95"] == pytest.approx(40) and lines[0]["verdict"] == "kept"
    assert lines[2]["p95"] is None and lines[2]["note"] == "nothing is loaded"
