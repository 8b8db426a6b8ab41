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
_CORRECTED = N_("The account is left out: row %(row)s corrects the IFSC of the account with this number to this one.")
_IFSC_TAKEN = N_("The IFSC is left out: row %(row)s gives an account with this number and this IFSC already.")
_NO_IFSC_AT_ALL = N_(
    "The IFSC is left out: it has 11 characters, four letters, the digit 0 and six letters or digits, like JAKA0KEEPER."
)
_OTHER_BANK = N_(
    "The IFSC is left out: it is that of another bank than the account's. Give the account number, or the bank's new "
    "name, beside it."
)
_HER_OTHER_BANK = N_(
    "The IFSC is left out: it is that of another bank than her account's. Give the account number beside it."
)
_IFSC_ALONE = N_("The IFSC is left out: the group has no open account here, and the row has no account number.")
_IFSC_OF_WHICH = N_("The IFSC is left out: the group has several open accounts. Give the account number beside it.")
_HER_IFSC_ALONE = N_("The IFSC is left out: her account number is not known here, and the row has none.")
_OF_THE_BRANCH = ("bank", "branch")


def of_a_woman(account: Account, woman: KnownWoman | None) -> tuple[dict[str, Any], list[Refusal]]:
    """What a row says of a woman's account; an IFSC without a number is that of the account which she has."""
    number = woman.get("account_number") if woman is not None else ""
    if not account.number:
        code = ifsc_code(account.ifsc)
        known = woman.get("ifsc") if woman is not None else ""
        if isinstance(code, Refusal):
            return {}, [warning("ifsc", "ifsc_left_out", _NO_IFSC_AT_ALL)]
        if not number and known != code:
            return {}, [warning("ifsc", "ifsc_alone", _HER_IFSC_ALONE)]
        if _is_of_other_bank(known, code, account):
            return {}, [warning("ifsc", "ifsc_of_other_bank", _HER_OTHER_BANK)]
        return {"ifsc": code}, []
    if not account.ifsc:
        return {}, [] if number == account.number else [warning("ifsc", "account_left_out", _NO_IFSC)]
    if wrong := rules.account_shape(account.number, account.ifsc, account.again):
        return {}, wrong
    said = {"account_number": str(account_number(account.number)), "ifsc": str(ifsc_code(account.ifsc))}
    said |= {"account_name": account.said["name"]} if "name" in account.said else {}
    said |= {"account_opened_on": account.said["opened_on"]} if "opened_on" in account.said else {}
    return said, []


def _is_of_other_bank(known: str, code: str, account: Account) -> bool:
    """A bank is the first four letters. After a merger of banks the row names the new one beside its IFSC."""
    return bool(known) and known[:4] != code[:4] and "bank" not in account.said


class GroupAccounts:
    """The accounts of a file's groups, met with those that are open here and with each other."""

    def __init__(self, by: Scope, known: Known, entries: Iterable[GroupEntry]) -> None:
        self.by = by
        given = [entry.account for entry in entries if entry.account]
        self.open = known.open_accounts() if given else {}
        numbers = {found for one in given if isinstance(found := account_number(one.number), str)}
        numbers |= {one.number for accounts in self.open.values() for one in accounts}
        self.owners = known.accounts(numbers)
        # Which row makes or corrects an account to this number and IFSC, and which of them are corrections.
        self.rows: dict[tuple[str, str], int] = {}
        self.corrected: set[tuple[str, str]] = set()

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
            case.reasons.append(warning("ifsc", "ifsc_left_out", _NO_IFSC_AT_ALL))
        elif len(mine) == 1 and _is_of_other_bank(mine[0].ifsc, code, account):
            case.reasons.append(warning("ifsc", "ifsc_of_other_bank", _OTHER_BANK))
        elif len(mine) == 1:
            self._correct(case, mine[0], code, account)
        elif not mine:
            case.reasons.append(warning("ifsc", "ifsc_alone", _IFSC_ALONE))
        elif code not in {one.ifsc for one in mine}:
            case.reasons.append(warning("ifsc", "ifsc_of_which", _IFSC_OF_WHICH))

    def _both(self, case: GroupCase, account: Account, number: str, ifsc: str) -> None:
        owner, row = self.owners.get((number, ifsc)), self._row(case)
        first = self.rows.setdefault((number, ifsc), row)
        mine = [one for one in self._open_of(case) if one.number == number]
        if owner is not None and owner == self._group(case):
            return
        if owner is not None:
            case.reasons.append(warning("account_number", "account_known", _KNOWN))
        elif first != row:
            text = _CORRECTED if (number, ifsc) in self.corrected else _TAKEN
            case.reasons.append(warning("account_number", "account_twice", text, {"row": first}))
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
        row = self._row(case)
        first = self.rows.setdefault((mine.number, ifsc), row)
        if first != row:
            case.reasons.append(warning("ifsc", "account_twice", _IFSC_TAKEN, {"row": first}))
            return
        self.corrected.add((mine.number, ifsc))
        said = {"ifsc": ifsc, **{key: account.said[key] for key in _OF_THE_BRANCH if key in account.said}}
        after = {key: value for key, value in said.items() if getattr(mine, key) != value}
        case.corrected = {key: getattr(mine, key) for key in after}, {**after, "account_id": str(mine.pk)}

    def _open_of(self, case: GroupCase) -> list[BankAccount]:
        group = self._group(case)
        return self.open.get(group, []) if group is not None else []

    @staticmethod
    def _row(case: GroupCase) -> int:
        return case.entry.number if case.entry else 0

    @staticmethod
    def _group(case: GroupCase) -> UUID | None:
        return case.known.pk if case.known is not None else None
