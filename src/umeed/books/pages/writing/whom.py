"""Whom a reason is about, by the field that it stands on: where reasons are listed together, each names her."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from umeed.books.pages.writing.state import Writing

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ROW = re.compile(r"^[a-z]+-[0-9]+(?=-)")


def whom(writing: Writing, field: str, values: Mapping[str, Any]) -> str:
    """The name of the woman whose field it is; nothing where it is nobody's."""
    found = _ID.search(field)
    row = _ROW.match(field)
    said = found[0] if found else values.get(f"{row[0]}-woman") if row else None
    try:
        id = UUID(str(said))
    except ValueError:
        return ""
    facts, asked = writing.known.facts, {one.id: one.woman for one in writing.document.requests}
    if id in facts.loans:
        return facts.name(facts.loans[id].woman) if facts.loans[id].woman else ""
    woman = asked.get(id) or (facts.requests[id].who if id in facts.requests else id)
    return facts.members.get(woman, "")
