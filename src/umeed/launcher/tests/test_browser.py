"""Which Chromium the browser tests get."""

import io
from pathlib import Path

import pytest

from umeed.launcher import browser
from umeed.launcher.screen import Screen


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_one_the_person_names_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = script(tmp_path / "my-browser", "exit 0")
    monkeypatch.setenv("UMEED_CHROMIUM", str(mine))
    assert browser.find_chromium() == str(mine)


def test_a_notice_in_the_place_of_a_browser_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UMEED_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    script(tmp_path / "chromium-browser", "echo 'please install the snap'; exit 1")
    real = script(tmp_path / "google-chrome", "exit 0")
    assert browser.find_chromium() == str(real)


def test_when_none_can_be_had_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("find_chromium", "_from_debian", "_from_playwright"):
        monkeypatch.setattr(browser, way, lambda: None)
    out = io.StringIO()
    assert browser.ensure_chromium(Screen(out)) is None
    assert "set UMEED_CHROMIUM" in out.getvalue()
