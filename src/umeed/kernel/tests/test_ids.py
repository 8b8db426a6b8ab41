"""Ids are UUIDv7: right shape, in order, never twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest

from umeed.kernel import ids
from umeed.kernel.ids import is_uuid7, made_at_ms, new_id


def test_shape_and_time():
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert made.version == 7
    assert made.variant == RFC_4122
    assert before <= made_at_ms(made) <= before + 60_000


def test_in_order_within_a_process():
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_in_order_when_the_clock_steps_back(monkeypatch):
    now = 1_700_000_000_000_000_000
    monkeypatch.setattr(ids, "_last_ms", -1)
    monkeypatch.setattr(ids.time, "time_ns", lambda: now)
    first = new_id()
    now -= 5_000_000_000
    assert [first, *(after := [new_id() for _ in range(10_000)])] == sorted([first, *after])


def test_never_twice_between_threads():
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(2_000)], range(8)))
    assert len({i for batch in batches for i in batch}) == 16_000
    assert all(batch == sorted(batch) for batch in batches)


# A UUIDv4, always the same one: workers that share the tests must collect them alike.
OF_CHANCE = UUID("c3542500-c328-463d-a0dd-dc9da5b6a628")


@pytest.mark.parametrize("value", [None, "", "hello", OF_CHANCE, str(OF_CHANCE), 7, UUID(int=0)])
def test_what_is_not_a_uuid7(value):
    assert not is_uuid7(value)


def test_what_is():
    assert is_uuid7(new_id())
    assert is_uuid7(str(new_id()).upper())
    assert is_uuid7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")  # RFC 9562, appendix A.6
    assert made_at_ms(UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")) == 0x017F22E279B0
    with pytest.raises(ValueError, match="not a UUIDv7"):
        made_at_ms(OF_CHANCE)
