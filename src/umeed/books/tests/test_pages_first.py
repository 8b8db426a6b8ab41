"""Each module of the pages can be imported first: none needs that another was before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

_EACH_FIRST = """
import importlib, pkgutil, sys, django
django.setup()
from umeed.books import pages
failed = []
for name in sorted(one.name for one in pkgutil.walk_packages(pages.__path__, "umeed.books.pages.")):
    for loaded in [one for one in sys.modules if one.startswith("umeed.books.pages")]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed.append(f"{name}: {error}")
sys.exit("\\n".join(failed) or 0)
"""


def test_every_page_can_be_imported_first() -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(settings.PROJECT) / "src")}
    done = subprocess.run([sys.executable, "-c", _EACH_FIRST], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
