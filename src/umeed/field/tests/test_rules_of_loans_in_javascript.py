"""Rules of loans in JavaScript answer as those in Python: worked examples in both, and thousands of cases by chance."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from umeed.books.rules.allocation import USUAL_ORDER, Split, allocated
from umeed.books.rules.carried import CarriedTerms
from umeed.books.rules.credits import Credit, why_above
from umeed.books.rules.demands import ONE_DAY, Paid, demands
from umeed.books.rules.interest import CreditDay, Stand
from umeed.books.rules.rounding import Rounding, shared_out
from umeed.books.rules.running_interest import OnTheBalance, Stretch, asked_in
from umeed.books.rules.schedules import Due, LoanTerms, instalment
from umeed.field.tests import loans_at_random as at_random
from umeed.field.tests.javascript import JavaScript, JavaScriptError, camel, plain
from umeed.field.tests.loans import RULES, answers, assert_same, made
from umeed.kernel.money import Paise

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

EXAMPLES = json.loads((Path(__file__).parent / "examples" / "loans.json").read_text(encoding="utf-8"))["examples"]


def holds(expected: Any, found: Any) -> bool:
    """Whether all that is expected is there."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(one, found.get(key)) for key, one in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(holds, expected, found))
    return expected == found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one['rule']}: {one['of']}"[:90])
def test_a_worked_example_comes_out_in_both(js: JavaScript, example: dict[str, Any]) -> None:
    by_python = RULES[example["rule"]].by_python(example["given"])
    assert holds(example["gives"], by_python), by_python
    (by_javascript,) = answers(js, example["rule"], [example["given"]])
    assert holds(example["gives"], by_javascript), by_javascript
    assert by_javascript == by_python


NO_LOAN = {"principal": 100, "rate_bp_a_year": 2400, "method": "flat", "first_due": at_random.BEGIN, "instalments": 5}
NO_SPLIT = {"penalty": 0, "interest": 0, "principal": 0, "over": 0}


@pytest.mark.parametrize(
    ("python", "module", "name", "given"),
    [
        *((lambda one=wrong: LoanTerms(**NO_LOAN | one), "rules/schedules.js", "loanTerms", [NO_LOAN | wrong])
          for wrong in ({"principal": 0}, {"rate_bp_a_year": -1}, {"multiple": 0}, {"instalments": 0},
                        {"instalments": 601})),
        (lambda: Rounding(0), "rules/rounding.js", "rounding", [0]),
        (lambda: shared_out(Paise(5), [0, 0]), "rules/rounding.js", "sharedOut", [5, [0, 0]]),
        (lambda: shared_out(Paise(5), [2, -1]), "rules/rounding.js", "sharedOut", [5, [2, -1]]),
        (lambda: allocated(Paise(5), owed=Split(), order=["penalty", "interest"]), "rules/allocation.js", "allocated",
         [5, {"owed": NO_SPLIT, "order": ["penalty", "interest"]}]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_both(js: JavaScript, python, module, name, given) -> None:
    with pytest.raises(ValueError):
        python()
    with pytest.raises(JavaScriptError, match="RangeError"):
        js.call(module, name, *map(in_camel, given))


def in_camel(value: Any) -> Any:
    return {camel(key): one for key, one in value.items()} if isinstance(value, dict) else value


# By chance ------------------------------------------------------------------------------------------------------------


def test_exact_amounts_are_rounded_alike(js: JavaScript) -> None:
    """Halves above all; a fraction that JavaScript's own numbers could not hold."""
    chance = Random(1)
    cases = []
    for _ in range(3000):
        how = at_random.rounding(chance)
        below = chance.choice([1, 2, 3, 4, 7, 365, 120_000, 10**18 + 9])
        half = Fraction(how.unit * chance.randint(-9, 9), 2)
        cases.append((how, chance.choice([half, half + Fraction(chance.randint(-1, 1), below), Fraction(
            chance.randint(-(10**15), 10**15) * below + chance.randint(0, 9), below
        )])))  # fmt: skip
    found = js.run(
        "async (load, cases) => {"
        " const [{rounded}, {fraction}] = [await load('rules/rounding.js'), await load('rules/fractions.js')];"
        " return cases.map(([how, {n, d}]) => rounded(how, fraction(n, d))); }",
        cases,
    )
    assert found == [how(exact) for how, exact in cases]


def test_shares_are_alike(js: JavaScript) -> None:
    chance = Random(2)
    weights = [
        [chance.choice([0, 1, 1, 7, chance.randint(0, 10**6)]) for _ in range(chance.randint(1, 12))]
        for _ in range(800)
    ]
    cases = [
        [chance.choice([chance.randint(0, 200), chance.randint(-500, 10**14)]), one] for one in weights if any(one)
    ]
    assert_same(js, "shared_out", cases)


def test_the_exact_instalment_is_the_same_fraction(js: JavaScript) -> None:
    chance = Random(3)
    loans = [at_random.terms(chance, most=600) for _ in range(150)]
    found = js.run(
        "async (load, cases) => { const {instalment, rateOf} = await load('rules/schedules.js');"
        " return cases.map((terms) => instalment(terms.principal, rateOf(terms), terms.instalments)); }",
        loans,
    )
    assert [Fraction(int(one["n"]), int(one["d"])) for one in found] == [
        instalment(loan.principal, loan.rate, loan.instalments) for loan in loans
    ]


def test_schedules_are_alike(js: JavaScript) -> None:
    """All methods, frequencies, roundings, multiples; loans of a paisa, of ten thousand crore, of 600 instalments."""
    chance = Random(4)
    loans = [at_random.terms(chance) for _ in range(3000)]
    loans += [at_random.terms(chance, instalments=600, method=one) for one in at_random.METHODS for _ in range(5)]
    loans += [at_random.terms(chance, principal=paise, multiple=10_000) for paise in (1, 99, 10**15) for _ in range(30)]
    assert_same(js, "schedule", [[loan] for loan in loans])
    assert_same(js, "first_interest", [[loan] for loan in loans[:500]])
    assert_same(js, "month_before", [[loan.first_due, loan.frequency] for loan in loans[:500]])
    days = [[at_random.a_day(chance), chance.randint(1, 60), loan.frequency] for loan in loans[:500]]
    assert_same(js, "due_days", days)


def test_demands_and_arrears_are_alike(js: JavaScript) -> None:
    chance = Random(5)
    cases, late, run = [], [], []
    for _ in range(1500):
        loan = at_random.terms(chance, most=20)
        since, until = loan.lent_on or loan.first_due, at_random.a_day(chance, days=1500)
        before = Due(since - ONE_DAY * chance.randint(0, 90), Paise(900), Paise(50)) if chance.random() < 0.2 else None
        paid = at_random.payments(chance, since, loan.principal)
        cases.append([loan, paid, until, before])
        asked = demands(loan, paid, until, before=before)
        late.append([asked, paid, until - ONE_DAY * chance.choice([0, 0, 30])])
        run.append([asked, demands(loan, [*paid, Paid(until, loan.principal, Paise(0))], until), paid])
    assert_same(js, "demands", cases)
    assert_same(js, "arrears", late)
    assert_same(js, "standing_on", late)
    assert_same(js, "run_so_far", run)
    found = assert_same(js, "stretches_of", [[loan, until] for loan, _paid, until, _before in cases[:500]])
    asked = []
    for (loan, paid, *_rest), parts in zip(cases, found, strict=False):
        repaid = sorted({one.on: one.principal for one in paid}.items())
        counted = OnTheBalance(loan.rate, loan.rounding, loan.part_month)
        asked += [(part, loan.principal, repaid, counted) for part in parts[:3]]
    by_javascript = js.run(
        "async (load, cases) => { const {askedIn} = await load('rules/runningInterest.js');"
        " const whole = ({n, d}) => ({n: BigInt(n), d: BigInt(d)});"
        " return cases.map(([part, owed, repaid, {rate, rounding, partMonth}]) =>"
        "   askedIn(part, owed, repaid, {rate: whole(rate), rounding, partMonth})); }",
        asked,
    )
    assert by_javascript == [plain(asked_in(made(Stretch, part), *rest)) for part, *rest in asked]


def test_payments_are_split_alike(js: JavaScript) -> None:
    chance = Random(6)

    def a_split() -> Split:
        return Split(*(Paise(chance.choice([0, 100, chance.randint(0, 10**6)])) for _ in range(3)))

    for rule in ("allocated", "allocated_in_turn"):
        cases = [
            [
                chance.randint(0, 2 * 10**6),
                {"due": a_split(), "owed": a_split(), "order": chance.sample(USUAL_ORDER, 3)},
            ]
            for _ in range(1500)
        ]
        assert_same(js, rule, cases)


def test_cash_credits_are_alike(js: JavaScript) -> None:
    chance = Random(7)
    dues, standings = [], []
    for _ in range(1000):
        principal, since, until = (
            at_random.an_amount(chance),
            at_random.a_day(chance),
            at_random.a_day(chance, days=1500),
        )
        paid = at_random.payments(chance, since, principal)
        said = {
            "principal": principal, "since": since, "until": until, "rateBpAYear": chance.choice([0, 700, 1200]),
            "rounding": at_random.rounding(chance), "withRunning": chance.random() < 0.5,
        }  # fmt: skip
        dues.append([paid, said])
        limit = chance.choice([None, 0, principal, 2 * principal])
        standings.append(
            [at_random.dues(chance), paid, until, {"principal": principal, "since": since, "limit": limit}]
        )
    assert_same(js, "credit_dues", dues)
    assert set(assert_same(js, "credit_standing", standings)) == {"regular", "npa"}


def test_interest_by_the_day_is_alike(js: JavaScript) -> None:
    chance = Random(8)
    cases, accounts = [], []
    for _ in range(1000):
        stands = [
            Stand(at_random.a_day(chance), Paise(chance.randint(-(10**7), 10**13))) for _ in range(chance.randint(0, 9))
        ]
        days = [
            CreditDay(
                at_random.a_day(chance), *(Paise(chance.choice([0, at_random.an_amount(chance)])) for _ in range(3))
            )
            for _ in range(chance.randint(0, 9))
        ]
        until, rate, how = at_random.a_day(chance), chance.randint(0, 4000), at_random.rounding(chance)
        cases.append([stands, {"since": at_random.a_day(chance), "until": until, "rateBpAYear": rate, "rounding": how}])
        accounts.append([days, {"on": until, "limit": at_random.an_amount(chance)}])
    assert_same(js, "interest_by_days", cases)
    assert_same(js, "credit_account", accounts)


def test_limits_are_asked_about_alike(js: JavaScript) -> None:
    chance = Random(9)
    cases, ends, more = [], [], []
    for _ in range(1500):
        on = at_random.a_day(chance)
        later = sorted({on + ONE_DAY * chance.randint(1, 6) for _ in range(chance.randint(0, 3))})
        days = sorted({on + ONE_DAY * chance.randint(1, 6) for _ in range(chance.randint(0, 3))})
        credit = Credit(
            on, Paise(chance.randint(-100, 10**8)), chance.choice([None, Paise(0), Paise(chance.randint(0, 10**8))]),
            tuple((day, Paise(chance.choice([0, 10**7]))) for day in later),
            tuple((day, Paise(chance.randint(-(10**7), 10**7))) for day in days),
        )  # fmt: skip
        paise = chance.choice([None, 0, -5, credit.limit, chance.randint(1, 10**9), 10**15 + 1])
        said = {"today": at_random.a_day(chance, on, 5) - ONE_DAY, "since": on + ONE_DAY * chance.randint(-9, 1)}
        cases.append([credit, paise, {**said, "own": chance.randint(-100, 10**8)}])
        ends.append([credit, chance.choice([0, 500]), chance.choice([0, 70]), said])
        more.append([credit, chance.randint(0, 10**8)])
    told = assert_same(js, "why_not_limit", cases) + assert_same(js, "why_not_end", ends)
    assert {one["code"] for reasons in told for one in reasons} == {
        "no_limit", "too_large", "same", "far_more", "drawn_more", "future", "before", "still_owed", "interest_owed",
        "interest_run", "said_later",
    }  # fmt: skip
    assert_same(js, "first_above", more)
    assert_same(js, "least_left", [[credit] for credit, _more in more])
    assert_same(js, "credit_days", [[credit] for credit, _more in more])
    assert_same(js, "limit_on", [[credit.limits, credit.on + ONE_DAY * 3, credit.limit] for credit, _more in more])


def test_cash_credits_above_their_limits_are_told_alike(js: JavaScript) -> None:
    chance, day = Random(10), at_random.BEGIN
    credits = {loan: Credit(day, Paise(chance.randint(0, 900)), Paise(1000)) for loan in range(40)}
    more = {loan: chance.randint(-10, 900) for loan in credits}
    found = js.run(
        "async (load, credits, more) => (await load('rules/credits.js')).whyAbove(new Map(credits), new Map(more))",
        list(credits.items()), list(more.items()),
    )  # fmt: skip
    assert found == plain(why_above(credits, more)) and len(found) > 5


def test_rates_are_asked_about_alike(js: JavaScript) -> None:
    chance = Random(11)
    cases = [
        [chance.choice([rate, chance.randint(-5, 10_100)]), "rate", {
            "aMonth": chance.random() < 0.5, "charges": chance.choice([None, 0, 1200, 2400, chance.randint(0, 4000)]),
            "usual": chance.choice([2400, 1200, 700]),
        }]
        for rate in (-1, 0, 100, 1200, 2400, 2401, 9600, 9601, 10_000, 10_001) for _ in range(300)
    ]  # fmt: skip
    told = {one["text"] for reasons in assert_same(js, "why_not_rate", cases) for one in reasons}
    assert len(told) == 11
    assert_same(js, "unusual_rate", cases)


def test_loans_that_are_taken_over_are_alike(js: JavaScript) -> None:
    chance = Random(12)
    asked, plans, taken, kept = [], [], [], []
    for _ in range(1000):
        since = at_random.a_day(chance)
        loan, left, brought = at_random.carried(chance, since)
        how = CarriedTerms(
            Paise(left), since, loan.rate_bp_a_year, loan.method, loan.frequency, loan.first_due, loan.rounding,
            loan.part_month,
        )  # fmt: skip
        paid = at_random.payments(chance, since, left or 100)
        until = at_random.a_day(chance, since - ONE_DAY * chance.choice([0, 0, 90]))
        asked.append([brought, how, paid, until])
        plans.append([loan, {"lent": loan.principal * 2, "lentOn": at_random.a_day(chance)}])
        taken.append([at_random.dues(chance), at_random.dues(chance), paid, until])
        kept.append([chance.choice([brought, replace(brought, limit=Paise(5))])])
    assert_same(js, "carried_demands", asked)
    assert_same(js, "plan_of", plans)
    assert_same(js, "taken_over", taken)
    assert_same(js, "read_carried", [[one] for one in assert_same(js, "plain_carried", kept)])


def test_whole_histories_of_loans_are_alike(js: JavaScript) -> None:
    """Repaid, overpaid, taken back, written off, recovered, agreed anew, let go, drawn again; on days of their life."""
    cases, rows = [], []
    for seed in range(500):
        one = at_random.History(seed)
        rows += [[row] for row in one.agreements]
        cases += [[one.said(day)] for day in one.days()]
    found = assert_same(js, "running", cases)
    assert_same(js, "later_dues", rows)
    assert_same(js, "as_planned", rows)
    _is_of_every_kind(found)


def _is_of_every_kind(found: list[dict[str, Any]]) -> None:
    """Chance must have met all of what rules tell apart, or it proved little."""
    assert {one["standing"] for one in found} == {"regular", "sma0", "sma1", "sma2", "npa"}
    for name in (
        "offOn", "letGoInterest", "mayComeBack", "recovered", "letsGoFrom", "isEnded", "run", "toCome", "dueNext",
        "isClosed", "left", "wasTakenOver", "openedWith", "daysLate",
    ):  # fmt: skip
        assert sum(1 for one in found if one[name]) >= 5, f"{name} was met too seldom"
    assert sum(1 for one in found if one["dueNow"]["penalty"]) >= 5
    assert sum(1 for one in found if one["standing"] == "npa" and one["arrears"]["standing"] != "npa") >= 5
