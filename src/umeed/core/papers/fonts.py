"""The fonts that papers are printed with: cut here from installed packages, as typst reads them (one file a weight).

None comes from the machine, so that a paper looks alike wherever it is printed. Noto Nastaliq Urdu is in no font
package: MuPDF carries it for the scripts that it reads, and hands it over.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "fonts"
RECIPE_FILE = "recipe.txt"

# Wider than on screen: a name may carry any accent that Latin letters carry.
LATIN = "20-7E A0-24F 300-36F 1E00-1EFF 2010-2027 202F-203A 20B9 2190-2193 2212 25A0-25CF 2713"
DEVANAGARI = "20 900-97F 1CD0-1CF9 200C-200D 20B9 25CC A8E0-A8FF"
ARABIC = "20 600-6FF 750-77F 200C-200F FB50-FDFF FE70-FEFC"


class NoFonts(Exception):
    """The fonts have not been made: `manage make_fonts` makes them."""


@dataclass(frozen=True, slots=True)
class PrintFace:
    """One file to make: its name, where the font comes from, its weight, the characters kept (none named: all)."""

    name: str
    source: Callable[[], Path | bytes]
    weight: int
    characters: str

    def recipe(self) -> str:
        source = self.source()
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        about = f"{self.name} {size} {self.weight} {self.characters}"
        return f"{self.name} {hashlib.sha256(about.encode()).hexdigest()[:16]}"


def packaged(package: str, member: str) -> Callable[[], Path]:
    """A file within an installed package."""

    def source() -> Path:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"the font package {package} is not installed")
        return Path(spec.origin).parent / member

    return source


def nastaliq() -> bytes:
    """Noto Nastaliq Urdu (OFL 1.1), out of MuPDF."""
    import pymupdf  # here, not above: it is read when fonts are made, and never by the running product

    made: Any = pymupdf.Font
    font = made(script=pymupdf.mupdf.UCDN_SCRIPT_ARABIC, language="ur")
    if font.name != "Noto Nastaliq Urdu Regular":
        raise NoFonts(f"MuPDF gave “{font.name}” where Noto Nastaliq Urdu was asked for")
    return bytes(font.buffer)


def code_points(ranges: str) -> list[int]:
    """ "41-43 E9" → [0x41, 0x42, 0x43, 0xE9]."""
    points: list[int] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


_SANS = packaged("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")
_DEVA = packaged("fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf")
_NASKH = packaged("pylopdf_fonts_ar", "NotoNaskhArabic-Variable.ttf")
FACES = (
    PrintFace("sans-400.ttf", _SANS, 400, LATIN),
    PrintFace("sans-700.ttf", _SANS, 700, LATIN),
    PrintFace("devanagari-400.ttf", _DEVA, 400, DEVANAGARI),
    PrintFace("devanagari-700.ttf", _DEVA, 700, DEVANAGARI),
    PrintFace("naskh-400.ttf", _NASKH, 400, ARABIC),
    PrintFace("naskh-700.ttf", _NASKH, 700, ARABIC),
    # Nearly all of it is Urdu: cutting it takes three seconds and saves nothing.
    PrintFace("nastaliq-400.otf", nastaliq, 400, ""),
)


def cut(face: PrintFace, target: Path) -> int:
    """Write the subset of one weight; return its size in bytes."""
    source = face.source()
    if isinstance(source, bytes):
        return target.write_bytes(source)
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source)
    subsetter = Subsetter(Options(hinting=False, name_IDs=["*"]))
    subsetter.populate(unicodes=code_points(face.characters))
    subsetter.subset(font)
    at: dict[str, Any] = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": face.weight}
    instantiateVariableFont(font, at, inplace=True).save(target)
    return target.stat().st_size


def recipes() -> str:
    return "".join(f"{face.recipe()}\n" for face in FACES)


def are_made(folder: Path = FOLDER) -> bool:
    """True when every font is there and was made from what is installed now."""
    written = folder / RECIPE_FILE
    files = all((folder / face.name).exists() for face in FACES)
    return files and written.exists() and written.read_text() == recipes()


def make(folder: Path = FOLDER) -> dict[str, int]:
    """Make every font; answers their sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {face.name: cut(face, folder / face.name) for face in FACES}
    (folder / RECIPE_FILE).write_text(recipes())
    return sizes
