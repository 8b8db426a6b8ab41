"""Steps 4 and 5 of a day: who asks for a loan, what was decided, what goes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.bodies.documents import FUNDS
from umeed.books.codes import Instalments, Method, Outcome, PartMonth, Purpose
from umeed.books.heads import BY_KEY
from umeed.books.pages.days.parts import (
    MISSING,
    RETURNED,
    SOURCES,
    WHICH_BODY,
    WHO,
    DayStep,
    granted,
    how_paid,
    kept_id,
    usual_terms,
    waiting,
    who_and_much,
)
from umeed.books.pages.writing.asking import WHEN_BEFORE, id_of_request
from umeed.books.pages.writing.parts import OPTIONAL, WHEN_NOT_GRANTED, rows_shown
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, Values, day_as_typed, rupees_as_typed
from umeed.books.rules.queue import RequestFacts, place_of
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.books.rules.sources import sources_on
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise


class Asking(DayStep):
    key = "requests"
    title = _("Who asks for a loan")
    lead = _("Write down who asks, and what was decided on those who wait.")
    parts = ("requests", "decisions")

    def kept(self, writing: Any) -> Values:
        values: Values = {"q-rows": str(len(writing.document.requests))}
        for at, one in enumerate(writing.document.requests):
            name = f"q-{at}"
            values |= {
                f"{name}-id": str(one.id),
                f"{name}-body": str(one.body),
                f"{name}-paise": rupees_as_typed(one.paise),
                f"{name}-purpose": one.purpose,
            }
        for said in writing.document.decisions:
            name = f"d-{said.request}"
            values |= {
                f"{name}-outcome": said.outcome,
                f"{name}-paise": rupees_as_typed(said.paise or 0),
                f"{name}-why": said.why,
                f"{name}-jump_why": said.jump_why,
                f"{name}-promised_on": day_as_typed(said.promised_on),
            }
        return values

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        requests: list[Any] = []
        decisions: list[Any] = []
        for at in typed.rows("q"):
            name = f"q-{at}"
            paise = typed.amount(f"{name}-paise")
            body = typed.one_of(f"{name}-body", {str(body) for body, _name in writing.below})
            if not paise:
                continue
            if not body:
                typed.refuse(f"{name}-body", "who", WHICH_BODY)
                continue
            typed.call(f"requests.{len(requests)}", name)
            purpose = typed.one_of(f"{name}-purpose", Purpose.values, "onlending")
            id = id_of_request(typed, writing.id, at)
            requests.append({"id": str(id), "body": body, "paise": paise, "purpose": purpose})
        new = [(UUID(one["id"]), one) for one in requests]
        for request in (*writing.known.facts.requests, *(id for id, _one in new)):
            self._decision(typed, writing, request, decisions)
        return {"requests": requests, "decisions": decisions}

    def _decision(self, typed: Typed, writing: Any, request: UUID, decisions: list[Any]) -> None:
        name = f"d-{request}"
        outcome = typed.one_of(f"{name}-outcome", Outcome.values)
        if not outcome:
            return
        typed.call(f"decisions.{len(decisions)}", name)
        promised = typed.day(f"{name}-promised_on") if outcome == "deferred" else None
        said = {
            "paise": typed.amount(f"{name}-paise") if outcome == "granted" else None,
            "promised_on": promised.isoformat() if promised else None,
            "jump_why": typed.text(f"{name}-jump_why"),
            "why": typed.text(f"{name}-why"),
        }
        before = [str(one.id) for one in writing.document.decisions if one.request == request]
        id = before[0] if before else str(uuid5(writing.id, f"decision/{request}"))
        kept = {key: value for key, value in said.items() if value}
        decisions.append({"id": id, "request": str(request), "outcome": outcome, **kept})

    def show(self, writing: Any, shown: Shown) -> dict[str, Any]:
        facts = writing.known.facts
        today = {one.id: RequestFacts(one.body, writing.on, Paise(one.paise)) for one in writing.document.requests}
        waiting = sorted({**facts.requests, **today}.items(), key=lambda one: place_of(one[1].asked_on, one[0]))
        for at in rows_shown(shown, "q"):
            shown.values = {f"q-{at}-purpose": Purpose.ONLENDING.value, **shown.values}
        return {
            "asks": [
                {
                    "id": shown.values.get(f"q-{at}-id") or new_id(),
                    "id_name": f"q-{at}-id",
                    "body": shown.choice(f"q-{at}-body", WHO, writing.below, blank=_("Nobody")),
                    "paise": shown.amount(f"q-{at}-paise", _("Amount")),
                    "purpose": shown.choice(f"q-{at}-purpose", _("Purpose"), Purpose.choices),
                }
                for at in rows_shown(shown, "q")
            ],
            "waiting": [
                {
                    "name": facts.name(one.who),
                    "asked": one,
                    "outcome": shown.choice(
                        f"d-{key}-outcome", _("Decision"), Outcome.choices, blank=_("Not decided yet")
                    ),
                    "much": shown.amount(f"d-{key}-paise", _("How much is granted"), when=OPTIONAL),
                    "promised_on": shown.box(f"d-{key}-promised_on", _("Promised for"), when=OPTIONAL),
                    "why": shown.box(f"d-{key}-why", _("Why"), when=WHEN_NOT_GRANTED),
                    "jump_why": shown.box(
                        f"d-{key}-jump_why", _("Why before those who asked earlier"), when=WHEN_BEFORE
                    ),
                }
                for key, one in waiting
            ],
        }


class Lending(DayStep):
    key = "lendings"
    title = _("What goes out")
    lead = _("Loans paid out today, funds handed on, savings and shares given back.")
    parts = ("lendings", "passed", "returned")

    def expected(self, writing: Any) -> Values:
        """What was granted and not paid out yet."""
        rows = list(granted(writing))
        values: Values = {"n-rows": str(len(rows)), "f-rows": "0", "r-rows": "0"}
        for at, (request, body, paise) in enumerate(rows):
            name = f"n-{at}"
            values |= {**usual_terms(writing, name), f"{name}-body": str(body), f"{name}-request": str(request)}
            values[f"{name}-paise"] = rupees_as_typed(paise)
        return values

    def kept(self, writing: Any) -> Values:
        document = writing.document
        values: Values = {
            "n-rows": str(len(document.lendings)),
            "f-rows": str(len(document.passed)),
            "r-rows": str(len(document.returned)),
        }
        for at, one in enumerate(document.lendings):
            name = f"n-{at}"
            values |= {
                f"{name}-body": str(one.body),
                f"{name}-paise": rupees_as_typed(one.paise),
                f"{name}-mode": one.mode,
                f"{name}-by": one.by,
                f"{name}-source": one.source,
                f"{name}-rate": f"{one.rate_bp_a_year / 100:g}",
                f"{name}-method": one.method,
                f"{name}-part_month": one.part_month,
                f"{name}-instalments": str(one.instalments),
                f"{name}-first_due": day_as_typed(one.first_due),
                f"{name}-request": str(one.request or ""),
                f"{name}-frequency": one.frequency,
            }
        for at, fund in enumerate(document.passed):
            name = f"f-{at}"
            values |= {f"{name}-body": str(fund.body), f"{name}-paise": rupees_as_typed(fund.paise)}
            values |= {f"{name}-head": fund.head, f"{name}-mode": fund.mode, f"{name}-by": fund.by}
        for at, back in enumerate(document.returned):
            name = f"r-{at}"
            values |= {f"{name}-body": str(back.body), f"{name}-paise": rupees_as_typed(back.paise)}
            values |= {f"{name}-what": back.what, f"{name}-mode": back.mode, f"{name}-by": back.by}
        return values

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        lendings: list[Any] = []
        passed: list[Any] = []
        returned: list[Any] = []
        for at, body, paise in self._rows(typed, writing, "n"):
            typed.call(f"lendings.{len(lendings)}", f"n-{at}")
            typed.call(f"lendings.{len(lendings)}.request", f"n-{at}-request")
            typed.call(f"lendings.{len(lendings)}.rate_bp_a_year", f"n-{at}-rate")
            lendings.append(self._lending(typed, writing, f"n-{at}", body, paise, lendings))
        for at, body, paise in self._rows(typed, writing, "f"):
            typed.call(f"passed.{len(passed)}", f"f-{at}")
            head = typed.one_of(f"f-{at}-head", FUNDS, "cif")
            passed.append({"body": body, "paise": paise, "head": head, **how_paid(typed, writing, f"f-{at}", body)})
        for at, body, paise in self._rows(typed, writing, "r"):
            typed.call(f"returned.{len(returned)}", f"r-{at}")
            what = typed.one_of(f"r-{at}-what", ("saving", "share"), "saving")
            returned.append({"body": body, "paise": paise, "what": what, **how_paid(typed, writing, f"r-{at}", body)})
        return {"lendings": lendings, "passed": passed, "returned": returned, **self._decided(writing, lendings)}

    def _decided(self, writing: Any, lendings: list[Any]) -> dict[str, Any]:
        """A loan that is said to answer a request on which nothing was decided grants it: so the queue says it."""
        facts, before = writing.known.facts, list(writing.said.get("decisions") or ())
        ids = {key: str(uuid5(writing.id, f"paid/{key}")) for key in map(str, waiting(writing))}
        kept = [one for one in before if str(one["id"]) not in ids.values()]
        done = {str(one["request"]) for one in kept}
        done |= {str(key) for key, one in facts.requests.items() if one.granted is not None}
        made = {
            lent["request"]: {
                "id": ids[lent["request"]], "request": lent["request"], "outcome": "granted", "paise": lent["paise"],
            }
            for lent in lendings if lent.get("request", "") in ids and lent["request"] not in done
        }  # fmt: skip
        now = [*kept, *made.values()]
        return {"decisions": now} if now != before else {}

    def _rows(self, typed: Typed, writing: Any, prefix: str) -> Iterable[tuple[int, str, int]]:
        offered = {str(body) for body, _name in writing.below}
        for at in typed.rows(prefix):
            paise = typed.amount(f"{prefix}-{at}-paise")
            body = typed.one_of(f"{prefix}-{at}-body", offered)
            if paise and not body:
                typed.refuse(f"{prefix}-{at}-body", "who", WHICH_BODY)
            elif paise:
                yield at, body, paise

    def _lending(self, typed: Typed, writing: Any, name: str, body: str, paise: int, made: list[Any]) -> dict[str, Any]:
        rate, count = typed.amount(f"{name}-rate"), typed.whole(f"{name}-instalments", 1, MOST_INSTALMENTS)
        first_due = typed.day(f"{name}-first_due")
        for value, field in ((count, "instalments"), (first_due, "first_due")):
            if value is None and not any(reason.field == f"{name}-{field}" for reason in typed.reasons):
                typed.refuse(f"{name}-{field}", "missing", MISSING)
        request = typed.one_of(f"{name}-request", set(map(str, _answerable(writing))))
        return {
            "loan": self._loan_id(typed, writing, body, request, made),
            "body": body,
            "paise": paise,
            **how_paid(typed, writing, name, body),
            "source": typed.one_of(f"{name}-source", [key for key, _title in SOURCES], "cif"),
            "rate_bp_a_year": min(rate or 0, 10_000),
            "instalments": count or 1,
            "method": typed.one_of(f"{name}-method", Method.values, "balance"),
            "part_month": typed.one_of(f"{name}-part_month", PartMonth.values, "due"),
            "frequency": typed.one_of(f"{name}-frequency", Instalments.values, "monthly"),
            "first_due": (first_due or writing.on).isoformat(),
            **({"request": request} if request else {}),
        }

    def _loan_id(self, typed: Typed, writing: Any, body: str, request: str, made: list[Any]) -> str:
        """A correction keeps the loan that was paid out before for the same request; else one to the same body that no
        other row asks for."""
        used, theirs = {one["loan"] for one in made}, [one for one in writing.lent_before if one["body"] == body]
        asked = {str(typed.values.get(f"n-{at}-request") or "") for at in typed.rows("n")} - {"", request}
        left = [one for one in theirs if one["loan"] not in used and (one.get("request") or "") not in asked]
        same = [one["loan"] for one in left if (one.get("request") or "") == request]
        kept = kept_id(writing.document.lendings, len(made), body, "loan")
        found = [*same, *(one["loan"] for one in left), *([kept] if kept not in {"", *used} else [])]
        return str(found[0]) if found else str(uuid5(writing.id, f"loan/{body}/{len(made)}"))

    def show(self, writing: Any, shown: Shown) -> dict[str, Any]:
        for at in rows_shown(shown, "n"):
            shown.values = {**usual_terms(writing, f"n-{at}"), **shown.values}
        facts, came = writing.known.facts, writing.tally_without(self.parts)
        left = sources_on(writing.document, facts)
        funds = [(key, gettext(BY_KEY[key].title)) for key in FUNDS]
        return {
            "loans": [self._loan(writing, shown, f"n-{at}") for at in rows_shown(shown, "n")],
            "funds": [
                {
                    **who_and_much(writing, shown, f"f-{at}"),
                    "what": shown.choice(f"f-{at}-head", _("Fund"), funds),
                }
                for at in rows_shown(shown, "f")
            ],
            "backs": [
                {**who_and_much(writing, shown, f"r-{at}"), "what": shown.choice(f"r-{at}-what", _("What"), RETURNED)}
                for at in rows_shown(shown, "r")
            ],
            "left": [{"title": title, "paise": left[key]} for key, title in SOURCES if left.get(key)],
            "bank": facts.bank + came.bank_in - came.bank_out,
        }  # fmt: skip

    def _request(self, writing: Any, shown: Shown, name: str) -> dict[str, Any]:
        """Which of the requests that wait the loan answers, where any does."""
        facts = writing.known.facts
        asked = [
            (key, " · ".join((facts.name(body), money(paise), written(on))))
            for key, (body, on, paise) in _answerable(writing).items()
        ]  # fmt: skip
        return shown.choice(name, _("Answers the request"), asked, blank=_("None that waits")) if asked else {}

    def _loan(self, writing: Any, shown: Shown, name: str) -> dict[str, Any]:
        return {
            **who_and_much(writing, shown, name),
            "source": shown.choice(f"{name}-source", _("Lent out of"), SOURCES),
            "rate": shown.box(f"{name}-rate", _("Per cent a year")),
            "method": shown.choice(f"{name}-method", _("How interest is counted"), Method.choices),
            "part_month": shown.choice(
                f"{name}-part_month", _("Interest for a month that is not over"), PartMonth.choices
            ),
            "instalments": shown.box(f"{name}-instalments", _("Instalments")),
            "frequency": shown.choice(f"{name}-frequency", _("Repaid"), Instalments.choices),
            "first_due": shown.box(f"{name}-first_due", _("First instalment due")),
            "request": self._request(writing, shown, f"{name}-request"),
            "waits": shown.values.get(f"{name}-request") in map(str, waiting(writing)),
        }


def _answerable(writing: Any) -> dict[UUID, tuple[UUID, date, int]]:
    """The requests that wait; and those that a loan of the day answers though they were decided otherwise since, or
    taken out: what is said against it stands beside it, and the loan is taken out by whoever writes."""
    lent = {one.request: (one.body, writing.on, one.paise) for one in writing.document.lendings if one.request}
    asked = {key: (one.who, one.asked_on, one.paise) for key, one in writing.known.facts.requests.items()}
    asked |= {one.id: (one.body, writing.on, one.paise) for one in writing.document.requests}
    return {**{key: asked.get(key, one) for key, one in lent.items()}, **waiting(writing)}
