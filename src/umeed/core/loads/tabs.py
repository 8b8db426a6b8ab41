"""The tabs over the rows of a load: refused, changed (in each way its layout tells), new, gone, waiting, known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.loads import differences
from umeed.core.loads.layouts import CHANGE, LEAVE, Difference, layout_if_known
from umeed.core.loads.models import GONE, WAITS, Load, LoadRow, What
from umeed.core.templatetags.umeed_text import grouped

# Refused rows come first, because they need her; what is known already needs nobody.
_FIRST = (What.REFUSE, What.CHANGE, What.CREATE, GONE, WAITS, What.LEAVE)
_TITLES: dict[str, Any] = {
    **{what: what.label for what in What},
    GONE: _("Not in the file"),
    WAITS: _("Waiting, kept with the load"),
}
_COUNTED: dict[str, Any] = {
    What.CREATE: ngettext_lazy("%(count)s new", "%(count)s new", "n"),
    What.CHANGE: ngettext_lazy("%(count)s changed", "%(count)s changed", "n"),
    GONE: ngettext_lazy("%(count)s not in the file", "%(count)s not in the file", "n"),
    WAITS: ngettext_lazy("%(count)s waiting", "%(count)s waiting", "n"),
    What.LEAVE: ngettext_lazy("%(count)s known already", "%(count)s known already", "n"),
    What.REFUSE: ngettext_lazy("%(count)s refused", "%(count)s refused", "n"),
}


@dataclass(frozen=True)
class Tab:
    """Rows that are looked at together. `count` is how many there are, `counted` says it in words."""

    key: str
    title: Any
    count: int
    counted: Any

    @property
    def in_words(self) -> str:
        return str(self.counted % {"n": self.count, "count": grouped(self.count)})


def differences_of(load: Load) -> Sequence[Difference]:
    """In which ways the rows of a load may change what is known."""
    return differences.declared(layout_if_known(load.layout_key))


def tabs_of(load: Load) -> list[Tab]:
    """The tabs under which rows of a load stand. What changes in more than one way stands under each of them."""
    return [tab for what in _FIRST for tab in _of_verdict(load, what)]


def _of_verdict(load: Load, what: str) -> Iterator[Tab]:
    if not (rows := count(load, what)):
        return
    parts = _parts_of(load) if what == CHANGE else []
    yield from parts or [Tab(what, _TITLES[what], rows, _COUNTED[what])]


def _parts_of(load: Load) -> list[Tab]:
    """The tabs of what changes; none for a load whose differences were not counted."""
    return [
        Tab(each.key, each.title, rows, each.counted)
        for each in differences_of(load)
        if (rows := load.counts.get(each.key, 0))
    ]


def count(load: Load, what: str) -> int:
    """How many rows stand under a tab, '' for all. What is not in the file and what waits have tabs of their own."""
    if not what:
        return sum(count(load, each) for each in _FIRST)
    rows: int = load.counts.get(what, 0)
    return rows - load.counts.get(GONE, 0) - load.counts.get(WAITS, 0) if what == LEAVE else rows


def under(what: str, known: Sequence[Difference]) -> Q:
    """The rows of a load that stand under a tab, '' for all."""
    if what == GONE:
        return Q(what=LEAVE, number=0)
    if what == WAITS:
        return Q(what=LEAVE) & ~Q(number=0) & ~Q(after={})
    if what == LEAVE:
        return Q(what=LEAVE, after={}) & ~Q(number=0)
    if any(each.key == what for each in known):
        return differences.rows_with(what, known)
    return Q(what=what) if what else Q()


def words_of(row: LoadRow, known: Sequence[Difference]) -> list[str]:
    """What is said of a row: its verdict, or how it differs, in the words of the tabs under which it stands."""
    if row.what == LEAVE and row.number == 0:
        return [str(_TITLES[GONE])]
    if row.what == LEAVE and row.after:
        return [str(_TITLES[WAITS])]
    found = differences.of_row(row, known)
    return [str(each.title) for each in found] or [str(_TITLES[What(row.what)])]


def to_show(load: Load, asked: str) -> str:
    """The tab that a page opens, '' for all rows: as asked, else what most needs her eyes."""
    if asked == "all":
        return ""
    keys = [tab.key for tab in tabs_of(load)]
    return asked if asked in (*keys, *_FIRST) else next(iter(keys), "")


def as_links(load: Load, what: str, address: str) -> list[dict[str, Any]]:
    """The tabs with their counts and all rows, for `core/parts/tabs.html`."""
    shown = [(tab.key, tab.title, tab.count) for tab in tabs_of(load)]
    return [
        {"title": title, "url": f"{address}?what={key or 'all'}", "current": key == what, "count": grouped(rows)}
        for key, title, rows in [*shown, ("", gettext("All rows"), count(load, ""))]
    ]


def counts_in_words(load: Load) -> str:
    """ "120 new, 4 changed, 2 refused" in the reader's language, for a list."""
    return " · ".join(tab.in_words for tab in tabs_of(load))


def overlap_in_words(load: Load) -> str:
    """How the tabs of what changes add up, where a row stands under several; else empty."""
    several = load.counts.get(differences.SEVERAL, 0)
    if not several:
        return ""
    said = ngettext(
        "Changed rows: %(all)s. Of these, %(count)s changes in more than one way and is counted in each.",
        "Changed rows: %(all)s. Of these, %(count)s change in more than one way and are counted in each.",
        several,
    )
    return said % {"all": grouped(count(load, CHANGE)), "count": grouped(several)}
