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
    id = _named_by(field, values, "woman")
    if id is None:
        return ""
    facts, document = writing.known.facts, writing.document
    asked = {one.request or one.loan: one.woman for one in document.lendings}
    asked |= {one.id: one.woman for one in document.requests}
    if id in facts.loans:
        return facts.name(facts.loans[id].woman) if facts.loans[id].woman else ""
    woman = asked.get(id) or (facts.requests[id].who if id in facts.requests else id)
    return facts.members.get(woman, "")


def whom_below(writing: Any, field: str, values: Mapping[str, Any]) -> str:
    """On a day: the name of the group, VO or other body whose field it is."""
    id = _named_by(field, values, "body")
    if id is None:
        return ""
    facts, asked = writing.known.facts, {one.id: one.body for one in writing.document.requests}
    if id in facts.loans:
        id = facts.loans[id].body
    elif id in facts.requests:
        id = facts.requests[id].who
    body = asked.get(id, id)
    return str(facts.below.get(body) or writing.names.get(body, ""))


def _named_by(field: str, values: Mapping[str, Any], who: str) -> UUID | None:
    """The id in the name of a field, or in the field of its row that says who it is."""
    found, row = _ID.search(field), _ROW.match(field)
    said = found[0] if found else values.get(f"{row[0]}-{who}") if row else None
    try:
        return UUID(str(said))
    except ValueError:
        return None
