"""Makes the fonts of pages and of printed papers from installed packages; nothing to do when they are there."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from umeed.core.papers import fonts as of_papers
from umeed.core.papers.fonts import code_points, packaged

FOLDER = Path(__file__).resolve().parents[2] / "static" / "core" / "fonts"
RECIPE_FILE = "recipe.txt"
WEIGHTS = (400, 700)

LATIN = (
    "20-7E A0-FF 2010-2015 2018-201A 201C-201E 2020-2022 2026 2030 2039-203A "
    "20B9 2190-2193 2212 25A0 25B2 25BC 25CF 2713"
)
DEVANAGARI = "900-97F 1CD0-1CF9 200C-200D 25CC A8E0-A8FF"
URDU = "600-6FF 200C-200F"
ARABIC = "600-6FF 750-77F 200C-200F FB50-FDFF FE70-FEFC"
# A language switch names each language in its own script: two tiny fonts, so that it does not fetch two large ones.
NAMES_DEVANAGARI = " ".join(f"{ord(letter):X}" for letter in sorted(set("हिंदीहिन्दीडोगरी")))
NAMES_ARABIC = " ".join(f"{ord(letter):X}" for letter in sorted(set("اردوکٲشُر")))


@dataclass(frozen=True, slots=True)
class Face:
    """One font to make: its file, the package and member that it is cut from, what is kept of it.

    Nastaliq is in no font package: without one, it is that of MuPDF (`core/papers/fonts`).
    """

    name: str
    package: str
    member: str
    characters: str
    features: tuple[str, ...] | None = None

    def source(self) -> Path | bytes:
        return packaged(self.package, self.member)() if self.package else of_papers.nastaliq()

    def recipe(self) -> str:
        """Changes when the source font, the characters or the features change."""
        source = self.source()
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        about = f"{self.member} {size} {self.characters} {self.features} {WEIGHTS}"
        return f"{self.name} {hashlib.sha256(about.encode()).hexdigest()[:16]}"


SANS, SANS_FILE = "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"
DEVA, DEVA_FILE = "fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf"
ARAB, ARAB_FILE = "pylopdf_fonts_ar", "NotoNaskhArabic-Variable.ttf"
# Conjuncts and joining forms are features: of those scripts all that fontTools keeps by default are kept.
FACES = (
    Face("umeed-latin", SANS, SANS_FILE, LATIN, ("kern", "mark", "ccmp", "locl")),
    Face("umeed-devanagari", DEVA, DEVA_FILE, DEVANAGARI),
    Face("umeed-naskh", ARAB, ARAB_FILE, ARABIC),
    Face("umeed-nastaliq", "", "NotoNastaliqUrdu", URDU),
    Face("umeed-names-devanagari", DEVA, DEVA_FILE, NAMES_DEVANAGARI),
    Face("umeed-names-naskh", ARAB, ARAB_FILE, NAMES_ARABIC),
)


def cut(face: Face, target: Path) -> int:
    """Write the subset as woff2 with one axis, the weight from 400 to 700 (Nastaliq has one weight); return its size
    in bytes."""
    # Read only when there is something to make: this import takes longer than everything else the command does.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    source = face.source()
    font = TTFont(io.BytesIO(source) if isinstance(source, bytes) else source)
    options = Options(hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    if face.features is not None:
        options.layout_features = list(face.features)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points(face.characters))
    subsetter.subset(font)
    if "fvar" in font:
        limits: dict[str, Any] = {axis.axisTag: None for axis in font["fvar"].axes} | {"wght": WEIGHTS}
        font = instantiateVariableFont(font, limits, inplace=True)
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


def recipes() -> str:
    return "".join(f"{face.recipe()}\n" for face in FACES)


def are_made(folder: Path) -> bool:
    """True when every font is there and was made from what is installed now."""
    written = folder / RECIPE_FILE
    files = all((folder / f"{face.name}.woff2").exists() for face in FACES)
    return files and written.exists() and written.read_text() == recipes()


def make(folder: Path) -> dict[str, int]:
    """Make every font of pages; answers their sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {f"{face.name}.woff2": cut(face, folder / f"{face.name}.woff2") for face in FACES}
    (folder / RECIPE_FILE).write_text(recipes())
    return sizes


class Command(BaseCommand):
    help = "Make the fonts of pages and of printed papers: Latin, Devanagari, Naskh, Nastaliq."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write those of pages")
        parser.add_argument("--papers", type=Path, default=of_papers.FOLDER, help="where to write those of papers")
        parser.add_argument("--again", action="store_true", help="make them even when they are there")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if options["again"] or not are_made(folder):
            self.tell(make(folder))
        if options["again"] or not of_papers.are_made(options["papers"]):
            self.tell(of_papers.make(options["papers"]))

    def tell(self, sizes: dict[str, int]) -> None:
        for name, size in sizes.items():
            self.stdout.write(f"{name}  {size / 1024:.1f} KB")
