"""What higher rooms have to say before a place ends: they know of people and records, this room does not.

A room joins in once, when it starts: `endings.listen(…)`.
"""

import datetime
from collections.abc import Callable, Iterable

from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal
from umeed.places.models import Place

# (who asks, the place that ends, the one that takes its place, from which day) → what she should look at again
Says = Callable[[Scope, Place, Place, datetime.date], Iterable[Refusal]]
_listening: list[Says] = []


def listen(says: Says) -> None:
    """Join in; a second time changes nothing."""
    if says not in _listening:
        _listening.append(says)


def told(by: Scope, place: Place, into: Place, on: datetime.date) -> list[Refusal]:
    """What everybody says of a merger, as warnings."""
    return [reason for says in _listening for reason in says(by, place, into, on)]
