"""Preparation: done once, done again when something changed, and a failure is shown, never swallowed."""

import io
import sys
from pathlib import Path

import pytest

from umeed.launcher import demo, product, stages
from umeed.launcher.problems import Problem
from umeed.launcher.product import Product
from umeed.launcher.screen import Screen
from umeed.launcher.stages import Stage, forget, prepare, recall, remember

FAKE = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n'); print('PROGRESS 50 half'); "
UNKNOWN = "sys.exit('Unknown command: ' + sys.argv[2] if sys.argv[2] == 'unheard_of' else 0)"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a small program in Django's place that notes what it was asked."""
    notes = tmp_path / "calls"
    notes.touch()
    monkeypatch.setattr(product, "django", lambda *words: [sys.executable, "-c", FAKE + UNKNOWN, str(notes), *words])
    return notes


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree with one migration."""
    tree = tmp_path / "src"
    (tree / "umeed" / "places" / "migrations").mkdir(parents=True)
    (tree / "umeed" / "places" / "migrations" / "0001_first.py").write_text("one")
    monkeypatch.setattr(stages, "SOURCE", tree)
    return tree


@pytest.fixture
def umeed(tmp_path: Path) -> Product:
    return Product(tmp_path, "demonstration", "postgresql:///one", None)


TABLES = Stage("tables", "Tables", ("migrate",), ("*/migrations/*.py",), lambda product: True)


def prepared(umeed: Product, stage: Stage = TABLES) -> str:
    out = io.StringIO()
    prepare(umeed, Screen(out), [stage])
    return out.getvalue()


def test_a_stage_runs_once_and_again_when_a_file_or_the_database_changes(
    umeed: Product, source: Path, calls: Path
) -> None:
    assert "as before" not in prepared(umeed)
    assert "as before" in prepared(umeed)
    (source / "umeed" / "places" / "migrations" / "0002_second.py").write_text("two")
    assert "as before" not in prepared(umeed)
    elsewhere = Product(umeed.data, umeed.mode, "postgresql:///two", None)
    assert "as before" not in prepared(elsewhere)
    assert calls.read_text() == "migrate\n" * 3


def test_a_stage_runs_again_when_what_it_made_is_gone(umeed: Product, source: Path, calls: Path) -> None:
    made = source / "fonts"
    stage = Stage("fonts", "Fonts", ("make_fonts",), (), lambda product: made.exists())
    prepared(umeed, stage)
    made.touch()
    assert "as before" in prepared(umeed, stage)
    made.unlink()
    assert "as before" not in prepared(umeed, stage)


def test_a_command_that_fails_ends_the_preparation_and_is_tried_again(
    umeed: Product, source: Path, calls: Path
) -> None:
    missing = Stage("x", "Something", ("unheard_of",), (), lambda product: True)
    for _ in range(2):
        with pytest.raises(Problem, match=r"`manage unheard_of` failed:(.|\n)*Unknown command: unheard_of"):
            prepared(umeed, missing)
    assert recall(umeed.data, "x") is None


def load(umeed: Product, size: str | None = None, lgd: Path | None = None) -> None:
    demo._load(umeed, Screen(io.StringIO()), size, lgd)


def test_the_demonstration_is_loaded_once_and_kept_whatever_its_size(umeed: Product, calls: Path) -> None:
    load(umeed, "district")
    load(umeed)
    load(umeed, "district")
    assert calls.read_text() == "load_demo --size district\ndemo_sign_ins\n"


def test_another_size_or_download_needs_a_word(umeed: Product, calls: Path, tmp_path: Path) -> None:
    download = tmp_path / "lgd.zip"
    download.write_bytes(b"PK")
    load(umeed)
    for wish in ({"size": "ut"}, {"lgd": download}):
        with pytest.raises(Problem, match="--fresh"):
            load(umeed, **wish)
    assert calls.read_text() == "load_demo --size village\ndemo_sign_ins\n"


def test_an_emptied_or_another_database_is_loaded_anew(umeed: Product, calls: Path, tmp_path: Path) -> None:
    download = tmp_path / "lgd.zip"
    download.write_bytes(b"PK")
    load(umeed)
    load(Product(umeed.data, umeed.mode, "postgresql:///two", None))
    forget(umeed.data)
    load(umeed, "village", download)
    load(umeed, "village", download)
    loads = [call for call in calls.read_text().splitlines() if call != "demo_sign_ins"]
    village = "load_demo --size village"
    assert loads == [village, village, f"{village} --lgd {download}"]


def test_a_database_that_is_not_umeeds_own_is_never_emptied(umeed: Product) -> None:
    with pytest.raises(Problem, match="left alone"):
        demo._start_anew(umeed)


def test_a_damaged_memory_means_doing_everything_anew(umeed: Product) -> None:
    remember(umeed.data, "tables", "x")
    (umeed.data / "stamps.json").write_text('{"tables": ')
    assert recall(umeed.data, "tables") is None
