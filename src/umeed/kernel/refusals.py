"""A refusal: the plain reason why something cannot be done, kept as data so that it is translated only when shown.

Rules answer ``list[Refusal]``; an empty list means yes. ``severity`` lets one rule answer both what stops the
action ('refuse') and what the person should merely be told ('warn').
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["refuse", "warn"]

_SLOT = re.compile(r"%\((\w+)\)s|%%")
# In a sentence written from right to left a date like 31-02-2026 would be shown with its parts turned round, and a name
# with a bracket torn apart: what is filled in stands by itself (Unicode's isolates, UAX 9).
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ISOLATE, _END = "\u2068", "\u2069"


def N_(text: str) -> str:  # noqa: N802  (gettext's own name for "mark, do not translate yet")
    """Mark `text` for the translation catalogues and return it unchanged."""
    return text


def as_is(text: str) -> str:
    """The translation of nobody: what is said in English when no reader's language is known."""
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """One plain reason.

    field     the field it is about, or None when it is about the whole
    code      a stable word for programs and tests, e.g. 'too_young'
    text      the English sentence, marked with N_, with ``%(name)s`` slots (``%%`` for a percent sign)
    values    what fills the slots; counts come already grouped (kernel.money.grouped)
    severity  'refuse' stops the action, 'warn' only tells
    """

    field: str | None
    code: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict, hash=False)
    severity: Severity = "refuse"

    def message(self, translate: Callable[[str], str] = as_is) -> str:
        """Return the sentence, translated and filled; a slot without a value stays visible as written."""

        def fill(slot: re.Match[str]) -> str:
            name = slot.group(1)
            if name is None:
                return "%"
            if name not in self.values:
                return slot.group(0)
            return f"{_ISOLATE}{self.values[name]}{_END}" if is_right_to_left else str(self.values[name])

        sentence = translate(self.text)
        is_right_to_left = _ARABIC.search(sentence) is not None
        return _SLOT.sub(fill, sentence)

    def on(self, field_name: str | None) -> Refusal:
        """Return the same reason said about another field."""
        return dataclasses.replace(self, field=field_name)

    def as_warning(self) -> Refusal:
        """Return the same reason as something to tell, not something that stops."""
        return dataclasses.replace(self, severity="warn")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values fit for JSON (values that are not numbers, text or None are written as text)."""
        plain = {k: v if isinstance(v, (str, int, float, type(None))) else str(v) for k, v in self.values.items()}
        return {
            "field": self.field,
            "code": self.code,
            "text": self.text,
            "values": plain,
            "severity": self.severity,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Refusal:
        """Return the refusal that `as_dict` wrote."""
        severity: Severity = "warn" if stored.get("severity") == "warn" else "refuse"
        return cls(stored.get("field"), stored["code"], stored["text"], dict(stored.get("values") or {}), severity)

    def __str__(self) -> str:
        return self.message()


def warning(field_name: str | None, code: str, text: str, values: Mapping[str, object] | None = None) -> Refusal:
    """Return a reason that only tells (severity 'warn')."""
    return Refusal(field_name, code, text, dict(values or {}), "warn")


def hard(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return those that stop the action, in order."""
    return [r for r in refusals if r.severity == "refuse"]


def soft(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return those that only tell, in order."""
    return [r for r in refusals if r.severity == "warn"]
