"""Taking in what a phone handed over as a file: the same answers as by network, whoever brings it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from umeed.core.viewer import as_system
from umeed.field.commands.receiving import Receiving
from umeed.field.devices import scope_of_device
from umeed.field.envelope import Opened, open_envelope, seal_answers


@dataclass(frozen=True)
class Carried:
    """A file that was taken in. `sealed` is what is given back for the phone that wrote it."""

    opened: Opened
    answers: list[dict[str, Any]]
    sealed: bytes


def take_in(raw: bytes, *, by: str, name: str) -> Carried:
    """Open a file and receive each of its commands, in the name of who wrote it and with her rights of now. `by` and
    `name` are of who brings it, empty when its own phone does. A file that comes twice is answered twice."""
    with as_system():
        opened = open_envelope(raw)
    device = opened.device
    hers = scope_of_device(device, origin=f"carried by {name} ({by})"[:200] if by else "brought without a token")
    receiving = Receiving(hers, device, carried_by=by).look(opened.commands)
    for sent in opened.commands:
        receiving.receive(sent)
    answers = receiving.answers(one.uid for one in opened.commands)
    return Carried(opened, answers, seal_answers(opened, answers, hers.today.isoformat()))
