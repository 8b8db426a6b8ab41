"""What a meeting comes to, and why it cannot be closed, is the same on the phone as on the server."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from umeed.books.meetings import documents, expected, sums
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.meetings.missing import Missed
from umeed.books.rules import above, held, lending, meetings, queue, sources
from umeed.books.rules.meetings import why_not_close
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.meetings_at_random import Chance, Known, a_book, a_document, mended, spoilt

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIRST = datetime.date(2024, 1, 1)
CASES = 2000
MAPS = (
    "members", "called", "savings", "loans", "requests", "sources", "sourcesLater", "onTheWay", "countedThere",
    "builtOn",
)  # fmt: skip
SETS = ("above", "keeping")
# What is the same of every group a phone knows by itself.
USUAL = ("aboutWoman", "receipts", "payments", "whyLocked")
# Of each case all that a phone asks the rules of a meeting.
ALL = """async (load, cases, maps, sets) => {
    const [{ read, womenOf }, { factsOf, whyNotClose }, sums, expected, { bylawsOf, kept }] = await Promise.all(
        ["documents", "meetings", "sums", "expected", "bylaws"].map((name) => load(`rules/${name}.js`)));
    const map = (said) => new Map(Object.entries(said));
    const tried = (work) => { try { return work(); } catch { return null; } };
    const one = ({ said, given, loans, bodies, missed, kind }) => {
        const { document, reasons } = read(said);
        if (!document) return { reasons };
        const facts = factsOf({ ...given, bylaws: bylawsOf(given.bylaws) });
        for (const name of maps) facts[name] = map(given[name]);
        for (const name of sets) facts[name] = new Set(given[name]);
        const known = { facts, bylaws: facts.bylaws, missed: map(missed) };
        for (const hers of known.missed.values()) hers.savings = map(hers.savings);
        const tally = sums.tallyOf(document);
        return {
            document, close: whyNotClose(document, facts, tally), tally, women: [...womenOf(document)].sort(),
            difference: sums.difference(document, facts.cash), kept: kept(facts.bylaws),
            entries: tried(() => sums.entriesOf(document, map(loans), map(bodies), facts.cash)),
            saved: expected.savingsOf(known, document.attendance, kind),
            fined: expected.finesOf(known, document.attendance), noted: expected.notedOf(known, document.attendance),
        };
    };
    return cases.map(one);
}"""


def in_python(said: dict[str, Any], known: Known, missed: dict[Any, Missed], kind: str) -> dict[str, Any]:
    document = read(said)
    if not isinstance(document, MeetingDocument):
        return {"reasons": plain(document)}
    facts, attendance = known.facts, document.model_dump(mode="json")["attendance"]
    before: Any = SimpleNamespace(facts=facts, bylaws=facts.bylaws, missed=missed)
    try:
        entries = sums.entries_of(document, known.loans, known.bodies, cash_before=facts.cash)
    except KeyError:
        entries = None
    saved = expected.savings_of(before, attendance, kind=kind)
    return {
        "document": document.model_dump(mode="json"), "tally": plain(sums.tally_of(document)),
        "close": plain(why_not_close(document, facts, sums.tally_of(document))),
        "women": sorted(map(str, document.women)),
        "difference": sums.difference(document, facts.cash), "kept": list(facts.bylaws.kept), "entries": plain(entries),
        "saved": _by_woman_and_head(saved), "fined": plain(expected.fines_of(before, attendance)),
        "noted": plain(expected.noted_of(before, attendance)),
    }  # fmt: skip


def _by_woman_and_head(paise: Any) -> dict[str, int]:
    return {f"{woman} {head}": of_it for (woman, head), of_it in paise.items()}


def for_javascript(said: dict[str, Any], known: Known, missed: dict[Any, Missed], kind: str) -> dict[str, Any]:
    given = plain(known.facts) | {"savings": _by_woman_and_head(known.facts.savings)}
    given = {name: value for name, value in given.items() if name not in USUAL}
    return {
        "said": said, "given": given, "loans": plain(known.loans), "bodies": plain(known.bodies),
        "missed": plain(missed), "kind": kind,
    }  # fmt: skip


def at_random(chance: Chance) -> tuple[dict[str, Any], Known, dict[Any, Missed], str]:
    on = FIRST + datetime.timedelta(days=chance.randint(0, 1000))
    known = a_book(chance, on)
    said = mended(chance, a_document(chance, known, on), known, chance.choice((0, 1, 2, 3, 4)))
    if chance.maybe(0.2):
        said = spoilt(chance, said)
    missed = {
        woman: Missed(2, meetings.Paise(chance.choice((0, 40_00))), {"saving_food": meetings.Paise(100_00)})
        for woman in known.women if chance.maybe(0.3)
    }  # fmt: skip
    return said, known, missed, chance.choice(("regular", "extra"))


def both(js: JavaScript, cases: list[Any]) -> list[tuple[Any, Any]]:
    """(what Python answers, what JavaScript answers) of each case."""
    asked = [for_javascript(*case) for case in cases]
    answers = [one for at in range(0, len(cases), 400) for one in js.run(ALL, asked[at : at + 400], MAPS, SETS)]
    return list(zip([in_python(*case) for case in cases], answers, strict=True))


def test_any_meeting_is_judged_alike(js: JavaScript) -> None:
    chance = Chance(1001)
    cases = [at_random(chance) for _ in range(CASES)]
    said: Counter[str] = Counter()
    for case, (python, javascript) in zip(cases, both(js, cases), strict=True):
        for part in {**python, **javascript}:
            assert javascript.get(part) == python.get(part), f"{part} of {json.dumps(for_javascript(*case))}"
        said.update(one["text"] for one in python.get("close", python.get("reasons")))
    assert sentences() - set(said) == set()


# Every sentence of the rules of a meeting and of its reader; what a group lends beyond a fund is asked about only.
RULES = (above, documents, held, lending, meetings, queue, sources)
NEVER = {sources._SOURCE}


def sentences() -> set[str]:
    found: set[str] = set()
    for module in RULES:
        for name, value in vars(module).items():
            if name.isupper():
                several = value if isinstance(value, tuple) else (value,)
                found |= {one for one in several if isinstance(one, str) and " " in one}
    return found - NEVER
