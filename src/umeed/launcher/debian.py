"""Packages of Debian, for what tests need and no Python package brings."""

# ruff: noqa: S603 - installing packages is what this module is for

import os
import shutil
import subprocess
from pathlib import Path


def install(package: str) -> bool:
    """Install a package of Debian, if this is one and we may; whether that went well."""
    if not _is_debian() or not shutil.which("apt-get"):
        return False
    as_root = _as_root()
    if as_root is None:
        return False
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run([*as_root, *quietly, *words], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode:
            return False
    return True


def _is_debian() -> bool:
    try:
        return "ID=debian" in Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False


def _as_root() -> list[str] | None:
    """The words before a command that make it root's; None where we may not."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None
