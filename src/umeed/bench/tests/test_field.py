"""The phone's part on a small mission: the week that is sent is one that the server takes, sheet by sheet, once."""

import datetime
import re
from pathlib import Path

import pytest

from umeed.bench.field import carrier
from umeed.bench.field.filling import fill, kept, letters
from umeed.bench.field.phones import Phone, enrolled, first_message, week_of
from umeed.bench.field.sending import ONCE, SHEET_MS, kept_by, one_by_one
from umeed.bench.measuring import ask
from umeed.bench.parts import FIELD, bring_in
from umeed.bench.promises import BOOK
from umeed.books.models import Meeting
from umeed.core import doors
from umeed.core.viewer import as_system
from umeed.field import sync
from umeed.field.devices import device_of


@pytest.fixture
def phones(small_mission, by):
    fill(by, lambda words: None, groups=20)
    with as_system():
        return enrolled(by, letters(1_000))


def test_the_bar_is_five_times_the_pace_of_the_ut():
    assert round(1000 / SHEET_MS) == 132


def test_a_year_is_there_and_the_last_week_waits(phones, by):
    documents = [one for phone in phones for one in phone.documents]
    assert len(documents) == kept() >= 20
    assert len({one.institution for one in documents}) == len(documents)
    monday = by.today - datetime.timedelta(days=by.today.weekday() + 7)
    assert all(
        monday <= datetime.date.fromisoformat(one.said["on"]) < monday + datetime.timedelta(7) for one in documents
    )
    with as_system():
        assert not Meeting.objects.filter(held_on__gte=monday).exists()
        assert Meeting.objects.count() > 20 * len(documents)


def test_the_server_takes_the_week_and_has_each_sheet_once(phones):
    accepted, refused = [], []
    for phone in phones:
        _groups, first = _told(phone, first_message(phone))
        have, cursor = kept_by(first)
        assert set(have) >= {str(one.institution) for one in phone.documents}
        for again in range(2):
            answers, _answer = _told(phone, week_of(phone, have, cursor, wants_parts=True))
            assert {one["state"] for one in answers} <= {"known" if again else "accepted", "refused"}
        accepted += [one["id"] for one in answers if one["state"] == "known"]
        refused += [one for one in answers if one["state"] == "refused"]
    assert len(accepted) > 20 and len(refused) <= len(accepted) // 20
    with as_system():
        assert ask(ONCE, [accepted])[0][0] == 0


def test_no_phone_speaks_before_it_was_answered():
    phones = [Phone(token, list(documents)) for token, documents in (("a", "123"), ("b", "4"), ("c", "56"))]
    letters = [(one.token, *one.documents) for one in one_by_one(phones)]
    assert letters == [("a", "1"), ("b", "4"), ("c", "5"), ("a", "2"), ("c", "6"), ("a", "3")]


def test_a_phone_says_what_it_has_only_where_it_asks_what_it_lacks():
    have = {"group": {"sheets": 1, "since": "2025-01-01", "parts": {}}}
    assert week_of(Phone("a", []), have, "c", wants_parts=False)["have"] == {}
    assert week_of(Phone("a", []), have, "c", wants_parts=True)["have"] == have


def _told(phone, message):
    with as_system():
        device = device_of(phone.token)
    answer = sync.answer(
        by=doors.scope_of_viewer(str(device.owner_id)), device=device, asked=sync.read_asked(message)
    )  # fmt: skip
    return answer["answers"], answer


def test_who_sends_knows_nothing_of_umeed():
    text = Path(carrier.__file__).read_text()
    assert not re.findall(r"^(?:import|from) (?:umeed|django)", text, re.MULTILINE)


def test_every_promise_of_the_phone_is_declared():
    bring_in(FIELD)
    assert len(BOOK.of(FIELD)) == 8
