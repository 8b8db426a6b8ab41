"""Conflicts that a person settled in the books, or is settling: what their phones are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from umeed.books.actions.settling import written_id
from umeed.books.models import Clash, OpenMeeting
from umeed.core.viewer import as_system
from umeed.field import rules
from umeed.field.commands.trying import name_of
from umeed.field.models import Command
from umeed.kernel.refusals import Refusal


def take_up_settled(rows: Sequence[Command]) -> list[Command]:
    """Of conflicts, those that were settled in the books since; they are written as what they became."""
    with as_system():
        settled = Clash.objects.filter(pk__in=[row.clash_id for row in rows]).exclude(settled="")
        by_clash = {clash.pk: clash for clash in settled}
        done = [row for row in rows if row.clash_id in by_clash]
        for row in done:
            clash = by_clash[row.clash_id]
            row.state = "accepted" if clash.settled == "replaced" else "aside"
            row.settled_at, row.settled_by = clash.settled_at, clash.settled_by
            told = {name: said for name, said in row.answer.items() if name == "number"}
            row.answer = told if row.state == "accepted" else _why_aside(clash)
            row.save(update_fields=["state", "settled_at", "settled_by", "answer"])
    return done


def _why_aside(clash: Clash) -> dict[str, Any]:
    text = rules.BOTH_HAPPENED if clash.settled == "both" else rules.SETTLED_BY
    why = Refusal(None, clash.settled, text, {"name": name_of(clash.settled_by), "why": clash.why})
    return {"why": why.as_dict()}


def tell_being_written(rows: Sequence[Command]) -> None:
    """Of conflicts, which are being written as meetings of their own, since both happened. Put away they stand against
    another as before."""
    open_for = {written_id(row.uid, row.clash_id): row for row in rows if row.state == "conflict" and row.clash_id}
    if not open_for:
        return
    why = Refusal(None, "being_written", rules.BEING_WRITTEN).as_dict()
    with as_system():
        begun = set(OpenMeeting.objects.filter(pk__in=open_for).values_list("pk", flat=True))
        for id, row in open_for.items():
            told = {name: said for name, said in row.answer.items() if name != "why"}
            told |= {"why": why} if id in begun else {}
            if told != row.answer:
                row.answer = told
                row.save(update_fields=["answer"])
