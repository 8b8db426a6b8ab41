"""What a killed PostgreSQL leaves behind: a pid file that may name nobody, a zombie, or a stranger."""

# ruff: noqa: S603 - running other programs, never with a stranger's words, is what this module is for

import os
import subprocess
from pathlib import Path


def server_of(cluster: Path) -> int | None:
    """The process id of the live server of `cluster`, or None: the pid file is asked, and never believed."""
    lines = _pid_file(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    command = command_of(pid)
    return pid if "postgres" in command and str(cluster) in command else None


def was_killed(cluster: Path) -> bool:
    """Whether a server ended without order: one that stops takes its pid file away."""
    return bool(_pid_file(cluster)) and server_of(cluster) is None


def says_ready(cluster: Path) -> bool:
    """Whether the server wrote into its pid file that it takes connections."""
    return any(line.strip() == "ready" for line in _pid_file(cluster)[7:])


def disown_stranger(cluster: Path, dead: int) -> None:
    """Puts the id of a dead process for that of a living stranger into the pid file.

    PostgreSQL does not start while the id in the file is alive, whoever that is. The rest of the file stays: its
    last lines let the new server find shared memory that children of the old one still hold, and refuse.
    """
    lines = _pid_file(cluster)
    if lines and server_of(cluster) is None:
        (cluster / "postmaster.pid").write_text("".join([f"{dead}\n", *lines[1:]]))


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return []


def command_of(pid: int) -> str:
    """The command line of a living process; empty for none and for a zombie, which has none left."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if os.path.exists("/proc/self"):
            return ""
    listed = subprocess.run(["/bin/ps", "-o", "state=,args=", "-p", str(pid)], capture_output=True, text=True).stdout
    return "" if listed.startswith("Z") else listed
