"""What of a conflict is under way at the office, before it is settled: its phone is told."""

from __future__ import annotations

from collections.abc import Sequence

from umeed.books.actions.settling import written_id
from umeed.books.models import OpenMeeting
from umeed.core.viewer import as_system
from umeed.field import rules
from umeed.field.models import Command
from umeed.kernel.refusals import Refusal


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
