"""Tags that a place carries for a time: covered by the mission, aspirational block, vibrant village …"""

import datetime

from umeed.core.actions import refuse_if
from umeed.core.audit import audited, picture
from umeed.core.dated import between
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules
from umeed.places.actions.change import lives, why_out_of_reach
from umeed.places.models import Place, PlaceTag, Tag


def tag_place(*, place: Place, tag: str, on: datetime.date, by: Scope, source: str = "", why: str = "") -> PlaceTag:
    """Let a place carry a tag from a day on. Carrying it already is fine: then nothing changes."""
    with audited(by=by, did="tag_place", why=why) as trail:
        refuse_if(_why_not_tag(place, tag, on, by))
        carried = PlaceTag.objects.filter(place=place, tag=tag, during__overlap=between(on, None)).first()
        if carried is not None and carried.during.upper is None:
            return _from_earlier(carried, on, trail)
        if carried is not None:
            text = N_("%(place)s carried this tag until %(date)s. Begin on that date or later.")
            named = {"place": place.name, "date": carried.during.upper}
            refuse_if([Refusal("on", "tag_overlaps", text, named)])
        row = PlaceTag(place=place, tag=tag, source=source.strip(), during=between(on, None))
        row.save(force_insert=True)
        trail.created(row)
    return row


def _from_earlier(row: PlaceTag, on: datetime.date, trail: object) -> PlaceTag:
    """A tag that is carried already is carried from the earlier of the two days."""
    if on < row.during.lower:
        before = picture(row)
        row.during = between(on, None)
        row.save()
        trail.changed(row, before)  # type: ignore[attr-defined]
    return row


def untag_place(*, place: Place, tag: str, on: datetime.date, by: Scope, why: str = "") -> None:
    """Take a tag off a place from a day on."""
    with audited(by=by, did="untag_place", why=why) as trail:
        reasons = _why_not_tag(place, tag, on, by)
        row = PlaceTag.objects.on(on).filter(place=place, tag=tag).first()
        if row is None:
            text = N_("%(place)s does not carry this tag on this date.")
            reasons.append(Refusal("tag", "not_tagged", text, {"place": place.name}))
        refuse_if(reasons)
        if row.during.lower == on:
            trail.removed(row)
            row.delete()
            return
        before = picture(row)
        row.during = between(row.during.lower, on)
        row.save()
        trail.changed(row, before)


def _why_not_tag(place: Place, tag: str, on: datetime.date, by: Scope) -> list[Refusal]:
    reasons = rules.why_not_on(on, by.today) + why_out_of_reach(by, [place])
    reasons += rules.why_not_there(place.name, lives([place])[place.pk], on)
    if tag not in Tag.values:
        reasons.append(Refusal("tag", "unknown_tag", N_("There is no such tag.")))
    return reasons
