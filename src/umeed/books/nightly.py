"""What the recount of the last night found: kept, so that the first page can say it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from umeed.books.models import Book
from umeed.books.verifying import Checked, verify
from umeed.core.scope import Scope
from umeed.core.viewer import as_system

_KEY = "books.verified"


@dataclass(frozen=True, slots=True)
class Verdict:
    """When all books were recounted last, and the first difference in plain words: nothing when they held."""

    at: datetime.datetime
    said: str = ""
    book: int | None = None


def recount() -> Verdict:
    """Recount all books; documents of meetings only since the last time that all held."""
    before, begun = last_verdict(), timezone.now()
    with as_system():
        return keep(verify(since=before.at if before and not before.said else None), at=begun)


def keep(done: Sequence[Checked], *, at: datetime.datetime | None = None) -> Verdict:
    """Remember what a recount found."""
    found = next((one.found for one in done if one.found), None)
    verdict = Verdict(at or timezone.now(), found.said if found else "", found.book if found else None)
    cache.set(_KEY, (verdict.at, verdict.said, verdict.book), timeout=None)
    return verdict


def last_verdict() -> Verdict | None:
    kept = cache.get(_KEY)
    return Verdict(*kept) if kept else None


def difference_for(scope: Scope) -> Verdict | None:
    """What the last recount found, for who runs the installation or looks over the book that it is about."""
    verdict = last_verdict() if scope.can("site.run") or scope.can("audit.see") else None
    if verdict is None or not verdict.said:
        return None
    if scope.can("site.run"):
        return verdict
    mine = Book.objects.filter(pk=verdict.book).seen_by(scope, "books.see") if verdict.book else None
    return verdict if mine is not None and mine.exists() else None
