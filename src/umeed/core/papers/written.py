"""How the cells of a paper are written in the reader's language: the same words on the page and in print."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from umeed.core.papers.shapes import Kind, Paper
from umeed.core.templatetags import umeed_text
from umeed.kernel.money import grouped, rounded_text, rupees

# What would turn the words around it, or cannot be seen. Joiners stay: Devanagari and Nastaliq are written with them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_AMOUNT = re.compile(r"[-+]?₹\s?\d[\d,.]*(?<=\d)")


def plain(value: object) -> str:
    """Any text as one that can be printed: without control characters, its lines kept. Among Urdu words the sign of the
    rupee stays before its number."""
    text = str(value).replace("\r\n", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()
    return _AMOUNT.sub(lambda found: umeed_text.left_to_right(found[0]), text)


def cell(value: object, kind: Kind) -> str:
    """One cell of a table; amounts without the sign of the rupee, which the paper's unit tells. None is a blank."""
    if value is None:
        return ""
    if isinstance(value, date):
        return umeed_text.day(value)
    if isinstance(value, str) or kind == "text":
        return plain(value)
    return _number(value, kind)


def fact(value: object, kind: Kind) -> str:
    """A value beside its label: an amount stands alone there, so that it brings its sign."""
    if kind == "paise" and isinstance(value, int):
        return umeed_text.rupees(value)
    return cell(value, kind) or umeed_text.DASH


def when(paper: Paper) -> list[str]:
    """For which time it holds, a line each."""
    as_of = gettext("As on %(day)s") % {"day": umeed_text.day(paper.as_of)} if paper.as_of else ""
    return [line for line in (plain(paper.period), as_of) if line]


def _number(value: Any, kind: Kind) -> str:
    if kind == "paise":
        return rupees(value, sign="", always_paise=True)
    if kind == "count":
        return grouped(value)
    if kind == "percent":
        return f"{rounded_text(Fraction(value) * 100, 1)}%"
    if kind == "rate":
        text = rounded_text(Fraction(value, 100), 2)
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
    return plain(value)
