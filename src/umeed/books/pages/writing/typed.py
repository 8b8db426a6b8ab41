"""What a page of a meeting sent, field by field: every reason at once, and on which field a rule's reason belongs."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from umeed.books.rules.sheets import MOST_PAISE
from umeed.kernel.dates import date_as_written
from umeed.kernel.digits import plain_number, plain_text
from umeed.kernel.money import Paise, grouped, paise_from_rupees
from umeed.kernel.refusals import N_, Refusal

_NEGATIVE = N_("Write amounts without a minus: what is given back has its own place.")
_LARGE = N_("This is more than any book here can hold.")
_NOT_WHOLE = N_("“%(written)s” is not a whole number from %(least)s to %(most)s.")
_NOT_OFFERED = N_("This is none of the choices.")
_TOO_LONG = N_("This is longer than %(most)s letters.")
TOO_FINE = N_("“%(written)s” would not be kept as it is: write at most two digits after the point.")
MOST_ROWS = 60
MOST_FIELDS, MOST_LETTERS = 1_000, 2_000
MONTHLY_BP = 1_200
"""Basis points a year in one per cent a month."""

Values = dict[str, Any]


class Typed:
    """Fields by name as text. Readers answer a value, or None (nothing stands there, or a reason was noted)."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.reasons: list[Refusal] = []
        self._names: dict[str, str] = {}

    # Which field a path of the document is -------------------------------------------------------------------------

    def call(self, path: str, name: str) -> None:
        """Say that what a rule calls `path` (savings.3) is the field, or the fields beginning with, `name`."""
        self._names[path] = name

    def field_of(self, path: str) -> str:
        """The name of the field that a reason is about; the path itself where no other was said."""
        if path in self._names:
            return self._names[path]
        above, _, last = path.rpartition(".")
        return f"{self._names[above]}-{last}" if above in self._names else path

    # Readers -------------------------------------------------------------------------------------------------------

    def text(self, name: str, most: int = 240) -> str:
        text = " ".join(str(self.values.get(name) or "").split())
        if len(text) > most:
            self.refuse(name, "too_long", _TOO_LONG, most=most)
            return text[:most]
        return text

    def long_text(self, name: str, most: int = 1000) -> str:
        """Text of several lines."""
        text = str(self.values.get(name) or "").replace("\r\n", "\n").strip()
        if len(text) > most:
            self.refuse(name, "too_long", _TOO_LONG, most=most)
            return text[:most]
        return text

    def amount(self, name: str) -> Paise | None:
        """Paise above nought; a nought is nothing."""
        text = plain_text(str(self.values.get(name) or ""))
        if not text:
            return None
        paise = paise_from_rupees(text, field=name)
        if isinstance(paise, Refusal):
            self.reasons.append(paise)
        elif paise < 0:
            self.refuse(name, "negative", _NEGATIVE)
        elif paise > MOST_PAISE:
            self.refuse(name, "too_large", _LARGE)
        else:
            return paise or None
        return None

    def whole(self, name: str, least: int, most: int, told: str = _NOT_WHOLE, **said: object) -> int | None:
        text = plain_number(str(self.values.get(name) or "")).replace(",", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
            said |= {"written": text[:30], "least": least, "most": grouped(most)}
            self.refuse(name, "not_whole", told, **said)
            return None
        return int(text)

    def day(self, name: str) -> datetime.date | None:
        text = str(self.values.get(name) or "").strip()
        if not text:
            return None
        day = date_as_written(text)
        if isinstance(day, Refusal):
            self.reasons.append(day.on(name))
            return None
        return day

    def one_of(self, name: str, choices: Collection[str], usual: str = "") -> str:
        text = str(self.values.get(name) or "") or usual
        if text and text not in choices:
            self.refuse(name, "not_offered", _NOT_OFFERED)
            return usual
        return text

    def woman(self, name: str, women: Collection[UUID]) -> UUID | None:
        text = self.one_of(name, {str(woman) for woman in women})
        return UUID(text) if text else None

    def women(self, name: str, women: Iterable[UUID]) -> list[UUID]:
        sent = self.values.get(name) or []
        named = {sent} if isinstance(sent, str) else set(sent)
        return [woman for woman in women if str(woman) in named]

    def is_ticked(self, name: str) -> bool:
        return bool(self.values.get(name))

    def rows(self, prefix: str) -> range:
        """Numbers of the rows of a list; how many there are is a field too."""
        text = plain_text(str(self.values.get(f"{prefix}-rows") or ""))
        return range(min(MOST_ROWS, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 0)

    def fill(self, name: str, value: str) -> None:
        """What another field says of one that was not sent: from now on it is shown and kept so."""
        if isinstance(self.values, dict):
            self.values.setdefault(name, value)

    def refuse(self, name: str, code: str, text: str, **said: object) -> None:
        self.reasons.append(Refusal(name, code, text, said))


def line_sent(sent: Mapping[str, Any], name: str, most: int = 240) -> str:
    """A text of one line as it was sent, cut where it is too long: a reason, what is looked for."""
    return " ".join(str(sent.get(name) or "").replace("\x00", "").split())[:most]


def sent_by(post: Any) -> Values:
    """The fields of a QueryDict as JSON can keep them: lists where a field was sent more than once."""
    sent: Values = {}
    for key, values in list(post.lists())[:MOST_FIELDS]:
        clean = [value.replace("\x00", "")[:MOST_LETTERS] for value in values]
        if clean and key not in ("csrfmiddlewaretoken", "seen", "go"):
            sent[key.replace("\x00", "")[:100]] = clean if len(clean) > 1 else clean[0]
    return sent


def day_as_typed(day: datetime.date | None) -> str:
    """A day as a person types it, day first, in any page of the book: 25-01-2016. The browser's own box for days is
    not used in it: it shows them in the order of the phone (on many here the American one, month first), not of the
    page, so that 05/11 is read as May by one and as November by another, beside pages that say “day first”."""
    return f"{day:%d-%m-%Y}" if day else ""


def rupees_as_typed(paise: int | None) -> str:
    """Paise as a person types them: 50, or 50.50; nothing for none."""
    if not paise:
        return ""
    whole, part = divmod(paise, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def rate_kept(typed: Fraction, unit: int = MONTHLY_BP) -> int | None:
    """Basis points a year of a rate as people say it; None where what is kept would not be what was written: at most
    two digits after the point are, and what `rate_as_typed` itself writes with more."""
    kept = round(typed * unit)
    return kept if kept == typed * unit or Fraction(rate_as_typed(kept, unit)) == typed else None


def rate_as_typed(bp_a_year: int, unit: int = MONTHLY_BP) -> str:
    """Basis points a year as per cent a month, the way people say it: 2, 1.5."""
    return f"{bp_a_year / unit:.4f}".rstrip("0").rstrip(".")
