"""What rooms above know against a woman leaving her group (what she saved, what she owes). They ask for themselves."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from uuid import UUID

from umeed.kernel.refusals import Refusal

# (woman, institution, first day on which she is no member) → reasons.
Ask = Callable[[UUID, UUID, datetime.date], Iterable[Refusal]]
_asked: list[Ask] = []


def ask_before_leaving(ask: Ask) -> None:
    """Called once at start by each room that knows something."""
    if ask not in _asked:
        _asked.append(ask)


def known_against_leaving(woman: UUID, institution: UUID, left_on: datetime.date) -> list[Refusal]:
    return [reason for ask in _asked for reason in ask(woman, institution, left_on)]
