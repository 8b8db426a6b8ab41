"""A woman's record that was corrected on a phone, and a woman who was entered there.

Two people who correct different fields of one record both hold. Where they touched the same, what stands is told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models

from umeed.core.actions import Refused
from umeed.core.audit_pages.words import covered_by
from umeed.core.fields import COVERED, SealedTextField, masked
from umeed.core.models import AuditChange
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field import rules
from umeed.field.commands.trying import Stands, Work, unread
from umeed.field.models import Command
from umeed.institutions import codes
from umeed.institutions.actions import correct_woman, enrol_woman
from umeed.institutions.actions.finding import MERGED, STALE, WOMEN
from umeed.institutions.actions.women import SAID
from umeed.institutions.models import Membership, Woman
from umeed.kernel.refusals import N_, Refusal

_NOT_KEPT = N_("This cannot be kept here.")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?\Z")
_HOUSEHOLD = ("head_name", "house", "poverty")
MOST_LISTED = 20


def correct(work: Work) -> bool:
    """Correct what she corrected, in the record that is kept of the woman."""
    values = read_values(work.part("changes"))
    woman, revision = work.id_of("woman"), work.said.get("revision")
    if type(revision) is not int or revision < 1:
        raise unread("revision")
    kept = _seen(work, _kept(woman))
    if kept.pk == woman:
        stands, reason = _since(work, kept, revision, values), Refusal("revision", "stale", STALE)
    else:
        stands, reason = _since_merged(work, woman, kept, values), Refusal("woman", "record_merged", MERGED)
    if stands:
        raise Stands(_told_of(work.by, kept, stands), [reason])
    said = {name: value for name, value in values.items() if getattr(kept, name) != value}
    work.told.update(woman=str(kept.pk), seen=revision)
    if not said:
        return False
    done = correct_woman(by=work.by, woman=kept.pk, revision=kept.revision, why=work.line("why"), **said)
    work.told["made"] = done.revision
    return True


def add(work: Work) -> bool:
    """Enter a woman with her membership of the group, once for her id."""
    said = dict(work.said)
    woman, membership = work.id_of("woman"), work.id_or_none("membership")
    household = {name: _text(said.pop(name)) for name in _HOUSEHOLD if said.get(name)}
    joined = _clean("joined_on", models.DateField(), said.pop("joined_on", None))
    values = read_values({name: one for name, one in said.items() if name not in ("woman", "membership", "group")})
    if _was_entered(work):
        return _said_otherwise(work, _seen(work, _kept(woman)), values, joined, household)
    was_there = Woman.objects.filter(pk=woman).exists()
    enrol_woman(
        by=work.by, id=woman, name=values.pop("name", ""), place=work.group.place, group=work.group.id,
        joined_on=joined, membership_id=membership, new_household=household or None, **values,
    )  # fmt: skip
    return not was_there


def _was_entered(work: Work) -> bool:
    """Whether an earlier try of it was accepted: she wrote it otherwise before that answer came to her."""
    return Command.objects.filter(owner=work.owner, uid=work.sent.uid, state="accepted").exists()


def _said_otherwise(
    work: Work, woman: Woman, values: Mapping[str, Any], joined: datetime.date | None, household: Mapping[str, str]
) -> bool:
    """What differs of a woman who was entered is corrected; the day on which she joined and her household stay."""
    days = Membership.objects.filter(woman=woman, institution=work.group.id).values_list("during", flat=True)
    if joined is not None and joined not in [during.lower for during in days]:
        raise _not_kept("joined_on")
    if woman.household and household.get("head_name", woman.household.head_name) != woman.household.head_name:
        raise _not_kept("head_name")
    if stands := _since(work, woman, 1, values):
        raise Stands(_told_of(work.by, woman, stands), [Refusal("revision", "stale", STALE)])
    said = {name: value for name, value in values.items() if getattr(woman, name) != value}
    if said:
        done = correct_woman(by=work.by, woman=woman.pk, revision=woman.revision, **said)
        work.told.update(woman=str(woman.pk), seen=1, made=done.revision)
    return bool(said)


def _seen(work: Work, woman: UUID) -> Woman:
    """The record, locked, so that nobody changes it between looking and writing."""
    rows = Woman.objects.filter(pk=woman)
    if not rows.seen_by(work.by, WOMEN).exists():
        raise Refused([Refusal("woman", "not_found", rules.NOT_HERS)])
    return rows.select_for_update(of=("self",), no_key=True).get()


def _kept(woman: UUID) -> UUID:
    """The record that is kept of a woman, however often hers was merged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_kept_woman(%s)", [woman])
        kept: UUID = cursor.fetchone()[0]
        return kept


def _since(work: Work, woman: Woman, revision: int, values: Mapping[str, Any]) -> list[str]:
    """Fields of hers that somebody else changed since, to something else than she did. What the phone's own corrections
    made of her is no news to it."""
    seen, hers = _of_her_own(work, woman, revision)
    if seen == woman.revision:
        return []
    theirs = {name for made, after in _changes(woman, seen) if made not in hers for name in after}
    return [name for name in values if name in theirs and getattr(woman, name) != values[name]]


def _changes(woman: Woman, seen: int = 0) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(revision that it made, fields after it) of each change of her record since, the newest first."""
    changes = AuditChange.objects.filter(
        table=Woman._meta.db_table, subject_id=str(woman.pk), kind=AuditChange.CHANGED
    ).order_by("-entry__seq", "-position")
    found = changes.values_list("after", flat=True)[: woman.revision - seen]
    yield from zip(range(woman.revision, seen, -1), (after or {} for after in found), strict=False)


def _of_her_own(work: Work, woman: Woman, revision: int) -> tuple[int, set[int]]:
    """The revision that she has seen for certain, and those that she made herself.

    What stands on another correction and says less than that one made has seen no more than that one: apps before told
    the revision that they awaited. A revision that this server never had (it was put back to an earlier day) says
    nothing of what she has seen.
    """
    rows = Command.objects.filter(owner=work.owner, state="accepted", answer__woman=str(woman.pk), answer__made__gt=0)
    own = list(rows.values_list("uid", "answer__seen", "answer__made"))
    below = [seen for uid, seen, made in own if uid in work.sent.after and revision < made]
    return min([revision, *below]) if revision <= woman.revision else 0, {made for *_more, made in own}


def _since_merged(work: Work, woman: UUID, kept: Woman, values: Mapping[str, Any]) -> list[str]:
    """Fields that the kept record says otherwise than she saw: the merged one rests as it was when she looked, and its
    memberships are the kept one's now. What she said of them herself since is no news."""
    with as_system():
        was = Woman.objects.get(pk=woman)
    found = [
        name for name, value in values.items()
        if getattr(kept, name) not in (value, getattr(was, name), "", None, [], {})
    ]  # fmt: skip
    return [name for name in found if name not in _last_said_by_her(work, kept)] if found else []


def _last_said_by_her(work: Work, woman: Woman) -> set[str]:
    _seen_at, hers = _of_her_own(work, woman, woman.revision)
    last: dict[str, int] = {}
    for made, after in _changes(woman):
        for name in after:
            last.setdefault(name, made)
    return {name for name, made in last.items() if made in hers}


def _told_of(by: Scope, woman: Woman, fields: Iterable[str]) -> dict[str, Any]:
    """What stands in the record now; a number that is sealed only by its last digits, what she may write and not see
    not at all."""
    return {
        "woman": str(woman.pk), "revision": woman.revision, "changed_at": woman.changed_at.isoformat(),
        "stands": {name: _plain(by, woman, name) for name in fields},
    }  # fmt: skip


def _plain(by: Scope, woman: Woman, name: str) -> Any:
    value, capability = getattr(woman, name), covered_by(Woman._meta.db_table, name)
    if capability and not Woman.objects.filter(pk=woman.pk).seen_by(by, capability).exists():
        return COVERED if value else ""
    if isinstance(Woman._meta.get_field(name), SealedTextField):
        return masked(value or "")
    return value.isoformat() if hasattr(value, "isoformat") else value


def read_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a woman as the record keeps it, or every reason why it cannot."""
    values, reasons = {}, []
    for name, value in given.items():
        try:
            if name not in SAID and name != "name":
                raise unread(name)
            values[name] = _clean(name, Woman._meta.get_field(name), value)
        except Refused as refused:
            reasons += refused.refusals
    if reasons:
        raise Refused(reasons)
    return values


def _clean(name: str, field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return _listed(name, value)
    if value is None:
        if isinstance(field, models.CharField | models.TextField):
            return ""
        return None
    if isinstance(field, models.BooleanField | models.IntegerField):
        if type(value) is not (bool if isinstance(field, models.BooleanField) else int):
            raise _not_kept(name)
    else:
        value = _text(value, name)
    try:
        return field.clean(value, None) if value != "" else field.get_default() if field.blank else ""
    except (ValidationError, ValueError, TypeError) as wrong:
        raise _not_kept(name) from wrong


def _listed(name: str, value: Any) -> Any:
    """Names by language, scripts that she reads, livelihoods."""
    if name.endswith("names_local"):
        if isinstance(value, dict) and len(value) <= MOST_LISTED and all(_LANGUAGE.match(one) for one in value):
            return {language: _text(text, name)[:120] for language, text in value.items() if text}
    elif isinstance(value, list) and len(value) <= MOST_LISTED:
        listed = [_text(one, name)[:120] for one in value]
        if name != "reads" or set(listed) <= set(codes.Script.values):
            return listed
    raise _not_kept(name)


def _text(value: Any, name: str = "") -> str:
    if not isinstance(value, str):
        raise _not_kept(name)
    return value.strip()


def _not_kept(name: str) -> Refused:
    return Refused([Refusal(name, "not_kept", _NOT_KEPT)])
