"""What is done before Umeed can serve (tables, fonts, languages, static files), each only when something changed."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from umeed.launcher.paths import ROOT, SOURCE
from umeed.launcher.product import Product
from umeed.launcher.screen import Screen

FONTS = SOURCE / "umeed" / "core" / "static" / "core" / "fonts"
PRINT_FONTS = SOURCE / "umeed" / "core" / "papers" / "fonts"


@dataclass(frozen=True)
class Stage:
    """One management command, the files it reads (patterns below src/umeed) and whether what it makes is there."""

    name: str
    title: str
    command: tuple[str, ...]
    reads: tuple[str, ...]
    is_there: Callable[[Product], bool]


def _migrated(product: Product) -> bool:
    return True  # The database says so itself: the stamp holds its address, password included.


def _has_fonts(product: Product) -> bool:
    return any(FONTS.glob("*.woff2")) and any(PRINT_FONTS.glob("*.?tf"))


def _has_languages(product: Product) -> bool:
    return all(source.with_suffix(".mo").exists() for source in SOURCE.rglob("*.po"))


def _has_static_files(product: Product) -> bool:
    return any((product.data / "static").glob("*"))


TABLES = Stage("tables", "Tables", ("migrate", "--no-input", "--verbosity", "1"), ("*/migrations/*.py",), _migrated)
MAKE_FONTS = ("*/management/commands/make_fonts.py", "core/papers/fonts.py")
FONTS_STAGE = Stage("fonts", "Fonts", ("make_fonts",), MAKE_FONTS, _has_fonts)
LANGUAGES = Stage("languages", "Languages", ("compile_languages",), ("**/*.po",), _has_languages)
STATIC = Stage(
    "static",
    "Styles and scripts",
    ("collectstatic", "--no-input", "--verbosity", "0"),
    ("*/static/**/*", "config/settings.py"),
    _has_static_files,
)


def prepare(product: Product, screen: Screen, stages: Sequence[Stage]) -> None:
    """Carries out each stage that is not as it was."""
    for stage in stages:
        with screen.step(stage.title) as step:
            stamp = stamp_of(product, stage.reads, [*stage.command, product.database_url])
            if stage.is_there(product) and recall(product.data, stage.name) == stamp:
                step.outcome = "as before"
                continue
            product.perform(step, *stage.command)
            remember(product.data, stage.name, stamp)


def stamp_of(product: Product, patterns: Iterable[str], words: Iterable[str]) -> str:
    """A fingerprint of files (by path, size and time), of the locked packages and of further words."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    files = {file for pattern in patterns for file in (SOURCE / "umeed").glob(pattern) if file.is_file()}
    for file in sorted(files):
        told = file.stat()
        digest.update(f"{file.relative_to(SOURCE)}|{told.st_size}|{told.st_mtime_ns}\n".encode())
    for word in [*words, str(product.data)]:
        digest.update(f"{word}\n".encode())
    return digest.hexdigest()


def recall(data: Path, name: str) -> str | None:
    """What was remembered under a name in this data folder."""
    return _stamps(data).get(name)


def remember(data: Path, name: str, stamp: str) -> None:
    """Keeps a stamp; the file is replaced whole, so that a kill leaves the old one."""
    stamps = _stamps(data) | {name: stamp}
    aside = data / "stamps.json.new"
    aside.write_text(json.dumps(stamps, indent=1, sort_keys=True))
    aside.replace(data / "stamps.json")


def forget(data: Path) -> None:
    """Has everything done anew at the next start."""
    (data / "stamps.json").unlink(missing_ok=True)


def _stamps(data: Path) -> dict[str, str]:
    try:
        kept = json.loads((data / "stamps.json").read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
