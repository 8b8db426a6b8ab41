"""Long lists of women, groups or loans on a page: a box above them finds by name, with no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest

from umeed.books.pages.writing.typed import line_sent
from umeed.kernel.names import fold, spelling_key, spelling_keys

# A group has no more women: so many are read through at a glance.
GLANCE = 20
ASKED, LONGEST = "q", 80
Row = TypeVar("Row")


def by_name(request: HttpRequest, rows: Sequence[Row], name: Callable[[Row], str]) -> tuple[list[Row], dict[str, Any]]:
    """(the rows whose name is like what is asked for, what `books/find.html` draws of it: nothing of a short list)."""
    asked = line_sent(request.GET, ASKED, LONGEST)
    if len(rows) <= GLANCE:
        return list(rows), {}
    found = [row for row in rows if is_like(asked, name(row))]
    kept = [(key, value) for key, value in request.GET.items() if key != ASKED]
    return found, {"asked": asked, "kept": kept, "is_nobody": not found}


def is_like(asked: str, name: str) -> bool:
    """Whether a name has what is asked for in it, or begins, word by word and in any order, as it sounds."""
    wanted, sounds = spelling_key(asked).split(), spelling_keys(name)
    sounds_so = bool(wanted) and all(any(sound.startswith(one) for sound in sounds) for one in wanted)
    return sounds_so or fold(asked) in fold(name)
