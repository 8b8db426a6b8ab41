"""What rooms above keep beside a meeting of a book, and its page shows: photos of the signed page. A room offers it
once, at start: which of its pages the viewer may open of this meeting, as (what, address)."""

from __future__ import annotations

from collections.abc import Callable

from umeed.books.models import Meeting
from umeed.core.scope import Scope

Beside = Callable[[Scope, Meeting], list[tuple[str, str]]]
_offered: list[Beside] = []


def offer(beside: Beside) -> None:
    if beside not in _offered:
        _offered.append(beside)


def beside(scope: Scope, meeting: Meeting) -> list[tuple[str, str]]:
    return [link for one in _offered for link in one(scope, meeting)]
