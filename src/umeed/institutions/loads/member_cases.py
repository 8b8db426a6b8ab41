"""Women of a file: each row meets its group and what is known of the woman, and gets its verdict."""

import datetime
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, REFUSE, Verdict
from umeed.core.scope import Scope
from umeed.core.seal import one_way
from umeed.institutions import codes, rules
from umeed.institutions.actions.women import IDENTITY
from umeed.institutions.loads import accounts, scripts
from umeed.institutions.loads.differing import COMPARED, differing
from umeed.institutions.loads.entries import MemberEntry
from umeed.institutions.loads.group_cases import GroupCase, GroupCases
from umeed.institutions.loads.known import Known, KnownWoman
from umeed.institutions.loads.sounds import fold, spelling_key
from umeed.institutions.loads.villages import Villages
from umeed.institutions.models import Consent
from umeed.kernel.identity import aadhaar_refusals, digits_of, last_four
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal, hard, warning

TABLE = "institutions_woman"
_GROUP_UNKNOWN = N_("There is no group “%(name)s” in this file, nor in the places that your posting covers.")
_GROUP_READ_AS = N_("The group “%(written)s” is read as %(name)s.")
_GROUP_SEVERAL = N_("Several groups are called “%(name)s”: %(places)s. Give the village or the LokOS id.")
_GROUP_REFUSED = N_("Her group in row %(row)s is refused.")
_ROW_TWICE = N_("The same woman stands in row %(row)s already.")
_LEFT = N_("She left this group on %(day)s. Let her join again on her own page, if she has come back.")
_INACTIVE = N_("The file says that she is inactive. Leaving is entered on her own page, with its day and reason.")
_SAME_NAME = N_("A woman with a name that sounds alike is already a member: %(name)s. Please make sure.")
_MAYBE_SAME = N_(
    "She may be the same woman as a member of %(group)s since %(day)s. Look at the duplicates after loading."
)
_IN_NAMED = N_("She is already a member of %(group)s since %(day)s.")
_IN_OTHER = N_("She is already a member of another group since %(day)s.")
_KNOWN_OUTSIDE = N_("This LokOS id belongs to a woman whose record you may not change.")
_SEVERAL_WOMEN = N_("Several women of this group could be meant; the LokOS id would tell.")
_TWO_OFFICERS = N_("%(name)s is %(office)s already, so this is a second one; one woman holds an office at a time.")
_OFFICE_HELD = N_("%(name)s is %(office)s since %(day)s. End that term on the group's page first.")
_HAS_OFFICE = N_("She is %(office)s since %(day)s; one woman holds one office.")
_NO_CONSENT = N_("The identity number is not taken over: her consent to it is not recorded in Umeed.")
_NOT_AADHAAR = N_("The identity number is not taken over: it is no Aadhaar number.")
_NO_JOINING = N_("Give the day on which she joined.")
_NO_OFFICE_DAY = N_("Give the day since which she holds the office.")
_ID_UNKNOWN = N_("This Umeed id belongs to no woman whose record you may change.")
_GROUP_STAYS = N_("Her group stays as it is. Joining and leaving are entered on her own page, with the day.")
_VILLAGE_STAYS = N_("Her village stays as it is. A move is entered on her own page.")
_JOINED_DIFFERS = N_("She is known to have joined on %(day)s; that day stays.")


class MemberCases:
    """Judges the members of a file, row by row, after its groups."""

    def __init__(self, by: Scope, known: Known, groups: GroupCases, villages: Villages) -> None:
        self.by, self.known, self.groups, self.villages = by, known, groups, villages
        self.rows_of: dict[tuple[UUID, str, str, Any], int] = {}
        self.taken: dict[UUID, int] = {}
        self.members_by_key: dict[tuple[UUID, str], list[KnownWoman]] = defaultdict(list)
        self.phones: Counter[str] = Counter()
        self.known_phones: dict[str, int] = {}
        self.alike: dict[tuple[int, str], list[UUID]] = {}
        self.strangers: dict[UUID, tuple[Any, ...]] = {}
        self.groups_by_alias: dict[UUID, tuple[UUID, datetime.date]] = {}
        self.consented: set[UUID] = set()
        self._refs: dict[tuple[str, str, str, str], tuple[GroupCase | None, tuple[Refusal, ...]]] = {}

    def prepare(self, entries: Collection[MemberEntry]) -> None:
        """Read, in a few queries, all that the rows may meet."""
        self.known.read_women({entry.umeed_id for entry in entries if entry.umeed_id})
        cases = [self.group_of(entry)[0] for entry in entries]
        self.known.read_members({case.id for case in cases if case is not None and case.known is not None})
        for case in {id(case): case for case in cases if case is not None and case.known is not None}.values():
            case.members = self.known.open_count[case.id]
        for group, women in self.known.women.items():
            for woman in women:
                self.members_by_key[group, woman.key].append(woman)
        self.known.read_women_ids({entry.lokos_id for entry in entries if entry.lokos_id})
        self.groups_by_alias = self.known.groups_of(list(self.known.woman_alias.values()))
        self.phones = Counter(entry.said["phone"] for entry in entries if "phone" in entry.said)
        self.known_phones = self.known.phones(self.phones)
        places = {(case.place_id, spelling_key(entry.name)) for case, entry in zip(cases, entries, strict=True) if case}
        self.alike = self.known.alike(sorted(places))
        self.strangers = self.known.strangers({pk for found in self.alike.values() for pk in found})
        if any(entry.identity for entry in entries):
            given = Consent.objects.filter(purpose="identity", withdrawn_on__isnull=True)
            mine = {woman.id for women in self.known.women.values() for woman in women}
            self.consented = {pk for pk in given.values_list("woman_id", flat=True) if pk in mine}

    # Her group -------------------------------------------------------------------------------------------------------

    def group_of(self, entry: MemberEntry) -> tuple[GroupCase | None, tuple[Refusal, ...]]:
        """The group that a row names: in the file, among the known ones, by LokOS id; or why none.

        A woman who comes with her own id stands in the group where she is today, whatever the row names.
        """
        if entry.umeed_id is not None:
            group = self.known.groups.get(self.known.own_group.get(entry.umeed_id, (None, ""))[0])
            return (self.groups.known_case(group) if group is not None else None), ()
        key = (entry.group, entry.village, entry.panchayat, entry.village_code)
        if key not in self._refs:
            self._refs[key] = self._group(*key)
        return self._refs[key]

    def _group(
        self, name: str, village: str, panchayat: str, code: str
    ) -> tuple[GroupCase | None, tuple[Refusal, ...]]:
        if not name:
            return None, ()
        if (pk := self.known.group_alias.get(name)) is not None:
            return self.groups.known_case(self.known.groups[pk]), ()
        place, reasons = self.villages.find(village, panchayat, code) if village or code else (None, ())
        if hard(reasons):
            return None, tuple(reasons)
        here = self.groups.by_name.get(fold(name), [])
        cases = self._where([case for case in here if not case.is_refused] or here[:1], place)
        told: tuple[Refusal, ...] = ()
        if not cases:
            alike = [one for one in self.known.by_key.get(spelling_key(name), ()) if one.status not in rules.ENDED]
            exact = [one for one in alike if fold(one.name) == fold(name)]
            cases = self._where([self.groups.known_case(one) for one in exact or alike], place)
            if cases and not exact:
                told = (warning("group", "group_read_as", _GROUP_READ_AS, {"written": name, "name": cases[0].name}),)
        if not cases:
            return None, (Refusal("group", "group_unknown", _GROUP_UNKNOWN, {"name": name}),)
        if len(cases) > 1:
            return None, (Refusal("group", "group_ambiguous", _GROUP_SEVERAL, self._named(name, cases)),)
        return cases[0], (*reasons, *told)

    def _where(self, cases: list[GroupCase], place: Any) -> list[GroupCase]:
        """Narrowed to the village the row names, or else to the villages of the file's own groups."""
        if place is not None:
            return [case for case in cases if case.place_id == place.id]
        if len(cases) > 1:
            own = {case.place_id for case in self.groups.cases}
            return [case for case in cases if case.place_id in own] or cases
        return cases

    def _named(self, name: str, cases: list[GroupCase]) -> dict[str, str]:
        villages = [self.villages.by_id.get(case.place_id) for case in cases[:5]]
        places = "; ".join(f"{one.name} ({one.where})" if one.where else one.name for one in villages if one)
        return {"name": name, "places": places}

    # The verdict -----------------------------------------------------------------------------------------------------

    def verdicts(self, entries: deque[MemberEntry]) -> Iterator[Verdict]:
        """Each entry is let go once it is judged: a hundred thousand of them are a burden."""
        while entries:
            yield self.verdict(entries.popleft())

    def verdict(self, entry: MemberEntry) -> Verdict:
        if entry.umeed_id is not None:
            return self._by_her_id(entry, entry.umeed_id)
        case, told = self.group_of(entry)
        reasons = [*entry.reasons, *told]
        if case is not None and case.is_refused and case.entry is not None:
            reasons.append(Refusal("group", "group_refused", _GROUP_REFUSED, {"row": case.entry.number}))
        if case is None or not entry.name or hard(reasons):
            return self._say(entry, case, REFUSE, reasons)
        woman, found = self._woman(entry, case)
        reasons += found
        said = self._said(entry, woman, reasons)
        if woman is not None and woman.id == self.known.woman_alias.get(entry.lokos_id):
            said |= {"name": entry.name} if fold(entry.name) != fold(woman.get("name")) else {}
        if woman is None:
            return self._new(entry, case, said, reasons)
        return self._known(entry, case, woman, said, reasons)

    def _by_her_id(self, entry: MemberEntry, pk: UUID) -> Verdict:
        """A row of our own export: it is about this woman, wherever she is, and an empty cell keeps what is known."""
        woman, (case, reasons) = self.known.by_id.get(pk), (self.group_of(entry)[0], list(entry.reasons))
        if woman is None:
            reasons.append(Refusal("umeed_id", "id_unknown", _ID_UNKNOWN))
        elif (other := self.known.woman_alias.get(entry.lokos_id, pk)) != pk:
            reasons.append(self._elsewhere(other))
        if woman is None or hard(reasons):
            return self._say(entry, case, REFUSE, reasons)
        entry.name = entry.name or woman.get("name")
        if entry.group and fold(entry.group) != fold(self.known.own_group.get(pk, (None, ""))[1]):
            reasons.append(warning("group", "group_stays", _GROUP_STAYS))
        if self.known.lives_elsewhere(pk, entry.village, entry.village_code):
            reasons.append(warning("village", "village_stays", _VILLAGE_STAYS))
        said = {"name": entry.name, **self._said(entry, woman, reasons)}
        return self._known(entry, case, woman, said, reasons)

    def _woman(self, entry: MemberEntry, case: GroupCase) -> tuple[KnownWoman | None, list[Refusal]]:
        """The woman meant among those of the group; idempotence hangs on it."""
        if entry.lokos_id and (pk := self.known.woman_alias.get(entry.lokos_id)):
            for woman in self.known.women[case.id]:
                if woman.id == pk:
                    return woman, []
            return None, [self._elsewhere(pk)]
        same = self.members_by_key.get((case.id, spelling_key(entry.name)), [])
        belonging, year = spelling_key(entry.said.get("belonging_name", "")), entry.said.get("born_year")
        exact = [one for one in same if one.belonging_key == belonging and one.born_year == year]
        close = exact or [
            one
            for one in same
            if (one.belonging_key == belonging and belonging) or (year and one.born_year == year)
        ]  # fmt: skip
        close = [one for one in close if one.left_on is None] or close
        if len(close) > 1:
            return None, [Refusal("name", "several_women", _SEVERAL_WOMEN)]
        if close:
            return close[0], []
        told = [warning("name", "same_name", _SAME_NAME, {"name": one.get("name")}) for one in same if not one.left_on]
        return None, told[:1]

    def _elsewhere(self, pk: UUID) -> Refusal:
        """A woman with this LokOS id who is not in the group the row names."""
        if (tie := self.groups_by_alias.get(pk)) is None:
            return Refusal("lokos_id", "known_outside", _KNOWN_OUTSIDE)
        group = self.known.groups.get(tie[0])
        values = {"group": group.name if group else "", "day": tie[1]}
        return Refusal("lokos_id", "in_another_group", _IN_NAMED if group else _IN_OTHER, values)

    def _said(self, entry: MemberEntry, woman: KnownWoman | None, reasons: list[Refusal]) -> dict[str, Any]:
        """What the row says, with its account and identity number where they can be kept."""
        said = dict(entry.said)
        if entry.account is not None:
            of_her_account, told = accounts.of_a_woman(entry.account, woman)
            # Of an account that is left out nothing is taken over; of one whose number is covered, all the rest.
            said |= of_her_account if told else {**entry.account.passbook, **of_her_account}
            reasons += told
        reasons += scripts.settle(said, woman.get if woman is not None else None)
        if entry.identity:
            self._identity(entry, woman, said, reasons)
        return said

    def _identity(
        self, entry: MemberEntry, woman: KnownWoman | None, said: dict[str, Any], reasons: list[Refusal]
    ) -> None:
        if aadhaar_refusals(entry.identity):
            reasons.append(warning("identity", "not_aadhaar", _NOT_AADHAAR))
        elif woman is None or woman.id not in self.consented:
            reasons.append(warning("identity", "consent_first", _NO_CONSENT))
        else:
            digits = digits_of(entry.identity)
            said |= {"identity_hash": one_way(digits, IDENTITY), "identity_last4": last_four(digits)}

    def _new(self, entry: MemberEntry, case: GroupCase, said: dict[str, Any], reasons: list[Refusal]) -> Verdict:
        if entry.joined_on is None:
            reasons.append(Refusal("joined_on", "joining_missing", _NO_JOINING))
        reasons += self._rules(entry, said)
        reasons += rules.why_not_join(
            today=self.by.today, joined_on=entry.joined_on or self.by.today, formed_on=case.formed_on,
            group_kind="shg",
            group_status=case.status, group_status_name=str(codes.Status(case.status).label),
            group_special=case.special,
            members_after=case.members + case.added + 1, gender=said.get("gender", "female"),
            born_on=said.get("born_on"), born_year=said.get("born_year"),
        )  # fmt: skip
        reasons += self._twice(entry, case, said)
        reasons += self._in_another_group(entry, case, said)
        pk = new_id()
        office = self._office(entry, case, pk, reasons)
        if hard(reasons):
            return self._say(entry, case, REFUSE, reasons)
        case.added += 1
        self._seat(case, entry, office)
        after = {"name": entry.name, "group_id": str(case.id), "place_id": case.place_id, **said}
        after |= {"joined_on": entry.joined_on, "group_is_new": case.is_new}
        after |= {"office": office} if office else {}
        after |= {"lokos_id": entry.lokos_id} if entry.lokos_id else {}
        return self._say(entry, case, CREATE, reasons, str(pk), {}, after)

    def _known(
        self,
        entry: MemberEntry,
        case: GroupCase | None,
        woman: KnownWoman,
        said: dict[str, Any],
        reasons: list[Refusal],
    ) -> Verdict:
        """A woman who is known already: what differs is changed, empty cells change nothing."""
        if (first := self.taken.setdefault(woman.id, entry.number)) != entry.number:
            reasons.append(Refusal("name", "row_twice", _ROW_TWICE, {"row": first}))
        if woman.left_on is not None:
            reasons.append(warning(None, "left_before", _LEFT, {"day": woman.left_on}))
            return self._say(entry, case, REFUSE if hard(reasons) else LEAVE, reasons, str(woman.id))
        if entry.is_inactive:
            reasons.append(warning("status", "inactive", _INACTIVE))
        if entry.joined_on is not None and entry.joined_on != woman.joined_on:
            reasons.append(warning("joined_on", "joined_differs", _JOINED_DIFFERS, {"day": woman.joined_on}))
        different = differing(entry, woman, said)
        after = {key: woman.get(key) for key in COMPARED} | different
        if different:
            reasons += self._rules(entry, after, own_phone=woman.get("phone") == said.get("phone"))
            reasons += self._still_may_be(case, woman, after, different)
        office = self._office(entry, case, woman.id, reasons) if case is not None else None
        if hard(reasons):
            return self._say(entry, case, REFUSE, reasons)
        if case is not None:
            self._seat(case, entry, office)
        before = {key: woman.get(key) for key in different if key in COMPARED}
        after = different | ({"office": office, "group_id": str(case.id)} if office and case is not None else {})
        if entry.lokos_id and entry.lokos_id not in self.known.woman_alias:
            after["lokos_id"] = entry.lokos_id
        return self._say(entry, case, CHANGE if after else LEAVE, reasons, str(woman.id), before, after)

    def _still_may_be(
        self, case: GroupCase | None, woman: KnownWoman, after: dict[str, Any], different: dict[str, Any]
    ) -> list[Refusal]:
        """A corrected birth or gender must still fit the membership that she has."""
        reasons: list[Refusal] = []
        if case is None or woman.joined_on is None:
            return reasons
        if {"born_on", "born_year"} & different.keys():
            reasons += rules.age_reasons(after.get("born_on"), after.get("born_year"), woman.joined_on)
        if "gender" in different:
            reasons += rules.why_not_member(gender=after["gender"], special=case.special)
        return reasons

    def _rules(self, entry: MemberEntry, said: dict[str, Any], *, own_phone: bool = False) -> list[Refusal]:
        reasons = rules.why_not_woman(
            today=self.by.today, name=entry.name, belonging_name=said.get("belonging_name") or "",
            born_on=said.get("born_on"), born_year=said.get("born_year"), disability=said.get("disability") or "",
            guardian_name=said.get("guardian_name") or "", nominee_name=said.get("nominee_name") or "",
            nominee_relation=said.get("nominee_relation") or "", livelihoods=said.get("livelihoods"),
        )  # fmt: skip
        if phone := entry.said.get("phone"):
            others = self.phones[phone] + self.known_phones.get(phone, 0) - 1 - own_phone
            reasons += rules.shared_phone(others, on=self.by.today)
        return reasons

    def _twice(self, entry: MemberEntry, case: GroupCase, said: dict[str, Any]) -> list[Refusal]:
        """The same new woman in two rows of one file."""
        born = said.get("born_on") or said.get("born_year")
        key = (case.id, spelling_key(entry.name), spelling_key(said.get("belonging_name", "")), born)
        first = self.rows_of.setdefault(key, entry.number)
        return [] if first == entry.number else [Refusal("name", "row_twice", _ROW_TWICE, {"row": first})]

    def _in_another_group(self, entry: MemberEntry, case: GroupCase, said: dict[str, Any]) -> list[Refusal]:
        """A woman of the village in another group with the same name, family and birth.

        The same phone or day of birth too: it is her. Otherwise two women may well be alike, and it is only told.
        """
        for pk in self.alike.get((case.place_id, spelling_key(entry.name)), ()):
            if (stranger := self.strangers.get(pk)) is None or stranger[4] == case.id:
                continue
            belonging, born_on, born_year, phone, _group, since, name = stranger
            year = born_on.year if born_on else born_year
            if belonging != spelling_key(said.get("belonging_name", "")) or year != said.get("born_year"):
                continue
            surely = (phone and phone == said.get("phone")) or (born_on and born_on == said.get("born_on"))
            values = {"group": name or "", "day": since}
            if surely:
                return [Refusal("name", "in_another_group", _IN_NAMED if name else _IN_OTHER, values)]
            return [warning("name", "maybe_the_same", _MAYBE_SAME, values)] if name else []
        return []

    # Offices ---------------------------------------------------------------------------------------------------------

    def _office(self, entry: MemberEntry, case: GroupCase, pk: UUID, reasons: list[Refusal]) -> dict[str, Any] | None:
        """The office that the row, or the group's own row, gives her; a second holder is refused."""
        listed = next((one for one, named in case.named.items() if fold(named.name) == fold(entry.name)), "")
        office = entry.office or listed
        if not office:
            return None
        held = self.known.officers.get(case.id, {})
        holder, hers = held.get(office), next((term for term in held.values() if term.woman_id == pk), None)
        if holder is not None and holder.woman_id == pk:
            case.found_offices.add(office)
            return None
        office_name = str(codes.Office(office).label)
        if holder is not None:
            values = {"name": holder.woman.name, "office": office_name, "day": holder.during.lower}
            reasons.append(Refusal("office", "office_taken", _OFFICE_HELD, values))
        elif hers is not None:
            values = {"office": str(hers.get_office_display()), "day": hers.during.lower}
            reasons.append(Refusal("office", "has_office", _HAS_OFFICE, values))
        named = case.named.get(office)
        other = case.offices.get(office, "")
        if not other and named and fold(named.name) != fold(entry.name):
            other = named.name
        if other:
            reasons.append(Refusal("office", "two_officers", _TWO_OFFICERS, {"name": other, "office": office_name}))
        since = entry.office_since or (named.since if named else None) or entry.joined_on
        if since and entry.joined_on and since < entry.joined_on:
            since = entry.joined_on
        if since is None and pk in self.taken:
            reasons.append(Refusal("office_since", "office_since_missing", _NO_OFFICE_DAY))
        return {"office": office, "since": since, "signs": bool(named and named.signs)}

    def _seat(self, case: GroupCase, entry: MemberEntry, office: dict[str, Any] | None) -> None:
        if office:
            case.offices[office["office"]] = entry.name
            case.found_offices.add(office["office"])

    def _say(
        self, entry: MemberEntry, case: GroupCase | None, what: str, reasons: list[Refusal], subject_id: str = "",
        before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
    ) -> Verdict:  # fmt: skip
        group = case.name if case is not None else entry.group
        shown = f"{entry.name} ({group})" if group else entry.name
        table = TABLE if subject_id else ""
        return Verdict(entry.sheet, entry.number, what, shown, reasons, table, subject_id, before or {}, after or {})
