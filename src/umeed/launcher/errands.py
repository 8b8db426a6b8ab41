"""The short commands: `manage`, `bench`, `psql`, `stop`."""

# ruff: noqa: S603 - calling psql is what `./umeed psql` is for

import os
import shutil
import subprocess

from umeed.launcher.paths import data_folder
from umeed.launcher.postgres import Cluster
from umeed.launcher.problems import Problem
from umeed.launcher.product import open_product
from umeed.launcher.screen import Screen
from umeed.launcher.setup import alone
from umeed.launcher.stages import FONTS_STAGE, LANGUAGES, STATIC, TABLES, prepare


def manage(words: list[str], screen: Screen) -> int:
    """Any command of Django or of Umeed, on this installation's database."""
    with open_product(data_folder(), os.environ.get("UMEED_MODE") or "development") as product:
        return product.manage(*words)


def bench(words: list[str], screen: Screen) -> int:
    """Measures what Umeed promises, on the whole UT in a database of its own: the demonstration stays as it is."""
    with open_product(data_folder() / "bench", "demonstration", screen) as product:
        with alone():
            prepare(product, screen, [TABLES, FONTS_STAGE, LANGUAGES, STATIC])
        return product.manage("bench", "--load", *words)


def psql(words: list[str], screen: Screen) -> int:
    """PostgreSQL's own prompt, signed in as Umeed."""
    program = shutil.which("psql")
    if program is None:
        raise Problem("There is no psql on this machine. Install PostgreSQL's client, or use: ./umeed manage shell")
    with open_product(data_folder(), "development") as product:
        return subprocess.call([program, product.database_url, *words])


def stop(words: list[str], screen: Screen) -> int:
    """Stops the private PostgreSQL, which a killed Umeed may have left running."""
    server = Cluster(data_folder())
    if server.is_in_use() and "--force" not in words:
        raise Problem("Another Umeed uses it. Stop that one (Ctrl-C there), or add --force.")
    screen.line("PostgreSQL is stopped." if server.stop() else "PostgreSQL was not running.")
    return 0
