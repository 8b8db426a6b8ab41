"""What the pages of this room show, made from queries: one function a page, plain values for the templates."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day, grouped
from umeed.duplicates import queries, rules
from umeed.duplicates.actions.ties import CARRIED
from umeed.duplicates.actions.undoing import reasons_on_undoing, rows_of
from umeed.duplicates.actions.writing import restored
from umeed.duplicates.bands import Band
from umeed.duplicates.decisions import Decision, proposed
from umeed.duplicates.fields import PARTS, shown
from umeed.duplicates.models import Candidate, Merge, State
from umeed.duplicates.words import AGREES, BAND_KINDS, CAME_OR_ENDED, drawn, marks_of
from umeed.institutions.models import Woman
from umeed.kernel.refusals import Refusal
from umeed.places.models import Place

STATES = (State.OPEN, queries.LATER, State.NOT_THE_SAME, State.MERGED)


def asked(given: QueryDict, place_ids: Collection[int]) -> queries.Asked:
    """What the address asks for; what it does not know is left out."""
    state, band, place = given.get("state", ""), given.get("band", ""), given.get("place", "")
    place_id = int(place) if place.isdecimal() and len(place) < 16 else None
    return queries.Asked(
        state=state if state in STATES else State.OPEN,
        band=band if band in Band.values else "",
        place_id=place_id if place_id in place_ids else None,
    )


# The list -------------------------------------------------------------------------------------------------------------


def list_page(
    request: HttpRequest, wanted: queries.Asked, counts: queries.Counts, listed: Page, places: Sequence[Place]
) -> dict[str, Any]:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    rows = list(listed.object_list)
    groups = queries.groups_of(scope, [pk for row in rows for pk in (row.low_id, row.high_id)])
    return {
        "page": {
            "title": _("Duplicates"),
            "lead": _("One woman may be entered twice, in two spellings. You decide; nothing is merged by itself."),
        },
        "states": [
            _tab(request, title, counts.by_state[state], wanted.state == state, state=state, band=None)
            for state, title in _state_titles()
        ],
        "bands": [
            _tab(request, title, counts.by_band[band], wanted.band == band, band=band or None)
            for band, title in [("", _("All")), *Band.choices]
        ],
        "rows": [_row(row, groups) for row in rows],
        "places": [{"id": place.pk, "name": place.called, "chosen": place.pk == wanted.place_id} for place in places],
        "wanted": wanted,
        "is_narrowed": bool(wanted.band or wanted.place_id),
        "searched": queries.last_search(scope),
        "listed": listed,
        "shown": _span(listed),
        "previous_url": _address(request, page=listed.previous_page_number()) if listed.has_previous() else "",
        "next_url": _address(request, page=listed.next_page_number()) if listed.has_next() else "",
    }


def _state_titles() -> list[tuple[str, str]]:
    titles = {State.OPEN: _("To review"), queries.LATER: _("Put off"), State.NOT_THE_SAME: _("Not the same")}
    return [(str(state), titles.get(state, _("Merged"))) for state in STATES]


def _tab(request: HttpRequest, title: Any, count: int, current: bool, **changes: Any) -> dict[str, Any]:
    return {"title": title, "count": grouped(count), "current": current, "url": _address(request, page=None, **changes)}


def _address(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


def _span(listed: Page) -> str:
    values = {
        "first": grouped(listed.start_index()), "last": grouped(listed.end_index()),
        "count": grouped(listed.paginator.count),
    }  # fmt: skip
    return _("%(first)s–%(last)s of %(count)s") % values


def _row(pair: Candidate, groups: Mapping[Any, str]) -> dict[str, Any]:
    return {
        "pair": pair,
        "url": reverse("duplicates:pair", args=[pair.pk]),
        "band_kind": BAND_KINDS[pair.band],
        "women": [_short(woman, groups) for woman in (pair.low, pair.high)],
        "marks": drawn(marks_of(pair.signs)),
    }


def _short(woman: Woman, groups: Mapping[Any, str]) -> dict[str, Any]:
    born = day(woman.born_on) if woman.born_on else woman.born_year
    return {
        "name": woman.name, "belonging": woman.belonging_name, "born": born, "group": groups.get(woman.pk, ""),
        "village": woman.place.called,
    }  # fmt: skip


# One pair -------------------------------------------------------------------------------------------------------------


def pair_page(
    request: HttpRequest,
    pair: Candidate,
    decision: Decision | None,
    refusals: Sequence[Refusal],
    opened: Collection[str],
) -> dict[str, Any]:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    compared = queries.comparison(scope, pair.low, pair.high)
    decision = decision or _proposal(pair, compared)
    may_see = queries.may_see_of(scope, [pair.low, pair.high])
    history = queries.history_of_pair(scope, pair, may_see=may_see)
    parts = [_part(one, pair, decision, may_see, opened) for one in compared.parts if one.agreement != "none"]
    sides = [_side(compared, pair.low, "low", decision), _side(compared, pair.high, "high", decision)]
    return {
        "page": {
            "title": _("Is this one woman?"),
            "crumbs": [{"title": _("Duplicates"), "url": reverse("duplicates:list")}],
        },
        "pair": pair,
        "is_open": pair.state == State.OPEN,
        "merge": queries.merge_of_pair(pair) if pair.state == State.MERGED else None,
        "band_kind": BAND_KINDS[pair.band],
        "marks": drawn(marks_of(pair.signs)),
        "sides": sides,
        "parts": [part for part in parts if part["is_choice"]],
        "alike": [part for part in parts if not part["is_choice"]],
        "overlaps": [_overlap(number, ties, decision, scope) for number, ties in enumerate(compared.overlapping)],
        "neighbours": compared.neighbours,
        "decision": decision,
        "refusals": refusals,
        "histories": list(zip(sides, history, strict=True)),
    }


def _proposal(pair: Candidate, compared: queries.Comparison) -> Decision:
    """Keep the record with more in it, else the older one."""
    rows = [
        (row.woman_id, row) for row in (*compared.ties.memberships, *compared.ties.offices, *compared.ties.consents)
    ]
    weight = {
        woman.pk: sum(1 for one in compared.parts if one.part.value(woman) not in (None, "", []))
        + sum(1 for owner, _row in rows if owner == woman.pk)
        for woman in (pair.low, pair.high)
    }
    keep = "high" if weight[pair.high_id] > weight[pair.low_id] else "low"
    if keep == "low":
        return proposed(pair, keep, {one.part.key: one.stays for one in compared.parts})
    return proposed(pair, keep, {one.part.key: queries.turned(one, pair.high, pair.low) for one in compared.parts})


def _side(compared: queries.Comparison, woman: Woman, side: str, decision: Decision) -> dict[str, Any]:
    memberships = [row for row in compared.ties.memberships if row.woman_id == woman.pk]
    offices = [row for row in compared.ties.offices if row.woman_id == woman.pk]
    name = compared.ties.name
    return {
        "side": side,
        "woman": woman,
        "url": reverse("women:detail", args=[woman.pk]),
        "is_kept": decision.keep == side,
        "groups": [_held(row, name(row.institution_id)) for row in memberships],
        "offices": [_held(row, f"{row.get_office_display()}, {name(row.institution_id)}") for row in offices],
    }


def _held(row: Any, name: str) -> dict[str, Any]:
    return {"name": name, "since": row.during.lower, "until": row.during.upper}


def _part(
    one: queries.Compared, pair: Candidate, decision: Decision, may_see: Collection[str], opened: Collection[str]
) -> dict[str, Any]:
    part = one.part
    is_open = part.key in opened
    values = {side: shown(part, woman, is_open=is_open) for side, woman in (("low", pair.low), ("high", pair.high))}
    return {
        "key": part.key,
        "title": part.title,
        "mark": AGREES[one.agreement],
        "is_choice": one.agreement != "same" or not part.is_equal(pair.low, pair.high),
        "cells": [
            {"side": side, "text": text, "chosen": decision.parts.get(part.key, decision.keep) == side}
            for side, text in values.items()
        ],
        "may_look": bool(part.sealed) and not is_open and part.sealed in may_see,
        "is_covered": bool(part.sealed) and not is_open,
    }


def _overlap(number: int, ties: tuple[rules.Tie, rules.Tie], decision: Decision, scope: Scope) -> dict[str, Any]:
    return {
        "stays": f"stays_{number}",
        "ends": f"ends_{number}",
        "options": [
            {"id": str(tie.id), "name": tie.name, "since": tie.span.first, "until": tie.span.until,
             "chosen": decision.stays.get(number) == str(tie.id)}
            for tie in ties
        ],
        "on": decision.ends.get(number) or f"{scope.today:%d-%m-%Y}",
    }  # fmt: skip


# One merge ------------------------------------------------------------------------------------------------------------


def merge_page(request: HttpRequest, merge: Merge, refusals: Sequence[Refusal] = (), why: str = "") -> dict[str, Any]:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    women = {woman.pk: woman for woman in (merge.survivor, merge.merged)}
    may_see = queries.may_see_of(scope, list(women.values()))
    kept_history, merged_history = queries.history_of_merge(scope, merge, may_see=may_see)
    held = [] if merge.undone_at else reasons_on_undoing(scope, merge, merge.survivor, rows_of(merge, women), "asked")
    return {
        "page": {
            "title": merge.survivor.name,
            "lead": _("Two records of one woman.") if merge.undone_at is None else _("This merge was undone."),
            "crumbs": [{"title": _("Duplicates"), "url": reverse("duplicates:list")}],
        },
        "merge": merge,
        "survivor_url": reverse("women:detail", args=[merge.survivor_id]),
        "values": _values(merge),
        "carried": _carried(merge),
        "merged_facts": _facts(merge.merged),
        "kept_history": kept_history,
        "merged_history": merged_history,
        "held": held,
        "refusals": refusals,
        "why": why,
    }


def _values(merge: Merge) -> list[dict[str, str]]:
    """Columns of the kept record that the merge changed, in words; sealed ones covered."""
    changes = [one for one in merge.moved["changes"] if one["id"] == str(merge.survivor_id)]
    found = []
    for part in PARTS:
        names = [name for one in changes for name in part.columns if name in one["after"]]
        if names:
            before, after = _as_it_was(merge, changes[0]["before"]), _as_it_was(merge, changes[0]["after"])
            found.append(
                {
                    "field": part.title,
                    "before": shown(part, before, is_open=False),
                    "after": shown(part, after, is_open=False),
                }
            )
    return found


def _as_it_was(merge: Merge, values: Mapping[str, Any]) -> Woman:
    """The kept record with some columns as they stood; only for showing."""
    woman = Woman(**{f.attname: getattr(merge.survivor, f.attname) for f in Woman._meta.concrete_fields})
    for name, value in values.items():
        setattr(woman, name, restored(woman, name, value))
    return woman


def _carried(merge: Merge) -> list[str]:
    """How many rows of each kind came over, and how many ended as entered twice: a sentence each."""
    moved: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for one in merge.moved["changes"]:
        if one["model"] not in CARRIED:
            continue
        moved[one["model"]] += one["after"].get("woman_id") == str(merge.survivor_id)
        ended[one["model"]] += "during" in one["after"] or "withdrawn_on" in one["after"]
    return [
        CAME_OR_ENDED[what, model] % {"n": number, "shown": grouped(number)}
        for model in CARRIED
        for what, number in (("came", moved[model]), ("ended", ended[model]))
        if number
    ]


def _facts(woman: Woman) -> list[tuple[Any, str]]:
    return [(part.title, text) for part in PARTS if (text := shown(part, woman, is_open=False))]
