"""Several requests at once, each with a session of its own: the same command twice, a slow transaction beside a phone
that asks, a woman corrected while her meeting is closed. Run on a database of its own: what is committed stays."""

import threading
import time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from umeed.books.models import Meeting  # noqa: E402
from umeed.books.tests.conftest import Kept, keep  # noqa: E402
from umeed.books.tests.test_meetings import meeting, saved  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.field.actions import enrol_phone, give_code  # noqa: E402
from umeed.field.commands.receiving import Receiving  # noqa: E402
from umeed.field.commands.sent import read_sent  # noqa: E402
from umeed.field.cursor import Asked, read_cursor  # noqa: E402
from umeed.field.devices import scope_of_device  # noqa: E402
from umeed.field.models import Command, Device  # noqa: E402
from umeed.field.tests.making import Phone, closing, command  # noqa: E402
from umeed.institutions.actions import correct_woman  # noqa: E402
from umeed.institutions.actions.finding import woman_to_change  # noqa: E402
from umeed.institutions.tests.making import bookkeeper_of, make_group, officer_at, us  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402

ROUNDS = 6
# What other tests do may hold a transaction so long.
PATIENCE = 120


def main() -> None:
    with as_system():
        kept = keep(make_group(Valley().chinar, members=5))
        bookkeeper_of(kept.group)
        officer = officer_at(kept.group.place)
        phone = Phone(officer)
        code = give_code(by=officer, owner=phone.owner)
        device, _token = enrol_phone(code=code, public_key=phone.jwk, phone=phone.phone, label="Redmi")
    what_is_slow_is_told_later(kept)
    the_same_twice(kept, device)
    corrected_while_it_is_closed(kept, device)
    a_meeting_waits_for_no_woman(kept, device)


def what_is_slow_is_told_later(kept: Kept) -> None:
    """A transaction that began before the phone asked and ended after it: its group is told the next time."""
    begun, asked, errors = threading.Event(), threading.Event(), list[str]()

    def slow() -> None:
        with as_system():
            correct_woman(by=us(), woman=kept.women[0], address="Near the spring")
            begun.set()
            asked.wait(30)

    thread = threading.Thread(target=alone, args=(errors, slow))
    thread.start()
    assert begun.wait(30)
    with transaction.atomic():
        first = read_cursor("")
        assert first.since is None
    asked.set()
    thread.join(30)
    assert not errors, errors
    until = time.monotonic() + PATIENCE
    while (second := _told_again(kept, str(first.now))) is None:
        assert time.monotonic() < until, "and is not told for ever"
        time.sleep(0.2)
    with transaction.atomic():
        for none in ("5.1.7", f"{second.now.server}.{2**62}", "x", f"{second.now.server}.-1"):
            assert read_cursor(none).since is None, "another server, or a number that never was here"


def _told_again(kept: Kept, cursor: str) -> Asked | None:
    """What she hears the next time, if it is not told her once more after that: it is as long as anything at all goes
    on in PostgreSQL that began before, also what other tests do there."""
    with transaction.atomic():
        second = read_cursor(cursor)
        assert set(second.touched([kept.group.pk]) or ()) == {kept.group.pk}, "what ended after it had asked"
        return second if read_cursor(str(second.now)).touched([kept.group.pk]) == {} else None


def the_same_twice(kept: Kept, device: Device) -> None:
    """The same message comes by two connections at once: one meeting, one receipt."""
    for number in range(1, ROUNDS + 1):
        document = meeting(kept, number, f"2024-04-{number:02}", savings=saved(kept), counted=250_00 * number)
        said = closing(kept.group.pk, document)
        receipts, errors = list[Any](), list[str]()
        threads = [
            threading.Thread(
                target=alone, args=(errors, lambda said=said, to=receipts: to.append(receive(device, said)))
            )
            for _ in range(3)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        assert not errors, errors
        assert len({one["receipt"] for one in receipts}) == 1, receipts
        assert sorted(one["state"] for one in receipts) == ["accepted", "known", "known"], receipts
    with as_system():
        assert Meeting.objects.count() == Command.objects.count() == ROUNDS


def corrected_while_it_is_closed(kept: Kept, device: Device) -> None:
    """Both touch the group: neither waits for the other's mark, nothing is left unanswered."""
    errors, told = list[str](), list[Any]()
    closed = [
        closing(kept.group.pk, meeting(kept, ROUNDS + at, f"2024-05-{at:02}", counted=250_00 * ROUNDS))
        for at in range(1, 9)
    ]  # fmt: skip
    corrected = [
        command("correct_woman", kept.group.pk, {
            "woman": str(kept.women[at % 5].pk), "revision": 1, "changes": {"address": f"No {at}"},
        })
        for at in range(8)
    ]  # fmt: skip
    threads = [
        threading.Thread(
            target=alone, args=(errors, lambda many=many: told.extend(receive(device, one) for one in many))
        )
        for many in (closed, corrected)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not errors, errors
    states = sorted({one["state"] for one in told})
    assert len(told) == 16 and set(states) <= {"accepted", "conflict"}, told


def a_meeting_waits_for_no_woman(kept: Kept, device: Device) -> None:
    """An office has a woman in hand while her meeting is closed: one with the end of the audit chain and the other with
    the woman would wait for each other."""
    held, closed, errors, told = threading.Event(), threading.Event(), list[str](), list[Any]()

    def office() -> None:
        with as_system(), transaction.atomic():
            found = woman_to_change(us(), kept.women[0])
            held.set()
            assert closed.wait(30), "the meeting waits for the woman"
            correct_woman(by=us(), woman=found.pk, address="Beyond the bridge")

    def phone() -> None:
        assert held.wait(30)
        document = meeting(kept, ROUNDS + 9, "2024-06-01", savings=saved(kept), counted=250_00 * (ROUNDS + 1))
        told.append(receive(device, closing(kept.group.pk, document)))
        closed.set()

    threads = [threading.Thread(target=alone, args=(errors, work)) for work in (office, phone)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not errors, errors
    assert [one["state"] for one in told] == ["accepted"], told


def receive(device: Device, said: dict[str, Any]) -> dict[str, Any]:
    sent = read_sent(said)
    receiving = Receiving(scope_of_device(device), device).look([sent])
    receiving.receive(sent)
    return receiving.answers([sent.uid])[0]


def alone(errors: list[str], work: Any) -> None:
    try:
        work()
    except Exception as fault:
        errors.append(repr(fault))
    finally:
        connection.close()


if __name__ == "__main__":
    main()
