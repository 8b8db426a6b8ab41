"""`./umeed COMMAND …`: brings the packages up to date, then hands over to the command."""

import importlib
import signal
import sys
from types import FrameType

from umeed.launcher.paths import environment_folder
from umeed.launcher.problems import Problem
from umeed.launcher.screen import Screen
from umeed.launcher.setup import CannotInstall, ensure_packages

# Name: where it lives, which lock it needs, what it does.
COMMANDS = {
    "demo": (
        "demo",
        "base",
        "start a demonstration mission: [--size village|district|ut] [--lgd FILE] [--port N] [--fresh]",
    ),
    "serve": (
        "serve",
        "base",
        "run on the settings of the environment: [--host H] [--port N] [--migrate] [--development]",
    ),
    "test": ("quality", "dev", "run the tests, all or those named: [what pytest takes]"),
    "check": ("quality", "dev", "lint, format, types, imports, templates, migrations"),
    "bench": (
        "errands",
        "base",
        "measure what is promised: [foundation|books|phone|field|histories|monitoring|credit|scale]",
    ),
    "manage": ("errands", "base", "any management command"),
    "psql": ("errands", "base", "PostgreSQL's prompt on this installation's database"),
    "stop": ("errands", "base", "stop the private PostgreSQL, should one be left running"),
    "lock": ("lock", "base", "write the package locks anew: [--upgrade] [--upgrade-package NAME]"),
}
# These hand the screen to something else, which should speak alone.
SILENT = {"manage", "psql", "stop", "lock"}


def main(words: list[str]) -> int:
    """Runs one command; answers the exit status."""
    if not words or words[0] in ("help", "-h", "--help"):
        print(_help())
        return 0
    name, *rest = words
    if name not in COMMANDS:
        print(f"Umeed knows no command '{name}'.\n\n{_help()}", file=sys.stderr)
        return 2
    _end_in_order_when_told()
    try:
        return _run(name, rest)
    except (Problem, CannotInstall) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def _run(name: str, rest: list[str]) -> int:
    module, level, _ = COMMANDS[name]
    screen = Screen(sys.stderr if name in SILENT else sys.stdout)
    if name not in SILENT:
        screen.line(f"Umeed {name}")
    _bring_packages_up_to_date(level, screen, quiet=name in SILENT)
    # Imported now, not above: these modules need packages that may have been installed this minute.
    command = getattr(importlib.import_module(f"umeed.launcher.{module}"), name)
    return int(command(rest, Screen() if name in SILENT else screen))


def _bring_packages_up_to_date(level: str, screen: Screen, *, quiet: bool) -> None:
    if quiet:
        ensure_packages(level, environment_folder())
        return
    with screen.step("Python packages") as step:
        step.outcome = "installed" if ensure_packages(level, environment_folder()) else "as before"


def _end_in_order_when_told() -> None:
    """SIGTERM and a closed terminal end Umeed as Ctrl-C does: children first, then the private server."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def _help() -> str:
    lines = [f"  {name:<8}{does}" for name, (_, _, does) in COMMANDS.items()]
    return "Usage: ./umeed COMMAND\n\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
