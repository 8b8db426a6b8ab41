"""How changed rows differ from what is known: renamed, moved, … each with a count and a tab of its own.

A layout declares its `differences`. Which row has which is read off its `after`, in Python while rows are judged and
in SQL while they are shown; it is kept nowhere else. A row that has two is counted in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.core.loads.layouts import CHANGE, Difference, Verdict
from umeed.core.loads.models import LoadRow

SEVERAL = "several"
"""In a load's counts: how many rows have more than one difference."""
OTHERWISE = Difference(
    "otherwise", _("Other changes"), ngettext_lazy("%(count)s changed otherwise", "%(count)s changed otherwise", "n"),
    frozenset(),
)  # fmt: skip
"""What a row has that changes, but in no way that its layout declares."""


def declared(of: Any) -> Sequence[Difference]:
    """Every difference that rows of a layout may have; none when it declares none (or is not known any more)."""
    own: Sequence[Difference] = getattr(of, "differences", ())
    return (*own, OTHERWISE) if own else ()


def of_row(row: LoadRow | Verdict, known: Sequence[Difference]) -> list[Difference]:
    """The differences of one row, out of those `declared`."""
    if row.what != CHANGE or not known:
        return []
    found = [each for each in known if not each.keys.isdisjoint(row.after)]
    return found or [OTHERWISE]


def count(counts: dict[str, int], verdict: Verdict, known: Sequence[Difference]) -> None:
    """Add a verdict's differences to the counts of its load."""
    found = of_row(verdict, known)
    for each in found:
        counts[each.key] = counts.get(each.key, 0) + 1
    if len(found) > 1:
        counts[SEVERAL] = counts.get(SEVERAL, 0) + 1


def rows_with(key: str, known: Sequence[Difference]) -> Q:
    """The rows of a load that have a difference."""
    if key == OTHERWISE.key:
        told = frozenset().union(*(each.keys for each in known))
        return Q(what=CHANGE) & ~Q(after__has_any_keys=sorted(told))
    keys = next(each.keys for each in known if each.key == key)
    return Q(what=CHANGE, after__has_any_keys=sorted(keys))
