"""Bank accounts as rows give them: a new account, a corrected IFSC of a known one, or why neither can be written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.loads.entries import Account, GroupEntry
from umeed.institutions.loads.known import Known, KnownWoman
from umeed.institutions.models import BankAccount
from umeed.kernel.identity import account_number, ifsc_code
from umeed.kernel.refusals import N_, Refusal, warning

if TYPE_CHECKING:
    from umeed.institutions.loads.group_cases import GroupCase

_TAKEN = N_("The account is left out: it stands in row %(row)s already.")
_KNOWN = N_("The account is left out: it is already recorded for another institution.")
_NO_IFSC = N_("The account is left out: the IFSC of the branch is missing.")
_IFSC_ALONE = N_("The IFSC is left out: the group has no open account here, and the row has no account number.")
_IFSC_OF_WHICH = N_("The IFSC is left out: the group has several open accounts. Give the account number beside it.")
_HER_IFSC_ALONE = N_("The IFSC is left out: her account number is not known here, and the row has none.")
_OF_THE_BRANCH = ("bank", "branch")


def of_a_woman(account: Account, woman: KnownWoman | None) -> tuple[dict[str, Any], list[Refusal]]:
    """What a row says of a woman's account; an IFSC without a number is that of the account which she has."""
    number = woman.get("account_number") if woman is not None else ""
    if not account.number:
        code = ifsc_code(account.ifsc)
        if isinstance(code, Refusal):
            return {}, [code]
        if number or (woman is not None and woman.get("ifsc") == code):
            return {"ifsc": code}, []
        return {}, [warning("ifsc", "ifsc_alone", _HER_IFSC_ALONE)]
    if not account.ifsc:
        return {}, [] if number == account.number else [warning("ifsc", "account_left_out", _NO_IFSC)]
    if wrong := rules.account_shape(account.number, account.ifsc, account.again):
        return {}, wrong
    said = {"account_number": str(account_number(account.number)), "ifsc": str(ifsc_code(account.ifsc))}
    said |= {"account_name": account.said["name"]} if "name" in account.said else {}
    said |= {"account_opened_on": account.said["opened_on"]} if "opened_on" in account.said else {}
    return said, []


class GroupAccounts:
    """The accounts of a file's groups, met with those that are open here and with each other."""

    def __init__(self, by: Scope, known: Known, entries: Iterable[GroupEntry]) -> None:
        self.by = by
        given = [entry.account for entry in entries if entry.account]
        self.open = known.open_accounts() if given else {}
        numbers = {found for one in given if isinstance(found := account_number(one.number), str)}
        numbers |= {one.number for accounts in self.open.values() for one in accounts}
        self.owners = known.accounts(numbers)
        self.rows: dict[tuple[str, str], int] = {}

    def meet(self, case: GroupCase, account: Account) -> None:
        """An account that cannot be right is told; a wrong number or a differently re-typed one refuses the row."""
        if not account.number:
            self._ifsc_alone(case, account)
        elif not account.ifsc:
            case.reasons.append(warning("ifsc", "account_left_out", _NO_IFSC))
        elif wrong := rules.why_not_account(
            today=self.by.today, number=account.number, again=account.again, ifsc=account.ifsc,
            opened_on=account.said.get("opened_on"), formed_on=case.formed_on,
        ):  # fmt: skip
            case.reasons += wrong
        else:
            self._both(case, account, str(account_number(account.number)), str(ifsc_code(account.ifsc)))

    def _ifsc_alone(self, case: GroupCase, account: Account) -> None:
        """It is that of the group's account, if it has just one."""
        code, mine = ifsc_code(account.ifsc), self._open_of(case)
        if isinstance(code, Refusal):
            case.reasons.append(code)
        elif len(mine) == 1:
            self._correct(case, mine[0], code, account)
        elif not mine:
            case.reasons.append(warning("ifsc", "ifsc_alone", _IFSC_ALONE))
        elif code not in {one.ifsc for one in mine}:
            case.reasons.append(warning("ifsc", "ifsc_of_which", _IFSC_OF_WHICH))

    def _both(self, case: GroupCase, account: Account, number: str, ifsc: str) -> None:
        owner = self.owners.get((number, ifsc))
        row = case.entry.number if case.entry else 0
        first = self.rows.setdefault((number, ifsc), row)
        mine = [one for one in self._open_of(case) if one.number == number]
        if owner is not None and owner == self._group(case):
            return
        if owner is not None:
            case.reasons.append(warning("account_number", "account_known", _KNOWN))
        elif first != row:
            case.reasons.append(warning("account_number", "account_twice", _TAKEN, {"row": first}))
        elif mine:
            self._correct(case, mine[0], ifsc, account)
        else:
            case.account = {"account_number": number, "ifsc": ifsc, **account.said}

    def _correct(self, case: GroupCase, mine: BankAccount, ifsc: str, account: Account) -> None:
        """The same account under another IFSC, as after a merger of banks: with its bank and branch, where given."""
        if mine.ifsc == ifsc:
            return
        if (mine.number, ifsc) in self.owners:
            case.reasons.append(warning("ifsc", "account_known", _KNOWN))
            return
        said = {"ifsc": ifsc, **{key: account.said[key] for key in _OF_THE_BRANCH if key in account.said}}
        after = {key: value for key, value in said.items() if getattr(mine, key) != value}
        case.corrected = {key: getattr(mine, key) for key in after}, {**after, "account_id": str(mine.pk)}

    def _open_of(self, case: GroupCase) -> list[BankAccount]:
        group = self._group(case)
        return self.open.get(group, []) if group is not None else []

    @staticmethod
    def _group(case: GroupCase) -> UUID | None:
        return case.known.pk if case.known is not None else None
