"""Groups of a file: each row meets what is known, and gathers its members before its verdict is spoken."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, REFUSE, Verdict
from umeed.core.scope import Scope
from umeed.institutions import codes, rules
from umeed.institutions.loads import scripts
from umeed.institutions.loads.accounts import GroupAccounts
from umeed.institutions.loads.differing import is_known
from umeed.institutions.loads.entries import GroupEntry, Named
from umeed.institutions.loads.known import Known
from umeed.institutions.loads.sounds import fold, spelling_key
from umeed.institutions.loads.villages import Village, Villages
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, Refusal, hard, in_number, warning

TABLE = "institutions_institution"
_ROW_TWICE = N_("The same group stands in row %(row)s already.")
_KNOWN_AS = N_("This group is known as “%(name)s”; its name stays as it is.")
_SEVERAL = N_("Several groups here have a name that sounds alike: %(names)s. Write the name exactly as it is known.")
_ELSEWHERE = N_("The group with this LokOS id lies in %(village)s; it is not moved.")
_NOT_FOUND = N_("%(office)s: “%(name)s” is not among the members in this file; the office is left open.")
_STAYS_FORMING_ONE = N_("One member is in this file; the group stays forming until it has %(least)s.")
_STAYS_FORMING = N_("%(count)s members are in this file; the group stays forming until it has %(least)s.")
_NOT_ENDED = N_("The file says “%(status)s”. A status is changed on the group's own page, with its day and reason.")
COMPARED = (
    "names_local", "formed_on", "origin", "revived_on", "coopted_on", "promoter", "promoter_name", "special",
    "meeting_frequency", "meeting_day", "meeting_date", "meeting_time", "meeting_place", "saving_paise",
    "has_voluntary_saving", "bookkeeper_name", "bookkeeper_phone", "livelihoods", "address", "pin_code", "checked_on",
)  # fmt: skip


@dataclass(slots=True)
class GroupCase:
    """A group that the file names: in a row of its own (`entry`), or known already and named by its members."""

    id: UUID
    name: str
    place_id: int
    formed_on: datetime.date
    special: str
    status: str
    known: Institution | None = None
    entry: GroupEntry | None = None
    reasons: list[Refusal] = field(default_factory=list)
    account: dict[str, Any] | None = None
    # An open account's IFSC as it is and as it is to be.
    corrected: tuple[dict[str, Any], dict[str, Any]] | None = None
    members: int = 0
    added: int = 0
    offices: dict[str, str] = field(default_factory=dict)
    found_offices: set[str] = field(default_factory=set)
    named: dict[str, Named] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return bool(hard(self.reasons))

    @property
    def is_new(self) -> bool:
        return self.known is None


class GroupCases:
    """All groups of a file, found by name and village or by LokOS id."""

    def __init__(self, by: Scope, known: Known, villages: Villages) -> None:
        self.by, self.known, self.villages = by, known, villages
        self.cases: list[GroupCase] = []
        self.by_name: dict[str, list[GroupCase]] = {}
        self.by_id: dict[UUID, GroupCase] = {}

    def take(self, entries: list[GroupEntry]) -> None:
        """Make a case of every row, in order."""
        accounts = GroupAccounts(self.by, self.known, entries)
        for entry in entries:
            case = self._case(entry)
            if entry.account is not None:
                accounts.meet(case, entry.account)
            self.cases.append(case)
            self.by_name.setdefault(fold(entry.name), []).append(case)

    def _case(self, entry: GroupEntry) -> GroupCase:
        village, reasons = self.villages.find(entry.village, entry.panchayat, entry.village_code)
        reasons = [*entry.reasons, *reasons]
        group, found = self._known_group(entry, village)
        reasons += found
        reasons += scripts.settle(entry.said, (lambda key: getattr(group, key, None)) if group else None)
        special = entry.said.get("special", group.special if group else "")
        case = GroupCase(
            id=group.pk if group else new_id(), name=entry.name, place_id=village.id if village else 0,
            formed_on=entry.said.get("formed_on") or (group.formed_on if group else self.by.today), special=special,
            status=group.status if group else (entry.status or "active"), known=group, entry=entry, reasons=reasons,
            members=self.known.open_count[group.pk] if group else 0, named=entry.offices,
        )  # fmt: skip
        if group is not None and (first := self.by_id.get(group.pk)) is not None and first.entry is not None:
            case.reasons.append(Refusal("name", "row_twice", _ROW_TWICE, {"row": first.entry.number}))
        self._same_in_file(case, entry)
        self._rules(case, entry)
        self.by_id.setdefault(case.id, case)
        return case

    def _known_group(self, entry: GroupEntry, village: Village | None) -> tuple[Institution | None, list[Refusal]]:
        """The group meant, with what to tell about it."""
        if entry.lokos_id and (pk := self.known.group_alias.get(entry.lokos_id)):
            group = self.known.groups[pk]
            if village is not None and group.place_id != village.id:
                where = self.villages.by_id[group.place_id].name if group.place_id in self.villages.by_id else "?"
                return group, [warning("village", "not_moved", _ELSEWHERE, {"village": where})]
            return group, []
        if village is None or not entry.name:
            return None, []
        alike = [one for one in self.known.by_key.get(spelling_key(entry.name), ()) if one.place_id == village.id]
        alike = [one for one in alike if one.status not in rules.ENDED] or alike
        exact = [one for one in alike if fold(one.name) == fold(entry.name)] or alike
        if len(exact) > 1:
            names = sorted(one.name for one in exact)
            return None, [Refusal("name", "group_ambiguous", _SEVERAL, {"names": names})]
        if not exact:
            return None, []
        group = exact[0]
        renamed = fold(group.name) != fold(entry.name)
        return group, [warning("name", "known_as", _KNOWN_AS, {"name": group.name})] if renamed else []

    def _same_in_file(self, case: GroupCase, entry: GroupEntry) -> None:
        for other in self.by_name.get(fold(entry.name), ()):
            if other.is_new and case.is_new and other.place_id == case.place_id and case.place_id and other.entry:
                case.reasons.append(Refusal("name", "row_twice", _ROW_TWICE, {"row": other.entry.number}))
                return

    def _rules(self, case: GroupCase, entry: GroupEntry) -> None:
        """The group as it would be, under the same rules as one entered by hand."""
        if not entry.name or "formed_on" not in entry.said:
            return
        kept = {name: getattr(case.known, name) for name in COMPARED} if case.known else {}
        after = {**kept, **entry.said}
        case.reasons += rules.why_not_group(
            today=self.by.today, kind="shg", name=entry.name, formed_on=after["formed_on"],
            origin=after.get("origin") or "", revived_on=after.get("revived_on"), coopted_on=after.get("coopted_on"),
            meeting_date=after.get("meeting_date"), saving_paise=after.get("saving_paise"),
        )  # fmt: skip
        if case.known and entry.status and entry.status != case.known.status:
            values = {"status": entry.status}
            case.reasons.append(warning("status", "status_elsewhere", _NOT_ENDED, values))

    def known_case(self, group: Institution) -> GroupCase:
        """The case of a known group that only its members name."""
        case = self.by_id.get(group.pk)
        if case is None:
            case = GroupCase(
                id=group.pk, name=group.name, place_id=group.place_id, formed_on=group.formed_on, special=group.special,
                status=group.status, known=group, members=self.known.open_count[group.pk],
            )  # fmt: skip
            self.by_id[group.pk] = case
        return case

    # The verdict -----------------------------------------------------------------------------------------------------

    def verdict(self, case: GroupCase) -> Verdict:
        """What loading the row would do, once its members are known."""
        entry = case.entry
        if entry is None:
            raise ValueError("a group without a row has no verdict")
        place = self.villages.by_id.get(case.place_id)
        shown = f"{case.name} ({place.name})" if place else case.name
        if case.is_refused:
            return Verdict(entry.sheet, entry.number, REFUSE, shown, case.reasons)
        self._officers(case)
        if case.account is not None:
            signing = sum(one.signs for one in case.named.values())
            case.reasons += rules.why_not_signatories(signing, on=self.by.today, field="account_number")
        if case.known is not None:
            return self._changed(case, entry, shown)
        self._size(case)
        after = {"name": entry.name, "place_id": case.place_id, "status": case.status, **entry.said}
        after |= {"account": case.account} if case.account else {}
        after |= {"lokos_id": entry.lokos_id} if entry.lokos_id else {}
        return Verdict(entry.sheet, entry.number, CREATE, shown, case.reasons, TABLE, str(case.id), {}, after)

    def _changed(self, case: GroupCase, entry: GroupEntry, shown: str) -> Verdict:
        before = {key: getattr(case.known, key) for key in entry.said if key in COMPARED}
        different = [key for key, value in before.items() if not is_known(entry.said[key], value)]
        after: dict[str, Any] = {key: entry.said[key] for key in different}
        if case.account:
            after["account"] = case.account
        if entry.lokos_id and entry.lokos_id not in self.known.group_alias:
            after["lokos_id"] = entry.lokos_id
        before = {key: before[key] for key in different}
        if case.corrected:
            before, after = before | case.corrected[0], after | case.corrected[1]
        what = CHANGE if after else LEAVE
        return Verdict(entry.sheet, entry.number, what, shown, case.reasons, TABLE, str(case.id), before, after)

    def _size(self, case: GroupCase) -> None:
        """A new group below five stays forming, which is told; an active one has its members in the same file."""
        count = case.members + case.added
        if case.status == "active" and any(
            reason.code == "too_few_members" for reason in rules.size_reasons(count, status="active", on=self.by.today)
        ):
            case.status = "forming"
            values = {"count": grouped(count), "least": grouped(rules.least_members(self.by.today))}
            text = in_number(count, _STAYS_FORMING_ONE, _STAYS_FORMING)
            case.reasons.append(warning("status", "stays_forming", text, values))
        else:
            case.reasons += rules.size_reasons(count, status=case.status, on=self.by.today, field="to_add")

    def _officers(self, case: GroupCase) -> None:
        for office, named in case.named.items():
            if office not in case.found_offices and (case.added or case.is_new):
                values = {"office": str(codes.Office(office).label), "name": named.name}
                case.reasons.append(warning(office, "officer_not_found", _NOT_FOUND, values))
