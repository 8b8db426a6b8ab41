"""Where things lie: the repository, the data folder, the project's Python."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src"


def data_folder() -> Path:
    """The folder that holds everything which is not code: UMEED_DATA, else `data` in the repository."""
    return Path(os.environ.get("UMEED_DATA") or ROOT / "data").expanduser().resolve()


def environment_folder() -> Path:
    """The virtual environment that runs now."""
    return Path(sys.prefix)


def program(name: str) -> str:
    """The path of a command that came with the project's packages."""
    return str(environment_folder() / "bin" / name)
