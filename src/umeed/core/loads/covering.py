"""What the page of columns shows of a file's first cells: as they stand, without numbers that identify somebody.

Days, amounts and codes of places tell what a column holds. A phone has ten digits, an account mostly nine or more, an
Aadhaar number twelve; a day, an LGD code and a census code eight at most. In doubt a number is covered but for its last
four, and so is a shorter one whose heading says that it is an account or a phone.
"""

import re

_BETWEEN = r"[\s().,/_\-‐‑–]{0,3}"  # with the dashes that people put into phones
_IDENTIFIES = re.compile(rf"\d(?:{_BETWEEN}\d){{8,}}")
_LAST_RUN = re.compile(rf"\d(?:{_BETWEEN}\d)*\W*$")
# A word of letters and digits: a voter's card, or a phone in which somebody wrote the letter O.
_MIXED_WORD = re.compile(r"(?=[^\s:;,]*[^\W\d_])(?:[^\s:;,\d]*\d){7,}[^\s:;,]*")
_BUT_FOUR = re.compile(r"\d(?=(?:\D*\d){4})")
_PART = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"(?:(?:19|20)\d\d[-/._]{_PART}[-/._]{_PART}|{_PART}[-/._]{_PART}[-/._](?:19|20)\d\d)"
_MOMENT = rf"{_DAY}(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d{{1,6}})?)?)?"
_PLAIN = re.compile(
    rf"{_MOMENT}(?:[\s,;–-]+{_MOMENT})*"  # one day or several
    r"|[-+]?(?:₹|Rs\.?)?\s?(?:\d{1,8}|(?=(?:\D*\d){1,8}(?!\d)(?:\.|$))\d{1,3}(?:,\d{2,3})+)(?:\.\d{1,2})?"  # an amount
    r"|[A-Z]{4}0[A-Z0-9]{6}",  # a bank's branch
    re.IGNORECASE,
)


def shown(text: str, *, longest: int, is_sealed: bool = False) -> str:
    """A cell fit for the page.

    longest    where the cell was cut off: a number at its end may be the beginning of a longer one
    is_sealed  whether the cell stands in a column whose values are sealed, however short they are
    """
    if is_sealed:
        return _BUT_FOUR.sub("•", text)
    if len(text) >= longest:
        text = _LAST_RUN.sub(lambda run: re.sub(r"\d", "•", run[0]), text)
    if _PLAIN.fullmatch(text.strip()):
        return text
    for pattern in (_IDENTIFIES, _MIXED_WORD):
        text = pattern.sub(lambda found: _BUT_FOUR.sub("•", found[0]), text)
    return text
