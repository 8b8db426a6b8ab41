"""Writes the accepted verdicts about women and groups through the bulk path, in the engine's transaction and entry."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from umeed.core.actions import Refused
from umeed.core.audit import Trail, audited
from umeed.core.dated import EVER, since
from umeed.core.loads.layouts import CREATE, Progress, Verdict
from umeed.core.scope import Scope
from umeed.institutions import bulk, rules
from umeed.institutions.loads import group_cases
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.kernel.refusals import N_, Refusal

WRITING = N_("Writing groups and women")
_GROUP_LEFT_OUT = N_(
    "“%(shown)s” (row %(number)s) needs its group, whose row is left out. Include it, or leave her out too."
)
_FEW = 20
BRANCH_COLUMNS = ("ifsc", "bank", "branch")
MEMBERSHIP, ACCOUNT, STATUS, OFFICE, ALIAS, SIGNATORY = range(1, 7)
WOMAN_COLUMNS = (
    "names_local", "belonging_name", "belonging_names_local", "relation", "born_on", "born_year", "gender",
    "social_category", "religion", "is_pvtg", "disability", "disability_kind", "guardian_name", "marital",
    "is_household_head", "education", "reads", "phone", "phone_owner", "has_smartphone", "livelihoods", "nominee_name",
    "nominee_relation", "is_insured", "address", "pin_code", "account_number", "account_name", "ifsc",
    "account_opened_on", "is_account_seeded", "checked_on",
)  # fmt: skip


def tie_id(verdict: Verdict, what: int, load_id: str) -> uuid.UUID:
    """The id of what hangs on a row's record: worked out, so that taking the load back finds it again.

    Next to a new record's own id, so that it sorts beside it; for a known record from the load and the row.
    """
    if verdict.what == CREATE:
        return uuid.UUID(int=uuid.UUID(str(verdict.subject_id)).int + what)
    return uuid.uuid5(uuid.UUID(load_id), f"{verdict.sheet}/{verdict.number}/{verdict.subject_id}/{what}")


@dataclass
class Batch:
    """What a load writes, table by table: model → (columns, rows)."""

    load_id: str
    today: datetime.date
    rows: dict[type[models.Model], list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[tuple[type[models.Model], tuple[str, ...]], list[Any]] = field(
        default_factory=lambda: defaultdict(list)
    )
    new_groups: dict[str, Verdict] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    accounts: dict[str, tuple[uuid.UUID, datetime.date]] = field(default_factory=dict)


COLUMNS: Mapping[type[models.Model], Sequence[str]] = {
    Institution: ("id", "kind", "name", "place_id", "status", *group_cases.COMPARED),
    StatusTerm: ("id", "institution_id", "status", "during"),
    Woman: ("id", "name", "place_id", *WOMAN_COLUMNS),
    Membership: ("id", "woman_id", "institution_id", "kind", "during"),
    BankAccount: ("id", "institution_id", "number", "ifsc", "name", "bank", "branch", "opened_on", "during"),
    OfficeTerm: ("id", "institution_id", "woman_id", "office", "during"),
    Signatory: ("id", "account_id", "woman_id", "during"),
    Alias: ("id", "system", "value", "woman_id", "institution_id", "during"),
}
# A record's own history begins with its row; what hangs on it is told by one line a table.
NOTED_EACH = frozenset({Institution, Woman})


def write(verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
    """Write creations and changes. Raises Refused when a woman's new group was left out of the consent."""
    batch = Batch(load_id, by.today)
    women: list[Verdict] = []
    for verdict in verdicts:
        if verdict.table == group_cases.TABLE:
            _group(batch, verdict)
        else:
            women.append(verdict)
    _no_group_is_missing(batch, women)
    for verdict in women:
        _woman(batch, verdict)
    _settle_statuses(batch)
    total = sum(map(len, batch.rows.values())) + sum(map(len, batch.changed.values()))
    with audited(by=by, did="apply_load") as trail:
        _put(trail, batch, total, progress)


def _put(trail: Trail, batch: Batch, total: int, progress: Progress) -> None:
    """Changes first, because a status that ends makes room for the one that begins."""
    done = 0
    for (model, columns), changes in batch.changed.items():
        done += bulk.change(trail, model, columns, changes)
        progress(done, total, WRITING)
    for model, columns in COLUMNS.items():
        if rows := batch.rows.get(model):
            done += bulk.put(trail, model, columns, rows, note="each" if model in NOTED_EACH else "together")
            progress(done, total, WRITING)


def _no_group_is_missing(batch: Batch, women: Iterable[Verdict]) -> None:
    lost = [
        verdict
        for verdict in women
        if verdict.after.get("group_is_new") and str(verdict.after["group_id"]) not in batch.new_groups
    ]
    if lost:
        raise Refused(
            [
                Refusal("group", "group_left_out", _GROUP_LEFT_OUT, {"shown": one.shown, "number": one.number})
                for one in lost[:_FEW]
            ]
        )


# Groups -----------------------------------------------------------------------------------------------------------


def _group(batch: Batch, verdict: Verdict) -> None:
    pk, after = verdict.subject_id, verdict.after
    if verdict.what == CREATE:
        batch.new_groups[str(pk)] = verdict
    else:
        _change(batch, Institution, verdict, set(group_cases.COMPARED) | {"status"})
        if "status" in after:
            _new_status(batch, verdict)
    if account := after.get("account"):
        _account(batch, verdict, account)
    if "account_id" in after:
        _correct_account(batch, verdict)
    _alias(batch, verdict, institution_id=pk)


def _account(batch: Batch, verdict: Verdict, account: Mapping[str, Any]) -> None:
    opened_on = account.get("opened_on")
    first = opened_on or verdict.after.get("formed_on") or batch.today
    pk = tie_id(verdict, ACCOUNT, batch.load_id)
    batch.accounts[str(verdict.subject_id)] = (pk, first)
    batch.rows[BankAccount].append((
        pk, verdict.subject_id, account["account_number"], account["ifsc"], account.get("name", ""),
        account.get("bank", ""), account.get("branch", ""), opened_on, since(first),
    ))  # fmt: skip


def _correct_account(batch: Batch, verdict: Verdict) -> None:
    """Another IFSC (bank, branch) of an account that is open already."""
    names = tuple(sorted(set(BRANCH_COLUMNS) & verdict.after.keys()))
    before = bulk.shown(BankAccount, {name: verdict.before[name] for name in names})
    values = tuple(verdict.after[name] for name in names)
    batch.changed[BankAccount, names].append((verdict.after["account_id"], before, values))


def _new_status(batch: Batch, verdict: Verdict) -> None:
    """A forming group becomes active today; what it was until now ends."""
    for term in StatusTerm.objects.filter(institution=verdict.subject_id, during__endswith=None):
        if term.during.lower >= batch.today:
            batch.changed[StatusTerm, ("status",)].append(
                (term.pk, {"status": term.status}, (verdict.after["status"],))
            )
            return
        ended = type(term.during)(term.during.lower, batch.today)
        before = {"during": [term.during.lower.isoformat(), None]}
        batch.changed[StatusTerm, ("during",)].append((term.pk, before, (ended,)))
    pk = tie_id(verdict, STATUS, batch.load_id)
    batch.rows[StatusTerm].append((pk, verdict.subject_id, verdict.after["status"], since(batch.today)))


def _settle_statuses(batch: Batch) -> None:
    """New groups get the status of the file, or stay forming when fewer than five of their women are loaded."""
    least = rules.least_members(batch.today)
    for pk, verdict in batch.new_groups.items():
        after = verdict.after
        status = after.get("status") or "active"
        if status == "active" and batch.members[pk] < least:
            status = "forming"
        values = [_or_empty(Institution, name, after.get(name)) for name in group_cases.COMPARED]
        batch.rows[Institution].append((pk, "shg", after["name"], after["place_id"], status, *values))
        term = tie_id(verdict, STATUS, batch.load_id)
        batch.rows[StatusTerm].append((term, pk, status, since(after["formed_on"])))


# Women ------------------------------------------------------------------------------------------------------------


def _woman(batch: Batch, verdict: Verdict) -> None:
    pk, after = verdict.subject_id, verdict.after
    if verdict.what == CREATE:
        values = [_or_empty(Woman, name, after.get(name)) for name in WOMAN_COLUMNS]
        batch.rows[Woman].append((pk, after["name"], after["place_id"], *values))
        membership = tie_id(verdict, MEMBERSHIP, batch.load_id)
        batch.rows[Membership].append((membership, pk, after["group_id"], "shg", since(after["joined_on"])))
        batch.members[str(after["group_id"])] += 1
    else:
        _change(batch, Woman, verdict, {"name", *WOMAN_COLUMNS, "identity_hash", "identity_last4"})
    if office := after.get("office"):
        _office(batch, verdict, office)
    _alias(batch, verdict, woman_id=pk)


def _office(batch: Batch, verdict: Verdict, office: Mapping[str, Any]) -> None:
    group, pk = verdict.after["group_id"], tie_id(verdict, OFFICE, batch.load_id)
    batch.rows[OfficeTerm].append((pk, group, verdict.subject_id, office["office"], since(office["since"])))
    account = batch.accounts.get(str(group))
    if office.get("signs") and account is not None:
        first = max(office["since"], account[1])
        signs = tie_id(verdict, SIGNATORY, batch.load_id)
        batch.rows[Signatory].append((signs, account[0], verdict.subject_id, since(first)))


# Both -------------------------------------------------------------------------------------------------------------


def _change(batch: Batch, model: type[models.Model], verdict: Verdict, columns: set[str]) -> None:
    names = tuple(sorted(columns & verdict.after.keys()))
    if names:
        values = tuple(_or_empty(model, name, verdict.after[name]) for name in names)
        before = bulk.shown(model, {name: verdict.before.get(name) for name in names})
        batch.changed[model, names].append((verdict.subject_id, before, values))


def _alias(batch: Batch, verdict: Verdict, *, woman_id: Any = None, institution_id: Any = None) -> None:
    if value := verdict.after.get("lokos_id"):
        pk = tie_id(verdict, ALIAS, batch.load_id)
        batch.rows[Alias].append((pk, "lokos", value, woman_id, institution_id, EVER))


def _or_empty(model: type[models.Model], name: str, value: Any) -> Any:
    """What a column holds when nothing is said: its default."""
    return _DEFAULTS[model][name] if value is None else value


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {one.attname: one.get_default() for one in model._meta.concrete_fields}


_DEFAULTS = {model: _defaults(model) for model in (Institution, Woman)}
