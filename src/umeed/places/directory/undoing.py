"""Takes a load of places back: what it changed is put back, what it made goes, as long as nobody has built on it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.db.models import Max

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited, picture
from umeed.core.audit_pages.words import table_in_words
from umeed.core.loads.layouts import CHANGE, Progress, Verdict
from umeed.core.models import AuditChange, Written
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import closure, rules, ties
from umeed.places.actions.change import foreign_relations, settle
from umeed.places.directory.judging import TABLE
from umeed.places.models import Lying, Place, PlaceChange, PlaceName, PlaceTag, Within

_NAMED = 10
_LOOKED_AT = 50
_What = PlaceChange.What
_CENSUS = ("census_2001", "census_2011")


def why_not_undo(load_id: str) -> list[Refusal]:
    """What others have built on a load: later changes of its places, records at them, places put into them."""
    made = _made_by(load_id)
    return [*_changed_later(load_id), *_records_at(made), *_places_in(made, load_id), *_tagged(made)][:_NAMED]


def _made_by(load_id: str) -> set[int]:
    return set(PlaceChange.objects.filter(load_id=load_id, what=_What.OPEN).values_list("place_id", flat=True))


def _changed_later(load_id: str) -> list[Refusal]:
    mine = PlaceChange.objects.filter(load_id=load_id)
    last = mine.aggregate(last=Max("id"))["last"] or 0
    later = PlaceChange.objects.filter(id__gt=last, place__in=mine.values("place")).exclude(load_id=load_id)
    text = N_("%(place)s was changed later: %(what)s on %(date)s.")
    return [
        Refusal(
            None,
            "changed_later",
            text,
            {"place": row.place.name, "what": row.get_what_display(), "date": row.on},
        )
        for row in later.select_related("place").order_by("id")[:_NAMED]
    ]


def _records_at(made: set[int]) -> list[Refusal]:
    text = N_("Records stand at %(place)s: %(what)s.")
    reasons = []
    for relation in foreign_relations():
        if not issubclass(relation.related_model, Written):  # kept counts follow by themselves
            continue
        column = relation.field.attname
        rows = relation.related_model._base_manager.filter(**{f"{column}__in": made})
        for place_id in rows.values_list(column, flat=True).distinct()[:_NAMED]:
            named = {
                "place": Place.objects.get(pk=place_id).name,
                "what": table_in_words(relation.related_model._meta.db_table),
            }
            reasons.append(Refusal(None, "records_at", text, named))
    return reasons


def _places_in(made: set[int], load_id: str) -> list[Refusal]:
    theirs = PlaceChange.objects.filter(load_id=load_id).values("place")
    rows = Lying.objects.filter(parent__in=made).exclude(place__in=theirs).select_related("place", "parent")
    text = N_("%(place)s lies in %(parent)s, which the load brought.")
    return [
        Refusal(None, "places_in", text, {"place": row.place.name, "parent": row.parent.name})
        for row in rows.order_by("id")[:_NAMED]
    ]


def _tagged(made: set[int]) -> list[Refusal]:
    rows = PlaceTag.objects.filter(place__in=made).select_related("place").order_by("id")
    text = N_("%(place)s carries a tag.")
    return [Refusal(None, "tagged", text, {"place": row.place.name}) for row in rows[:_NAMED]]


def undo(verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
    """Take the load back inside the caller's transaction."""
    with audited(by=by, did="undo_load_places") as trail:
        closure.lock()
        refuse_if(why_not_undo(load_id))
        told = list(PlaceChange.objects.filter(load_id=load_id).exclude(what=_What.OPEN).order_by("id"))
        renamed = [_name_done(row) for row in told if row.what == _What.RENAME]
        moved = [_tie_done(row) for row in told if row.what in (_What.MOVE, _What.END)]
        ties.uncall(renamed, trail)
        ties.unlay(moved, trail)
        ties.show_names_of({one.place_id for one in renamed}, by.today, trail)
        _census_back(verdicts, trail)
        made = _made_by(load_id)
        PlaceChange.objects.filter(load_id=load_id).delete()
        _unmake(made, trail)
        settle({one.place_id for one in moved} - made)
        progress(len(made), len(made), N_("Taken back"))


def _tie_done(row: PlaceChange) -> ties.Done:
    says = row.says
    return ties.Done(
        row.place_id, row.on, {"parent_id": says.get("from_id")}, {"parent_id": says.get("to_id")}, says["line"]
    )


def _name_done(row: PlaceChange) -> ties.Done:
    says = row.says
    return ties.Done(
        row.place_id,
        row.on,
        {"name": says["from"], "name_local": says["from_local"]},
        {"name": says["to"], "name_local": says["to_local"]},
    )


def load_of(verdicts: Iterable[Verdict]) -> str:
    """The load that wrote these verdicts, told by the history of the places they made or changed; '' when none did."""
    votes: Counter[str] = Counter()
    for verdict in islice(verdicts, _LOOKED_AT):
        rows = PlaceChange.objects.exclude(load_id="")
        if verdict.subject_id:
            rows = rows.filter(place=verdict.subject_id, on=verdict.after.get("on"))
        else:
            rows = rows.filter(
                place__kind=verdict.after["kind"], place__lgd_code=verdict.after["code"], what=_What.OPEN
            )
        votes.update(rows.values_list("load_id", flat=True))
    return votes.most_common(1)[0][0] if votes else ""


def _census_back(verdicts: Iterable[Verdict], trail: Trail) -> None:
    for verdict in verdicts:
        was: Mapping[str, Any] = {key: verdict.before[key] for key in _CENSUS if key in verdict.before}
        if verdict.what == CHANGE and was:
            place = Place.objects.get(pk=verdict.subject_id)
            before = picture(place)
            for key, value in was.items():
                setattr(place, key, value)
            place.save()
            trail.changed(place, before)


def _unmake(made: set[int], trail: Trail) -> None:
    """Remove places narrowest first, with everything that this room knows about them."""
    for kind in reversed(rules.KINDS):
        places = list(Place.objects.filter(pk__in=made, kind=kind).order_by("pk"))
        ids = [place.pk for place in places]
        trail.rows(AuditChange.REMOVED, TABLE, ((str(place.pk), picture(place), None) for place in places))
        for model in (PlaceName, PlaceChange, Lying):
            model.objects.filter(place__in=ids).delete()
        Within.objects.filter(below__in=ids).delete()
        Place.objects.filter(pk__in=ids).delete()
