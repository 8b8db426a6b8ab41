"""A cut-off that was written on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from umeed.books.actions import Conflict, post_cut_off
from umeed.books.models import Clash, CutOff
from umeed.core.actions import Refused
from umeed.field.commands.merged import cut_off_with_kept_women
from umeed.field.commands.trying import Stands, Work, unread


def write(work: Work) -> bool:
    """Post a cut-off, or correct the one that stands. The document carries the command's own id."""
    document = work.part("document")
    if str(document.get("id")).lower() != str(work.sent.uid):
        raise unread("document.id")
    before = transaction.savepoint()
    try:
        return _write(work, document)
    except (Refused, Stands):
        # Perhaps that is only because it names a record that was merged into another since.
        if (now := cut_off_with_kept_women(document)) is document:
            raise
        transaction.savepoint_rollback(before)
    return _write(work, now)


def _write(work: Work, document: Mapping[str, Any]) -> bool:
    try:
        done = post_cut_off(
            by=work.by, group=work.group.id, said=document, is_sure=work.said.get("sure") is True,
            replaces=work.id_or_none("replaces"), why=work.line("why"),
        )  # fmt: skip
    except Conflict as conflict:
        first = CutOff.objects.filter(pk=work.sent.uid).select_related("sheet").first()
        stands = {"id": str(first.pk), "on": first.sheet.on_date.isoformat()} if first else {}
        clash = Clash.objects.filter(book__institution=work.group.id, uid=work.sent.uid).order_by("-pk").first()
        raise Stands(stands, conflict.refusals, clash) from conflict
    return done.is_new
