"""Phones that send while the web server, its workers and PostgreSQL itself are killed: what they were told is kept, is
there, once. Run in a process of its own, on a PostgreSQL of its own: `python -m … FOLDER` makes it there."""

import json
import os
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from umeed.bench.field.kills import Letter, Target, Told, under_kills  # noqa: E402
from umeed.bench.field.sending import ONCE  # noqa: E402
from umeed.books.models import Meeting, Sheet  # noqa: E402
from umeed.books.tests.conftest import Kept, keep  # noqa: E402
from umeed.books.tests.test_meetings import meeting, saved  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.field.actions import enrol_phone, give_code  # noqa: E402
from umeed.field.models import Command  # noqa: E402
from umeed.field.tests.making import Phone, closing, plain  # noqa: E402
from umeed.institutions.tests.making import bookkeeper_of, make_group, officer_at  # noqa: E402
from umeed.launcher.leftovers import server_of  # noqa: E402
from umeed.launcher.postgres import Cluster  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402

PHONES, MEETINGS, AT_ONCE = 4, 60, 2
KILLS = 8
FIRST = date(2024, 4, 8)


def main(folder: Path) -> None:
    cluster = Cluster(folder)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with as_system():
        phones = list(_phones())
    connection.close()
    target, chance = Target(os.environ), random.Random(7)

    def kill_worker() -> None:
        target.kill_worker(chance)

    def kill_postgres() -> None:
        _kill_postgres(cluster)

    kills = [chance.choice((kill_worker, target.kill)) for _ in range(KILLS)]
    kills[KILLS // 2] = kill_postgres
    try:
        told = under_kills(target, phones, kills, each=(5, 25))
    finally:
        target.stop()
    _look(told)
    print(json.dumps({"sheets": len(told.receipts), "tries": told.tries, "unanswered": told.unanswered}))


def _phones() -> Iterator[Sequence[Letter]]:
    """What each sends: a group with its bookkeeper and a year of meetings."""
    valley = Valley()
    for at in range(PHONES):
        kept = keep(make_group(valley.chinar, f"Roshni {at}", members=5))
        bookkeeper_of(kept.group, username=f"keeper{at}")
        officer = officer_at(kept.group.place, username=f"officer{at}")
        phone = Phone(officer, f"keeper{at}")
        code = give_code(by=officer, owner=phone.owner)
        _device, token = enrol_phone(code=code, public_key=phone.jwk, phone=phone.phone, label="Redmi")
        yield [(token, _message(some)) for some in _in_turn(kept)]


def _in_turn(kept: Kept) -> Iterator[list[dict[str, Any]]]:
    every = [_closing(kept, number) for number in range(1, MEETINGS + 1)]
    return (every[at : at + AT_ONCE] for at in range(0, MEETINGS, AT_ONCE))


def _closing(kept: Kept, number: int) -> dict[str, Any]:
    on = (FIRST + timedelta(weeks=number - 1)).isoformat()
    return closing(kept.group.pk, plain(meeting(kept, number, on, savings=saved(kept), counted=250_00 * number)))


def _message(commands: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "protocol": 1, "app": "test", "clock": "", "cursor": "", "have": {}, "commands": commands, "open": [],
        "counts": {"waiting": len(commands), "refused": 0}, "parts": False,
    }  # fmt: skip


def _kill_postgres(cluster: Cluster) -> None:
    """As when the machine loses its power, as far as PostgreSQL is concerned; it comes back by its log."""
    first = server_of(cluster.folder)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    cluster.ensure_running()


def _look(told: Told) -> None:
    """Every command that was told to be kept is there once, with its receipt; nothing else is."""
    assert not told.others, told.others
    assert len(told.receipts) == PHONES * MEETINGS, len(told.receipts)
    assert all(len(receipts) == 1 for receipts in told.receipts.values()), "one command, one receipt"
    with as_system():
        with connection.cursor() as cursor:
            cursor.execute(ONCE, [list(told.receipts)])
            assert cursor.fetchone()[0] == 0, "acknowledged, and not there once"
        rows = Command.objects.filter(state="accepted").values_list("uid", "pk")
        assert {str(uid): {receipt} for uid, receipt in rows} == told.receipts
        assert Meeting.objects.count() == len(told.receipts) == Sheet.objects.filter(kind=Sheet.Kind.MEETING).count()
    call_command("verify_books")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
