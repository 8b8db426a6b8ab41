"""`./umeed test` and `./umeed check`: what must be green before a change is shown to others."""

# ruff: noqa: S603 - running the tools of the trade is what this module is for

import os
import subprocess
import sys
from pathlib import Path

from umeed.launcher.browser import ensure_chromium
from umeed.launcher.oracle import ensure_ledger
from umeed.launcher.paths import ROOT, data_folder, program
from umeed.launcher.product import Product, django, open_product
from umeed.launcher.screen import Screen
from umeed.launcher.setup import alone
from umeed.launcher.stages import FONTS_STAGE, LANGUAGES, prepare


def test(words: list[str], screen: Screen) -> int:
    """Runs pytest on a database of its own; the exit status is pytest's, and its last line is ours."""
    chromium = ensure_chromium(screen)
    ensure_ledger(screen)
    with open_product(_folder_for_tests(), "development", screen, durable=False) as product:
        with alone():
            prepare(product, screen, [FONTS_STAGE, LANGUAGES])
        environment = product.environment() | ({"UMEED_CHROMIUM": chromium} if chromium else {})
        # What serves signs in otherwise than the tests, who make their databases.
        environment["SERVED_URL_OF_TESTS"] = product.serving_url
        screen.line()
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *words]
        return subprocess.call(command, cwd=ROOT, env=environment)


def check(words: list[str], screen: Screen) -> int:
    """Runs every check, all of them even when one fails; the status is 1 when any did."""
    with open_product(_folder_for_tests(), "development", screen, durable=False) as product:
        good = [_passes(title, command, product, screen) for title, command in _checks()]
    return 0 if all(good) else 1


def _folder_for_tests() -> Path:
    return data_folder() / "test"


def _checks() -> list[tuple[str, list[str]]]:
    return [
        ("Lint (ruff)", [program("ruff"), "check", "."]),
        ("Format (ruff)", [program("ruff"), "format", "--check", "."]),
        ("Types (mypy)", [sys.executable, "-m", "mypy"]),
        ("Imports go down (import-linter)", [program("lint-imports")]),
        ("Templates (djlint)", [program("djlint"), "src", "--lint", "--quiet"]),
        ("Django's own checks", django("check", "--fail-level", "WARNING")),
        ("Migrations are complete", django("makemigrations", "--check", "--dry-run")),
    ]


def _passes(title: str, command: list[str], product: Product, screen: Screen) -> bool:
    environment = product.environment() | {"NO_COLOR": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    with screen.step(title) as step:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        step.failed = done.returncode != 0
    if step.failed:
        screen.line("\n".join(f"    {line}" for line in done.stdout.strip().splitlines()))
    return not step.failed
