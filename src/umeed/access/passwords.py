"""Is a password easy to guess? Said in plain words, with a way to a better one."""

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from umeed.access.models import User

_ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORDS = frozenset(
    {"umeed", "mission", "kashmir", "jammu", "ladakh", "srinagar", "leh", "nrlm", "jkrlm", "shg", "password"}
)
_RUN = 4
_FEWEST_DIFFERENT = 5
_FEWEST_LEFT = 6


def why_easy_to_guess(password: str, *, own_words: tuple[str, ...] = ()) -> list[str]:
    """Codes of what makes a password easy: few_signs, a_run, a_year, own_name, common_word. Empty: nothing found.

    A word, a run or a year is allowed as part of a longer password: what is left without it must have six characters.
    """
    plain = password.casefold()
    codes = []
    if len(set(plain)) < _FEWEST_DIFFERENT:
        codes.append("few_signs")
    parts = {
        "a_run": _without_runs(plain),
        "a_year": re.sub(r"(19|20)\d\d", "", plain),
        "own_name": _without(plain, [word.casefold() for word in own_words if len(word) > 2]),
        "common_word": _without(plain, _WORDS),
    }
    codes += [code for code, left in parts.items() if left != plain and len(left) < _FEWEST_LEFT]
    return codes


def _without(text: str, words: object) -> str:
    for word in words:  # type: ignore[attr-defined]
        text = text.replace(word, "")
    return text


def _without_runs(text: str) -> str:
    """Takes out four or more neighbours of the alphabet, the digits or the keyboard, either way round."""
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    left, at = "", 0
    while at < len(text):
        length = max(_run_length(text[at:], row) for row in rows)
        if length >= _RUN:
            at += length
        else:
            left, at = left + text[at], at + 1
    return left


def _run_length(text: str, row: str) -> int:
    start = row.find(text[0])
    length = 0
    while start >= 0 and length < len(text) and start + length < len(row) and row[start + length] == text[length]:
        length += 1
    return length


class NotEasyToGuess:
    """Django's password validator around `why_easy_to_guess`, with a hint that can be followed."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        own = tuple(re.split(r"\W+", f"{getattr(user, 'name', '')} {getattr(user, 'username', '')}"))
        said = {
            "few_signs": _("It repeats the same few characters."),
            "a_run": _("Most of it is a run such as 12345 or qwerty."),
            "a_year": _("Most of it is a year."),
            "own_name": _("Most of it is your own name."),
            "common_word": _("Most of it is a word that everybody here would try first."),
        }
        reasons = [ValidationError(said[code], code=code) for code in why_easy_to_guess(password, own_words=own)]
        if reasons:
            raise ValidationError(reasons)

    def get_help_text(self) -> str:
        return _(
            "A good way: four words that have nothing to do with each other, such as a tool, a fruit, a river, a bird."
        )
