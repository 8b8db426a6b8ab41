"""Place names as people write them: from a directory's capitals to a readable name, a fold for comparing, and what a
place is called in the reader's language.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from umeed.core.charts import DISTRICTS, WITHOUT_CODE

_ROMAN = re.compile(r"[IVX]+\Z")
_INITIALS = re.compile(r"(?:[A-Z]\.)+\Z")
# A dot before a long word ends initials ("B.K.PORA"), a bracket opens a word of its own ("BHALESSA(GANDOH)").
_PIECES = re.compile(r"[^\s\-/(),]+|[\s\-/(),]+")
_GLUED = re.compile(r"(?<=\.)(?=[A-Za-z]{3})|(?<=[^\s(\-/])(?=\()")
# The letters in which a language is written: a local name in them is one that its reader can read.
_SCRIPTS = {"hi": re.compile(r"[\u0904-\u0939]"), "ur": re.compile(r"[\u0620-\u064a\u066e-\u06d3]")}
# Of no other kinds do the catalogues know names: a village that is called like a word on screen keeps its own name.
KINDS_KNOWN = ("state", "district")
_STATES = (_("Jammu and Kashmir"), _("Ladakh"))


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """'ANANTNAG' becomes 'Anantnag', 'B.K.PORA' 'B.K. Pora', 'GM PORA (TRESPONE)' 'GM Pora (Trespone)'.

    Words of one or two letters, initials and Roman numerals keep their capitals; mixed case is kept as written.
    """
    spaced = _GLUED.sub(" ", " ".join(unicodedata.normalize("NFC", text).split()))
    words = "".join(_word(piece) for piece in _PIECES.findall(spaced))
    return words[:1].upper() + words[1:]


def _word(word: str) -> str:
    if not word.isupper() or len(word) <= 2 or _INITIALS.match(word) or _ROMAN.match(word):
        return word
    if any(sign.isdigit() for sign in word):
        return word
    return word[0] + word[1:].lower()


def fold(text: str) -> str:
    """What two spellings of one name share: letters and digits only, without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def called(kind: str, name: str, local: str = "") -> str:
    """What a place is called in the reader's language; its written name where nobody has said.

    The place's own local name, if it stands in the reader's script, comes before the catalogues' name of a district or
    UT. No name is spelt out from another script. Only for reading: files, the API and comparisons take the written one.
    """
    language = translation.get_language()
    script = _SCRIPTS.get(language or "")
    if script is None:
        return name
    if local and script.search(local):
        return local
    return str(_known()[name]) if kind in KINDS_KNOWN and name in _known() else name


def written(text: str) -> list[str]:
    """Written names of the districts and UTs whose name in the reader's language has this text in it: for searching."""
    return [name for name, told in _known().items() if text in str(told)]


@lru_cache(maxsize=1)
def _known() -> Mapping[str, Any]:
    """Written name → the name that the catalogues translate."""
    told = [name for _column, _row, name in (*DISTRICTS.values(), *WITHOUT_CODE.values())]
    with translation.override(None):
        return {str(name): name for name in (*_STATES, *told)}
