"""What came in the place of something else: kept until a person settles it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from umeed.books import codes
from umeed.books.actions.finding import book_to_keep
from umeed.books.models import Book, Clash
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

SETTLE = "clashes.settle"
_NO_REASON = N_("Say why.")
_NOT_THERE = N_("There is nothing to settle here any more.")
_WHICH = N_("Say which one holds.")


def keep_clash(*, by: Scope, book: Book | int, uid: UUID, digest: bytes, said: dict[str, Any]) -> None:
    """Keep what was refused, once. In a transaction of its own: that of the refusal was rolled back."""
    with audited(by=by, did="keep_clash") as trail:
        kept = book_to_keep(by, book)
        if Clash.objects.filter(uid=uid, digest=digest).exists():
            return
        clash = Clash(book=kept, uid=uid, digest=digest, said=said, came_from=by.viewer)
        clash.save()
        trail.rows("created", "books_clash", [(str(clash.pk), None, {"uid": str(uid), "sha256": digest.hex()})])
        trail.at_place(kept.institution.place_id)


def settle_clash(*, by: Scope, clash: int, settled: str, why: str, said_by: str = "") -> None:
    """Say which one holds. Posting the other, or taking one back, is done by the actions for it. `said_by` is who said
    so, where it was said before it could be done."""
    with audited(by=by, did="settle_clash", why=why) as trail:
        row = to_settle(by, clash)
        refuse_unsaid(settled, why)
        row.settled, row.settled_at, row.settled_by, row.why = settled, timezone.now(), said_by or by.viewer, why
        row.save()
        trail.rows("changed", "books_clash", [(str(row.pk), None, {"settled": settled})])
        trail.at_place(row.book.institution.place_id)


def to_settle(by: Scope, clash: int) -> Clash:
    """One that nobody has settled yet, locked, where the scope may say which holds."""
    row = Clash.objects.filter(pk=clash, settled="").seen_by(by, SETTLE).first()
    if row is None:
        raise Refused([Refusal("clash", "not_there", _NOT_THERE)])
    rows = Clash.objects.select_related("book__institution").select_for_update(of=("self",))
    held: Clash | None = rows.filter(pk=clash, settled="").first()
    if held is None:
        raise Refused([Refusal("clash", "not_there", _NOT_THERE)])
    return held


def refuse_unsaid(settled: str, why: str) -> None:
    """Which one holds, and why, is said by whoever settles it."""
    reasons = [] if settled in codes.Settled.values else [Refusal("settled", "not_said", _WHICH)]
    refuse_if([*reasons, *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])])
