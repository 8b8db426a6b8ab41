"""What a cut-off comes to, and why it cannot be posted, is the same on the phone as on the server."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from umeed.books.cutoffs import documents, sums
from umeed.books.cutoffs.documents import CutOffDocument, read
from umeed.books.rules import cutoffs, taken
from umeed.books.rules.cutoffs import Facts, why_not_cut_off
from umeed.field.tests.cutoffs_at_random import NUMBERS, Group, document_at_random, facts_at_random, mended
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.meetings_at_random import Chance, spoilt
from umeed.field.tests.test_rules_of_meetings_in_javascript import typed, with_ids

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

EXAMPLES = Path(__file__).parent / "examples" / "cutoffs.json"
CASES = 3000
# What was written, what is known, and the numbers that its loans have in the book.
Case = tuple[dict[str, Any], Facts, dict[UUID, int]]
# What is asked where a cut-off is put right later, which a phone does not do.
NEVER = {cutoffs._SURPLUS}
MAPS, SETS = ("members", "bodies", "repaid", "linked"), ("used",)
ALL = """async (load, cases, maps, sets) => {
    const [documents, sums, {factsOf, whyNotCutOff}] = await Promise.all(
        ["cutoffDocuments", "cutoffSums", "cutoffs"].map((name) => load(`rules/${name}.js`)));
    return cases.map(({said, given, loans}) => {
        const {document, reasons} = documents.read(said);
        if (!document) return {reasons};
        const facts = factsOf(given);
        for (const name of maps) facts[name] = new Map(Object.entries(given[name]));
        for (const name of sets) facts[name] = new Set(given[name]);
        const sides = sums.sidesOf(document, facts.bodies);
        return {
            document, sides, entries: sums.entriesOf(document, new Map(Object.entries(loans)), facts.bodies),
            post: whyNotCutOff(document, facts, sides), rest: document.loans.map(documents.restOf),
        };
    });
}"""


def in_python(said: dict[str, Any], facts: Facts, loans: dict[UUID, int]) -> dict[str, Any]:
    document = read(said)
    if not isinstance(document, CutOffDocument):
        return {"reasons": plain(document)}
    sides = sums.sides_of(document, facts.bodies)
    told = {"hasAll": sides.has_all, "holdsAll": sides.holds_all, "difference": sides.difference}
    return {
        "document": document.model_dump(mode="json"), "sides": plain(sides) | told,
        "entries": plain(sums.entries_of(document, loans, facts.bodies)),
        "post": plain(why_not_cut_off(document, facts, sides)), "rest": [loan.rest for loan in document.loans],
    }  # fmt: skip


def both(js: JavaScript, cases: list[Case]) -> list[tuple[Any, Any]]:
    """(what Python answers, what JavaScript answers) of each case."""
    asked = [{"said": said, "given": plain(facts), "loans": plain(loans)} for said, facts, loans in cases]
    answers = [one for at in range(0, len(cases), 400) for one in js.run(ALL, asked[at : at + 400], MAPS, SETS)]
    return list(zip([in_python(*case) for case in cases], answers, strict=True))


def at_random(chance: Chance) -> Case:
    group = Group(chance)
    facts = facts_at_random(chance, group)
    said = mended(chance, document_at_random(chance, group), facts, chance.choice((0, 0, 1, 2, 3)))
    if chance.maybe(0.2):
        said = spoilt(chance, said)
    return said, facts, {loan: at for at, loan in enumerate(group.loans, 1) if chance.maybe(0.8)}


def test_any_cut_off_is_judged_alike(js: JavaScript) -> None:
    chance = Chance(2024)
    cases = [at_random(chance) for _ in range(CASES)]
    said: Counter[str] = Counter()
    for case, (python, javascript) in zip(cases, both(js, cases), strict=True):
        for part in {**python, **javascript}:
            assert javascript.get(part) == python.get(part), f"{part} of {json.dumps(plain(case))}"
        # In the order of the chart, which equality of mappings does not see.
        for side in ("has", "holds") if "sides" in python else ():
            assert list(javascript["sides"][side]) == list(python["sides"][side])
        said.update(one["text"] for one in python.get("post", python.get("reasons")))
        said["stands"] += "post" in python and not any(one["severity"] == "refuse" for one in python["post"])
    assert sentences() - set(said) == set()
    assert said["stands"] > CASES / 40, "some can be posted"


def sentences() -> set[str]:
    found = {
        value for name, value in vars(cutoffs).items() if name.isupper() and isinstance(value, str) and " " in value
    }
    return found - NEVER


def test_what_is_usual_before_a_cut_off(js: JavaScript) -> None:
    usual = plain(Facts(today=None, formed_on=None, members={}))  # type: ignore[arg-type]
    facts = js.call("rules/cutoffs.js", "factsOf", {"today": None, "formedOn": None})
    assert facts == {**usual, "present": [], "locked": [], "used": []}
    assert js.calls("rules/cutoffs.js", "whyTooLate", [[count] for count in (0, 11, 12, 1234)]) == [
        plain(cutoffs.why_too_late(count)) for count in (0, 11, 12, 1234)
    ]


def test_the_number_of_an_account_is_covered(js: JavaScript) -> None:
    several = (*NUMBERS, "", " ", "123 456 789", "JK/123456789", "12345678 9", "आ123456789", "0" * 40)
    assert js.calls("rules/taken.js", "covered", [[one] for one in several]) == [taken.covered(one) for one in several]


def test_the_whole_document_is_known(js: JavaScript) -> None:
    """Every field that the server reads the phone reads too: each is unknown to neither."""
    least = {"id": "00000000-0000-4000-8000-000000000001", "on": "2026-03-31"}
    read_there = js.call("rules/cutoffDocuments.js", "read", least)["document"]
    assert read_there == documents.CutOffDocument.model_validate(least).model_dump(mode="json")


def test_a_worked_example_comes_out_in_both(js: JavaScript) -> None:
    examples = json.loads(EXAMPLES.read_text("utf-8"))
    cases = [example_of(one, examples) for one in examples["examples"]]
    for one, (python, javascript) in zip(examples["examples"], both(js, cases), strict=True):
        assert javascript == python, one["of"]
        expected = {part: with_ids(says, examples["ids"]) for part, says in one["gives"].items()}
        assert {part: in_short(part, python.get(part)) for part in expected} == expected, one["of"]


def example_of(example: dict[str, Any], examples: dict[str, Any]) -> Case:
    """A worked example: what it says in place of what is usual."""
    usual, ids = examples["usual"], examples["ids"]
    said = with_ids({**usual["document"], **example.get("document", {})}, ids)
    if "loan" in example:
        said["loans"] = [{**with_ids(usual["loan"], ids), **with_ids(example["loan"], ids)}]
    facts = Facts(**typed(with_ids({**usual["facts"], **example.get("facts", {})}, ids)))
    return said, facts, {UUID(ids["loan"]): 7}


def in_short(part: str, said: Any) -> Any:
    """As an example writes it: a reason by field, code and severity, a line without what it is not about."""
    if part in ("post", "reasons"):
        return [[one["field"], one["code"], one["severity"]] for one in said]
    if part == "sides":
        return [said["has"], said["holds"], said["difference"]]
    if part != "entries":
        return said
    lines = [[one[name] for name in ("head", "amount", "woman", "loan", "body")] for one in said]
    return [line[: max(at for at, one in enumerate(line, 1) if one is not None)] for line in lines]
