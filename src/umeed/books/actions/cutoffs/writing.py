"""A cut-off while it is written: begun, kept as it was typed, put away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from umeed.books.actions.cutoffs.finding import institution_to_keep, why_not_correct
from umeed.books.actions.finding import KEEP
from umeed.books.models import CutOff, OpenCutOff
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

# The code of the reason that an older page gives.
CHANGED = "changed"
_CHANGED = N_("Somebody else has written in this cut-off since you opened the page. Look at it again.")
_GONE = N_("This cut-off is posted already, or was put away.")
_OTHER_OPEN = N_("Another cut-off is being written here. Post it or put it away first.")


def begin_cut_off(
    *, by: Scope, group: UUID, id: UUID, typed: Mapping[str, Any], corrects: UUID | None = None
) -> OpenCutOff:
    """Begin to write a cut-off, or the correction of one whose month is open. The same call again answers the same
    one."""
    with transaction.atomic():
        found = institution_to_keep(by, group, KEEP)
        stands = CutOff.objects.filter(pk=corrects, book__institution=found).select_related("sheet").first()
        refuse_if(why_not_correct(stands) if stands is not None else [])
        row = OpenCutOff.objects.filter(institution=found).first()
        if row is not None:
            refuse_if([] if row.pk == id else [Refusal(None, "other_open", _OTHER_OPEN)])
            return row
        with audited(by=by, did="begin_cut_off") as trail:
            row = OpenCutOff(id=id, institution=found, typed=_plain(typed), corrects_id=corrects, begun_by=by.viewer)
            row.save(force_insert=True)
            trail.rows("created", "books_opencutoff", [(str(id), None, {"institution": str(found.pk)})])
            trail.at_place(found.place_id)
    return row


def keep_typed(*, by: Scope, cut_off: UUID, parts: Mapping[str, Any], revision: int) -> OpenCutOff:
    """Keep what was typed in some parts, also what cannot stand yet. `revision` refuses an older page."""
    with transaction.atomic():
        row = _open(by, cut_off)
        if row.revision != revision:
            raise Refused([Refusal("revision", CHANGED, _CHANGED)])
        with audited(by=by, did="write_cut_off") as trail:
            row.typed = {**row.typed, **_plain(parts)}
            row.revision += 1
            row.save()
            trail.rows("changed", "books_opencutoff", [(str(row.pk), None, {"parts": sorted(parts)})])
            trail.at_place(row.institution.place_id)
    return row


def put_away_cut_off(*, by: Scope, cut_off: UUID) -> None:
    """Give up a cut-off that is being written. What was typed stays in the chain of who did what."""
    with transaction.atomic():
        row = _open(by, cut_off)
        with audited(by=by, did="put_away_cut_off") as trail:
            trail.rows("removed", "books_opencutoff", [(str(row.pk), row.typed, None)])
            trail.at_place(row.institution.place_id)
            row.delete()


def _open(by: Scope, cut_off: UUID) -> OpenCutOff:
    row = OpenCutOff.objects.filter(pk=cut_off).seen_by(by, KEEP).first()
    if row is None:
        raise Refused([Refusal(None, "gone", _GONE)])
    rows = OpenCutOff.objects.select_related("institution").select_for_update(of=("self",))
    return rows.get(pk=row.pk)


def _plain(said: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(said, default=str))
