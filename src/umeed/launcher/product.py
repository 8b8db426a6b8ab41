"""Umeed itself as the launcher knows it: a data folder, a database, an environment, and Django as a command to call."""

# ruff: noqa: S603 - running the product's own commands is what this module is for

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from umeed.launcher.databases import SERVER
from umeed.launcher.folders import left_behind
from umeed.launcher.keys import development_keys
from umeed.launcher.paths import ROOT, SOURCE
from umeed.launcher.postgres import Cluster
from umeed.launcher.problems import Problem
from umeed.launcher.screen import Screen, Step, parse_progress

LINES_SHOWN_ON_FAILURE = 25
OWNER_URL = "UMEED_OWNER_URL"
# Commands that look at the installation as it is served.
AS_SERVED = ("check",)


@dataclass(frozen=True)
class Product:
    """One installation, ready to be called. `own` is its private server, None where DATABASE_URL names another.

    Commands sign in by `database_url`, as whoever owns the tables; the web server and the worker by `serving_url`, as
    a login that owns nothing ("": by the same).
    """

    data: Path
    mode: str
    database_url: str
    own: Cluster | None
    serving_url: str = ""

    def environment(self, *, serving: bool = False) -> dict[str, str]:
        """The environment of a process of the product; what the person has set wins over generated keys."""
        keys = {} if self.mode == "production" else development_keys(self.data)
        chosen = {name: value for name, value in os.environ.items() if value or name not in keys}
        chosen.pop(OWNER_URL, None)
        return (
            keys
            | chosen
            | {
                "DJANGO_SETTINGS_MODULE": "umeed.config.settings",
                "DATABASE_URL": (serving and self.serving_url) or self.database_url,
                "UMEED_DATA": str(self.data),
                "UMEED_MODE": self.mode,
                "PYTHONPATH": str(SOURCE),
                "PYTHONUNBUFFERED": "1",
            }
        )

    def manage(self, *words: str) -> int:
        """Runs a management command with the person's own keyboard and screen; answers its exit status."""
        return subprocess.call(django(*words), env=self.environment(serving=words[:1] == AS_SERVED))

    def told_by(self, *words: str) -> str:
        """What a management command prints."""
        done = subprocess.run(django(*words), env=self.environment(), cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise Problem(f"`manage {words[0]}` failed:\n{done.stderr.strip()[-2000:]}")
        return done.stdout

    def why_not_start(self) -> str:
        """What the settings refuse (a short secret, a misspelt word) in their own sentence; "" when they are fit."""
        command = [sys.executable, "-P", "-c", "import umeed.config.settings"]
        done = subprocess.run(command, env=self.environment(), cwd=ROOT, capture_output=True, text=True)
        last = (done.stderr.strip().splitlines() or ["The settings cannot be read."])[-1]
        return last.partition("UnsafeSettings: ")[2] or last if done.returncode else ""

    def perform(self, step: Step, *words: str) -> None:
        """Runs a management command as a step: PROGRESS lines move the bar, its last words are shown if it fails."""
        command = subprocess.Popen(
            django(*words),
            env=self.environment(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        last: deque[str] = deque(maxlen=LINES_SHOWN_ON_FAILURE)
        with command:
            try:
                _follow(command, step, last)
            except BaseException:
                command.terminate()
                raise
        if command.returncode:
            raise Problem(f"`manage {' '.join(words)}` failed:\n\n" + "\n".join(last))


def _follow(command: "subprocess.Popen[str]", step: Step, last: deque[str]) -> None:
    for line in command.stdout or ():
        reached = parse_progress(line)
        if reached:
            step.progress(*reached)
        elif line.strip():
            last.append(line.rstrip())


def django(*words: str) -> list[str]:
    """The command line of a management command. -P: files that lie where the person stands are not our modules."""
    return [sys.executable, "-P", "-m", "django", *words]


@contextmanager
def open_product(data: Path, mode: str, screen: Screen | None = None, *, durable: bool = True) -> Iterator[Product]:
    """The product with its database running while the block lasts: DATABASE_URL's, or the data folder's own."""
    given = os.environ.get("DATABASE_URL")
    if given:
        data.mkdir(parents=True, exist_ok=True)
        yield Product(data, mode, os.environ.get(OWNER_URL) or given, None, given)
        return
    own = Cluster(data, durable=durable)
    with ExitStack() as open_for_now:
        with screen.step("PostgreSQL") if screen else nullcontext() as step:
            if step and own.answers():
                step.outcome = "runs already"
            url = open_for_now.enter_context(own.in_use())
        if screen:
            _tell_what_is_left_behind(screen)
        yield Product(data, mode, url, own, own.databases.url(role=SERVER))


def _tell_what_is_left_behind(screen: Screen) -> None:
    for folder in left_behind():
        screen.line(
            f"    {folder} holds the database of a data folder that is gone. If it is not needed: rm -r {folder}"
        )
