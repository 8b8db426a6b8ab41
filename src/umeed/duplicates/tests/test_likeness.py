"""The declared model: what it finds among three hundred invented women, and that its figures are sound."""

import datetime
from typing import Any

import pyarrow as pa
import pytest

from umeed.duplicates.finding import likeness
from umeed.duplicates.finding.likeness import COMPARISONS, SCHEMA, alike
from umeed.kernel.names import fold, spelling_key
from umeed.simulator.chance import Chance
from umeed.simulator.people import Ground, man_of, other_spelling, woman
from umeed.simulator.words import KASHMIR

TODAY = datetime.date(2026, 1, 1)
_PARTS = {"name": 3, "belonging": 4, "born_year": 7, "phone": 15, "account": 18}


def record(name: str, belonging: str = "", **said: Any) -> dict[str, Any]:
    key, relative = spelling_key(name), spelling_key(belonging)
    return {
        "name_key": key, "name_first": key.split(" ")[0], "name_plain": fold(name),
        "belonging_key": relative or None, "belonging_first": relative.split(" ")[0] or None,
        "belonging_plain": fold(belonging) or None, "village": 1, "panchayat": 10, "block": 100, **said,
    }  # fmt: skip


def table(records: list[dict[str, Any]]) -> pa.Table:
    rows = [{"unique_id": number, **one} for number, one in enumerate(records)]
    columns = {name: [row.get(name) for row in rows] for name in SCHEMA.names}
    return pa.Table.from_pydict(columns, schema=SCHEMA)


@pytest.fixture(scope="module")
def crowd() -> list[dict[str, Any]]:
    """Three hundred invented women of one block, without planted errors."""
    chance, ground, made = Chance(7, "crowd"), Ground(KASHMIR, 0.85), []
    for number in range(300):
        village = number % 6
        row = woman(chance, ground, village, chance.id(), man_of(chance, KASHMIR), TODAY)
        given = {key: row[at] or None for key, at in _PARTS.items() if key not in ("name", "belonging")}
        made.append(record(str(row[3]), str(row[4]), village=village, panchayat=village // 2, block=1, **given))
    return made


def twin(name: str, belonging: str, **said: Any) -> list[dict[str, Any]]:
    """A woman and her second record in another spelling, in a group of another village."""
    one = record(name, belonging, village=0, panchayat=0, block=1, **said)
    said.pop("phone", None)
    return [one, record(other_spelling(name), other_spelling(belonging), village=1, panchayat=0, block=1, **said)]


def test_twins_are_found_and_others_are_left_alone(crowd) -> None:
    twins = [
        *twin("Haleema Begum", "Ghulam Mohammad Bhat", born_year=1984, phone="a" * 24),
        *twin("Tasleema Akhter", "Mohammad Sheikh", born_year=1990),
        *twin("Shaheena Jan", "Ghulam Ganie", born_year=1979, account="b" * 24),
    ]
    found = {(pair.low, pair.high): pair for pair in alike(table([*crowd, *twins])) if pair.bits >= 0}
    first = len(crowd)
    for low in (first, first + 2, first + 4):
        assert found.pop((low, low + 1)).signs["name"] == "same"
    assert len(found) <= 2


def test_the_signs_say_what_agrees() -> None:
    one = record("Zoona Begum", "Ali Dar", born_year=1980, born_on=4000, phone="p" * 24)
    two = record("Zuna Begam", "Ali Dar", born_year=1982, phone="p" * 24, village=2)
    (pair,) = alike(table([one, two, record("Raja", "Wali Mir", born_year=1970, phone="q" * 24)]))
    assert pair.signs == {
        "name": "same", "belonging": "same", "born": "near_year", "phone": "same", "account": "unknown",
        "identity": "unknown", "place": "same_panchayat",
    }  # fmt: skip


def test_a_common_name_proves_less_than_a_rare_one(crowd) -> None:
    def bits(name: str) -> float:
        pair = [record(name, "Rashid Wani"), record(name, "Rashid Wani")]
        found = alike(table([*crowd, *common, *pair]), least=-60)
        return next(one.bits for one in found if one.low == len(crowd) + len(common))

    common = [record("Zoona Begum", village=9, panchayat=9, block=9, born_year=1950 + n) for n in range(20)]
    assert bits("Zoona Begum") + 2 < bits("Yambarzal Khoja")


def test_another_identity_number_outweighs_the_same_name_and_phone() -> None:
    same = {"born_year": 1980, "phone": "p" * 24}
    apart = [
        record("Zoona Begum", "Ali Dar", identity="a", **same),
        record("Zoona Begum", "Ali Dar", identity="b", **same),
    ]
    together = [dict(one, identity="a") for one in apart]
    (weak,), (strong,) = alike(table(apart), least=-60), alike(table(together), least=-60)
    assert strong.bits - weak.bits > 20


def test_frequencies_among_few_women_are_drawn_to_the_declared_share() -> None:
    assert likeness.frequency(2, 12, 0.002) == pytest.approx(0.002, rel=0.01)
    assert likeness.frequency(382, 38_000, 0.002) == pytest.approx(384 / 40_000)


def test_few_or_no_records() -> None:
    assert alike(table([])) == alike(table([record("Zoona")])) == []


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.key)
def test_the_declared_shares_are_shares(one) -> None:
    assert sum(level.m for level in one.levels) == pytest.approx(1)
    assert sum(level.u for level in one.levels) == pytest.approx(1, abs=0.02)
    assert all(0 < level.m < 1 and 0 < level.u < 1 for level in one.levels)
    weights = [level.m / level.u for level in one.levels]
    assert weights[0] > 1 > weights[-1]


def test_the_prior_follows_the_size() -> None:
    assert likeness.prior(38_000) == pytest.approx(0.008 / 37_999)
    assert likeness.prior(0) == likeness.prior(2_000) == pytest.approx(0.008 / 1_999)
