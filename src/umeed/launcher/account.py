"""The account that PostgreSQL runs as: PostgreSQL refuses to be started by root, so root lends it another."""

# ruff: noqa: S603 - running other programs, never with a stranger's words, is what this module is for

import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A person of the operating system, by number."""

    uid: int
    gid: int


def server_account(cluster: Path) -> Account | None:
    """Who is to run the server: None for whoever runs Umeed; for root, the cluster's owner, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return Account(cluster.stat().st_uid, cluster.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(person.pw_uid, person.pw_gid)
    return Account(65534, 65534)


def run_as(account: Account | None, command: list[str], **settings: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command as `account` with what it prints caught as text; `settings` are added to its environment.

    The output goes through a file: a server that the command leaves behind would keep a pipe open for ever.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as printed:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=os.environ | {"LC_ALL": "C"} | settings,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        printed.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, printed.read(), "")


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account can reach `folder`, tried in earnest rather than guessed from mode bits."""
    return run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def can_run(account: Account | None, program: str) -> bool:
    """Whether the account can run a program (one that knows `--version`)."""
    try:
        return run_as(account, [program, "--version"]).returncode == 0
    except OSError:
        return False


def give(account: Account | None, path: Path) -> None:
    """Makes `path` the account's own."""
    if account:
        os.chown(path, account.uid, account.gid)
