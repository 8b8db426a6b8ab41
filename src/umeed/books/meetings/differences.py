"""The sheets by which a meeting or cut-off of a closed month was put right later, by their ids; how they are read.

Of a meeting, first stands what was taken to the bank, or brought from it, otherwise; then each line that goes by the
bank with its own line of the bank; then those of cash; then what was found over or short by them all, after what of it
uses up what an earlier one found the other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

from umeed.books.heads import BY_KEY
from umeed.books.models import CutOff, Line, Meeting, Sheet
from umeed.core.models import AuditChange

MOST_TIMES = 20
FOUND = ("cash_over", "cash_short")
# What the chain is told of what puts no meeting right (`of`).
OF_CUT_OFF = "cut_off"
# What a line of such a sheet is put right against; None of the lines that only make it even.
Way = Literal["cash", "bank", "to_and_from"]


def uid_of(row: Meeting | CutOff, nth: int) -> UUID:
    """The id of the sheet by which it is put right for the nth time."""
    return uuid5(row.pk, f"difference/{nth}")


def put_right_by(row: Meeting | CutOff, until: int = MOST_TIMES) -> Sequence[Sheet]:
    """The sheets by which it was put right, the first one first; those before the one numbered `until`. One
    question."""
    uids = [uid_of(row, nth) for nth in range(until)]
    return list(Sheet.objects.filter(uid__in=uids).order_by("pk"))


def differences_of(row: Meeting | CutOff, until: int = MOST_TIMES) -> Sequence[Sheet]:
    """Those of them that were not taken back with it."""
    every = put_right_by(row, until)
    undone = set(Sheet.objects.filter(reverses__in=every).values_list("reverses", flat=True)) if every else set()
    return [one for one in every if one.pk not in undone]


def found_by(meeting: Meeting, until: int = MOST_TIMES) -> dict[str, int]:
    """{cash_over, cash_short: paise} that those before the one numbered `until` left standing."""
    heads = {BY_KEY[key].number: key for key in FOUND}
    lines = Line.objects.filter(sheet__in=differences_of(meeting, until), head__in=heads)
    sums = dict.fromkeys(heads.values(), 0)
    for head, paise in lines.values_list("head", "amount_paise"):
        sums[heads[head]] += paise
    return {key: max(0, BY_KEY[key].grows_by * paise) for key, paise in sums.items()}


def ways_of(lines: Sequence[tuple[str, int]]) -> list[Way | None] | None:
    """The way of each of these lines, (head, paise) in their order; None where no difference is written like this."""
    heads = [head for head, _paise in lines]
    first = next((at for at, head in enumerate(heads) if head != "bank"), len(heads))
    ways: list[Way | None] = ["to_and_from"] * first
    while len(ways) < len(lines):
        at = len(ways)
        head, paise = lines[at]
        if head in ("cash", "bank"):
            return None
        if lines[at + 1 : at + 2] == [("bank", -paise)]:
            ways += ["bank", None]
        else:
            ways.append(None if head in FOUND else "cash")
    return ways


class Said(NamedTuple):
    """What was said when something was put right: why, and of a meeting the side of each line that differs in its order
    (-1 what came in, 1 what went out): where both stood under one head, the lines alone do not tell it. No sides of
    those of before they were said, nor of a cut-off."""

    why: str
    sides: list[int]
    is_of_cut_off: bool = False


def said_of(sheets: Iterable[int]) -> dict[int, Said]:
    """{sheet: what was said} of those that put a meeting or a cut-off right. One question where there are any."""
    asked = [str(sheet) for sheet in sheets]
    if not asked:
        return {}
    told = AuditChange.objects.filter(
        table="books_sheet", kind=AuditChange.CREATED, subject_id__in=asked, after__has_key="puts_right"
    ).values_list("subject_id", "entry__why", "after__sides", "after__of")  # fmt: skip
    return {int(sheet): Said(why, sides or [], of == OF_CUT_OFF) for sheet, why, sides, of in told}
