"""What a woman who was away owes when she comes again: the fine, and the regular savings of the meetings since she was
last there. It follows from the documents of those meetings; nothing of it is stored."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from umeed.books.models import Book, Bylaw, Meeting
from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.bylaws import Bylaws
from umeed.kernel.money import Paise

FAR_BACK = 12
"""So many meetings are looked at: who was away for longer settles it with the group."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Of one woman: how many meetings in a row, the fines for them, and what she did not save, by head. Paise."""

    meetings: int = 0
    fine: Paise = NOTHING
    savings: Mapping[str, Paise] = field(default_factory=dict)

    @property
    def whole(self) -> Paise:
        return Paise(self.fine + sum(self.savings.values()))


def missed_before(
    book: Book, standing: Iterable[Meeting], on: datetime.date, usual: Bylaws, women: Iterable[UUID]
) -> dict[UUID, Missed]:
    """{woman: what she missed} since she was last there, for those who missed something. `standing` are the meetings
    before this one, the newest first. One question for the rules."""
    held = list(standing)
    rules = list(Bylaw.objects.filter(book=book, since__lte=on).order_by("-since"))
    in_force = [next((row.plain for row in rules if row.since <= one.held_on), usual) for one in held]
    found = {woman: _of_her(woman, held, in_force) for woman in women}
    return {woman: missed for woman, missed in found.items() if missed.whole}


def _of_her(woman: UUID, held: Sequence[Meeting], in_force: Sequence[Bylaws]) -> Missed:
    meetings = fine = 0
    savings: dict[str, int] = {}
    for one, rules in zip(held, in_force, strict=True):
        is_absent = woman in one.absent
        if not is_absent and woman not in one.on_leave:
            break
        meetings += 1
        if is_absent:
            fine += rules.fine_absent
        fine -= sum(
            said["paise"] for said in one.said.get("fines", ())
            if said["woman"] == str(woman) and said["why"] == "absent"
        )  # fmt: skip
        for head, paise in rules.savings.items() if one.kind != "extra" else ():
            savings[head] = savings.get(head, 0) + paise
        for said in one.said.get("savings", ()):
            if said["woman"] == str(woman) and said["head"] in savings:
                savings[said["head"]] -= said["paise"]
    left = {head: Paise(paise) for head, paise in savings.items() if paise > 0}
    return Missed(meetings, Paise(max(0, fine)), left)
