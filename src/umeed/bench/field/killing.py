"""A week of meetings while the web server is killed again and again: `./umeed bench field --kills 40`."""

import random

from umeed.bench.bench import Bench
from umeed.bench.field.carrying import Letter
from umeed.bench.field.filling import letters
from umeed.bench.field.kills import Target, under_kills
from umeed.bench.field.phones import Phone, enrolled, week_of
from umeed.bench.field.sending import ONCE
from umeed.bench.field.serving import environment
from umeed.bench.field.year import a_year
from umeed.bench.measuring import ask
from umeed.bench.parts import FIELD
from umeed.bench.promises import MOST, Figure, promise
from umeed.core.scope import system
from umeed.core.viewer import as_system

SHEETS, LANES = 5_000, 8
PATIENCE = 3_600.0


@promise(FIELD, "Sheets that were acknowledged while the server was killed, and are not there once", most=0,
         unit="sheets", by=MOST)  # fmt: skip
def killed(bench: Bench) -> Figure | str:
    """By turns one of its processes and all of it, at any moment; each message is sent until it is answered."""
    if not bench.kills:
        return "with --kills N"
    with a_year(bench) as database:
        with as_system():
            phones = enrolled(system(bench.today, name="Bench", origin="bench"), letters(bench.sheets or SHEETS))
        chance = random.Random(bench.kills)  # noqa: S311 - nobody guesses it
        target = Target(environment(database))
        kills = [target.kill if at % 2 else lambda: target.kill_worker(chance) for at in range(bench.kills)]
        try:
            most = max(2, 2 * sum(len(one.documents) for one in phones) // (bench.kills + 1))
            told = under_kills(target, _lanes(phones), kills, each=(1, most), patience=PATIENCE)
        finally:
            target.stop()
        with as_system():
            missing = ask(ONCE, [list(told.receipts)])[0][0]
    twice = sum(len(receipts) > 1 for receipts in told.receipts.values())
    note = (
        f"of {len(told.receipts):,}, {len(told.others):,} refused; {len(told.killed):,} kills, "
        f"{told.unanswered:,} of {told.tries:,} messages without an answer"
    )
    wrong = f"{twice} with two receipts" if twice else "nothing was sent" if not told.receipts else ""
    return Figure([float(missing)], note=note, wrong=wrong)


def _lanes(phones: list[Phone]) -> list[list[Letter]]:
    """What each of a few senders brings, phone after phone."""
    return [[(one.token, week_of(one, {}, "", wants_parts=False)) for one in phones[at::LANES]] for at in range(LANES)]
