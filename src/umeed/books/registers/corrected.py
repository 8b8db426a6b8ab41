"""What a correction did not change: a woman's passbook says it once.

A meeting that is corrected stands in the book three times: as posted, taken back, and posted anew. Whose amounts were
wrong sees all three. Of everybody else the same amounts would come and go and come again, with a reason that is about
another woman: hers stand once, with a word that the meeting was corrected. That is so on the screen and on paper, so
that a passbook printed before and one printed after say the same; an auditor has all three in the general ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from umeed.books.models import Meeting
from umeed.books.registers.reading import Entered


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Sheets that need not be told, and {sheet: what is said beside it} of those that stand in their place."""

    left_out: frozenset[int]
    notes: dict[int, str]


def unchanged(found: Iterable[Entered]) -> Unchanged:
    """Of one woman's entries. One question, if one of her meetings was taken back."""
    said: dict[int, Counter[object]] = defaultdict(Counter)
    by_sheet: dict[int, Entered] = {}
    for one in found:
        by_sheet[one.sheet] = one
        said[one.sheet].update((post.head, post.paise, post.woman, post.loan, post.body) for post in one.posts)
    struck = {one.meeting: one for one in by_sheet.values() if one.meeting and one.reverses is None and one.reversed_by}
    if not struck:
        return Unchanged(frozenset(), {})
    later = Meeting.objects.filter(replaces__in=struck, sheet__in=by_sheet).values_list("replaces", "sheet")
    left_out: set[int] = set()
    notes: dict[int, str] = {}
    for meeting, sheet in later:
        old, new = struck[meeting], by_sheet[sheet]
        mirror = by_sheet.get(old.reversed_by or 0)
        # Of another day is another story: all of it is told.
        if mirror is None or not old.on == mirror.on == new.on or said[old.sheet] != said[sheet]:
            continue
        left_out |= {old.sheet, mirror.sheet}
        notes[sheet] = gettext("the meeting was corrected, hers stayed the same")
    return Unchanged(frozenset(left_out), notes)
