"""A refusal: the plain reason why something cannot be done, kept as data so that it is translated only when shown.

Rules answer ``list[Refusal]``; an empty list means yes. ``severity`` lets one rule answer both what stops the
action ('refuse') and what the person should merely be told ('warn').
"""

from __future__ import annotations

import dataclasses
import datetime
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


# A day within a sentence, month by month, so that its month is said in the sentence's own language.
_DAYS = (
    N_("%(day)s Jan %(year)s"), N_("%(day)s Feb %(year)s"), N_("%(day)s Mar %(year)s"), N_("%(day)s Apr %(year)s"),
    N_("%(day)s May %(year)s"), N_("%(day)s Jun %(year)s"), N_("%(day)s Jul %(year)s"), N_("%(day)s Aug %(year)s"),
    N_("%(day)s Sep %(year)s"), N_("%(day)s Oct %(year)s"), N_("%(day)s Nov %(year)s"), N_("%(day)s Dec %(year)s"),
)  # fmt: skip
_TAG = "day"
# What stands between the items of a list, as the catalogues keep it (core/templatetags/umeed_text.py asks for it too).
_CONTEXT, _COMMA = "between the items of a list\x04", ", "


def in_number(count: int, one: str, many: str) -> str:
    """The sentence about one, or that about any other number; both are whole and marked with N_."""
    return one if count == 1 else many


def as_is(text: str) -> str:
    """The translation of nobody: what is said in English when no reader's language is known."""
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """One plain reason.

    field     the field it is about, or None when it is about the whole
    code      a stable word for programs and tests, e.g. 'too_young'
    text      the English sentence, marked with N_, with ``%(name)s`` slots (``%%`` for a percent sign)
    values    what fills the slots; counts come already grouped (kernel.money.grouped), a date is said as pages write
              it, and several names (a list) are joined as the reader's language joins them
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
            said = _said(self.values[name], translate)
            return f"{_ISOLATE}{said}{_END}" if is_right_to_left else said

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
        """Return plain values fit for JSON: dates tagged, what else is no number, text or None written as text."""
        plain = {key: _plain(value) for key, value in self.values.items()}
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
        values = {key: _restored(value) for key, value in (stored.get("values") or {}).items()}
        return cls(stored.get("field"), stored["code"], stored["text"], values, severity)

    def __str__(self) -> str:
        return self.message()


def _said(value: object, translate: Callable[[str], str]) -> str:
    """What fills a slot: a date as "1 Feb 2016", its month translated; a list in one line; anything else as text."""
    if isinstance(value, (list, tuple)):
        comma = translate(_CONTEXT + _COMMA)
        return (_COMMA if _CONTEXT in comma else comma).join(_said(one, translate) for one in value)
    if not isinstance(value, datetime.date):
        return str(value)
    return translate(_DAYS[value.month - 1]) % {"day": value.day, "year": value.year}


def _plain(value: object) -> Any:
    if isinstance(value, datetime.date):
        return {_TAG: value.isoformat()[:10]}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(one) for one in value]
    return datetime.date.fromisoformat(value[_TAG]) if isinstance(value, Mapping) and _TAG in value else value


def warning(field_name: str | None, code: str, text: str, values: Mapping[str, object] | None = None) -> Refusal:
    """Return a reason that only tells (severity 'warn')."""
    return Refusal(field_name, code, text, dict(values or {}), "warn")


def hard(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return those that stop the action, in order."""
    return [r for r in refusals if r.severity == "refuse"]


def soft(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return those that only tell, in order."""
    return [r for r in refusals if r.severity == "warn"]
