"""The display: what counts as progress, and what is printed on a terminal and elsewhere."""

import io
import time

import pytest

from umeed.launcher.screen import Screen, bar, parse_progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("PROGRESS 37 Loading women\n", (37, "Loading women")),
        ("PROGRESS 100", (100, "")),
        ("PROGRESS 0 ", (0, "")),
        ("PROGRESS 101 too far", None),
        ("PROGRESS -1 back", None),
        ("PROGRESSION 37", None),
        ("Loading women PROGRESS 37", None),
        ("", None),
    ],
)
def test_progress_is_read_from_lines_of_one_form_only(line: str, told: tuple[int, str] | None) -> None:
    assert parse_progress(line) == told


@pytest.mark.parametrize("percent", [0, 1, 37, 99, 100])
def test_the_bar_keeps_its_width(percent: int) -> None:
    assert len(bar(percent, plain=True)) == len(bar(percent, plain=False)) == 12


def test_where_lines_cannot_be_rewritten_each_is_printed_once() -> None:
    out = io.StringIO()
    screen = Screen(out)
    with screen.step("Demonstration") as step:
        for percent in range(101):
            step.progress(percent, "women")
        step.outcome = "done"
    lines = out.getvalue().splitlines()
    assert len(lines) == 5
    assert "50 % women" in lines[2]
    assert lines[-1].endswith("0.0 s  done")
    assert "\x1b" not in out.getvalue()


def test_a_terminal_sees_the_bar_move_in_place() -> None:
    out = Terminal()
    with Screen(out).step("Demonstration") as step:
        step.progress(37, "women")
        time.sleep(0.25)
    assert "37 % women" in out.getvalue()
    assert out.getvalue().count("\n") == 1


def test_a_failed_step_is_marked_and_its_error_passes() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="no"), Screen(out).step("Tables"):
        raise ValueError("no")
    assert "!! Tables" in out.getvalue()
