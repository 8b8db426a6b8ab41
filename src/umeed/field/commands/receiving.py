"""Receiving commands: each tried in a transaction of its own, its answer kept in the same one.

The same again is answered from what is kept. What cannot be posted is kept whole: nothing that she wrote is lost, and
no command keeps another one back. What is known of all commands of a message is asked once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection
from django.utils import timezone

from umeed.books.models import Clash, Meeting
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.plans import plans_kept
from umeed.core.rows import put_row, rows_where
from umeed.core.scope import Scope
from umeed.core.viewer import as_system, as_viewer
from umeed.field import rules
from umeed.field.commands import cutoffs, meetings, pages, women
from umeed.field.commands.sent import Sent, Unread
from umeed.field.commands.settled import take_up_settled, tell_being_written
from umeed.field.commands.trying import Group, Handler, NotYet, Stands, Work
from umeed.field.models import Command, Device, Page
from umeed.field.models.commands import FINAL
from umeed.institutions.models import Institution
from umeed.kernel.refusals import Refusal

KEEP = "books.keep"
_REACHED = "SELECT id, book, place, places, above FROM books_groups_reached(%s::uuid[], %s)"
HANDLERS: dict[str, Handler] = {
    "close_meeting": meetings.close, "take_back_meeting": meetings.take_back, "write_cut_off": cutoffs.write,
    "correct_woman": women.correct, "add_woman": women.add, "attach_page": pages.attach,
}  # fmt: skip
# Those named, and what a person may have settled, or another command may let go on, since it came.
_NAMED = "owner_id = %s AND (uid = ANY(%s::uuid[]) OR state IN ('waits', 'conflict')) ORDER BY attempt"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of a command: its state and what the phone is told besides."""

    state: str
    answer: dict[str, Any] = field(default_factory=dict)
    clash: Clash | None = None
    is_new: bool = True


@dataclass
class Receiving:
    """The commands of one bookkeeper as they come from one phone, or from a file that it wrote.

    `by` is her scope of now, `viewer` who the database is told that asks: she, unless an officer lets in what she sent.
    `carried_by` is who handed over the file.
    """

    by: Scope
    device: Device
    carried_by: str = ""
    viewer: str = ""
    _rows: dict[UUID, list[Command]] = field(default_factory=dict)
    _kept: dict[UUID, Group | None] = field(default_factory=dict)
    _new: set[int] = field(default_factory=set)
    _tries: dict[UUID, int] = field(default_factory=dict)
    _coming: dict[UUID, int] = field(default_factory=dict)
    _not_kept: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    @plans_kept()
    def look(self, sent: Iterable[Sent | Unread] = (), asked: Iterable[UUID] = ()) -> Receiving:
        """Whatever must be known before, in two questions: what came of these, and which groups she may write for."""
        read = [one for one in sent if isinstance(one, Sent)]
        self._coming = {one.uid: max(one.attempt, self._coming.get(one.uid, 0)) for one in read}
        uids = {one.uid for one in read} | {id for one in read for id in one.after} | set(asked)
        with self._as_who_asks():
            for row in rows_where(Command, _NAMED, [self.device.owner_id, list(uids)], but_for="said"):
                self._rows.setdefault(row.uid, []).append(row)
            self._know({one.group for one in read})
        self._take_up_settled()
        self._take_up_waiting()
        return self

    def _as_who_asks(self) -> AbstractContextManager[None]:
        return as_viewer(self.viewer or self.by.viewer)

    def _know(self, groups: Collection[UUID]) -> None:
        if unknown := set(groups) - self._kept.keys():
            self._kept |= dict.fromkeys(unknown) | groups_to_keep(self.by, unknown)

    # What comes ------------------------------------------------------------------------------------------------------

    def receive(self, sent: Sent | Unread) -> None:
        """Take in one command. What became of it is told by `answers`."""
        if isinstance(sent, Unread):
            self._refuse_unkept(sent, sent.reason)
            return
        before = self._latest(sent.uid)
        if before is not None and self._is_answered(before, sent):
            return
        if sent.away and not self.device.is_trusted:
            return  # whoever has the phone now puts nothing away that she wrote
        self._settle(sent)
        self.go_on(sent.uid)

    def _is_answered(self, before: Command, sent: Sent) -> bool:
        """Whether what is kept answers it: the same try, an older one, or one that a person settles or has settled."""
        if before.is_put_away or (sent.away and self._is_beyond(before, sent)):
            return True
        if sent.attempt < before.attempt or (before.state in ("conflict", "aside") and before.clash_id):
            return True
        if bytes(before.digest) == sent.digest:
            self._tries[sent.uid] = sent.attempt
            return sent.attempt == before.attempt or before.state != "refused"
        if sent.attempt == before.attempt:
            self._refuse_unkept(sent, Refusal(None, "other_content", rules.OTHER_CONTENT))
            return True
        return False

    def _is_beyond(self, before: Command, sent: Sent) -> bool:
        """Whether it cannot be put away any more: something became of it, or a person will settle it."""
        if before.state == "conflict" and before.clash_id:
            self._tries[sent.uid] = sent.attempt
            return True
        return before.state in FINAL

    def _refuse_unkept(self, sent: Sent | Unread, reason: Refusal) -> None:
        told = {"id": str(sent.uid), "try": sent.attempt, "state": "refused", "reasons": [reason.as_dict()]}
        self._not_kept[sent.uid] = told

    def answers(self, uids: Iterable[UUID]) -> list[dict[str, Any]]:
        """What became of each of these, by its last try. What the server does not know is told so: it is sent again."""
        return [self._answer(uid) for uid in dict.fromkeys(uids)]

    def _answer(self, uid: UUID) -> dict[str, Any]:
        if uid in self._not_kept:
            return self._not_kept[uid]
        row = self._latest(uid)
        if row is None:
            return {"id": str(uid), "state": "unknown"}
        told = {**row.answer, "id": str(uid), "try": self._tries.get(uid, row.attempt), "state": row.state}
        if row.state == "accepted":
            told |= {"receipt": row.pk, "state": "accepted" if row.pk in self._new else "known"}
        return told

    def _latest(self, uid: UUID) -> Command | None:
        rows = self._rows.get(uid)
        return rows[-1] if rows else None

    # What becomes of it ----------------------------------------------------------------------------------------------

    def _settle(self, sent: Sent, row: Command | None = None) -> Command | None:
        """Try it and keep what became of it; `row` where it was kept before. None when the database could not."""
        was = row.state if row is not None else ""
        for _again in range(2):
            try:
                with self._as_who_asks():
                    if not self._has_turn(sent, row, was):
                        return self._latest(sent.uid)
                    outcome = self._become(sent)
                    kept = self._keep(sent, outcome, row)
                return self._remember(kept, is_new=outcome.is_new)
            except OperationalError:
                # Two that waited for each other: one of them tries again. Without a connection nobody does.
                if not connection.is_usable():
                    raise
            except Exception as fault:
                return self._fail(sent, row, fault)
        _log.warning("command %s could not be looked at now", sent.uid)
        return None

    @plans_kept()
    def _has_turn(self, sent: Sent, row: Command | None, was: str) -> bool:
        """Whether it is still to be looked at, now that nobody else does. What others made of it meanwhile is read."""
        known, last = self._latest(sent.uid), take_turn(self.device.owner_id, sent.uid)
        if row is None and last == (known.attempt if known is not None else None):
            return True
        if row is not None and _is_still(row.pk, was):
            return True
        rows = Command.objects.filter(owner=self.device.owner_id, uid=sent.uid).defer("said")
        self._rows[sent.uid] = list(rows.order_by("attempt"))
        now = self._latest(sent.uid)
        return row is None and (now is None or not self._is_answered(now, sent))

    def _become(self, sent: Sent) -> Outcome:
        if sent.away:
            return Outcome("aside", {"why": _why_away(sent).as_dict()})
        if not self.device.is_trusted and not self.viewer:
            return _held(Refusal(None, "phone_ended", rules.PHONE_ENDED))
        if waits := [uid for uid in sent.after if not self._is_done(uid)]:
            reason = Refusal(None, "waits", rules.WAITS_FOR_OTHERS)
            return Outcome("waits", {"for": [str(uid) for uid in waits], "why": reason.as_dict()})
        group = self._kept.get(sent.group)
        return attempt(Work(self.by, self.device.owner_id, group, sent)) if group else _out_of_reach(sent)

    def _is_done(self, uid: UUID) -> bool:
        """Whether a command keeps others back no more. What a restored database forgot may stand all the same."""
        if rows := self._rows.get(uid):
            return _keeps_nothing_back(rows[-1]) or any(one.state == "accepted" for one in rows)
        return Meeting.objects.filter(pk=uid).exists()

    @plans_kept()
    def _keep(self, sent: Sent, outcome: Outcome, row: Command | None) -> Command:
        older = [one.pk for one in self._rows.get(sent.uid, ()) if one.state not in FINAL and row is None]
        if older:
            why = _why_away(sent) if sent.away else Refusal(None, "sent_anew", rules.SENT_ANEW)
            Command.objects.filter(pk__in=older).update(state="aside", answer={"why": why.as_dict()})
        kept = row or Command(
            uid=sent.uid, attempt=sent.attempt, kind=sent.kind, group=sent.group, owner_id=self.device.owner_id,
            device=self.device, carried_by=self.carried_by, digest=sent.digest, after=list(sent.after),
            made_at=sent.made_at,
        )  # fmt: skip
        group = self._kept.get(sent.group)
        if sent.away:
            kept.settled_at, kept.settled_by = timezone.now(), self.by.viewer
            sent = replace(sent, said=self._said_before(sent.uid))
        write(kept, sent, outcome, by=self.by, place=group.place if group else None)
        return kept

    def _said_before(self, uid: UUID) -> Mapping[str, Any]:
        """What she put away, as it was kept last: officers read it on."""
        before = self._latest(uid)
        return Sent.of(before).said if before is not None and before.said else {}

    def _remember(self, row: Command, *, is_new: bool) -> Command:
        others = [one for one in self._rows.get(row.uid, ()) if one.attempt != row.attempt]
        self._rows[row.uid] = sorted([*others, row], key=lambda one: one.attempt)
        if is_new and row.state == "accepted":
            self._new.add(row.pk)
        return row

    def _fail(self, sent: Sent, row: Command | None, fault: Exception) -> Command:
        """Ours is the fault: nothing of it was written. It is kept, and an officer lets it be tried again."""
        _log.error("command %s of kind %s broke", sent.uid, sent.kind, exc_info=fault)
        with self._as_who_asks():
            kept = self._keep(sent, _held(Refusal(None, "our_fault", rules.OUR_FAULT)), row)
        return self._remember(kept, is_new=False)

    # What waits ------------------------------------------------------------------------------------------------------

    def try_again(self, row: Command) -> Command | None:
        """Try anew what is kept."""
        with self._as_who_asks():
            sent = Sent.of(row)
            self._know([row.group])
        return self._settle(sent, row)

    def take_up(self, uid: UUID) -> None:
        """Try a command that waited for nothing but what has come now (a picture)."""
        row = self._latest(uid)
        if row is None or row.state != "waits" or self._coming.get(uid, 0) > row.attempt:
            return  # what she says instead of it comes in this very message
        if all(map(self._is_done, row.after)):
            self.try_again(row)
            self.go_on(uid)

    def go_on(self, uid: UUID) -> None:
        """Try what stood on a command, when that keeps nothing back any more."""
        done = self._latest(uid)
        if done is None or not _keeps_nothing_back(done):
            return
        for row in [one for rows in self._rows.values() if uid in (one := rows[-1]).after]:
            self.take_up(row.uid)

    def _take_up_waiting(self) -> None:
        """What waits for nothing any more: the server went down between what it stood on and this."""
        waiting = [rows[-1] for rows in self._rows.values() if rows[-1].state == "waits" and rows[-1].after]
        unknown = {uid for row in waiting for uid in row.after} - self._rows.keys()
        if unknown:
            with self._as_who_asks():
                for row in Command.objects.filter(owner=self.device.owner_id, uid__in=unknown).order_by("attempt"):
                    self._rows.setdefault(row.uid, []).append(row)
        for row in waiting:
            if _waits_for(row, "waits"):
                self.take_up(row.uid)
        self._take_up_pages()

    def _take_up_pages(self) -> None:
        """What waited for a picture that is here: it came, and then the server went down, or was busy."""
        waiting = [uid for uid, rows in self._rows.items() if _waits_for(rows[-1], "no_picture")]
        if not waiting:
            return
        with self._as_who_asks():
            here = set(Page.objects.filter(owner=self.device.owner_id, uid__in=waiting).values_list("uid", flat=True))
        for uid in waiting:
            if uid in here:
                self.take_up(uid)

    def _take_up_settled(self) -> None:
        """Conflicts that a person settled in the books meanwhile: what she said is the answer from now on."""
        latest = [rows[-1] for rows in self._rows.values() if rows[-1].state == "conflict" and rows[-1].clash_id]
        for row in take_up_settled(latest) if latest else ():
            self.go_on(row.uid)
        tell_being_written(latest)


# One command ----------------------------------------------------------------------------------------------------------


def groups_to_keep(by: Scope, groups: Collection[UUID]) -> dict[UUID, Group]:
    """Those of some groups whose books the person may keep: the database says which are reached, the scope the rest."""
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [list(groups), by.today])
        rows = cursor.fetchall()
    return {row[0]: Group(*row) for *row, places, above in rows if by.reaches(KEEP, places, above)}


def attempt(work: Work) -> Outcome:
    """Do what a command says, or say why not."""
    try:
        is_new = HANDLERS[work.sent.kind](work)
    except Stands as stands:
        told = {**work.told, "with": stands.stands, "reasons": _as_dicts(stands.reasons)}
        return Outcome("conflict", told, stands.clash)
    except NotYet as waits:
        return Outcome("waits", {"for": [], "why": waits.reason.as_dict()})
    except Refused as refused:
        if rules.says_no_right(refused.refusals):
            return _held(Refusal(None, "not_hers", rules.NOT_HERS))
        return Outcome("refused", {"reasons": _as_dicts(refused.refusals)})
    return Outcome("accepted", work.told, is_new=is_new)


def write(row: Command, sent: Sent, outcome: Outcome, *, by: Scope, place: int | None) -> None:
    """Keep what became of a command. What is not accepted stays whole, and stands in the chain."""
    is_new = row.pk is None
    row.state, row.answer, row.clash = outcome.state, outcome.answer, outcome.clash
    row.said = "" if outcome.state == "accepted" else sent.as_text()
    if outcome.state == "accepted":
        _save(row)
        return
    with audited(by=by, did="keep_command", savepoint=False) as trail:
        _save(row)
        told = {"id": str(row.uid), "kind": row.kind, "state": row.state, "sha256": bytes(row.digest).hex()}
        trail.rows("created" if is_new else "changed", "field_command", [(str(row.pk), None, told)])
        trail.at_place(place)


def _save(row: Command) -> None:
    if row.pk is None:
        put_row(row)
    else:
        row.save()


def _waits_for(row: Command, code: str) -> bool:
    return row.state == "waits" and (row.answer.get("why") or {}).get("code") == code


def _keeps_nothing_back(row: Command) -> bool:
    return row.state in FINAL and not row.is_put_away


def _why_away(sent: Sent) -> Refusal:
    return Refusal(None, "put_away", rules.PUT_AWAY, {"why": sent.away})


def _held(reason: Refusal) -> Outcome:
    return Outcome("held", {"why": reason.as_dict()})


def _out_of_reach(sent: Sent) -> Outcome:
    """A group whose book she may not keep: an officer decides. Of one that never was nobody could."""
    with as_system():
        is_there = Institution.objects.filter(pk=sent.group, kind="shg").exists()
    if is_there:
        return _held(Refusal(None, "not_hers", rules.NOT_HERS))
    return Outcome("refused", {"reasons": [Refusal("group", "no_group", rules.NO_GROUP).as_dict()]})


def take_turn(owner: UUID, uid: UUID) -> int | None:
    """Wait until nobody else looks at a command; the last try of it that is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT field_turn(%s, %s)", [owner, uid])
        last: int | None = cursor.fetchone()[0]
        return last


def _is_still(row: int, state: str) -> bool:
    """Locks what was kept; False when somebody else has gone on with it since it was read."""
    return Command.objects.filter(pk=row, state=state).select_for_update().values_list("pk").first() is not None


def _as_dicts(reasons: Sequence[Refusal]) -> list[dict[str, Any]]:
    return [one.as_dict() for one in reasons]
