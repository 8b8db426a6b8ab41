"""On the phone: the chart, code lists, the rhythm of meetings, what was missed, what may never fall below nothing."""

from __future__ import annotations

import datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import pytest

from umeed.books import codes
from umeed.books.heads import CHART
from umeed.books.ledger.drafts import Entry
from umeed.books.meetings import expected, missing
from umeed.books.meetings.rhythm import WEEKDAYS, Rhythm
from umeed.books.rules import limits
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.limits import WATCHED, Account, Lowest, account_of, falling, why_below_nothing
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.meetings_at_random import ABOUT_WOMAN, SAVING_HEADS, Chance, bylaws
from umeed.kernel.money import Paise

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

FIRST = datetime.date(2024, 1, 1)
LISTS = {
    "MEETING_KIND": codes.MeetingKind, "ATTENDANCE": codes.Attendance, "METHOD": codes.Method,
    "PART_MONTH": codes.PartMonth, "INSTALMENTS": codes.Instalments, "STANDING": codes.Standing,
    "LOAN_HEAD": codes.LoanHead, "SOURCE": codes.Source, "PURPOSE": codes.Purpose, "OUTCOME": codes.Outcome,
    "DECIDING": codes.Deciding,
}  # fmt: skip


def test_one_chart(js: JavaScript) -> None:
    chart = js.run("async (load) => (await load('rules/heads.js')).CHART")
    assert [{**head, "about": set(head["about"]), "levels": set(head["levels"])} for head in chart] == [
        {"number": head.number, "key": head.key, "title": head.title, "side": head.side, "about": set(head.about),
         "levels": set(head.levels), "growsBy": head.grows_by}
        for head in CHART
    ]  # fmt: skip
    savings = js.run("async (load) => (await load('rules/heads.js')).SAVINGS")
    assert [head["key"] for head in savings] == SAVING_HEADS
    assert set(js.run("async (load) => (await load('rules/heads.js')).ABOUT_WOMAN")) == ABOUT_WOMAN


def test_one_list_of_codes(js: JavaScript) -> None:
    lists = js.run("async (load) => Object.fromEntries(Object.entries(await load('rules/codes.js')))")
    assert lists.pop("ORDERS") == {order: list(parts) for order, parts in codes.ORDERS.items()}
    assert {name: list(of_it) for name, of_it in lists.items()} == {name: of_it.values for name, of_it in LISTS.items()}
    for name, choices in LISTS.items():
        for value, label in choices.choices:
            context, _, text = lists[name][value].rpartition("\x04")
            assert text == str(label)
            # The context that a lazily translated label was marked with: (text,) or (context, text).
            assert context == ("" if len(label._args) == 1 else label._args[0])


def test_rules_that_a_group_has_not_said(js: JavaScript) -> None:
    assert js.call("rules/bylaws.js", "bylawsOf", {}) == plain(Bylaws({}))


def days(chance: Chance, most: int = 900) -> datetime.date:
    return FIRST + datetime.timedelta(days=chance.randint(0, most))


def a_rhythm(chance: Chance) -> Rhythm:
    frequency = chance.choice(("weekly", "fortnightly", "monthly", "daily"))
    return Rhythm(frequency, chance.choice(("", *WEEKDAYS)), chance.choice((None, 1, 15, 28, 29, 30, 31)))


def test_meetings_are_due_alike(js: JavaScript) -> None:
    chance = Chance(1002)
    cases = [(a_rhythm(chance), days(chance), days(chance, 2600)) for _ in range(1500)]
    assert js.calls("rules/rhythm.js", "after", [[rhythm, last] for rhythm, last, _today in cases]) == [
        plain(rhythm.after(last)) for rhythm, last, _today in cases
    ]
    assert js.calls("rules/rhythm.js", "first", [[rhythm, last] for rhythm, last, _today in cases]) == [
        plain(rhythm.first(last)) for rhythm, last, _today in cases
    ]
    for name, work in (("due", Rhythm.due), ("dueFrom", Rhythm.due_from)):
        assert js.calls("rules/rhythm.js", name, cases) == [
            dict(zip(("missed", "next"), plain(work(*case)), strict=True)) for case in cases
        ]
    lent = [(rhythm, on, chance.choice(codes.Instalments.values)) for rhythm, on, _today in cases]
    assert js.calls("rules/rhythm.js", "firstDue", lent) == [
        plain(rhythm.first_due(on, frequency)) for rhythm, on, frequency in lent
    ]


def as_calendar(rhythm: Rhythm, held: list[Any], today: datetime.date, began: Any) -> dict[str, Any]:
    """What books/meetings/calendar.py says of a book, in the words of its questions."""
    until = [one for one in held if one["on"] <= today]
    last = max((one["on"] for one in until if one["kind"] != "extra"), default=None)
    number = max((one["number"] for one in until if one["number"]), default=began["meetingsBefore"])
    cut_off = began["cutOff"]
    if last is not None:
        missed, following = rhythm.due(last, today)
    elif cut_off is None:
        missed, following = rhythm.due_from(rhythm.first(began["openedOn"]), today)[0], today
    else:
        missed, following = rhythm.due(cut_off["last_meeting"] or cut_off["on"], today)
        missed = [one for one in missed if one > cut_off["on"]]
    return plain({"last": last, "lastNumber": number, "missed": missed, "next": following})


def test_one_calendar(js: JavaScript) -> None:
    chance, cases = Chance(1003), []
    for _ in range(600):
        cut_off = {"on": days(chance), "last_meeting": chance.choice((None, days(chance)))}
        began = {
            "openedOn": days(chance),
            "meetingsBefore": chance.randint(0, 9),
            "cutOff": chance.choice((None, cut_off)),
        }
        held = [
            {"on": days(chance), "number": chance.choice((None, chance.randint(1, 60))),
             "kind": chance.choice(("regular", "extra", "missed"))}
            for _ in range(chance.randint(0, 4))
        ]  # fmt: skip
        cases.append((a_rhythm(chance), held, days(chance, 1200), began))
    assert js.calls("rules/rhythm.js", "calendarOf", cases) == [as_calendar(*case) for case in cases]


MISSED = """async (load, cases) => {
    const [{ bylawsOf }, { broughtIn, missedBefore }] = await Promise.all(
        ["bylaws", "missing"].map((name) => load(`rules/${name}.js`)));
    return cases.map(({ held, rules, usual, women }) => missedBefore(
        held.map((one) => ({ ...one, ...broughtIn(one.said) })),
        rules.map(({ since, bylaws }) => ({ since, bylaws: bylawsOf(bylaws) })), bylawsOf(usual), women));
}"""


def a_meeting_before(chance: Chance, women: list[Any]) -> Any:
    states = {woman: chance.choice(("present", "absent", "absent", "on_leave", "")) for woman in women}
    fines = [
        {"woman": str(woman), "why": chance.choice(("absent", "late")), "paise": 10_00}
        for woman in chance.some(women, 2)
    ]
    saved = [
        {"woman": str(woman), "head": chance.choice(SAVING_HEADS), "paise": chance.choice((50_00, 100_00))}
        for woman in chance.some(women, 2)
    ]
    return SimpleNamespace(
        held_on=days(chance), kind=chance.choice(("regular", "extra", "missed")),
        absent=[woman for woman, how in states.items() if how == "absent"],
        on_leave=[woman for woman, how in states.items() if how == "on_leave"],
        said=chance.choice(({}, {"fines": fines, "savings": saved})),
    )  # fmt: skip


def test_what_was_missed(js: JavaScript) -> None:
    chance, cases, found = Chance(1004), [], []
    for _ in range(500):
        women = [chance.uuid() for _ in range(3)]
        held = [a_meeting_before(chance, women) for _ in range(chance.randint(0, missing.FAR_BACK))]
        rules, usual = [(days(chance), bylaws(chance)) for _ in range(chance.randint(0, 3))], bylaws(chance)
        newest = sorted(rules, key=lambda one: one[0], reverse=True)
        in_force = [next((rule for since, rule in newest if since <= one.held_on), usual) for one in held]
        hers = {woman: missing._of_her(woman, held, in_force) for woman in women}
        found.append({str(woman): plain(one) | {"whole": one.whole} for woman, one in hers.items() if one.whole})
        cases.append({
            "held": [{"on": one.held_on, "kind": one.kind, "absent": one.absent, "onLeave": one.on_leave,
                      "said": one.said} for one in held],
            "rules": [{"since": since, "bylaws": rule} for since, rule in rules], "usual": usual, "women": women,
        })  # fmt: skip
    assert js.run(MISSED, cases) == found
    assert sum(bool(one) for one in found) > 200


LOANS = """async (load, known) => {
    const work = await load("rules/expected.js");
    const map = (said) => new Map(Object.entries(said));
    const whole = { ...known, facts: { called: map(known.called) } };
    const shown = (loans) => loans.map((one) => one.loan.n);
    return [shown(work.loansOfWomen(whole)), shown(work.loansOff(whole)), shown(work.loansTaken(whole)),
        shown(work.loansTakenOff(whole)), [...known.loans, ...known.off].map(work.owedOf),
        work.firstDue(whole, known.on), [...known.loans, ...known.off].map((one) => work.nameOf(whole, one))];
}"""


def a_running_loan(chance: Chance, number: int, women: list[Any]) -> Any:
    her = chance.choice((None, *women))
    woman = SimpleNamespace(pk=her, name="by her record") if her else None
    loan = SimpleNamespace(
        pk=number, way=chance.choice(("given", "given", "taken")), woman=woman, woman_id=her, lent_on=days(chance, 5)
    )
    return SimpleNamespace(
        loan=loan, off_on=chance.choice((None, None, FIRST)), owed=chance.paise(), may_come_back=chance.paise(),
        due_now=SimpleNamespace(penalty=chance.paise()), to_pay_all=SimpleNamespace(interest=chance.paise()),
    )  # fmt: skip


def for_phone(one: Any) -> dict[str, Any]:
    name = one.loan.woman.name if one.loan.woman else None
    loan = {
        "n": one.loan.pk,
        "way": one.loan.way,
        "woman": one.loan.woman_id,
        "called": name,
        "lent_on": one.loan.lent_on,
    }
    return {
        "loan": loan, "offOn": one.off_on, "owed": one.owed, "mayComeBack": one.may_come_back,
        "dueNow": {"penalty": one.due_now.penalty}, "toPayAll": {"interest": one.to_pay_all.interest},
    }  # fmt: skip


def test_loans_are_asked_for_alike(js: JavaScript) -> None:
    chance = Chance(1005)
    for _ in range(40):
        women = [chance.uuid() for _ in range(4)]
        called = {woman: chance.choice(("Asha", "Zeba", "آسیہ", "उषा")) for woman in women[:3]}
        loans = [a_running_loan(chance, number, women) for number in range(12)]
        known: Any = SimpleNamespace(
            facts=SimpleNamespace(called=called), loans=loans[:8], off=loans[8:], rhythm=a_rhythm(chance),
            bylaws=bylaws(chance),
        )  # fmt: skip
        on, phone = days(chance), [for_phone(one) for one in loans]
        asked = {
            "called": called,
            "loans": phone[:8],
            "off": phone[8:],
            "rhythm": known.rhythm,
            "bylaws": known.bylaws,
            "on": on,
        }
        *lists, owed, first_due, names = js.run(LOANS, asked)
        ways = (expected.loans_of_women, expected.loans_off, expected.loans_taken, expected.loans_taken_off)
        assert lists == [[one.loan.pk for one in way(known)] for way in ways]
        assert owed == [plain(expected.owed_of(known, one)) for one in loans]
        assert first_due == plain(expected.first_due(known, on))
        assert names == [expected.name_of(known, one) for one in loans]


LIMITS = """async (load, cases) => {
    const { belowNothing } = await load("rules/limits.js");
    return cases.map(({ on, entries, lines, posted }) => belowNothing(on, entries, lines, { posted }));
}"""


def an_entry(chance: Chance, women: list[Any], bodies: list[Any]) -> Entry:
    head = chance.choice([one for one in CHART if one.key in WATCHED or chance.maybe(0.1)])
    return Entry(
        head.key, Paise(chance.choice((-1, 1)) * chance.choice((100, 100, 250, 1000))),
        woman=chance.choice(women) if "woman" in head.about else None,
        loan=chance.randint(1, 2) if "loan" in head.about else None,
        body=chance.choice(bodies) if "body" in head.about else None,
    )  # fmt: skip


def least(account: Account, falls: int, on: datetime.date, lines: list[tuple[datetime.date, Entry]]) -> Lowest:
    """Day by day, as the server's question says it: the first day of the least."""
    hers = sorted(((max(day, on), one) for day, one in lines if account_of(one) == account), key=lambda line: line[0])
    held, lowest = falls, None
    for day, of_day in groupby([(on, None), *hers], key=lambda line: line[0]):
        held += sum(one.amount * account.under.grows_by for _day, one in of_day if one is not None)
        if lowest is None or held < lowest.paise:
            lowest = Lowest(Paise(held), day)
    assert lowest is not None
    return lowest


def test_what_falls_below_nothing(js: JavaScript) -> None:
    chance, cases, found = Chance(1006), [], []
    for _ in range(1200):
        women, bodies = [chance.uuid() for _ in range(2)], [chance.uuid() for _ in range(2)]
        lines = [(days(chance, 12), an_entry(chance, women, bodies)) for _ in range(chance.randint(0, 25))]
        entries, on, posted = [an_entry(chance, women, bodies) for _ in range(4)], days(chance, 12), chance.maybe(0.3)
        falls = falling(entries)
        lowest = {account: least(account, 0 if posted else paise, on, lines) for account, paise in falls.items()}
        found.append(plain(list(why_below_nothing(lowest).values())))
        cases.append({
            "on": on, "entries": entries, "posted": posted, "lines": [{"on": day, **plain(one)} for day, one in lines],
        })  # fmt: skip
    assert js.run(LIMITS, cases) == found
    assert {one["text"] for reasons in found for one in reasons} >= {
        text for name, text in vars(limits).items() if name.isupper() and isinstance(text, str)
    }  # fmt: skip
