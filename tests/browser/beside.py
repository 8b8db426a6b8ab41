"""A process beside the site that has the product loaded: each piece of work is a fork of it, so none waits a second or
two until Django is there, and none sees what another left in memory.

`python -m tests.browser.beside`, in the environment of the site. A line in is a module and its words, as JSON; a line
out is its exit status and all that it wrote. `Beside` is the end of the tests.
"""

import json
import os
import random
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping


class Beside:
    """Runs modules in the environment of the site, one at a time."""

    def __init__(self, env: Mapping[str, str], folder: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.beside"], env=dict(env), cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, module: str, *words: str) -> str:
        """What it wrote; a failure is one of the test."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps([module, *words]), file=self._process.stdin, flush=True)
        status, wrote = json.loads(self._process.stdout.readline())
        assert status == 0, f"{module} {' '.join(words)}:\n{wrote[-4000:]}"
        return str(wrote)

    def close(self) -> None:
        self._process.communicate(timeout=20)


def _run(module: str, words: list[str], told: int) -> None:
    """In the fork: as `python -m` does it, then gone without a word of the process that it came from."""
    status = 1
    os.dup2(told, 1)
    os.dup2(told, 2)
    random.seed()
    sys.argv = [module, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # told to whoever asked
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _answer(module: str, words: list[str]) -> tuple[int, str]:
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if child == 0:
            _run(module, words, told.fileno())
        _pid, status = os.waitpid(child, 0)
        told.seek(0)
        return os.waitstatus_to_exitcode(status), told.read().decode()


def main() -> None:
    import django

    django.setup()
    # What nearly all that is run here asks for.
    import umeed.books.actions
    import umeed.field.actions
    import umeed.institutions.tests.making  # noqa: F401

    for line in sys.stdin:
        module, *words = json.loads(line)
        print(json.dumps(_answer(module, words)), flush=True)


if __name__ == "__main__":
    main()
