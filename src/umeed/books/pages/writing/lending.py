"""Step 6: loans that are paid out, on terms filled in from the group's rules, with what will be due and when."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.codes import Instalments, Method, Purpose, Source
from umeed.books.meetings.expected import first_due
from umeed.books.models import LoanRequest
from umeed.books.pages.writing.asking import Asked
from umeed.books.pages.writing.parts import (
    FROM,
    MODE_KEYS,
    MODES,
    WHEN_TAKEN,
    WHO_TOOK,
    Step,
    taken_by,
    who_is_away,
)
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import (
    MONTHLY_BP,
    TOO_FINE,
    Typed,
    Values,
    day_as_typed,
    rate_as_typed,
    rate_kept,
    rupees_as_typed,
)
from umeed.books.rules.rates import MOST_OF_GROUPS_BP
from umeed.books.rules.schedules import MOST_INSTALMENTS, Due, LoanTerms, schedule
from umeed.kernel.digits import plain_number
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_RATE = N_("“%(written)s” is no rate: write per cent a month, like 1.5, at most 8.")
_NEEDED = N_("This is missing.")
_SHORTEST = N_("Choose one of the ways.")
_GRANTED_SINCE = N_(
    "%(amount)s was granted after “%(step)s” was written, and is not paid out in this meeting. Leave it out?"
)
TERMS = ("mode", "rate", "method", "instalments", "frequency", "first_due", "source")
GRANTED = "granted"
"""What its page keeps: which requests were granted when it was written."""


class Lending(Step):
    key = "lendings"
    title = _("Loans paid out")
    lead = _("The terms are those of the group's rules. Untick a loan that waits for money.")
    parts = ("lendings",)

    def beside(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        return {GRANTED: [str(asked.id) for asked in granted_of(writing)]}

    def unseen(self, writing: Writing) -> list[Refusal]:
        """A loan that was granted afterwards was not unticked by anybody."""
        said = {"step": str(self.title)}
        return [
            Refusal(f"lendings.{asked.id}", "granted_since", _GRANTED_SINCE, {**said, "amount": rupees(asked.paise)},
                    "warn")
            for asked in _granted_since(writing)
        ]  # fmt: skip

    def expected(self, writing: Writing) -> Values:
        """Loans granted today are expected to be paid out today; those granted earlier wait for money."""
        today = _granted_today(writing)
        values: Values = {}
        for asked in granted_of(writing):
            usual = self._usual(writing, asked)
            name = f"l-{asked.id}"
            values |= {f"{name}-{key}": value for key, value in usual.items()}
            values[f"{name}-today"] = "yes" if asked.id in today else ""
        return values

    def _usual(self, writing: Writing, asked: Asked) -> Values:
        bylaws = writing.known.bylaws
        return {
            "paise": rupees_as_typed(asked.paise), "mode": "cash", "source": "own", "method": bylaws.method,
            "rate": rate_as_typed(bylaws.rate_bp_a_year), "frequency": bylaws.frequency,
            "instalments": str(asked.instalments or bylaws.instalments),
            "first_due": day_as_typed(first_due(writing.known, writing.on)),
        }  # fmt: skip

    def kept(self, writing: Writing) -> Values:
        values = {key: "" if key.endswith("-today") else value for key, value in self.expected(writing).items()}
        values |= {f"l-{asked.id}-today": "yes" for asked in _granted_since(writing)}
        for lent in writing.document.lendings:
            name = f"l-{lent.request or lent.loan}"
            values |= {
                f"{name}-today": "yes", f"{name}-paise": rupees_as_typed(lent.paise), f"{name}-mode": lent.mode,
                f"{name}-source": lent.source, f"{name}-rate": rate_as_typed(lent.rate_bp_a_year),
                f"{name}-method": lent.method, f"{name}-frequency": lent.frequency,
                f"{name}-instalments": str(lent.instalments), f"{name}-first_due": day_as_typed(lent.first_due),
                f"{name}-by": lent.by,
            }  # fmt: skip
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        lendings: list[dict[str, Any]] = []
        known = {str(one.request): str(one.loan) for one in writing.document.lendings}
        known |= {str(one.get("request")): one["loan"] for one in writing.lent_before}
        alone = {one.loan for one in writing.document.lendings if one.request is None}
        for asked in lent_of(writing):
            name = f"l-{asked.id}"
            typed.call(f"lendings.{asked.id}", f"{name}-today")
            if not typed.is_ticked(f"{name}-today"):
                continue
            terms = self._terms(typed, name)
            if terms is None:
                continue
            path = f"lendings.{len(lendings)}"
            typed.call(path, name)
            typed.call(f"{path}.rate_bp_a_year", f"{name}-rate")
            for about in ("woman", "request"):
                typed.call(f"{path}.{about}", f"{name}-paise")
            # What answers no request is known by its loan.
            answers = {} if asked.id in alone else {"request": str(asked.id)}
            loan = known.get(str(asked.id)) or str(uuid5(writing.id, f"loan/{asked.id}") if answers else asked.id)
            whose = {"loan": loan, "woman": str(asked.woman), **answers, "purpose": asked.purpose}
            took = taken_by(typed, f"{name}-by", terms["mode"], who_is_away(writing, asked.woman))
            lendings.append({**whose, **terms, **took})
        return {"lendings": lendings}

    def _terms(self, typed: Typed, name: str) -> dict[str, Any] | None:
        wrong = len(typed.reasons)
        paise = typed.amount(f"{name}-paise")
        instalments = typed.whole(f"{name}-instalments", 1, MOST_INSTALMENTS)
        due = typed.day(f"{name}-first_due")
        rate = _rate(typed, f"{name}-rate")
        for there, field in ((paise, "paise"), (instalments, "instalments"), (due, "first_due")):
            if there is None and not any(reason.field == f"{name}-{field}" for reason in typed.reasons[wrong:]):
                typed.refuse(f"{name}-{field}", "missing", _NEEDED)
        method = typed.one_of(f"{name}-method", Method.values)
        frequency = typed.one_of(f"{name}-frequency", Instalments.values, "monthly")
        mode, source = (
            typed.one_of(f"{name}-mode", MODE_KEYS, "cash"),
            typed.one_of(f"{name}-source", Source.values, "own"),
        )
        if not method:
            typed.refuse(f"{name}-method", "missing", _SHORTEST)
        if len(typed.reasons) > wrong or due is None:
            return None
        return {
            "paise": paise, "instalments": 1 if method == "bullet" else instalments, "first_due": due.isoformat(),
            "rate_bp_a_year": rate, "method": method, "frequency": frequency, "mode": mode, "source": source,
        }  # fmt: skip

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        granted = {asked.id for asked in granted_of(writing)}
        loans = [self._loan(writing, shown, asked, asked.id in granted) for asked in lent_of(writing)]
        return {"loans": loans, "box": writing.box}

    def _loan(self, writing: Writing, shown: Shown, asked: Asked, is_granted: bool) -> dict[str, Any]:
        name, away = f"l-{asked.id}", who_is_away(writing, asked.woman)
        dues = self._dues(writing, shown, asked.id)
        return {
            "name": writing.known.facts.name(asked.woman), "asked": asked, "purpose": Purpose(asked.purpose).label,
            "is_granted": is_granted,
            "today": shown.tick(f"{name}-today", _("Paid out today")),
            "paise": shown.amount(f"{name}-paise", _("Amount"), cash=-1, mode=f"{name}-mode", tick=f"id_{name}-today"),
            "mode": shown.choice(f"{name}-mode", FROM, MODES), "away": away,
            "by": shown.box(f"{name}-by", WHO_TOOK, when=WHEN_TAKEN) if away else None,
            "source": shown.choice(f"{name}-source", _("Out of which fund"), Source.choices),
            "rate": shown.box(f"{name}-rate", _("Per cent a month")),
            "method": shown.choice(f"{name}-method", _("How interest is counted"), Method.choices),
            "frequency": shown.choice(f"{name}-frequency", pgettext_lazy("loan", "Repaid"), Instalments.choices),
            "instalments": shown.box(f"{name}-instalments", _("Instalments")),
            "first_due": shown.box(f"{name}-first_due", _("First instalment due")),
            "dues": dues, "whole": sum(due.whole for due in dues), "interest": sum(due.interest for due in dues),
            "is_open": shown.has_reason(*(f"{name}-{key}" for key in TERMS)),
        }  # fmt: skip

    def _dues(self, writing: Writing, shown: Shown, request: UUID) -> list[Due]:
        """What will be due under the terms that stand on the page; nothing while they cannot be read."""
        terms = self._terms(Typed(shown.values), f"l-{request}")
        if terms is None or not terms["paise"]:
            return []
        return schedule_of(writing, terms)


def schedule_of(writing: Writing, terms: dict[str, Any]) -> list[Due]:
    bylaws = writing.known.bylaws
    return schedule(LoanTerms(
        principal=Paise(terms["paise"]), rate_bp_a_year=terms["rate_bp_a_year"], method=terms["method"],
        first_due=datetime.date.fromisoformat(terms["first_due"]), instalments=terms["instalments"],
        frequency=terms["frequency"], lent_on=writing.on, rounding=bylaws.rounding, multiple=bylaws.multiple,
    ))  # fmt: skip


def granted_of(writing: Writing) -> list[Asked]:
    """Requests that were granted, today or earlier, and are not paid out, here or later: what was granted of each."""
    document, facts = writing.document, writing.known.facts
    new = {one.id: one for one in document.requests}
    decided = {one.request: one for one in document.decisions}
    granted: list[Asked] = []
    rows = {one.pk: one for one in LoanRequest.objects.filter(book=writing.book, pk__in=list(facts.requests))}
    for key, one in facts.requests.items():
        now = decided.get(key)
        row = rows.get(key)
        if row is None or key in new or key in facts.built_on or (now is not None and now.outcome != "granted"):
            continue
        paise = (now.paise or one.paise) if now is not None else one.granted
        if paise:
            granted.append(Asked(key, one.who, Paise(paise), one.asked_on, row.purpose, row.instalments))
    for key, asked in new.items():
        now = decided.get(key)
        if key not in facts.built_on and now is not None and now.outcome == "granted":
            paise = Paise(now.paise or asked.paise)
            granted.append(Asked(key, asked.woman, paise, writing.on, asked.purpose, asked.instalments))
    return granted


def lent_of(writing: Writing) -> list[Asked]:
    """What its page shows: what is granted, and every loan that stands in the meeting, also one that is not granted any
    more (its decision was changed on the step before): else nobody could take it out, and its money would still go."""
    granted = granted_of(writing)
    known = {asked.id for asked in granted}
    return [*granted, *(
        Asked(lent.request or lent.loan, lent.woman, Paise(lent.paise), writing.on, lent.purpose)
        for lent in writing.document.lendings if (lent.request or lent.loan) not in known
    )]  # fmt: skip


def _granted_today(writing: Writing) -> set[UUID]:
    return {one.request for one in writing.document.decisions if one.outcome == "granted"}


def _granted_since(writing: Writing) -> list[Asked]:
    """Requests granted today after this step was kept, and not paid out."""
    seen, lent = writing.page.get(GRANTED), {one.request for one in writing.document.lendings}
    if seen is None:
        return []
    today = _granted_today(writing) - lent
    return [asked for asked in granted_of(writing) if asked.id in today and str(asked.id) not in seen]


def _rate(typed: Typed, name: str) -> int:
    """Basis points a year out of per cent a month."""
    text = plain_number(str(typed.values.get(name) or "")).removesuffix("%").strip()
    try:
        rate = Fraction(text) if "/" not in text and "e" not in text.lower() else Fraction(-1)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(-1)
    if not 0 <= rate * MONTHLY_BP <= MOST_OF_GROUPS_BP or len(text) > 8:
        typed.refuse(name, "no_rate", _RATE, written=text[:20])
    elif (kept := rate_kept(rate)) is None:
        typed.refuse(name, "too_fine", TOO_FINE, written=text)
    else:
        return kept
    return 0
