"""What every step is: fields out of the document, the document out of fields, and what its page shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import MOST_ROWS, Typed, Values
from umeed.kernel.refusals import Refusal

MODES = (("cash", pgettext_lazy("money", "Cash")), ("bank", pgettext_lazy("money", "Bank")))
MODE_KEYS = ("cash", "bank")
HERS = (
    ("cash", pgettext_lazy("money", "Cash")), ("bank", _("Bank or UPI, into the group's account")),
    ("set_off", _("Set off against her savings")),
)  # fmt: skip
HERS_KEYS = ("cash", "bank", "set_off")
HOW = _("How it came")
FROM, INTO = pgettext_lazy("money", "From"), _("Into")
WHICH = _("Which woman")
WHO_TOOK = _("Who took it")
# What is said of a field beside its label; a field of which nothing is said is needed in its row.
OPTIONAL = _("optional")
WHEN_BROUGHT = _("needed when she sent something")
WHEN_AWAY = _("needed for who is not there")
WHEN_TAKEN = _("needed when it is paid out in cash")
WHEN_NOT_GRANTED = _("needed when it is put off or refused")
# What nobody but who writes puts into a row of a list.
_SAYING = ("paise", "woman", "body", "request", "topic", "decided", "note", "by")


class Step(ABC):
    """One page of a meeting. `parts` are those of the document that it writes."""

    key = ""
    title: Any = ""
    lead: Any = ""
    parts: tuple[str, ...] = ()

    def expected(self, writing: Writing) -> Values:
        """Fields filled in beforehand, before the step was kept."""
        return {}

    @abstractmethod
    def kept(self, writing: Writing) -> Values:
        """Fields as they stand in the document."""

    @abstractmethod
    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        """Parts of the document out of what was typed."""

    @abstractmethod
    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        """What its template needs."""

    def beside(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        """What only the pages keep of what was typed."""
        return {}

    def unseen(self, writing: Writing) -> list[Refusal]:
        """Questions about what came since this step was kept and would stand on it."""
        return []

    def title_of(self, writing: Writing) -> Any:
        """What it is called in this book."""
        return self.title

    def lead_of(self, writing: Writing) -> Any:
        """What is said above its fields."""
        return self.lead

    @property
    def template(self) -> str:
        return f"books/meeting/{self.key}.html"

    def values(self, writing: Writing) -> Values:
        """What stands in its fields: what could not be read, what is kept, or what is expected."""
        typed = writing.typed(self.key)
        if typed is not None:
            return typed
        return self.kept(writing) if writing.is_done(self.key) else self.expected(writing)


def names_of(writing: Writing) -> list[tuple[Any, str]]:
    """(woman, name) of the members."""
    return list(writing.known.facts.members.items())


def who_is_away(writing: Writing, woman: object) -> str:
    """Her state of attendance where somebody else must have brought her money."""
    state = writing.attendance.get(str(woman), "")
    return state if state in ("absent", "on_leave") else ""


def taken_by(typed: Typed, name: str, mode: str, away: str) -> dict[str, str]:
    """Who took cash along for who is away."""
    by = typed.text(name)
    return {"by": by} if by and away and mode == "cash" else {}


def rows_shown(shown: Shown, prefix: str) -> range:
    """The rows of a list as far as they say something, and one to write in. What stands in a row by itself says nothing
    (cash, the usual terms): however often a page is sent, one row is empty at its end."""
    said = (at for at in Typed(shown.values).rows(prefix) if _says(shown, f"{prefix}-{at}"))
    return range(min(MOST_ROWS, max(said, default=-1) + 2))


def _says(shown: Shown, row: str) -> bool:
    return any(str(shown.values.get(f"{row}-{field}") or "").strip() for field in _SAYING)
