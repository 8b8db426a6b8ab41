"""Bank accounts of institutions, and who signs for them."""

import datetime
from uuid import UUID

from django.db.models import Q

from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.actions.finding import institution_to_change, names_seen, not_stale, refuse, term_to_change
from umeed.institutions.actions.writing import change, create, end, made_before
from umeed.institutions.models import BankAccount, Institution, OfficeTerm, Signatory, Woman
from umeed.kernel.identity import account_number, ifsc_code
from umeed.kernel.refusals import N_, Refusal

_KNOWN_HERE = N_("This account is already recorded for %(name)s.")
_KNOWN_ELSEWHERE = N_("This account is already recorded for another institution.")
_NO_OFFICE = N_("She holds no office of this institution on %(day)s; office bearers sign.")


def open_account(
    *,
    by: Scope,
    id: UUID,
    institution: Institution | UUID,
    number: str,
    number_again: str,
    ifsc: str,
    name: str = "",
    bank: str = "",
    branch: str = "",
    opened_on: datetime.date | None = None,
    is_default: bool = True,
) -> BankAccount:
    """Record an account; the number is typed twice and rests sealed. A new main account takes the place of the old."""
    record = institution_to_change(by, institution)
    refuse_if(_reasons(by, record, number, number_again, ifsc, opened_on))
    digits, code = account_number(number), ifsc_code(ifsc)
    values = {
        "institution": record, "number": digits, "name": " ".join(name.split()), "ifsc": code, "bank": bank,
        "branch": branch, "opened_on": opened_on, "is_default": is_default,
    }  # fmt: skip
    if (known := made_before(BankAccount, id, values)) is not None:
        return known
    refuse_if(_known_already(by, str(digits), str(code)))
    with audited(by=by, did="open_account") as trail:
        if is_default:
            for other in BankAccount.objects.filter(institution=record, is_default=True, during__endswith=None):
                change(trail, other, is_default=False)
        account = BankAccount(id=id, during=since(opened_on or record.formed_on), **values)
        create(trail, account)
        trail.about(record)
    return account


def close_account(
    *, by: Scope, account: BankAccount | UUID, on: datetime.date, why: str = "", revision: int | None = None
) -> BankAccount:
    """End an account and with it everybody's right to sign for it."""
    record = term_to_change(by, account, of=BankAccount)
    not_stale(record, revision)
    refuse_if(rules.why_not_office_end(today=by.today, on=on, since=record.during.lower))
    with audited(by=by, did="close_account", why=why) as trail:
        for signatory in Signatory.objects.filter(account=record, during__endswith=None):
            end(trail, signatory, on)
        end(trail, record, on)
        trail.about(record.institution)
    return record


def add_signatory(
    *, by: Scope, id: UUID, account: BankAccount | UUID, woman: Woman | UUID, on: datetime.date
) -> Signatory:
    """An office bearer signs for the account from a day on."""
    record = term_to_change(by, account, of=BankAccount)
    pk = woman.pk if isinstance(woman, Woman) else woman
    values = {"account": record, "woman_id": pk, "during": since(on)}
    if (known := made_before(Signatory, id, {"account": record, "during": since(on)})) is not None:
        return known
    office = OfficeTerm.objects.on(on).filter(institution=record.institution_id, woman=pk).first()
    if office is None:
        raise refuse("woman", "no_office", _NO_OFFICE, day=on)
    refuse_if(
        rules.why_not_signatory(office=office.office, on=on, since=record.during.lower, today=by.today)
    )  # fmt: skip
    with audited(by=by, did="add_signatory") as trail:
        signatory = Signatory(id=id, **values)
        create(trail, signatory)
        trail.about(record.institution)
    return signatory


def end_signatory(*, by: Scope, signatory: Signatory | UUID, on: datetime.date, why: str = "") -> Signatory:
    """Somebody signs no longer for an account."""
    pk = signatory.pk if isinstance(signatory, Signatory) else signatory
    found = Signatory.objects.select_related("account").filter(pk=pk).first()
    if found is None:
        raise refuse(None, "not_found", N_("This entry is not among those you may change."))
    institution_to_change(by, found.account.institution_id)
    refuse_if(rules.why_not_office_end(today=by.today, on=on, since=found.during.lower))
    with audited(by=by, did="end_signatory", why=why) as trail:
        end(trail, found, on)
        trail.about(found.account)
    return found


def reasons_on_opening(
    by: Scope,
    institution: Institution,
    *,
    number: str | None,
    number_again: str | None,
    ifsc: str | None,
    opened_on: datetime.date | None,
) -> list[Refusal]:
    """Every reason against an account as it is typed: for the form, which may not have been able to read all of it."""
    reasons = _reasons(by, institution, number, number_again, ifsc, opened_on)
    if any(reason.field in ("number", "ifsc") for reason in reasons):
        return reasons
    return [*reasons, *_known_already(by, str(account_number(number)), str(ifsc_code(ifsc)))]


def _reasons(
    by: Scope,
    record: Institution,
    number: str | None,
    again: str | None,
    ifsc: str | None,
    opened_on: datetime.date | None,
) -> list[Refusal]:
    return rules.why_not_account(
        today=by.today, number=number, again=again, ifsc=ifsc, opened_on=opened_on, formed_on=record.formed_on
    )


def _known_already(by: Scope, number: str, ifsc: str) -> list[Refusal]:
    """The same account on another institution, named when the person may see that institution.

    Row security hides accounts of institutions out of sight; for those the database's own guard answers.
    """
    there = BankAccount.objects.filter(Q(number=number) & Q(ifsc=ifsc), during__endswith=None).first()
    if there is None:
        return []
    name = names_seen(by, [there.institution_id]).get(there.institution_id, "")
    text = _KNOWN_HERE if name else _KNOWN_ELSEWHERE
    return [Refusal("number", "account_known", text, {"name": name})]
