"""A paper as PDF, set by typst. Everything goes in as JSON, so that no name can ever become markup.

`paper.typ` lays out; here is told what it lays out, written in the reader's language. Fonts: `fonts.py`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from umeed.core.papers import fonts, laying, qr, written
from umeed.core.papers.forms import FORMS
from umeed.core.papers.shapes import Paper
from umeed.core.templatetags.umeed_text import moment

TEMPLATE = Path(__file__).with_name("paper.typ")
# Languages that are written in Nastaliq.
NASTALIQ = frozenset({"ur", "ks"})


# A ledger of more lines is for a spreadsheet: setting it would hold a process for seconds, and take 100 MB a thousand.
MOST_LINES = 3_000
# Tags let a screen reader walk through the tables, and make a long paper six times as heavy. Its page is read anyhow.
_MOST_TAGGED = 300


class TooLong(Exception):
    """The paper has more lines than are printed."""


def pdf(paper: Paper) -> bytes:
    """The paper, in the language of this moment, with its own fonts inside; raises TooLong."""
    if paper.lines > MOST_LINES:
        raise TooLong
    made: bytes = _set(paper, "pdf", pdf_tags=paper.lines <= _MOST_TAGGED)
    return made


def pictures(paper: Paper, *, dots_per_inch: int = 96) -> list[bytes]:
    """Its pages as PNG: to be looked at, in tests and reviews."""
    drawn = _set(paper, "png", ppi=dots_per_inch)
    return drawn if isinstance(drawn, list) else [drawn]


def _set(paper: Paper, kind: Any, **how: Any) -> Any:
    import typst  # here, not above: few processes ever print, and every start would wait for it

    content = json.dumps(said(paper), ensure_ascii=False)
    return typst.compile(
        TEMPLATE, font_paths=_faces(), ignore_system_fonts=True, format=kind, sys_inputs={"paper": content}, **how
    )


@cache
def _faces() -> Any:
    """Our own fonts and no others."""
    import typst

    if not all((fonts.FOLDER / face.name).exists() for face in fonts.FACES):
        raise fonts.NoFonts("There are no fonts to print with; `./umeed manage make_fonts` makes them.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)])


def said(paper: Paper) -> dict[str, Any]:
    """Everything that `paper.typ` reads; all of it text, or a measure."""
    language, rtl = (translation.get_language() or "en").split("-")[0], translation.get_language_bidi()
    form = FORMS[paper.form]
    told: dict[str, Any] = _apart(_told(paper, form.line), rtl)
    return told | {
        "lang": language,
        "rtl": rtl,
        "nastaliq": language in NASTALIQ,
        "form": asdict(form),
        "running": " · ".join(part for part in (told["of"], told["title"], *told["when"]) if part),
        "confirm": _confirm(paper),
        "page_of": pgettext("at the foot of a printed page", "Page %(page)s of %(pages)s")
        % {"page": "{page}", "pages": "{pages}"},
        "foot": gettext("Printed from Umeed on %(moment)s") % {"moment": moment(timezone.now())},
    }


def _told(paper: Paper, line: float) -> dict[str, Any]:
    """What the room says, written out."""
    return {
        "title": written.plain(paper.title),
        "of": written.plain(paper.of),
        "where": written.plain(paper.where),
        "when": written.when(paper),
        "unit": written.plain(paper.unit),
        "facts": [
            {"label": written.plain(label), "value": written.fact(value, kind), "number": kind not in ("text", "day")}
            for label, value, kind in paper.all_facts
        ],
        "tables": [asdict(ruling) for ruling in laying.rulings(paper.tables, line)],
        "notes": [written.plain(note) for note in paper.notes],
        "signatures": [written.plain(who) for who in paper.signatures],
    }


def _confirm(paper: Paper) -> dict[str, str] | None:
    if not paper.confirm_url:
        return None
    words = gettext("Scan this, or open the address, to see whether this paper is genuine.")
    return {"qr": str(qr.svg(paper.confirm_url)), "url": paper.confirm_url, "words": words}


# Text of another script ---------------------------------------------------------------------------------------------

_LONG_WORD = re.compile(r"\S{36,}")


def _apart(told: Any, rtl: bool) -> Any:
    """Every text that begins in the other direction stands by itself (Unicode's isolates): "Noor SHG (2)" in Urdu."""
    if isinstance(told, dict):
        return {key: value if key == "kind" else _apart(value, rtl) for key, value in told.items()}
    if isinstance(told, list):
        return [_apart(value, rtl) for value in told]
    return "\n".join(_line(line, rtl) for line in told.split("\n")) if isinstance(told, str) else told


def _line(line: str, rtl: bool) -> str:
    """One line; a word that no column could hold may be broken anywhere."""
    line = _LONG_WORD.sub(lambda word: "\u200b".join(word[0][n : n + 12] for n in range(0, len(word[0]), 12)), line)
    strong = next((kind for letter in line if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), "")
    return f"\u2068{line}\u2069" if strong and (strong != "L") != rtl else line
