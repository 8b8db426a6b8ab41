"""Rules of loans under one name in both languages, asked with the same plain values."""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints
from uuid import UUID

from umeed.books.ledger import running
from umeed.books.ledger.running import DAYS_BETWEEN, RunningLoan
from umeed.books.ledger.terms import as_planned, later_dues
from umeed.books.models import Agreement, Loan
from umeed.books.rules import allocation, carried, credits, demands, interest, rates, rounding, schedules, standing
from umeed.books.rules.carried import Carried, CarriedTerms
from umeed.books.rules.credits import Credit
from umeed.books.rules.demands import Arrears, CreditAccount, Paid
from umeed.books.rules.interest import CreditDay, Stand
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms
from umeed.field.tests.javascript import JavaScript, JavaScriptError, camel, plain

Split, Day = allocation.Split, datetime.date

# What of a running loan is asked in both.
PROPERTIES = (
    "on", "owed", "paid", "let_go", "recovered", "limits", "lets_go_from", "came_with", "was_taken_over", "opened_with",
    "off_on", "let_go_principal", "let_go_interest", "may_come_back", "settled", "dues", "as_agreed", "arrears",
    "standing", "limit", "is_ended", "left", "days_late", "run", "to_pay", "due_now", "due_next", "to_come",
    "to_pay_all", "part_month", "is_repaid", "is_closed",
)  # fmt: skip

# And of how it stood under terms of before.
_EARLIER = ("on", "owed", "paid", "let_go", "recovered")


def made(kind: Any, value: Any) -> Any:
    """A plain value as what Python's rules take: days, data classes by their camelCase names, lists of these."""
    if value is None or kind in (Any, None):
        return value
    if get_origin(kind) in (types.UnionType, typing.Union):
        return made(next(one for one in get_args(kind) if one is not type(None)), value)
    if kind is Day:
        return Day.fromisoformat(value)
    if kind is Fraction:
        return Fraction(int(value["n"]), int(value["d"]))
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {one.name: value[camel(one.name)] for one in dataclasses.fields(kind) if camel(one.name) in value}
        return kind(**{name: made(hints[name], one) for name, one in known.items()})
    if get_origin(kind) is tuple and get_args(kind)[-1] is not Ellipsis:
        return tuple(made(one, part) for one, part in zip(get_args(kind), value, strict=True))
    if get_origin(kind) in (tuple, list):
        return get_origin(kind)(made(get_args(kind)[0], one) for one in value)
    if isinstance(kind, dict):
        return {name: made(one, value[camel(name)]) for name, one in kind.items() if camel(name) in value}
    return value


class Rule(NamedTuple):
    """Where it stands in JavaScript; what Python does, with arguments of these kinds. A last kind that is a dict is of
    named arguments: in JavaScript an object."""

    module: str
    name: str
    python: Callable[..., Any]
    kinds: Sequence[Any]
    pick: Sequence[str] | None = None

    def args(self, given: Sequence[Any]) -> list[Any]:
        return [made(kind, value) for kind, value in zip(self.kinds, given, strict=True)]

    def by_python(self, given: Sequence[Any]) -> Any:
        *args, last = self.args(given)
        by_name = isinstance(self.kinds[-1], dict)
        return plain(self.python(*args, **last) if by_name else self.python(*args, last))

    def for_javascript(self, given: Sequence[Any]) -> list[Any]:
        """With what is not said, as Python would have it."""
        args = self.args(given)
        if isinstance(self.kinds[-1], dict):
            args[-1] = {camel(name): value for name, value in args[-1].items()}
        return [plain(one) for one in args]


def _arrears(*args: Any) -> Any:
    return with_days(demands.arrears(*args))


def with_days(one: Arrears) -> dict[str, Any]:
    """JavaScript's say what Python's count when they are asked."""
    return {**plain(one), "days": one.days, "standing": one.standing.value}


def _plan_of(terms: LoanTerms, **said: Any) -> Any:
    return carried.plan_of(terms, **said)


_DUES, _PAID = list[Due], list[Paid]
_RATE = {"a_month": Any, "charges": Any, "usual": Any}
RULES = {
    "due_days": Rule("rules/schedules.js", "dueDays", schedules.due_days, [Day, Any, Any]),
    "month_before": Rule("rules/schedules.js", "monthBefore", schedules.month_before, [Day, Any]),
    "months_between": Rule("rules/schedules.js", "monthsBetween", schedules.months_between, [Day, Day]),
    "schedule": Rule("rules/schedules.js", "schedule", schedules.schedule, [LoanTerms]),
    "first_interest": Rule("rules/schedules.js", "firstInterest", schedules.first_interest, [LoanTerms]),
    "is_whole": Rule("rules/schedules.js", "isWhole", schedules.is_whole, [_DUES, Any]),
    "shared_out": Rule("rules/rounding.js", "sharedOut", rounding.shared_out, [Any, Any]),
    "demands": Rule(
        "rules/demands.js", "demands", lambda terms, paid, until, before: demands.demands(
            terms, paid, until, before=before
        ), [LoanTerms, _PAID, Day, Due],
    ),
    "stretches_of": Rule("rules/demands.js", "stretchesOf", demands.stretches_of, [LoanTerms, Day]),
    "arrears": Rule("rules/demands.js", "arrears", _arrears, [_DUES, _PAID, Day]),
    "run_so_far": Rule("rules/demands.js", "runSoFar", demands.run_so_far, [_DUES, _DUES, _PAID]),
    "worst": Rule("rules/demands.js", "worst", demands.worst, [list[demands.Standing]]),
    "is_out_of_order": Rule("rules/demands.js", "isOutOfOrder", demands.is_out_of_order, [CreditAccount]),
    "standing_on": Rule("rules/standing.js", "standingOn", standing.standing_on, [_DUES, _PAID, Day]),
    "credit_dues": Rule("rules/standing.js", "creditDues", standing.credit_dues, [_PAID, {
        "principal": Any, "since": Day, "until": Day, "rate_bp_a_year": Any, "rounding": Rounding, "with_running": Any,
    }]),
    "credit_standing": Rule("rules/standing.js", "creditStanding", standing.credit_standing, [_DUES, _PAID, Day, {
        "principal": Any, "since": Day, "limit": Any,
    }]),
    "allocated": Rule("rules/allocation.js", "allocated", allocation.allocated, [Any, {"owed": Split, "order": Any}]),
    "allocated_in_turn": Rule("rules/allocation.js", "allocatedInTurn", allocation.allocated_in_turn, [
        Any, {"due": Split, "owed": Split, "order": Any},
    ]),
    "interest_by_days": Rule("rules/interest.js", "interestByDays", interest.interest_by_days, [list[Stand], {
        "since": Day, "until": Day, "rate_bp_a_year": Any, "rounding": Rounding,
    }]),
    "credit_account": Rule("rules/interest.js", "creditAccount", interest.credit_account, [
        list[CreditDay], {"on": Day, "limit": Any},
    ]),
    "credit_days": Rule("rules/credits.js", "creditDays", Credit.days, [Credit]),
    "least_left": Rule("rules/credits.js", "leastLeft", Credit.least_left, [Credit]),
    "first_above": Rule("rules/credits.js", "firstAbove", Credit.first_above, [Credit, Any]),
    "why_not_limit": Rule("rules/credits.js", "whyNotLimit", credits.why_not_limit, [
        Credit, Any, {"today": Day, "since": Day, "own": Any},
    ]),
    "why_not_end": Rule("rules/credits.js", "whyNotEnd", credits.why_not_end, [
        Credit, Any, Any, {"today": Day, "since": Day},
    ]),
    "limit_on": Rule("rules/credits.js", "limitOn", credits.limit_on, [list[tuple[Day, Any]], Day, Any]),
    "carried_demands": Rule("rules/carried.js", "carriedDemands", carried.carried_demands, [
        Carried, CarriedTerms, _PAID, Day,
    ]),
    "taken_over": Rule("rules/carried.js", "takenOver", carried.taken_over, [_DUES, _DUES, _PAID, Day]),
    "plan_of": Rule("rules/carried.js", "planOf", _plan_of, [LoanTerms, {"lent": Any, "lent_on": Day}]),
    "plain_carried": Rule("rules/carried.js", "plainCarried", lambda one: one.plain, [Carried]),
    "read_carried": Rule("rules/carried.js", "readCarried", carried.read_carried, [Any]),
    "why_not_rate": Rule("rules/rates.js", "whyNotRate", rates.why_not_rate, [Any, Any, _RATE]),
    "unusual_rate": Rule("rules/rates.js", "unusualRate", rates.unusual_rate, [Any, Any, _RATE]),
    "later_dues": Rule("rules/terms.js", "laterDues", lambda row: later_dues(agreement(row)), [Any]),
    "as_planned": Rule("rules/terms.js", "asPlanned", lambda row: as_planned(agreement(row)), [Any]),
    "running": Rule(
        "rules/running.js", "runningLoan", lambda said: told(running_loan(said)), [Any],
        [*(camel(one) for one in PROPERTIES), "earlier"],
    ),
    # What a bank's card shows of equal instalments: of the first ones in whole rupees.
    "instalments": Rule("rules/schedules.js", "schedule", lambda terms: _card(schedules.schedule(terms)), [LoanTerms]),
}  # fmt: skip


def _card(dues: list[Due]) -> dict[str, Any]:
    return shown_on_a_card([plain(due) for due in dues])


def shown_on_a_card(dues: list[dict[str, Any]]) -> dict[str, Any]:
    first = {key: [round(due[key] / 100) for due in dues[:4]] for key in ("interest", "principal")}
    return {"first": dues[0]["principal"] + dues[0]["interest"], **first}


def answers(js: JavaScript, rule: str, cases: Sequence[Sequence[Any]]) -> list[Any]:
    """What JavaScript says to each case; errors are raised."""
    asked = RULES[rule]
    found = js.calls(asked.module, asked.name, [asked.for_javascript(one) for one in cases], pick=asked.pick)
    for case, one in zip(cases, found, strict=True):
        if isinstance(one, JavaScriptError):
            raise AssertionError(f"{rule}{case}: {one}")
    if rule == "instalments":
        return [shown_on_a_card(one) for one in found]
    for one in found if rule == "running" else ():
        one["earlier"] = [{camel(name): was[camel(name)] for name in _EARLIER} for was in one["earlier"]]
    return found


def assert_same(js: JavaScript, rule: str, cases: Sequence[Sequence[Any]]) -> list[Any]:
    """Both languages answer each case the same; the first one that differs is shown whole. What they answer."""
    found = answers(js, rule, [plain(one) for one in cases])
    for case, one in zip(cases, found, strict=True):
        expected = RULES[rule].by_python(plain(case))
        assert one == expected, f"{rule}{plain(case)}\nPython     {expected}\nJavaScript {one}"
    return found


# Running loans without a database -------------------------------------------------------------------------------------


def agreement(row: Mapping[str, Any]) -> Agreement:
    """A row of the parts as the model that it came from."""
    days = {name: made(Day, row.get(name)) for name in ("since", "first_due", "overdue_since")}
    return Agreement(**{**row, **days})


def running_loan(said: Mapping[str, Any]) -> RunningLoan:
    """What `running_loans` makes of a loan, its terms and what moved on it; from plain values."""
    on, of = Day.fromisoformat(said["on"]), said["loan"]
    woman = UUID(of["woman"]) if of["woman"] else None
    lent_on = Day.fromisoformat(of["lent_on"])
    loan = Loan(
        pk=1, way=of["way"], head=of["head"], woman_id=woman, lent_on=lent_on, is_cash_credit=of["is_cash_credit"]
    )
    meets = next((name for name, days in DAYS_BETWEEN.items() if days == said["meetsEvery"]), "weekly")
    loan.last_met, loan.meets, loan.penalty = made(Day, said["met"]), meets, said["penalty"]  # type: ignore[attr-defined]
    rows = sorted((agreement(row) for row in said["agreements"]), key=lambda one: one.since)
    agreed = [one for one in rows if one.since <= on or (one.lets_interest_go and one.first_due <= on)]
    moves = [(Day.fromisoformat(day), head, is_off, paise) for day, head, is_off, paise in said["moves"]]
    limits = tuple((Day.fromisoformat(day), paise) for day, paise in said["limits"])
    return running._running(
        loan, agreed, [one for one in moves if one[0] <= on], on, tuple(one for one in limits if one[0] <= on)
    )


def told(one: RunningLoan) -> dict[str, Any]:
    said = {camel(name): plain(getattr(one, name)) for name in PROPERTIES}
    earlier = [{camel(name): plain(getattr(was, name)) for name in _EARLIER} for was in one.earlier]
    return {**said, "arrears": with_days(one.arrears), "earlier": earlier}
