"""Step 5: who asks for a loan, the queue of those who asked before, and what the group decides."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.codes import Deciding, Outcome, Purpose
from umeed.books.models import LoanRequest
from umeed.books.pages.writing.parts import OPTIONAL, WHEN_NOT_GRANTED, WHICH, Step, names_of, rows_shown
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, day_as_typed, rupees_as_typed
from umeed.books.rules.queue import place_of
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_

_WHO = N_("Say which woman it is about.")
_HOW_MUCH = N_("Write how much she asks for.")
_WHAT_FOR = N_("Choose what the loan is for.")
WHEN_BEFORE = _("needed when she comes before them")
OUTCOMES = (
    ("granted", Outcome.GRANTED.label), ("deferred", Outcome.DEFERRED.label), ("refused", Outcome.REFUSED.label),
    ("withdrawn", Outcome.WITHDRAWN.label),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request in the queue, of this meeting (`row` is its line on the page) or an earlier one."""

    id: UUID
    woman: UUID
    paise: Paise
    asked_on: datetime.date
    purpose: str
    instalments: int | None = None
    note: str = ""
    row: int | None = None
    # The day that was promised to her when she was put off.
    promised_on: datetime.date | None = None


class Asking(Step):
    key = "requests"
    title = _("Loans asked for")
    lead = _("Who asked first stands first. Decide today or leave it for another day.")
    parts = ("requests", "decisions")

    def kept(self, writing: Writing) -> Values:
        document = writing.document
        values: Values = {"q-rows": str(len(document.requests))}
        for at, asked in enumerate(document.requests):
            values |= {
                f"q-{at}-id": str(asked.id), f"q-{at}-woman": str(asked.woman), f"q-{at}-purpose": asked.purpose,
                f"q-{at}-paise": rupees_as_typed(asked.paise), f"q-{at}-instalments": str(asked.instalments or ""),
                f"q-{at}-note": asked.note,
            }  # fmt: skip
        for one in document.decisions:
            name = f"d-{one.request}"
            values |= {
                f"{name}-outcome": one.outcome, f"{name}-paise": rupees_as_typed(one.paise), f"{name}-way": one.way,
                f"{name}-voted": [str(woman) for woman in one.voted], f"{name}-jump_why": one.jump_why,
                f"{name}-why": one.why, f"{name}-promised_on": day_as_typed(one.promised_on),
            }  # fmt: skip
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        requests = self._requests(typed, writing)
        decisions: list[dict[str, Any]] = []
        for request in [*waiting_ids(writing), *(UUID(one["id"]) for one in requests)]:
            if (decision := self._decision(typed, writing, request)) is not None:
                typed.call(f"decisions.{len(decisions)}", f"d-{request}")
                decisions.append(decision)
        return {"requests": requests, "decisions": decisions}

    def _requests(self, typed: Typed, writing: Writing) -> list[dict[str, Any]]:
        requests: list[dict[str, Any]] = []
        for at in typed.rows("q"):
            name = f"q-{at}"
            woman = typed.woman(f"{name}-woman", writing.known.facts.members)
            wrong = len(typed.reasons)
            paise = typed.amount(f"{name}-paise")
            if typed.is_ticked(f"{name}-gone") or (paise is None and woman is None and len(typed.reasons) == wrong):
                continue
            purpose = typed.one_of(f"{name}-purpose", Purpose.values)
            for there, field, text in ((woman, "woman", _WHO), (purpose, "purpose", _WHAT_FOR)):
                if not there:
                    typed.refuse(f"{name}-{field}", "missing", text)
            if paise is None and len(typed.reasons) == wrong:
                typed.refuse(f"{name}-paise", "missing", _HOW_MUCH)
            instalments = typed.whole(f"{name}-instalments", 1, MOST_INSTALMENTS)
            note = typed.text(f"{name}-note")
            if not (woman and paise and purpose):
                continue
            typed.call(f"requests.{len(requests)}", name)
            id = id_of_request(typed, writing.id, at)
            if typed.is_ticked(f"{name}-granted"):
                typed.fill(f"d-{id}-outcome", Outcome.GRANTED.value)
            requests.append({
                "id": str(id), "woman": str(woman), "paise": paise, "purpose": purpose,
                **({"instalments": instalments} if instalments else {}), **({"note": note} if note else {}),
            })  # fmt: skip
        return requests

    def _decision(self, typed: Typed, writing: Writing, request: UUID) -> dict[str, Any] | None:
        name = f"d-{request}"
        outcome = typed.one_of(f"{name}-outcome", Outcome.values)
        if not outcome:
            return None
        granted = typed.amount(f"{name}-paise") if outcome == "granted" else None
        promised = typed.day(f"{name}-promised_on") if outcome == "deferred" else None
        way = typed.one_of(f"{name}-way", Deciding.values, "all")
        voted = typed.women(f"{name}-voted", writing.known.facts.members) if way == "named" else []
        said = {
            "paise": granted, "promised_on": promised.isoformat() if promised else None,
            "jump_why": typed.text(f"{name}-jump_why"), "why": typed.text(f"{name}-why"),
            "voted": [str(woman) for woman in voted],
        }  # fmt: skip
        known = {str(one.request): str(one.id) for one in writing.document.decisions}
        id = known.get(str(request)) or str(uuid5(writing.id, f"decision/{request}"))
        return {
            "id": id, "request": str(request), "outcome": outcome, "way": way,
            **{key: value for key, value in said.items() if value},
        }  # fmt: skip

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        names = dict(names_of(writing))
        queue = [
            self._in_queue(shown, writing, asked, names, place) for place, asked in enumerate(queue_of(writing), 1)
        ]
        # One line to write the next request in; those written stand in the queue above, and here to be changed.
        return {"queue": queue, "new": [self._new(shown, writing, at) for at in rows_shown(shown, "q")]}

    def _new(self, shown: Shown, writing: Writing, at: int) -> dict[str, Any]:
        name, women = f"q-{at}", names_of(writing)
        woman = shown.choice(f"{name}-woman", WHICH, women, blank=_("Choose"))
        return {
            "woman": woman, "name": next((one["text"] for one in woman["choices"] if one["on"] and one["value"]), ""),
            "is_new": at >= len(writing.document.requests), "is_wrong": shown.has_reason(f"{name}-"),
            "at": at, "id": shown.values.get(f"{name}-id") or new_id(), "id_name": f"{name}-id",
            "paise": shown.amount(f"{name}-paise", _("How much")),
            "purpose": shown.choice(f"{name}-purpose", _("What for"), Purpose.choices, blank=_("Choose")),
            "instalments": shown.box(f"{name}-instalments", _("Instalments wished"), when=OPTIONAL),
            "note": shown.box(f"{name}-note", _("Note"), when=OPTIONAL),
            "granted": shown.tick(f"{name}-granted", _("All agreed: granted today")),
            "gone": shown.tick(f"{name}-gone", _("Take this line out")),
        }  # fmt: skip

    def _in_queue(
        self, shown: Shown, writing: Writing, asked: Asked, names: dict[Any, str], place: int
    ) -> dict[str, Any]:
        name = f"d-{asked.id}"
        outcome = shown.choice(
            f"{name}-outcome", _("Decision"), OUTCOMES, blank=pgettext_lazy("loan", "Not decided today")
        )
        return {
            "place": place, "name": names.get(asked.woman, "?"), "asked": asked,
            "purpose": Purpose(asked.purpose).label, "outcome": outcome,
            "paise": shown.amount(f"{name}-paise", _("Granted amount, if less"), when=OPTIONAL),
            "promised_on": shown.box(f"{name}-promised_on", _("Promised for"), when=OPTIONAL),
            "why": shown.box(f"{name}-why", _("Reason, said to her"), when=WHEN_NOT_GRANTED),
            "jump_why": shown.box(f"{name}-jump_why", _("Why before those who asked earlier"), when=WHEN_BEFORE),
            "way": shown.choice(f"{name}-way", _("How it was decided"), Deciding.choices),
            "voted": shown.ticks(f"{name}-voted", _("Those who decided"), _voters(writing, shown, name)),
            "is_open": shown.has_reason(f"{name}-") or bool(outcome["value"]),
        }  # fmt: skip


def _voters(writing: Writing, shown: Shown, name: str) -> list[tuple[Any, str]]:
    """Who was there; and who was ticked before she was found to be away, so that she can be taken out."""
    ticked = set(map(str, Typed(shown.values).women(f"{name}-voted", writing.known.facts.members)))
    return [(woman, named) for woman, named in names_of(writing) if writing.came(woman) or str(woman) in ticked]


def waiting_ids(writing: Writing) -> list[UUID]:
    """Requests of earlier meetings on which nothing was decided for good, first come first."""
    new = {one.id for one in writing.document.requests}
    requests = writing.known.facts.requests
    waiting = [key for key, one in requests.items() if one.granted is None and key not in new]
    return sorted(waiting, key=lambda key: place_of(requests[key].asked_on, key))


def queue_of(writing: Writing) -> list[Asked]:
    """The queue as it stands: earlier requests first, then those of today."""
    waiting, requests = waiting_ids(writing), writing.known.facts.requests
    rows = {one.pk: one for one in LoanRequest.objects.filter(book=writing.book, pk__in=waiting)}
    earlier = [
        Asked(
            key, row.woman_id, Paise(row.amount_paise), row.asked_on, row.purpose, row.instalments, row.note,
            promised_on=requests[key].promised_on,
        )
        for key in waiting
        if (row := rows.get(key)) is not None and row.woman_id is not None
    ]  # fmt: skip
    today = [
        Asked(one.id, one.woman, Paise(one.paise), writing.on, one.purpose, one.instalments, one.note, at)
        for at, one in enumerate(writing.document.requests)
    ]
    return [*earlier, *sorted(today, key=lambda one: place_of(one.asked_on, one.id))]


def id_of_request(typed: Typed, meeting: UUID, at: int) -> UUID:
    """The id that the page made for a line, so that sending it twice asks once."""
    try:
        return UUID(str(typed.values.get(f"q-{at}-id")))
    except ValueError:
        return uuid5(meeting, f"request/{at}")
