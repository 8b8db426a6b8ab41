"""What a meeting comes to, and why it cannot be closed, is the same on the phone as on the server."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from umeed.books.meetings import documents, expected, sums
from umeed.books.meetings.documents import PAYMENTS, RECEIPTS, MeetingDocument, read
from umeed.books.meetings.missing import Missed
from umeed.books.meetings.sums import KnownLoan
from umeed.books.rules import above, held, lending, meetings, queue, sources
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.credits import Room
from umeed.books.rules.meetings import Facts, LoanFacts, why_not_close
from umeed.books.rules.queue import Decided, RequestFacts
from umeed.field.tests.javascript import JavaScript, camel, plain
from umeed.field.tests.meetings_at_random import ABOUT_WOMAN, Chance, Known, a_book, a_document, mended, spoilt

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

EXAMPLES = Path(__file__).parent / "examples" / "meetings.json"
# What was written, what is known, what was missed by woman, and the kind of meeting.
Case = tuple[dict[str, Any], Known, dict[Any, Missed], str]
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


ID = re.compile(r"@(\w+)")


def with_ids(said: Any, ids: dict[str, str]) -> Any:
    """The same with every @name as its id."""
    return json.loads(ID.sub(lambda found: ids[found[1]], json.dumps(said)))


def typed(said: Any) -> Any:
    """Plain values with the ids and days that Python's rules take."""
    if isinstance(said, dict):
        return {typed(key): typed(value) for key, value in said.items()}
    if isinstance(said, list):
        return [typed(one) for one in said]
    if isinstance(said, str) and len(said) == 36:
        return UUID(said)
    return datetime.date.fromisoformat(said) if isinstance(said, str) and re.match(r"\d{4}-", said) else said


def example_of(example: dict[str, Any], examples: dict[str, Any]) -> Case:
    """A worked example: what it says in place of what is usual."""
    usual, ids = examples["usual"], examples["ids"]
    said, loans, missed = (
        with_ids({**usual[one], **example.get(one, {})}, ids) for one in ("document", "loans", "missed")
    )
    facts = with_ids({**usual["facts"], **example.get("facts", {})}, ids)
    known = Known(
        facts_of(typed(facts)), {uid: KnownLoan(**one) for uid, one in typed(loans).items()},
        {body: tuple(one) for body, one in typed(with_ids(usual["bodies"], ids)).items()}, [], [],
    )  # fmt: skip
    return said, known, {woman: Missed(*one) for woman, one in typed(missed).items()}, example.get("kind", "regular")


def facts_of(said: dict[str, Any]) -> Facts:
    kinds: dict[str, Any] = {
        "loans": loan_of,
        "requests": lambda one: RequestFacts(**one),
        "built_on": lambda one: Decided(**one),
    }
    facts = {name: {key: kinds[name](one) for key, one in said[name].items()} for name in kinds if name in said}
    facts |= {name: frozenset(said[name]) for name in SETS if name in said}
    facts |= {
        name: tuple(one) for name, one in said.items() if name in ("earlier", "later", "same_number", "counted_since")
    }
    savings = {(UUID(key[:36]), key[37:]): paise for key, paise in said["savings"].items()}
    usual = {"receipts": frozenset(RECEIPTS), "payments": frozenset(PAYMENTS), "about_woman": ABOUT_WOMAN}
    return Facts(**{**said, **usual, **facts, "savings": savings, "bylaws": Bylaws(**said["bylaws"])})


def loan_of(said: dict[str, Any]) -> LoanFacts:
    left = said.get("least_left")
    return LoanFacts(**{**said, "least_left": Room(**left) if left else None})


def in_short(part: str, said: Any) -> Any:
    """As an example writes it: a reason by field, code and severity, a line without what it is not about."""
    if part in ("close", "reasons"):
        return [[one["field"], one["code"], one["severity"]] for one in said]
    if part != "entries":
        return said
    lines = [[one[name] for name in ("head", "amount", "woman", "loan", "body")] for one in said]
    return [line[: max(at for at, one in enumerate(line, 1) if one is not None)] for line in lines]


def at_random(chance: Chance) -> Case:
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


def both(js: JavaScript, cases: list[Case]) -> list[tuple[Any, Any]]:
    """(what Python answers, what JavaScript answers) of each case."""
    asked = [for_javascript(*case) for case in cases]
    answers = [one for at in range(0, len(cases), 400) for one in js.run(ALL, asked[at : at + 400], MAPS, SETS)]
    return list(zip([in_python(*case) for case in cases], answers, strict=True))


def test_what_is_usual_before_a_meeting(js: JavaScript) -> None:
    loan = LoanFacts(woman=None, owed=meetings.Paise(5))
    assert js.call("rules/lending.js", "loanFacts", {"owed": 5}) == plain(loan)
    when = dict.fromkeys(("today", "since", "formed_on"), FIRST)
    known: Any = {**when, "cash": 0, "bank": 0, "bylaws": Bylaws({})}
    usual = {"receipts": RECEIPTS, "payments": PAYMENTS, "about_woman": sorted(ABOUT_WOMAN)}
    facts = js.call("rules/meetings.js", "factsOf", {camel(name): day for name, day in when.items()})
    facts["aboutWoman"].sort()
    assert facts == {
        camel(one.name): plain({**known, **when, **usual}.get(one.name, getattr(Facts(**known), one.name)))
        for one in fields(Facts) if one.name != "why_locked"
    }  # fmt: skip


def test_any_meeting_is_judged_alike(js: JavaScript) -> None:
    chance = Chance(1001)
    cases = [at_random(chance) for _ in range(CASES)]
    said: Counter[str] = Counter()
    for case, (python, javascript) in zip(cases, both(js, cases), strict=True):
        for part in {**python, **javascript}:
            assert javascript.get(part) == python.get(part), f"{part} of {json.dumps(for_javascript(*case))}"
        said.update(one["text"] for one in python.get("close", python.get("reasons")))
    assert sentences() - set(said) == set()


def test_a_worked_example_comes_out_in_both(js: JavaScript) -> None:
    examples = json.loads(EXAMPLES.read_text("utf-8"))
    cases = [example_of(one, examples) for one in examples["examples"]]
    for one, answers in zip(examples["examples"], both(js, cases), strict=True):
        python, javascript = answers
        assert javascript == python, one["of"]
        expected = {part: with_ids(says, examples["ids"]) for part, says in one["gives"].items()}
        assert {part: in_short(part, python.get(part)) for part in expected} == expected, one["of"]


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
