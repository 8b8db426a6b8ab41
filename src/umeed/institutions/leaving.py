"""What rooms above know against a woman leaving her group (what she saved, what she owes). They ask for themselves."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from uuid import UUID

from umeed.kernel.refusals import Refusal

# (woman, institution, first day on which she is no member) → reasons.
Ask = Callable[[UUID, UUID, datetime.date], Iterable[Refusal]]
# (woman, institution) → the first day from which nothing that is known of her speaks against it.
From = Callable[[UUID, UUID], datetime.date | None]
_asked: list[Ask] = []
_proposing: list[From] = []


def ask_before_leaving(ask: Ask, propose: From | None = None) -> None:
    """Called once at start by each room that knows something."""
    if ask not in _asked:
        _asked.append(ask)
    if propose is not None and propose not in _proposing:
        _proposing.append(propose)


def known_against_leaving(woman: UUID, institution: UUID, left_on: datetime.date) -> list[Refusal]:
    return [reason for ask in _asked for reason in ask(woman, institution, left_on)]


def first_day_to_leave(woman: UUID, institution: UUID) -> datetime.date | None:
    """The first day on which she can be no member any more, as far as other rooms know."""
    return max((day for propose in _proposing if (day := propose(woman, institution))), default=None)
