"""What a place is called: renaming it from a day on, in English and in its own script."""

import datetime

from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.places import closure, rules, ties
from umeed.places.actions.change import Change, lives, why_out_of_reach
from umeed.places.models import Place, PlaceChange


def rename_place(
    *, place: Place, name: str, on: datetime.date, by: Scope, name_local: str | None = None, why: str = ""
) -> bool:
    """Call a place otherwise from a day on, until its next known name. Returns whether anything changed.

    Without `name_local` the name in its own script stays what it was on each day.
    """
    name = name.strip()
    local = None if name_local is None else name_local.strip()
    with audited(by=by, did="rename_place", why=why) as trail:
        closure.lock()
        reasons = rules.why_not_name(name) + rules.why_not_on(on, by.today)
        reasons += rules.why_not_there(place.name, lives([place])[place.pk], on) + why_out_of_reach(by, [place])
        refuse_if(reasons)
        done = ties.call([ties.Call(place.pk, name, local, on)], trail)
        for _call, before in done[:1]:
            was = before.name if before else ""
            Change(trail).tell(PlaceChange.What.RENAME, place, on, why, **{"from": was, "to": name})
        ties.show_names_of([place.pk], by.today, trail)
    place.refresh_from_db(fields=["name", "name_local"])
    return bool(done)
