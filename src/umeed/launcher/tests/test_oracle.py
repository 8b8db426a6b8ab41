"""Where the tests find `ledger`."""

import io

import pytest

from umeed.launcher import debian, oracle
from umeed.launcher.screen import Screen


def test_the_ledger_of_the_machine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian, "install", lambda package: pytest.fail("it is there"))
    assert oracle.ensure_ledger(Screen(io.StringIO()))


def test_it_is_installed_or_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(oracle.shutil, "which", lambda name: None)
    monkeypatch.setattr(debian, "install", lambda package: bool(asked.append(package)))
    out = io.StringIO()
    assert not oracle.ensure_ledger(Screen(out))
    assert asked == ["ledger"] and "are passed over" in out.getvalue()
