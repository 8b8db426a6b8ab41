"""Values at rest come back as they were, and covered ones are never readable."""

import datetime
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from umeed.core.loads import rows
from umeed.core.loads.layouts import REFUSE, Verdict
from umeed.core.loads.rows import packed, unpacked
from umeed.kernel.refusals import Refusal

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False),
    st.dates(), st.decimals(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40),
)  # fmt: skip
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
KEYS = st.sampled_from(["name", "phone", "since", "members"])


@given(st.dictionaries(KEYS, VALUES))
def test_what_is_packed_comes_back(values):
    stored = json.loads(packed(values, frozenset({"phone"})))
    assert unpacked(stored) == values


@given(st.from_regex(r"[6-9]\d{9}", fullmatch=True))
def test_covered_values_are_sealed_at_any_depth(number):
    text = packed({"phone": number, "members": [{"phone": number, "name": "Zoona"}]}, frozenset({"phone"}))
    assert number not in text
    assert unpacked(json.loads(text), show=False)["members"][0]["phone"] == f"••••••{number[-4:]}"
    assert unpacked(json.loads(text))["members"][0]["phone"] == number


def test_what_postgresql_cannot_keep_is_left_out_or_told_as_text():
    stored = unpacked(json.loads(packed({"a": "x\x00y", "b": float("nan"), "c": "\ud800"}, frozenset())))
    assert stored == {"a": "xy", "b": "nan", "c": "?"}


def test_days_and_exact_numbers_keep_their_kind():
    stored = json.loads(packed({"on": datetime.date(2016, 1, 25), "rate": Decimal("12.50")}, frozenset()))
    assert unpacked(stored) == {"on": datetime.date(2016, 1, 25), "rate": Decimal("12.50")}


def test_what_two_rules_find_is_said_once() -> None:
    age = "Give the date of birth, or the year of birth."
    found = [Refusal("born_on", "age_missing", age), Refusal("name", "missing", "Give a name.")]
    found.append(found[0].on("joined_on"))
    line = rows._line(Verdict("S", 1, REFUSE, "row 1", reasons=found), frozenset())
    assert [reason["text"] for reason in line["reasons"]] == [age, "Give a name."]
