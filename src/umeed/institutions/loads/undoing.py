"""Takes a load of women and groups back: what it made is removed, what it changed gets its old values."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from umeed.core.actions import refuse_if
from umeed.core.audit import audited, picture
from umeed.core.fields import SoundsField
from umeed.core.loads.layouts import CREATE, Progress, Verdict
from umeed.core.scope import Scope
from umeed.institutions import bulk
from umeed.institutions.loads import group_cases
from umeed.institutions.loads.writing import (
    ACCOUNT,
    ALIAS,
    BRANCH_COLUMNS,
    MEMBERSHIP,
    NOTED_EACH,
    OFFICE,
    SIGNATORY,
    STATUS,
    tie_id,
)
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.kernel.refusals import N_, Refusal

TAKING_BACK = N_("Taking back groups and women")
_BUILT_ON = N_("“%(shown)s” (row %(number)s): %(what)s has been entered or changed since.")
_SLICE, _FEW = 5000, 20
# What may hang on a record, by its kind: model, the column that points at the record, and its tie number when loaded.
_TIES: dict[type[models.Model], Sequence[tuple[type[models.Model], str, int]]] = {
    Woman: (
        (Membership, "woman_id", MEMBERSHIP), (OfficeTerm, "woman_id", OFFICE), (Signatory, "woman_id", SIGNATORY),
        (Alias, "woman_id", ALIAS), (Consent, "woman_id", 0),
    ),
    Institution: (
        (StatusTerm, "institution_id", STATUS), (BankAccount, "institution_id", ACCOUNT),
        (Alias, "institution_id", ALIAS), (Federation, "member_id", 0), (Federation, "above_id", 0),
    ),
}  # fmt: skip
# In the order in which they can go: what points at something goes before it.
_GONE_FIRST = (Signatory, OfficeTerm, Alias, Membership, BankAccount, StatusTerm, Woman, Institution)


def why_not_undo(verdicts: Iterable[Verdict]) -> list[Refusal]:
    """What others have hung on the new women and groups since, or changed of what the load hung on them."""
    verdicts = list(verdicts)
    reasons = _accounts_changed(verdicts)
    created_by_model = _created(verdicts)
    for model, created in created_by_model.items():
        for tied, column, what in _TIES[model]:
            reasons += _built(tied, column, what, created)
            if len(reasons) >= _FEW:
                return reasons[:_FEW]
    return reasons + _strangers_in_new_groups(created_by_model)


def undo(verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
    verdicts = list(verdicts)
    gone, changed = _to_remove(verdicts, load_id), [one for one in verdicts if one.what != CREATE]
    refuse_if([*_ties_changed(changed, load_id), *_accounts_changed(changed)])
    total = sum(map(len, gone.values())) + len(changed)
    done = 0
    with audited(by=by, did="undo_load") as trail:
        for verdict in changed:
            _restore(trail, verdict, load_id)
        for model in _GONE_FIRST:
            if model in NOTED_EACH:
                done += bulk.remove(trail, model, _named(model, gone[model]))
            else:
                done += bulk.remove(trail, model, [(pk, {}) for pk in gone[model]], note="together")
            progress(done + len(changed), total, TAKING_BACK)


def _created(verdicts: Iterable[Verdict]) -> dict[type[models.Model], dict[str, Verdict]]:
    found: dict[type[models.Model], dict[str, Verdict]] = {Woman: {}, Institution: {}}
    for verdict in verdicts:
        if verdict.what == CREATE:
            found[_model(verdict)][str(verdict.subject_id)] = verdict
    return found


def _model(verdict: Verdict) -> type[models.Model]:
    return Institution if verdict.table == group_cases.TABLE else Woman


def _built(tied: type[models.Model], column: str, what: int, created: dict[str, Verdict]) -> list[Refusal]:
    """Ties to created records that are not the load's own, or that were changed since (their revision has grown)."""
    reasons = []
    for part in _slices(sorted(created)):
        rows = tied._default_manager.filter(**{f"{column}__in": part}).values_list("pk", column, "revision")
        for pk, owner, revision in rows:
            verdict = created[str(owner)]
            if not what or pk != tie_id(verdict, what, "") or revision > 1:
                reasons.append(_built_on(verdict, tied))
    return reasons


def _strangers_in_new_groups(created: dict[type[models.Model], dict[str, Verdict]]) -> list[Refusal]:
    """Women who are not of this load in groups that are."""
    reasons = []
    for part in _slices(sorted(created[Institution])):
        ties = Membership.objects.filter(institution__in=part).values_list("woman_id", "institution_id")
        for woman, group in ties:
            if str(woman) not in created[Woman]:
                reasons.append(_built_on(created[Institution][str(group)], Membership))
    return reasons[:_FEW]


def _to_remove(verdicts: Iterable[Verdict], load_id: str) -> dict[type[models.Model], list[str]]:
    gone: dict[type[models.Model], list[str]] = {model: [] for model in _GONE_FIRST}
    for verdict in verdicts:
        model = _model(verdict)
        if verdict.what == CREATE:
            gone[model].append(str(verdict.subject_id))
        for tied, _column, what in _TIES[model]:
            if what:
                gone[tied].append(str(tie_id(verdict, what, load_id)))
    return gone


def _ties_changed(changed: Iterable[Verdict], load_id: str) -> list[Refusal]:
    """What the load hung on records that were known before, and that others have changed since."""
    reasons = []
    for model in (Woman, Institution):
        for tied, _column, what in _TIES[model]:
            mine = {tie_id(one, what, load_id): one for one in changed if what and _model(one) is model}
            for part in _slices(sorted(map(str, mine))):
                rows = tied._default_manager.filter(pk__in=part, revision__gt=1).values_list("pk", flat=True)
                reasons += [_built_on(mine[pk], tied) for pk in rows]
    return reasons[:_FEW]


def _accounts_changed(verdicts: Iterable[Verdict]) -> list[Refusal]:
    """Accounts whose IFSC the load corrected, and that have been closed or corrected again since."""
    mine = {one.after["account_id"]: one for one in verdicts if "account_id" in one.after}
    reasons = []
    for part in _slices(sorted(mine)):
        for account in BankAccount.objects.filter(pk__in=part):
            verdict = mine[str(account.pk)]
            if account.during.upper is not None or account.ifsc != verdict.after["ifsc"]:
                reasons.append(_built_on(verdict, BankAccount))
    return reasons[:_FEW]


def _built_on(verdict: Verdict, tied: type[models.Model]) -> Refusal:
    values = {"shown": verdict.shown, "number": verdict.number, "what": str(tied._meta.verbose_name)}
    return Refusal(None, "built_on", _BUILT_ON, values)


def _named(model: type[models.Model], ids: Sequence[str]) -> Iterable[tuple[Any, dict[str, Any]]]:
    """(id, name) of records: all else that they were stands in the entry that made them."""
    for part in _slices(ids):
        for pk, name in model._default_manager.filter(pk__in=part).values_list("pk", "name"):
            yield pk, {"name": name}


def _restore(trail: Any, verdict: Verdict, load_id: str) -> None:
    """Give a changed record back what it had. Few enough to go one by one; each is locked by its key."""
    model = _model(verdict)
    # How a name sounds follows from it; rows of loads that were judged before that was so keep it beside the name.
    columns = {one.attname for one in model._meta.concrete_fields if not isinstance(one, SoundsField)}
    values = {name: value for name, value in verdict.before.items() if name in columns}
    for name in ("identity_hash", "identity_last4"):
        if name in verdict.after and name not in values:
            values[name] = ""
    if values:
        names = tuple(sorted(values))
        defaults = {one.attname: one.get_default() for one in model._meta.concrete_fields}
        old = tuple(defaults[name] if values[name] is None else values[name] for name in names)
        after = bulk.shown(model, {name: verdict.after.get(name) for name in names})
        bulk.change(trail, model, names, [(verdict.subject_id, after, old)])
    if "account_id" in verdict.after:
        names = tuple(name for name in BRANCH_COLUMNS if name in verdict.before)
        after = {name: verdict.after[name] for name in names}
        old = tuple(verdict.before[name] for name in names)
        bulk.change(trail, BankAccount, names, [(verdict.after["account_id"], after, old)])
    if model is Institution and "status" in verdict.after:
        _reopen_status(trail, verdict, load_id)


def _reopen_status(trail: Any, verdict: Verdict, load_id: str) -> None:
    """The term that the load ended goes on; the one it began is removed first."""
    began = StatusTerm.objects.filter(pk=tie_id(verdict, STATUS, load_id)).first()
    if began is None:
        term = StatusTerm.objects.filter(institution=verdict.subject_id, during__endswith=None).first()
        if term is not None:
            bulk.change(
                trail, StatusTerm, ("status",), [(term.pk, {"status": term.status}, (verdict.before["status"],))]
            )
        return
    ended = StatusTerm.objects.filter(institution=verdict.subject_id, during__endswith=began.during.lower).first()
    bulk.remove(trail, StatusTerm, [(began.pk, picture(began))])
    if ended is not None:
        open_again = type(ended.during)(ended.during.lower, None)
        bulk.change(
            trail, StatusTerm, ("during",), [(ended.pk, {"during": [str(ended.during.lower), None]}, (open_again,))]
        )


def _slices(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _SLICE] for start in range(0, len(items), _SLICE))
