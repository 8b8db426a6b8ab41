"""The dry run over women and groups: every row read once, met with what is known, and given its verdict in order."""

from collections import deque
from collections.abc import Iterable, Iterator

from umeed.core.loads.layouts import CHANGE, LEAVE, Progress, SheetRow, Verdict
from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.loads.columns import CUTOFF, GROUPS
from umeed.institutions.loads.entries import (
    GroupEntry,
    MemberEntry,
    Waiting,
    group_entry,
    member_entry,
    waiting_entry,
)
from umeed.institutions.loads.group_cases import TABLE, GroupCase, GroupCases
from umeed.institutions.loads.known import Known
from umeed.institutions.loads.member_cases import MemberCases
from umeed.institutions.loads.villages import Villages
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, warning

_WAITS = N_(
    "Cut-off figures are loaded by themselves: send this file again as “LokOS cut-off sheet” when its groups and women "
    "are here. This row is kept with the load as it stands."
)
_BECOMES_ACTIVE = N_("With this file the group has %(count)s members; it becomes active.")


def judge(rows: Iterable[SheetRow], *, by: Scope, capability: str, progress: Progress) -> Iterator[Verdict]:
    """A verdict for every row, groups before members before cut-off rows, each in the file's order."""
    groups, members, waiting = _entries(rows, by)
    villages, known = Villages(by, capability), Known(by, capability)
    names = {entry.name for entry in groups} | {entry.group for entry in members}
    known.read_groups(names, {entry.lokos_id for entry in groups if entry.lokos_id} | {e.group for e in members})
    cases = GroupCases(by, known, villages)
    cases.take(groups)
    women = MemberCases(by, known, cases, villages)
    women.prepare(members)
    spoken = list(women.verdicts(members))
    for case in cases.cases:
        yield cases.verdict(case)
    yield from spoken
    yield from (_waits(entry) for entry in waiting)
    yield from _become_active(cases, by)


def _entries(rows: Iterable[SheetRow], by: Scope) -> tuple[list[GroupEntry], deque[MemberEntry], list[Waiting]]:
    groups: list[GroupEntry] = []
    members: deque[MemberEntry] = deque()
    waiting: list[Waiting] = []
    for row in rows:
        if row.kind == GROUPS:
            groups.append(group_entry(row, by.today))
        elif row.kind == CUTOFF:
            waiting.append(waiting_entry(row))
        else:
            members.append(member_entry(row, by.today))
    return groups, members, waiting


def _waits(entry: Waiting) -> Verdict:
    return Verdict(
        entry.sheet, entry.number, LEAVE, entry.group, [warning(None, "waits_for_the_books", _WAITS)], after=entry.said
    )


def _become_active(cases: GroupCases, by: Scope) -> Iterator[Verdict]:
    """Forming groups that are known already and reach five members with this file."""
    least = rules.least_members(by.today)
    for case in cases.by_id.values():
        if _reaches_five(case, least):
            count = case.members + case.added
            told = [warning(None, "becomes_active", _BECOMES_ACTIVE, {"count": grouped(count)})]
            yield Verdict(
                "", 0, CHANGE, case.name, told, TABLE, str(case.id), {"status": "forming"}, {"status": "active"}
            )


def _reaches_five(case: GroupCase, least: int) -> bool:
    known = case.known
    return known is not None and known.status == "forming" and bool(case.added) and case.members + case.added >= least
