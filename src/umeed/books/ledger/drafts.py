"""A sheet before it is posted: plain values, and the digest by which the same sheet is known when it comes again."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books.heads import BY_KEY, Head
from umeed.kernel.money import Paise


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount under a head, and whom or what it is about. Debits positive, credits negative, never nought."""

    head: str
    amount: Paise
    woman: UUID | None = None
    loan: int | None = None
    body: UUID | None = None

    @property
    def under(self) -> Head:
        return BY_KEY[self.head]

    @property
    def said(self) -> list[object]:
        """What the digest is made of. A loan by the number that it has here."""
        return [self.head, self.amount, *(str(one) if one else "" for one in (self.woman, self.loan, self.body))]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be posted. `uid` is made where the sheet is written; `event` is that of two sheets in two books."""

    uid: UUID
    on: datetime.date
    kind: int
    entries: tuple[Entry, ...]
    event: UUID | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the sheet in one spelling; the order of its entries is part of it."""
        says = [str(self.uid), self.on.isoformat(), self.kind, [entry.said for entry in self.entries]]
        if self.event:
            says.append(str(self.event))
        return hashlib.sha256(json.dumps(says, separators=(",", ":"), ensure_ascii=False).encode()).digest()

    def as_json(self) -> dict[str, Any]:
        """The whole of it as plain values, to be kept when it cannot be posted."""
        return {
            "uid": str(self.uid), "on": self.on.isoformat(), "kind": int(self.kind),
            "entries": [entry.said for entry in self.entries], "event": str(self.event) if self.event else None,
        }  # fmt: skip
