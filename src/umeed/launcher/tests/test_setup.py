"""Set-up on machines that lack something: a plain sentence, and nobody's folder is touched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from umeed.launcher import setup
from umeed.launcher.paths import ROOT
from umeed.launcher.setup import INSTALLED, LOCKS, CannotInstall, ensure_packages, fingerprint


def start(tmp_path: Path, *, python: str = "python3", **programs: str) -> "subprocess.CompletedProcess[str]":
    """Runs ./umeed with that Python where only the given programs (name: shell script) are on the PATH."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "sh"):
        (tools / name).symlink_to(str(shutil.which(name)))
    for name, script in programs.items():
        (tools / name.replace("apt_get", "apt-get")).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name.replace("apt_get", "apt-get")).chmod(0o755)
    environment = {"PATH": str(tools), "UMEED_VENV": str(tmp_path / "venv"), "UMEED_PYTHON": python}
    return subprocess.run([str(ROOT / "umeed"), "help"], env=environment, capture_output=True, text=True, cwd=tmp_path)


def test_without_python_the_launcher_says_so(tmp_path: Path) -> None:
    done = start(tmp_path, python3="exit 1")
    assert (done.returncode, done.stderr) == (
        1,
        "Umeed needs Python 3.11 or newer, and none was found. Please install it, then start Umeed again.\n",
    )


def test_without_venv_on_debian_the_launcher_names_the_one_command(tmp_path: Path) -> None:
    done = start(tmp_path, python3='case "$2" in *ensurepip*) exit 1;; esac', apt_get="")
    assert done.returncode == 1
    assert done.stderr == "Umeed needs one more system package. Please run:  sudo apt install -y python3-venv\n"


def test_a_second_python_without_its_venv_gets_its_own_package_named(tmp_path: Path) -> None:
    lacking = {"python3": "exit 1", "python3.12": 'case "$2" in *ensurepip*) exit 1;; esac'}
    done = start(tmp_path, python="python3.12", apt_get="", **lacking)
    assert "sudo apt install -y python3.12-venv" in done.stderr


def test_the_environment_is_made_by_the_python_that_was_named(tmp_path: Path) -> None:
    own = 'case "$1" in -c) exit 0;; *) echo "made by my own"; exit 1;; esac'
    assert start(tmp_path, python="my-python", **{"my-python": own}).stdout == "made by my own\n"


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(CannotInstall, match="leaves it alone"):
        setup.make_environment(tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_an_environment_that_does_not_work_is_made_anew_and_a_good_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(setup, "_run", run)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    setup.make_environment(tmp_path / "venv")
    assert ran == [[sys.executable, "-m", "venv", "--clear", str(tmp_path / "venv")]]
    monkeypatch.setattr(setup, "_works", lambda folder: True)
    setup.make_environment(tmp_path / "venv")
    assert len(ran) == 1


def test_nothing_is_installed_while_the_lock_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Path] = []
    monkeypatch.setattr(setup, "_install", lambda lock, environment: installed.append(lock))
    assert ensure_packages("base", tmp_path)
    assert not ensure_packages("base", tmp_path)
    assert ensure_packages("dev", tmp_path)
    assert not ensure_packages("base", tmp_path)  # the development lock holds the base
    assert installed == [LOCKS["base"], LOCKS["dev"]]
    (tmp_path / INSTALLED).write_text(json.dumps({"base": fingerprint(LOCKS["base"])[::-1]}))
    assert ensure_packages("base", tmp_path)


def test_pip_does_it_where_uv_is_not_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(setup, "_run", run)
    setup._install(LOCKS["base"], tmp_path)
    assert [command[1:4] for command in ran] == [["-m", "pip", "install"]] * 2
    assert all("--require-hashes" in command for command in ran)
    assert str(LOCKS["base"]) in ran[-1]


def test_a_failure_of_both_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_run", lambda command: subprocess.CompletedProcess(command, 1, "no route to host", ""))
    with pytest.raises(CannotInstall, match=r"Is there a network\?\nno route to host"):
        ensure_packages("base", tmp_path)
    assert not os.path.exists(tmp_path / INSTALLED)
