"""What a person does with a load: send a file, answer what it cannot tell, tick rows, consent, put aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited, picture
from umeed.core.audit_pages import subjects, words
from umeed.core.loads import files, mapping, rows, sight
from umeed.core.loads.layouts import CHANGE, CREATE, Layout, layout, layouts_for
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.scope import Scope
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, Refusal, in_number

_NOT_NOW = N_("This load has gone on since you opened the page. Look at it again.")
_NOTHING_CHOSEN = N_("No row is chosen, so there is nothing to load.")
_ONE_REFUSED = N_("One row is refused. Correct it in the file and load it again, or choose to load the good rows only.")
_SOME_REFUSED = N_(
    "%(count)s rows are refused. Correct them in the file and load it again, or choose to load the good rows only."
)
_NOT_YOURS = N_("You may not load this kind of file.")
WHOLE, GOOD = "whole", "good"


def receive_file(*, by: Scope, file_name: str, pieces: Callable[[], Iterator[bytes]], layout_key: str = "") -> Load:
    """Keep an uploaded file, sealed. `pieces` gives its bytes afresh each time it is called. Reads nothing yet."""
    size, sha256 = files.digest_of(pieces())
    places = sorted(set(by.place_roots("loads.make")))
    with audited(by=by, did="receive_load") as trail:
        load = Load(
            layout_key=layout_key, file_name=_shortened(file_name), size=size, sha256=sha256,
            made_by=by.viewer, made_by_name=by.name, origin=by.origin,
            place_ids=places, place_label=sight.place_names(places)[:200],
        )  # fmt: skip
        load.save()
        trail.at_place(home_of(load))
        trail.created(load)
        files.keep(load, pieces())
    return load


def home_of(load: Load) -> int | None:
    """The place where the audit entries of a load belong: the uploader's own, when she has just one."""
    return load.place_ids[0] if len(load.place_ids) == 1 else None


def _shortened(file_name: str) -> str:
    """A file's name without folders, its end kept."""
    name = file_name.replace("\\", "/").rpartition("/")[2].replace("\x00", "").strip() or "file"
    return name if len(name) <= 200 else f"{name[:160]}…{name[-39:]}"


def answer(
    load: Load, *, by: Scope, layout_key: str, mapped: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]
) -> None:
    """Say what the file is, which heading is which column, and what is asked beside it. Then it can be judged."""
    _must_stand(load, State.MAPPING, State.JUDGED)
    of = layout_for(by, layout_key)
    refuse_if(mapping.why_not_mapped(of, load.found, mapped))
    with audited(by=by, did="map_load") as trail:
        trail.at_place(home_of(load))
        before = picture(load)
        mapping.remember(of, load.found, mapped, by)
        load.layout_key, load.mapping, load.options = of.key, dict(mapped), dict(options)
        load.state, load.notes, load.refusals = State.JUDGING, [], []
        load.save()
        trail.changed(load, before)


def layout_for(by: Scope, layout_key: str) -> Layout:
    """A layout that the person may load. Raises Refused for any other."""
    if layout_key not in {each.key for each in layouts_for(by)}:
        raise Refused([Refusal("layout", "not_your_layout", _NOT_YOURS)])
    return layout(layout_key)


def choose_rows(load: Load, *, by: Scope, shown: Iterable[int], ticked: Iterable[int]) -> None:
    """Tick and untick single rows: of the `shown` ids those `ticked` are to be loaded. Not a record: no audit entry."""
    _must_stand(load, State.JUDGED)
    shown, ticked = set(shown), set(ticked)
    writable = LoadRow.objects.filter(load=load, what__in=(CREATE, CHANGE))
    writable.filter(pk__in=shown & ticked).update(chosen=True)
    writable.filter(pk__in=shown - ticked).update(chosen=False)
    load.counts = {**load.counts, "chosen": len(rows.Chosen(load))}
    Load.objects.filter(pk=load.pk).update(counts=load.counts)


def consent(load: Load, *, by: Scope, revision: int, which: str) -> None:
    """Agree to what the report says. `which` is WHOLE (only if nothing is refused) or GOOD (refused rows stay out).

    The writing itself is `applying.apply_load`; until then nothing is written.
    """
    _must_stand(load, State.JUDGED, revision=revision)
    layout_for(by, load.layout_key)
    reasons = []
    if load.counts["refuse"] and which != GOOD:
        refused = load.counts["refuse"]
        text = in_number(refused, _ONE_REFUSED, _SOME_REFUSED)
        reasons.append(Refusal("which", "some_refused", text, {"count": grouped(refused)}))
    if not load.counts["chosen"]:
        reasons.append(Refusal(None, "nothing_chosen", _NOTHING_CHOSEN))
    refuse_if(reasons)
    _go_to_work(load, State.APPLYING, by)


def ask_to_undo(load: Load, *, by: Scope) -> None:
    """Ask that the load be taken back; `undoing.undo_load` does it, or names what others have built on it."""
    _must_stand(load, State.APPLIED)
    layout_for(by, load.layout_key)
    _go_to_work(load, State.UNDOING, by)


def _go_to_work(load: Load, state: State, by: Scope) -> None:
    """The state of a load at work is the machine's own; the act itself leaves the audit entry when it is done."""
    load.state, load.origin = state, by.origin
    Load.objects.filter(pk=load.pk).update(
        state=state, origin=by.origin, notes=[], progress_done=0, progress_total=0, progress_words="",
        progress_at=timezone.now(),
    )  # fmt: skip


def discard(load: Load, *, by: Scope) -> None:
    """Put a load aside that has not been applied: its file and its rows are deleted, its line stays."""
    _must_stand(load, State.MAPPING, State.JUDGED, State.FAILED)
    with audited(by=by, did="discard_load") as trail:
        trail.at_place(home_of(load))
        before = picture(load)
        load.state, load.samples = State.DISCARDED, ""
        load.save()
        files.forget(load)
        rows.clear(load)
        trail.changed(load, before)


def _must_stand(load: Load, *states: str, revision: int | None = None) -> None:
    """Lock the load and make sure that it still stands where the person saw it."""
    now = Load.objects.select_for_update().get(pk=load.pk)
    if now.state not in states or (revision is not None and now.revision != revision):
        raise Refused([Refusal(None, "gone_on", _NOT_NOW)])
    for column in Load._meta.concrete_fields:
        setattr(load, column.attname, getattr(now, column.attname))


words.say(
    {
        "receive_load": gettext_lazy("Sent a spreadsheet"),
        "map_load": gettext_lazy("Said what the columns of a spreadsheet are"),
        "discard_load": gettext_lazy("Put a spreadsheet aside"),
        "apply_load": gettext_lazy("Loaded a spreadsheet"),
        "undo_load": gettext_lazy("Took a load back"),
    }
)
words.call({"core_load": gettext_lazy("Spreadsheet")})
words.name_by({"core_load": "file_name"})
words.point("core_load", {"made_by": "access_user"})
words.technical(
    "core_load",
    ("layout_key", "sha256", "size", "made_at", "made_by_name", "origin", "mapping", "options", "counts", "refusals",
     "judged_seq", "applied_seq", "applied_at", "undone_seq", "undone_at"),
)  # fmt: skip
words.title(
    "core_load",
    {
        "file_name": gettext_lazy("File"),
        "made_by": gettext_lazy("Sent by"),
        "state": gettext_lazy("State"),
        "place_label": gettext_lazy("Place"),
    },
)
subjects.show("core_load", Load.objects.in_summary_for, page="loads:load", is_searched=True)
