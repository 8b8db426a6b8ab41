"""What the documents name is there: files, folders, commands, links, norms."""

import re
from pathlib import Path

import pytest

from umeed.institutions.norms import NORMS
from umeed.launcher.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("docs", "src", "tests")
PAGES = sorted([*ROOT.glob("*.md"), *(page for top in OUTSIDE for page in (ROOT / top).rglob("*.md"))])
LINK = re.compile(r"\]\(([^)#\s]+)\)")
PATH = re.compile(r"`((?:docs|src|tests)/[^\s`]+)`")
COMMAND = re.compile(r"`\./umeed (\w+)")
CITED = re.compile(r"\w[\w./-]*\.md\b")
SOURCES = sorted(
    file for top in ("src", "tests") for ext in ("py", "html", "css", "js") for file in (ROOT / top).rglob(f"*.{ext}")
)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _named(page: Path, path: str) -> list[Path]:
    """What a page means by a path: from the top of the project, or from its own room; a decision by its number."""
    path += "*" if re.fullmatch(r"docs/decisions/\d{4}", path) else ""
    return [found for start in (ROOT, page.parent) for found in start.glob(path.rstrip("/"))]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    lost = [link for link in links if not (page.parent / link).exists()]
    lost += [path for path in PATH.findall(text) if not any(_named(page, path))]
    lost += [f"./umeed {command}" for command in COMMAND.findall(text) if command not in {*COMMANDS, "help"}]
    assert lost == []


def test_no_source_file_cites_a_document_that_is_not_here() -> None:
    """A comment that sends its reader to a page sends her to one of ours: by its path, or by its name alone."""
    names = {page.name for page in PAGES}
    lost = [
        f"{_name(file)}: {cited}"
        for file in SOURCES
        for cited in CITED.findall(file.read_text(encoding="utf-8"))
        if not (any(_named(file, cited)) if "/" in cited else cited in names)
    ]
    assert lost == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in folder.glob("0*.md")} == listed


def test_every_norm_is_told_with_its_value() -> None:
    """`docs/rules/README.md` says what every norm is now; a norm that changes is told there too."""
    rows = (ROOT / "docs/rules/README.md").read_text(encoding="utf-8").splitlines()
    untold = [
        norm.key for norm in NORMS if not any(f"`{norm.key}`" in row and f"| {norm.value} " in row for row in rows)
    ]
    assert untold == []
