"""A week of meetings, each of them a whole `close_meeting` in its own durable transaction, sent by bookkeepers' phones.

A third of the phones bring their week in one message, a third ask in it what they lack too, as a phone does that was
away, and a third send each meeting by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from umeed.bench.bench import Bench
from umeed.bench.books.keeper import not_durable
from umeed.bench.field.carrying import Carried, Letter, carry
from umeed.bench.field.filling import letters
from umeed.bench.field.phones import Phone, enrolled, first_message, week_of
from umeed.bench.field.serving import Server, serving
from umeed.bench.field.year import AT_ONCE, a_year
from umeed.bench.measuring import ask
from umeed.bench.parts import FIELD
from umeed.bench.promises import MOST, P95, Figure, promise
from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.field.bundles.digests import digest_of

WEEK = 94_962
TIMES, A_SECOND = 5, 26.4
"""The whole UT's week within an hour is 26.4 a second; five times that."""
SHEET_MS = 1000 / (TIMES * A_SECOND)
ONE_MS, MESSAGE_MS, FIRST_MS = 200, 1_000, 2_000
"""Our own bars, for when the server does nothing but this, with as many at once as it can answer."""
_Had = dict[str, tuple[dict[str, Any], str]]
ONCE = """
SELECT count(*) FROM unnest(%s::uuid[]) AS told (id)
WHERE (SELECT count(*) FROM books_meeting m WHERE m.id = told.id) <> 1
    OR (SELECT count(*) FROM books_sheet s WHERE s.uid = told.id) <> 1
    OR (SELECT count(*) FROM field_command c WHERE c.uid = told.id AND c.state = 'accepted') <> 1
"""


@dataclass(frozen=True)
class Run:
    """First contacts; a week that is brought, one with all that is lacking told, one meeting by meeting; how many of
    what was acknowledged are not there once."""

    first: Carried
    brought: Carried
    told: Carried
    singly: Carried
    missing: int
    wrong: str = ""


@promise(FIELD, "A sheet of the week through the sync endpoint, at five times the UT's pace", most=SHEET_MS, by=MOST)
def brought(bench: Bench) -> Figure | str:
    return _sustained(bench, lambda run: run.brought)


@promise(FIELD, "The same, each meeting in a message of its own", most=SHEET_MS, by=MOST)
def singly(bench: Bench) -> Figure | str:
    return _sustained(bench, lambda run: run.singly)


@promise(FIELD, "The same, with all that the phone lacks told in the answer", most=SHEET_MS, by=MOST)
def told(bench: Bench) -> Figure | str:
    return _sustained(bench, lambda run: run.told)


@promise(FIELD, "A message with one meeting, the server full", most=ONE_MS, by=P95)
def one_meeting(bench: Bench) -> Figure | str:
    return _each(bench, lambda run: run.singly)


@promise(FIELD, "A message with the week of a bookkeeper's groups, the server full", most=MESSAGE_MS, by=P95)
def a_week(bench: Bench) -> Figure | str:
    return _each(bench, lambda run: run.brought)


@promise(FIELD, "The first contact of a phone with all of its groups, the server full", most=FIRST_MS, by=P95)
def first(bench: Bench) -> Figure | str:
    return _each(bench, lambda run: run.first)


@promise(FIELD, "Sheets that were acknowledged and are not there once", most=0, unit="sheets", by=MOST)
def there(bench: Bench) -> Figure | str:
    run = _run(bench)
    count = sum(one.sheets for one in (run.brought, run.told, run.singly))
    return Figure([float(run.missing)], note=f"of {count:,}", wrong=run.wrong)


def _sustained(bench: Bench, of: Callable[[Run], Carried]) -> Figure:
    """Milliseconds a sheet."""
    run = _run(bench)
    done = of(run)
    return Figure([done.a_sheet], note=done.note, wrong=done.wrong or run.wrong)


def _each(bench: Bench, of: Callable[[Run], Carried]) -> Figure:
    """Milliseconds a message."""
    run = _run(bench)
    done = of(run)
    many = len(done.each)
    note = f"{done.sheets / many:.1f} sheets and {done.bytes / many / 1000:.1f} KB of answer each"
    return Figure(done.each, note=note, wrong=done.wrong or run.wrong)


def _run(bench: Bench) -> Run:
    """All promises are measured in one run."""
    if bench.field_run is None:
        bench.field_run = _measured(bench)
    run: Run = bench.field_run
    return run


def _measured(bench: Bench) -> Run:
    with a_year(bench) as database:
        with as_system():
            phones = enrolled(system(bench.today, name="Bench", origin="bench"), letters(bench.sheets or AT_ONCE))
        durable = not_durable()
        with serving(database) as server:
            # Whom a third gets has nothing to do with where she is. Who asks for nothing says nothing of what she has.
            had, first = _first(server, phones[1::3])
            _warm(server, phones)
            brought = carry(server, [_week(phone, had) for phone in phones[0::3]])[1]
            told = carry(server, [_week(phone, had, wants_parts=True) for phone in phones[1::3]])[1]
            singly = carry(server, [_week(one, had) for one in one_by_one(phones[2::3])])[1]
        with as_system():
            missing = ask(ONCE, [[*brought.accepted, *told.accepted, *singly.accepted]])[0][0]
    return Run(first, brought, told, singly, missing, durable)


def _first(server: Server, phones: Sequence[Phone]) -> tuple[_Had, Carried]:
    """What each phone has after its first contact, by its token."""
    answers, done = carry(server, [(phone.token, first_message(phone)) for phone in phones])
    return {phone.token: kept_by(answer) for phone, answer in zip(phones, answers, strict=True)}, done


def kept_by(answer: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What a phone that knew nothing has of each group after an answer, and its cursor."""
    groups = {
        one["id"]: {
            "sheets": one["has"]["last"], "since": one["sheets"]["since"],
            "parts": {name: digest_of(part) for name, part in one["parts"].items()},
        }
        for one in answer.get("groups", ())
    }  # fmt: skip
    return groups, answer.get("cursor", "")


def _warm(server: Server, phones: Sequence[Phone]) -> None:
    """Every process has answered before it counts."""
    carry(server, [_week(replace(phone, documents=()), {}) for phone in phones[:16]])


def _week(phone: Phone, had: _Had, *, wants_parts: bool = False) -> Letter:
    return phone.token, week_of(phone, *had.get(phone.token, ({}, "")), wants_parts=wants_parts)


def one_by_one(phones: Sequence[Phone]) -> list[Phone]:
    """Each phone with one meeting at a time: the first of all of them, then the second. None says the next thing before
    it has the answer to the last."""
    times = max((len(phone.documents) for phone in phones), default=0)
    return [
        replace(phone, documents=(phone.documents[at],)) for at in range(times) for phone in phones
        if at < len(phone.documents)
    ]  # fmt: skip
