"""`./umeed lock`: writes the locks anew from pyproject.toml, with the hashes of the public files for every platform."""

# ruff: noqa: S603 - running uv is what this module is for

import subprocess
from pathlib import Path

from umeed.launcher.paths import ROOT, environment_folder
from umeed.launcher.problems import Problem
from umeed.launcher.screen import Screen
from umeed.launcher.setup import INSTALLER_LOCK, LOCKS, uv_of

# No configuration of this machine and no annotation: a lock names packages and hashes, never where they were fetched.
_ALWAYS = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
_CLEAN = ["--no-config", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]


def lock(words: list[str], screen: Screen) -> int:
    """Writes all locks; pins stay as they are unless `--upgrade` or `--upgrade-package NAME` is given."""
    uv = uv_of(environment_folder())
    project = ROOT / "pyproject.toml"
    with screen.step("requirements.lock"):
        _compile(uv, [str(project)], LOCKS["base"], words)
    with screen.step("requirements-dev.lock"):
        # Constrained by the first: the development lock must hold every line of the base lock.
        _compile(uv, [str(project), "--group", "dev", "-c", str(LOCKS["base"])], LOCKS["dev"], words)
    with screen.step(INSTALLER_LOCK.name):
        _compile(uv, ["-"], INSTALLER_LOCK, words, given="uv\n")
    return 0


def _compile(uv: str, sources: list[str], output: Path, words: list[str], given: str | None = None) -> None:
    command = [uv, "pip", "compile", *sources, *_ALWAYS, *_CLEAN, *words, "--output-file", str(output)]
    done = subprocess.run(command, input=given, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Problem(f"uv could not write {output.name}:\n{done.stdout.strip()}")
    if "://" in output.read_text():
        raise Problem(f"{output.name} names an address; a lock must not.")
