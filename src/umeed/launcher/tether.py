"""Ends the children of a launcher that was killed outright: `kill -9` leaves nobody else to do it.

Runs as a process of its own. Its standard input comes from the launcher: a line for each child (the id of its
process group), and `let go` when the launcher has ended them itself. Input that ends without that word means that
the launcher is dead.
"""

import os
import signal
import sys
import time

SECONDS_TO_STOP = 10


def main() -> None:
    """Waits for the launcher's end, in whatever way it comes."""
    groups = []
    for line in sys.stdin:
        if line.strip() == "let go":
            return
        groups.append(int(line))
    for number in (signal.SIGTERM, signal.SIGKILL):
        groups = [group for group in groups if _signal(group, number)]
        deadline = time.monotonic() + SECONDS_TO_STOP
        while groups and time.monotonic() < deadline:
            time.sleep(0.1)
            groups = [group for group in groups if _signal(group, 0)]


def _signal(group: int, number: int) -> bool:
    """Sends a signal to a process group (0 only asks); answers whether there was anyone."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
