"""What meetings and days of a VO or CLF have in common as they are written: steps in an order, each with its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values
from umeed.core.actions import Refused
from umeed.kernel.refusals import Refusal, hard

BEGIN, CLOSE = "begin", "close"
READ_AND_CLOSE = _("Read out and close")


@dataclass(frozen=True)
class Walk:
    """The steps of a meeting, or of a day. `name` begins the names of its addresses, `back` names the page to which one
    comes back; `about`, `kinds`, `begin`, `number`, `put_away` are its words; `whom` names whom a field is about."""

    name: str
    back: str
    steps: tuple[Step, ...]
    about: Any
    kinds: tuple[tuple[str, Any], ...]
    begin: Any
    number: Any
    put_away: Any
    whom: Callable[[Any, str, Values], str]

    def address(self, book: UUID, key: str) -> str:
        return reverse(f"books:{self.name}_{key}", args=[book])

    def step_of(self, reason: Refusal) -> Step | None:
        """The step on which a reason of the rules belongs; None for the day, the number and the rest of the head."""
        part = str(reason.field).split(".")[0]
        return next((step for step in self.steps if part in step.parts), None)

    def named(self, step: Step, writing: Writing, reasons: Iterable[Refusal]) -> list[Refusal]:
        """Reasons of the rules about a step, each on the field of its page."""
        typed = Typed(step.values(writing))
        read = step.read(typed, writing)
        return [
            reason.on(typed.field_of(path) if (path := _on_page(str(reason.field), writing.said, read)) else None)
            for reason in reasons if self.step_of(reason) is step
        ]  # fmt: skip

    def beside(self, step: Step, by: int) -> str:
        """The step before or after."""
        at = self.steps.index(step) + by
        return BEGIN if at < 0 else self.steps[at].key if at < len(self.steps) else CLOSE

    def first_to_do(self, writing: Writing) -> str:
        """Where to go on: the first step that was not kept yet."""
        return next((step.key for step in self.steps if not writing.is_done(step.key)), CLOSE)

    def bar(self, writing: Writing, current: str) -> list[dict[str, Any]]:
        """The steps as links: done, wrong, current or empty."""
        book, wrong = writing.book.institution_id, {*writing.page.get("typed", ()), *self._refused(writing)}
        rows = [(step.key, step.title_of(writing), writing.is_done(step.key)) for step in self.steps]
        return [
            {
                "title": title, "url": self.address(book, key), "is_current": key == current,
                "is_done": is_done and key not in wrong, "is_wrong": key in wrong, "number": at,
            }
            for at, (key, title, is_done) in enumerate([*rows, (CLOSE, READ_AND_CLOSE, False)], 1)
        ]  # fmt: skip

    def _refused(self, writing: Writing) -> set[str]:
        """Steps that were kept and have something against them: by themselves, or by what was changed elsewhere."""
        try:
            stops = hard(writing.reasons)
        except Refused:
            # What it corrects is no longer there: the page says so.
            return set()
        return {step.key for one in stops if (step := self.step_of(one)) and writing.is_done(step.key)}


_WHICH = ("id", "request", "loan", "woman", "body", "head", "what", "why", "topic")
"""What tells one line of a list from another."""


def _on_page(path: str, said: Mapping[str, Any], read: Mapping[str, Any]) -> str | None:
    """A path of the document as its page reads it: the page may show a line at another place, or (one of who does not
    belong any more) not at all. A reason about such a line is told on no other's."""
    part, _dot, rest = path.partition(".")
    at, _dot, field = rest.partition(".")
    if not at.isdigit():
        return path
    stands, lines = ([_which(one) for one in of.get(part) or ()] for of in (said, read))
    if int(at) >= len(stands):
        return path
    line = stands[int(at)]
    places = [place for place, one in enumerate(lines) if one == line]
    nth = stands[: int(at)].count(line)
    return ".".join(filter(None, (part, str(places[nth]), field))) if nth < len(places) else None


def _which(line: Any) -> tuple[str, ...]:
    return tuple(str(line.get(key) or "") for key in _WHICH) if isinstance(line, Mapping) else (str(line),)
