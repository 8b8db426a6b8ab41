"""Which answers a phone was given: so it is noticed that the server was put back to an earlier day under its own name.

A database that was restored from a backup has another name or timeline (`cursor.py`). A disk that was put back, or a
dump that was loaded into the same cluster, has the name that it had, and may count its transactions beyond where a
phone stands. So each answer has a number, and a phone says the last one that it took. Kept of each phone are that one
and those that it was given since. One that is not among them was given by a server that is no more: from then on this
phone is told a name with that number in it, which it never heard before, and compares all that it knows. How many such
answers are lost on the way does not matter.

A number counts upwards, and its last bits are chance: a message that was long on its way and reaches the server that
was put back must not be given the number that the phone knows of another answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import RawSQL

from umeed.field.models import Device

LUCK = 2**20
MOST_NUMBER = 2**52
"""JavaScript counts to twice as much; a phone that is told one answer a second reaches it in 136 years."""
MOST_KEPT = 8
# The one that it took last, and the latest of those that it was given since.
_KEPT = f"""(
SELECT array_agg(n ORDER BY n) FROM (
    SELECT n, row_number() OVER (ORDER BY n) AS first, row_number() OVER (ORDER BY n DESC) AS last
    FROM (SELECT DISTINCT unnest(told_numbers || %s::bigint[]) AS n) given WHERE n >= %s
) ranked WHERE first = 1 OR last < {MOST_KEPT})"""  # noqa: S608


@dataclass(frozen=True)
class Conversation:
    """`number` is of the answer that the phone gets now. `put_back_at`: the number that the server had forgotten when
    it was put back last, as far as this phone has noticed; 0 if never."""

    number: int
    put_back_at: int
    taken: int
    is_forgotten: bool

    def noted(self) -> dict[str, Any]:
        """What is to be written of the phone before the answer leaves. Beside another message of the same phone."""
        came = [self.taken, self.number] if self.is_forgotten else [self.number]
        note: dict[str, Any] = {"told_numbers": RawSQL(_KEPT, [came, self.taken])}  # noqa: S611
        put_back_at = RawSQL("greatest(put_back_at, %s)", [self.taken])
        return note | ({"put_back_at": put_back_at} if self.is_forgotten else {})


def conversation_with(device: Device, taken: int) -> Conversation:
    """`taken` is the last answer that the phone says it took; 0 where it says none. `device` as it was read when the
    message came. An older message may come late: what it took is below all that is kept."""
    known: list[int] = device.told_numbers
    is_forgotten = taken > 0 and taken not in known and not (known and taken < known[0])
    number = (max([taken, *known]) // LUCK + 1) * LUCK + secrets.randbelow(LUCK)
    put_back_at = max(device.put_back_at, taken) if is_forgotten else device.put_back_at
    return Conversation(number, put_back_at, taken, is_forgotten)


def read_number(said: Any) -> int:
    """The number of an answer as a phone says it; 0 for what is none."""
    return said if type(said) is int and 0 < said < MOST_NUMBER else 0
