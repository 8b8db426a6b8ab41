"""What a person sees while Umeed prepares itself: a line a step, a bar where a step knows how far it is."""

import re
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_PROGRESS = re.compile(r"^PROGRESS\s+(\d{1,3})(?:\s+(.*\S))?\s*$")
_TITLE_WIDTH = 28
_BAR_WIDTH = 12


def parse_progress(line: str) -> tuple[int, str] | None:
    """Percent (0–100) and text of a line such as `PROGRESS 37 Loading women`; None for any other line."""
    found = _PROGRESS.match(line)
    if found is None or int(found[1]) > 100:
        return None
    return int(found[1]), found[2] or ""


def bar(percent: int, *, plain: bool) -> str:
    """A bar of fixed width that is filled by `percent`."""
    filled = round(_BAR_WIDTH * percent / 100)
    full, empty = ("#", ".") if plain else ("━", "╌")
    return full * filled + empty * (_BAR_WIDTH - filled)


class Step:
    """One line of the display. `progress` may be called at any time, from one thread."""

    def __init__(self, title: str, screen: "Screen") -> None:
        self.title = title
        self.outcome = ""
        self.failed = False
        self._screen = screen
        self._began = time.monotonic()
        self._percent: int | None = None
        self._text = ""
        self._told = -1

    def progress(self, percent: int, text: str = "") -> None:
        """Shows how far the step is: percent from 0 to 100, and what it is doing."""
        self._percent, self._text = percent, text
        # Where lines cannot be rewritten, one line a quarter is enough to see that work goes on.
        if not self._screen.rewrites and percent // 25 > self._told and percent < 100:
            self._told = percent // 25
            self._screen.line(f"  . {self.title}: {percent} % {text}".rstrip())

    def seconds(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._began

    def now(self, frame: str) -> str:
        """The line of a step under way, `frame` being the present picture of the spinner."""
        line = f"  {frame} {self.title:<{_TITLE_WIDTH}} {self.seconds():6.1f} s"
        if self._percent is not None:
            line += f"  {bar(self._percent, plain=self._screen.plain)} {self._percent:3d} % {self._text}"
        return line.rstrip()

    def ended(self, mark: str) -> str:
        """The line of a step that is over."""
        return f"  {mark} {self.title:<{_TITLE_WIDTH}} {self.seconds():6.1f} s  {self.outcome}".rstrip()


class Screen:
    """Prints steps to `out`: rewritten in place on a terminal, one plain line each elsewhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self.rewrites = self._out.isatty()
        self.plain = (getattr(self._out, "encoding", None) or "ascii").lower().replace("-", "") != "utf8"

    def line(self, text: str = "") -> None:
        """Prints one line of its own."""
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        self._out.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self._out.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Shows a step while the block runs, and how it ended."""
        step = Step(title, self)
        good, bad = ("ok", "!!") if self.plain else ("✓", "✗")
        try:
            with _Spinner(step, self):
                yield step
        except BaseException:
            self.line(step.ended(bad))
            raise
        self.line(step.ended(bad if step.failed else good))

    def rewrite(self, text: str) -> None:
        """Replaces the present line of a terminal; an empty text clears it."""
        width = shutil.get_terminal_size().columns - 1
        self._out.write("\r\x1b[2K" + text[:width])
        self._out.flush()


class _Spinner:
    """Redraws a step ten times a second on a terminal; does nothing elsewhere."""

    def __init__(self, step: Step, screen: Screen) -> None:
        self._step, self._screen = step, screen
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> None:
        if self._screen.rewrites:
            self._thread.start()

    def __exit__(self, *ending: object) -> None:
        self._over.set()
        if self._screen.rewrites:
            self._thread.join()
            self._screen.rewrite("")

    def _draw(self) -> None:
        frames = "|/-\\" if self._screen.plain else "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
        turn = 0
        while not self._over.wait(0.1):
            self._screen.rewrite(self._step.now(frames[turn % len(frames)]))
            turn += 1
