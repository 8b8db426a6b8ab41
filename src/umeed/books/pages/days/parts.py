"""What the steps of a day share: words, the bodies, what may be paid out, the usual terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import Book
from umeed.books.pages.days.state import DayWriting
from umeed.books.pages.writing.parts import MODE_KEYS, MODES, WHO_TOOK, Step, taken_by, who_is_away
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, Values, day_as_typed
from umeed.books.rules.schedules import month_later
from umeed.kernel.refusals import N_

TAKEN = (("saving", _("Saving")), ("share", _("Share capital")), ("fee", _("Fee")))
RETURNED = TAKEN[:2]
SOURCES = (
    ("cif", _("Community investment fund")), ("vrf", _("Vulnerability reduction fund")), ("bank", _("Bank loan")),
    ("own", _("Own fund")),
)  # fmt: skip
WHICH_BODY = N_("Say which group or VO it is.")
MISSING = N_("This is missing.")
WHO = _("Group or VO")
WHEN_NOBODY = _("needed in cash when nobody of theirs came")
FROM = pgettext_lazy("money", "From")
BANK_ALONE = _("Bank")


class DayStep(Step):
    """One page of a day."""

    @property
    def template(self) -> str:
        return f"books/bodies/day_{self.key}.html"


def has_above(book: Book) -> bool:
    """Nothing is above a CLF."""
    return book.institution.kind != "clf"


def given(writing: DayWriting) -> list[RunningLoan]:
    """Loans of bodies that run."""
    return [one for one in writing.known.loans if one.loan.way == "given" and one.loan.body_id]


def given_off(writing: DayWriting) -> list[RunningLoan]:
    """Loans of bodies that were written off, of which something may still be brought."""
    return [one for one in writing.known.off if one.loan.way == "given"]


def bodies_of(writing: DayWriting) -> list[UUID]:
    """The groups or VOs, and others that still owe or have sent something."""
    facts = writing.known.facts
    others = {one.loan.body_id for one in (*given(writing), *given_off(writing))} | {
        body for body, paise in facts.on_the_way.items() if paise > 0
    }
    return [*facts.below, *sorted(body for body in others if body and body not in facts.below)]


def granted(writing: DayWriting) -> Iterable[tuple[UUID, UUID, int]]:
    """(request, body, paise) of what may be paid out today."""
    decided = {one.request: one for one in writing.document.decisions}
    asked = {key: (one.who, one.paise, one.granted) for key, one in writing.known.facts.requests.items()}
    asked |= {one.id: (one.body, one.paise, None) for one in writing.document.requests}  # type: ignore[misc]
    for key, (body, paise, before) in asked.items():
        now = decided.get(key)
        if key in writing.known.facts.built_on:
            continue
        if now is not None and now.outcome == "granted":
            yield key, body, now.paise or paise
        elif now is None and before is not None:
            yield key, body, before


def waiting(writing: DayWriting) -> dict[UUID, tuple[UUID, date, int]]:
    """{request: (body, asked on, paise)} of those that a loan may answer today: not refused or put off in it."""
    not_now = {one.request for one in writing.document.decisions if one.outcome != "granted"}
    not_now |= writing.known.facts.built_on.keys()
    asked = {key: (one.who, one.asked_on, one.paise) for key, one in writing.known.facts.requests.items()}
    asked |= {one.id: (one.body, writing.on, one.paise) for one in writing.document.requests}  # type: ignore[misc]
    return {key: one for key, one in asked.items() if key not in not_now}


def usual_terms(writing: DayWriting, name: str) -> Values:
    """Terms filled in beforehand: one per cent a month on the balance, ten months, who repays between
    two due days pays by the days. Our choice; the group changes it."""
    due = month_later(writing.on, 1, writing.on.day)
    return {
        f"{name}-mode": "bank", f"{name}-source": "cif", f"{name}-rate": "12", f"{name}-method": "balance",
        f"{name}-instalments": "10", f"{name}-frequency": "monthly", f"{name}-first_due": day_as_typed(due),
        f"{name}-part_month": "days",
    }  # fmt: skip


def who_and_much(writing: DayWriting, shown: Shown, name: str) -> dict[str, Any]:
    return {
        "body": shown.choice(f"{name}-body", WHO, writing.below, blank=_("Nobody")),
        "paise": shown.amount(f"{name}-paise", _("Amount"), cash=-1, mode=f"{name}-mode"),
        "mode": shown.choice(f"{name}-mode", FROM, MODES),
        "by": shown.box(f"{name}-by", WHO_TOOK, when=WHEN_NOBODY) if _any_away(writing) else None,
    }


def how_paid(typed: Typed, writing: DayWriting, name: str, body: str) -> dict[str, str]:
    """By cash or bank, and who took cash along for a body of which nobody came."""
    mode = mode_of(typed, name)
    return {"mode": mode, **taken_by(typed, f"{name}-by", mode, who_is_away(writing, body))}


def _any_away(writing: DayWriting) -> bool:
    return any(who_is_away(writing, body) for body, _name in writing.below)


def kept_id(rows: Sequence[Any], at: int, body: str, key: str) -> str:
    """The id of the row that stood there, for the same body: a correction keeps it."""
    return str(getattr(rows[at], key)) if at < len(rows) and str(rows[at].body) == body else ""


def mode_of(typed: Typed, name: str) -> str:
    return typed.one_of(f"{name}-mode", MODE_KEYS, "cash")
