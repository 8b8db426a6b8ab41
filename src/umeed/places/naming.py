"""Place names as people write them: from a directory's capitals to a readable name, and a fold for comparing."""

import re
import unicodedata
from functools import lru_cache

_ROMAN = re.compile(r"[IVX]+\Z")
_INITIALS = re.compile(r"(?:[A-Z]\.)+\Z")
# A dot before a long word ends initials ("B.K.PORA"), a bracket opens a word of its own ("BHALESSA(GANDOH)").
_PIECES = re.compile(r"[^\s\-/(),]+|[\s\-/(),]+")
_GLUED = re.compile(r"(?<=\.)(?=[A-Za-z]{3})|(?<=[^\s(\-/])(?=\()")


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
