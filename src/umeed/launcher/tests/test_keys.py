"""Generated secrets: made once, private, of the right sizes, refused in production; the environment wins."""

import base64
import stat
from pathlib import Path

import pytest

from umeed.launcher import serve
from umeed.launcher.keys import NOT_FOR_PRODUCTION, development_keys
from umeed.launcher.problems import Problem
from umeed.launcher.product import Product, open_product


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    keys = development_keys(tmp_path / "data")
    assert development_keys(tmp_path / "data") == keys
    assert stat.S_IMODE((tmp_path / "data" / "secrets.env").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secrets.env"]
    assert len(base64.b64decode(keys["UMEED_FIELD_KEY"])) == 64
    assert len(base64.b64decode(keys["UMEED_HASH_KEY"])) == 32
    assert NOT_FOR_PRODUCTION in keys["UMEED_SECRET_KEY"]
    assert development_keys(tmp_path / "other") != keys


def test_what_the_person_set_wins_and_production_gets_nothing_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UMEED_HASH_KEY", "mine")
    monkeypatch.delenv("UMEED_FIELD_KEY", raising=False)
    given = Product(tmp_path, "demonstration", "x", None).environment()
    assert given["UMEED_HASH_KEY"] == "mine"
    assert given["UMEED_FIELD_KEY"]
    assert "UMEED_FIELD_KEY" not in Product(tmp_path, "production", "x", None).environment()


def test_what_serves_never_sees_the_owner_of_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UMEED_OWNER_URL", "postgresql:///as-owner")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///as-web")
    with open_product(tmp_path, "production") as product:
        assert product.environment()["DATABASE_URL"] == "postgresql:///as-owner"
        assert product.environment(serving=True)["DATABASE_URL"] == "postgresql:///as-web"
        assert "as-owner" not in "".join(product.environment(serving=True).values())
    monkeypatch.delenv("UMEED_OWNER_URL")
    with open_product(tmp_path, "production") as product:
        assert product.environment()["DATABASE_URL"] == "postgresql:///as-web"


def test_production_names_what_is_missing_and_refuses_development_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = development_keys(tmp_path)
    for name in keys:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Problem, match="UMEED_SECRET_KEY, UMEED_FIELD_KEY, UMEED_HASH_KEY"):
        serve._refuse_unsafe_keys(tmp_path)
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Problem, match="development secrets"):
        serve._refuse_unsafe_keys(tmp_path)
    for name in keys:
        monkeypatch.setenv(name, "another")
    serve._refuse_unsafe_keys(tmp_path)


def test_what_the_settings_refuse_is_told_in_their_own_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in development_keys(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("UMEED_MODE", "")
    fit = Product(tmp_path, "development", "postgresql:///nowhere", None)
    assert fit.why_not_start() == ""
    refused = Product(tmp_path, "production", "postgresql:///nowhere", None).why_not_start()
    assert refused == "UMEED_SECRET_KEY is a development or a short value. Production needs a real secret."
    monkeypatch.setenv("UMEED_PROXIES", "some")
    assert fit.why_not_start() == "UMEED_PROXIES is 'some'; it must be a whole number."
