"""A paper as PDF, set by typst. Everything goes in as JSON, so that no name can ever become markup.

`paper.typ` lays out; here is told what it lays out, written in the reader's language. Fonts: `fonts.py`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
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
CUT = Path(__file__).with_name("cut.typ")
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


def cut_pdf(papers: Sequence[Paper], title: str) -> bytes:
    """Small papers of one form, several on a page of A4, with lines to cut along; raises TooLong."""
    if sum(paper.lines for paper in papers) > MOST_LINES:
        raise TooLong
    made: bytes = _compiled(CUT, said_of_many(papers, title), "pdf")
    return made


def pictures(paper: Paper | Sequence[Paper], *, dots_per_inch: int = 96) -> list[bytes]:
    """Its pages as PNG, or those of several on one page: to be looked at, in tests and reviews."""
    if isinstance(paper, Paper):
        drawn = _set(paper, "png", ppi=dots_per_inch)
    else:
        drawn = _compiled(CUT, said_of_many(paper, ""), "png", ppi=dots_per_inch)
    return drawn if isinstance(drawn, list) else [drawn]


def _set(paper: Paper, kind: Any, **how: Any) -> Any:
    return _compiled(TEMPLATE, said(paper), kind, **how)


def _compiled(template: Path, told: dict[str, Any], kind: Any, **how: Any) -> Any:
    import typst  # here, not above: few processes ever print, and every start would wait for it

    content = json.dumps(told, ensure_ascii=False)
    return typst.compile(
        template, font_paths=_faces(), ignore_system_fonts=True, format=kind, sys_inputs={"paper": content}, **how
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
    form = FORMS[paper.form]
    told: dict[str, Any] = _apart(_told(paper, form.line), translation.get_language_bidi())
    return told | {
        **_language(),
        "form": asdict(form),
        "running": " · ".join(part for part in (told["of"], told["title"], *told["when"]) if part),
        "confirm": _confirm(paper),
        "page_of": pgettext("at the foot of a printed page", "Page %(page)s of %(pages)s")
        % {"page": "{page}", "pages": "{pages}"},
        "foot": gettext("Printed from Umeed on %(moment)s") % {"moment": moment(timezone.now())},
    }


def said_of_many(papers: Sequence[Paper], title: str) -> dict[str, Any]:
    """Everything that `cut.typ` reads."""
    form, rtl = FORMS[papers[0].form if papers else "slip"], translation.get_language_bidi()
    told = [_apart(_told(paper, form.line), rtl) | {"confirm": _confirm(paper)} for paper in papers]
    return {
        **_language(), "form": asdict(form), "papers": told, "title": written.plain(title),
        "of": told[0]["where"] if told else "",
    }  # fmt: skip


def _language() -> dict[str, Any]:
    language = (translation.get_language() or "en").split("-")[0]
    return {"lang": language, "rtl": translation.get_language_bidi(), "nastaliq": language in NASTALIQ}


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
    (place, mark), drawn = apart(paper.confirm_url), str(qr.svg(paper.confirm_url))
    return {"qr": drawn, "url": paper.confirm_url, "words": words, "place": place, "mark": mark}


def apart(url: str) -> tuple[str, str]:
    """An address as it is written beside its code: where it is, and what stands for this paper; both can be broken."""
    place, slash, mark = url.rpartition("/")
    parts = re.split(r"(?<=[./])(?=[^./])", f"{place}{slash}")
    return "\u200b".join(_broken(part) for part in parts), _broken(mark)


# Text of another script ---------------------------------------------------------------------------------------------

_LONG_WORD = re.compile(r"\S{36,}")


def _apart(told: Any, rtl: bool) -> Any:
    """Every text that is all in the other direction stands by itself (Unicode's isolates): "Noor SHG (2)" in Urdu. What
    is of both runs as the paper does, whatever it begins with: "VO سے قرض"."""
    if isinstance(told, dict):
        return {key: value if key == "kind" else _apart(value, rtl) for key, value in told.items()}
    if isinstance(told, list):
        return [_apart(value, rtl) for value in told]
    return "\n".join(_line(line, rtl) for line in told.split("\n")) if isinstance(told, str) else told


def _broken(line: str) -> str:
    return _LONG_WORD.sub(lambda word: "\u200b".join(word[0][n : n + 12] for n in range(0, len(word[0]), 12)), line)


def _line(line: str, rtl: bool) -> str:
    """One line; a word that no column could hold may be broken anywhere."""
    line = _broken(line)
    strong = {kind == "L" for letter in line if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL")}
    return f"\u2068{line}\u2069" if strong == {rtl} else line
