"""Finds the programme `ledger`, by which tests reckon the books a second time, or installs it."""

import shutil

from umeed.launcher import debian
from umeed.launcher.screen import Screen


def ensure_ledger(screen: Screen) -> bool:
    """Whether `ledger` is on the machine, which is tried to bring about; a plain sentence says so when it is not."""
    if shutil.which("ledger"):
        return True
    with screen.step("ledger, to reckon the books a second time") as step:
        step.failed = not debian.install("ledger")
    if shutil.which("ledger"):
        return True
    screen.line("  The programme `ledger` (ledger-cli.org) was not found and could not be installed: the tests that")
    screen.line("  compare the books with it are passed over. Install it and run again.")
    return False
