"""What was held for an officer: let in under the bookkeeper's name, not let in, tried again after a fault of ours. What
was refused and she cannot mend (her phone is gone, the group is hers no more): let in as it is, or put aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from umeed.access.capabilities import ROLES
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import SYSTEM, Grant, Scope
from umeed.field import rules
from umeed.field.commands.receiving import Receiving, take_turn
from umeed.field.devices import scope_of_device
from umeed.field.models import Command
from umeed.field.queries import commands
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

_NOT_THERE = N_("There is nothing to decide here any more.")
_NO_REASON = N_("Say why.")
_KEEPER = "group_bookkeeper"


def let_in(*, by: Scope, command: int, why: str) -> Command:
    """Post what was held or refused, in the name of who wrote it: the records say that it was she, the chain who let it
    in, why. What it was refused for may be gone by now.

    It may still be refused, or another may stand in its place: then it is as if she had sent it now.
    """
    with transaction.atomic():
        row = _to_decide(by, command, ("held", "refused"), why)
        with _decided(row, by, did="let_in_command", why=why):
            hers = Receiving(_in_her_name(row, by), row.device, row.carried_by, viewer=SYSTEM).look(asked=[row.uid])
            row = hers.try_again(row) or row
        if row.state == "accepted":
            Receiving(scope_of_device(row.device), row.device).look(asked=[row.uid]).go_on(row.uid)
    return row


def let_in_all(*, by: Scope, command: int, why: str) -> list[Command]:
    """Let in a command with all others of its writer for its group that are held, in the order in which they came."""
    with transaction.atomic():
        first = _to_decide(by, command, ("held",), why)
        done = []
        while (row := held_beside(by, first).first()) is not None:
            done.append(let_in(by=by, command=row.pk, why=why))
            if done[-1].state != "accepted":
                break
    return done


def held_beside(by: Scope, row: Command):  # type: ignore[no-untyped-def]
    """What is held of the same writer for the same group, this one too."""
    return commands(by).filter(state="held", owner=row.owner_id, group=row.group).order_by("pk")


def turn_down(*, by: Scope, command: int, why: str) -> Command:
    """Not let in, with a reason, which the bookkeeper reads on her phone. What she wrote stays kept, here and there."""
    with transaction.atomic():
        row = _to_decide(by, command, ("held", "waits"), why)
        with _decided(row, by, did="turn_down_command", why=why):
            reason = Refusal(None, "not_let_in", rules.BY_OFFICER, {"name": by.name, "why": why.strip()})
            row.state, row.answer = "refused", {"reasons": [reason.as_dict()]}
            row.save(update_fields=["state", "answer"])
    return row


def put_aside(*, by: Scope, command: int, why: str) -> Command:
    """Nothing becomes any more of what was refused; the bookkeeper reads why on her phone. What stands on it goes on,
    if it can: she may still mend it, and send it anew."""
    with transaction.atomic():
        row = _to_decide(by, command, ("refused",), why)
        with _decided(row, by, did="put_aside_command", why=why):
            reason = Refusal(None, "put_aside", rules.PUT_ASIDE, {"name": by.name, "why": why.strip()})
            row.state, row.answer = "aside", {"why": reason.as_dict()}
            row.save(update_fields=["state", "answer"])
        Receiving(scope_of_device(row.device), row.device).look(asked=[row.uid]).go_on(row.uid)
    return row


def try_again(*, by: Scope, command: int) -> Command:
    """Try what broke by a fault of ours, with the rights that she has now."""
    with transaction.atomic():
        row = _to_decide(by, command, ("held", "waits"), "–")
        with _decided(row, by, did="try_command_again", why=""):
            hers = Receiving(scope_of_device(row.device), row.device, row.carried_by).look(asked=[row.uid])
            row = hers.try_again(row) or row
        hers.go_on(row.uid)
    return row


def _to_decide(by: Scope, command: int, states: tuple[str, ...], why: str) -> Command:
    seen = commands(by).filter(pk=command, state__in=states)
    if not seen.exists():
        raise Refused([Refusal(None, "not_there", _NOT_THERE)])
    refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
    take_turn(*Command.objects.filter(pk=command).values_list("owner", "uid").get())
    rows = Command.objects.filter(state__in=states).select_related("device__owner").defer("said")
    row = rows.select_for_update(of=("self",)).filter(pk=command).first()
    if row is None:
        raise Refused([Refusal(None, "not_there", _NOT_THERE)])
    return row


@contextmanager
def _decided(row: Command, by: Scope, *, did: str, why: str) -> Iterator[None]:
    """What was decided is told by whoever decided; what came of it in the books, under the writer's name, stands in
    entries of its own."""
    yield
    with audited(by=by, did=did, why=why) as trail:
        now = Command.objects.filter(pk=row.pk).values_list("state", flat=True).get()
        settled = timezone.now() if now in ("accepted", "refused", "aside") else None
        Command.objects.filter(pk=row.pk).update(settled_by=by.viewer, settled_at=settled)
        trail.rows("changed", "field_command", [(str(row.pk), {"state": row.state}, {"state": now})])
        trail.at_place(Institution.objects.filter(pk=row.group).values_list("place", flat=True).first())


def _in_her_name(row: Command, by: Scope) -> Scope:
    """Who wrote it, with what a bookkeeper may do for exactly that group, for the length of this."""
    grant = Grant(_KEEPER, ROLES[_KEEPER].capabilities, institution_id=row.group)
    owner = row.device.owner
    return Scope(str(owner.pk), str(owner), by.today, (grant,), origin=f"let in by {by.name} ({by.viewer})"[:200])
