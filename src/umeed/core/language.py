"""The catalogues: what is said on screen is gathered from code and templates, and compiled without GNU gettext.

One catalogue a language, `core/locale/<language>/LC_MESSAGES/django.po`, for all rooms. English is what the code says.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOME = Path(__file__).resolve().parents[1]
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("hi", "ur")
# gettext's own names, Django's lazy twins, and the kernel's mark for refusals.
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

# Of the phone's own code (field/static/field/core/words.js).
KEYWORDS_OF_SCRIPTS = {
    "t": None, "N_": None, "tc": ((1, "c"), 2), "inContext": ((1, "c"), 2), "plural": (1, 2),
    "pluralc": ((1, "c"), 2, 3),
}  # fmt: skip


def catalogue_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    file = catalogue_file(language)
    if not file.exists():
        return Catalog(
            locale=language, domain="django", fuzzy=False, project="Umeed", version="", copyright_holder="Umeed",
            header_comment="# The words of docs/words.md; every text is whole, none is made by joining pieces.",
        )  # fmt: skip
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain="django")


def gathered() -> Catalog:
    """Everything that the product says, from all rooms' code and templates, with where it is said."""
    catalogue = Catalog(domain="django", fuzzy=False)
    for file in _files():
        for line, message, context, comments in _messages(file):
            catalogue.add(
                message, None, [(file.relative_to(HOME).as_posix(), line)], auto_comments=comments, context=context
            )
    return catalogue


def _files() -> Iterator[Path]:
    scripts = (HOME / "field" / "static").rglob("*.js")
    for file in sorted([*HOME.rglob("*.py"), *HOME.rglob("*.html"), *HOME.rglob("*.txt"), *scripts]):
        parts = file.relative_to(HOME).parts
        if "tests" not in parts and "migrations" not in parts and parts[0] != "launcher":
            yield file


def _messages(file: Path) -> Iterator[tuple[int, object, str | None, list[str]]]:
    content, keywords, options = io.BytesIO(file.read_bytes()), KEYWORDS, None
    if file.suffix == ".py":
        method = extract_python
    elif file.suffix == ".js":
        # Also what is said within `${…}`.
        method, keywords, options = extract_javascript, KEYWORDS_OF_SCRIPTS, {"parse_template_string": True}
    elif "templates" in file.parts:
        from enmerkar.extract import extract_django as method
    else:
        return
    for line, message, comments, context in extract(method, content, keywords, options=options):
        if message:
            yield line, message, context, comments


def update(language: str) -> Catalog:
    """Bring a catalogue up to what is said now: new texts empty, gone ones dropped, no guesses. Writes the file."""
    catalogue = read(language)
    catalogue.update(gathered(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    file = catalogue_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=120, sort_output=True, no_location=False, omit_header=False)
    return catalogue


def compile_catalogue(language: str) -> bool:
    """Write the `.mo` beside the `.po` when it is missing or older; whether it was written."""
    source = catalogue_file(language)
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return False
    with target.open("wb") as stream:
        write_mo(stream, read(language))
    return True
