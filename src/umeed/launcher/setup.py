"""Makes the Python environment and fills it from the locks. Standard library only: it runs before all else is there.

Run as a script (`python setup.py FOLDER`) it makes the environment; imported, `ensure_packages` fills it.
"""

# ruff: noqa: S603 - running other programs, never with a stranger's words, is what this module is for

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
INSTALLER_LOCK = Path(__file__).with_name("installer.lock")
LOCKS = {"base": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
MADE = "umeed-environment"
INSTALLED = "umeed-packages.json"


class CannotInstall(Exception):
    """The environment could not be made or filled; the text is for the person at the keyboard."""


@contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up run at a time in this repository, however many are started."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_environment(folder: Path) -> None:
    """Makes a virtual environment with pip in `folder`, once; an existing good one is taken as it is."""
    with alone():
        if not (folder / MADE).exists() or not _works(folder):
            _create(folder)
            (folder / MADE).touch()


def ensure_packages(level: str, environment: Path) -> bool:
    """Brings the environment to the lock of `level` ("base" or "dev"); answers whether anything was installed."""
    if _is_installed(level, environment):
        return False
    with alone():
        if _is_installed(level, environment):
            return False
        _install(LOCKS[level], environment)
        # The development lock holds every line of the base lock, so it satisfies both.
        levels = ["base", "dev"] if level == "dev" else ["base"]
        (environment / INSTALLED).write_text(json.dumps({name: fingerprint(LOCKS[name]) for name in levels}))
    return True


def fingerprint(file: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_installed(level: str, environment: Path) -> bool:
    try:
        installed = json.loads((environment / INSTALLED).read_text())
    except (OSError, ValueError):
        return False
    return bool(installed.get(level) == fingerprint(LOCKS[level]))


def _works(folder: Path) -> bool:
    try:
        return (
            subprocess.run([folder / "bin" / "python", "-m", "pip", "--version"], capture_output=True).returncode == 0
        )
    except OSError:
        return False


def _create(folder: Path) -> None:
    if _works(folder):
        return
    ours_to_clear = not folder.exists() or (folder / "pyvenv.cfg").exists() or not any(folder.iterdir())
    if not ours_to_clear:
        raise CannotInstall(f"{folder} holds something else than a Python environment; Umeed leaves it alone.")
    print("Making the Python environment …", flush=True)
    made = _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    if made.returncode:
        raise CannotInstall(f"The Python environment could not be made in {folder}:\n{made.stdout.strip()}")


def _install(lock: Path, environment: Path) -> None:
    """Installs exactly what the lock says, checked by hash: by uv, or by pip where uv is not to be had."""
    python = str(environment / "bin" / "python")
    uv = _uv(environment)
    if uv and _run([uv, "pip", "install", "--python", python, "--require-hashes", "-r", str(lock)]).returncode == 0:
        return
    by_pip = _run([python, "-m", "pip", "install", "--no-input", "--require-hashes", "-r", str(lock)])
    if by_pip.returncode:
        end = "\n".join(by_pip.stdout.strip().splitlines()[-8:])
        raise CannotInstall(f"The Python packages could not be installed. Is there a network?\n{end}")


def _uv(environment: Path) -> str | None:
    """The path of uv, fetched by pip into a corner of the environment where it mixes with nothing."""
    corner = environment / "uv"
    program = corner / "bin" / "uv"
    if not program.exists():
        python = str(environment / "bin" / "python")
        _run(
            [
                python,
                "-m",
                "pip",
                "install",
                "--no-input",
                "--target",
                str(corner),
                "--require-hashes",
                "-r",
                str(INSTALLER_LOCK),
            ]
        )
    return str(program) if program.exists() else None


def uv_of(environment: Path) -> str:
    """The path of uv; an error in plain words when it cannot be had."""
    with alone():
        uv = _uv(environment)
    if uv is None:
        raise CannotInstall("uv could not be installed; it is needed to write the locks. Is there a network?")
    return uv


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    settings = {"UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    # A PYTHONPATH would let pip see, and skip, packages that are not in the environment.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=inherited | settings
    )


if __name__ == "__main__":
    try:
        make_environment(Path(sys.argv[1]))
    except CannotInstall as reason:
        sys.exit(str(reason))
