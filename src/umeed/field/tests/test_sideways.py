"""Whatever is turned on its side is turned back by the phone as it was, and stands close when it is packed."""

from __future__ import annotations

import json
import random
from uuid import UUID

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umeed.field.sideways import sideways
from umeed.field.tests.javascript import JavaScript

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
_IDS = st.uuids().map(str)
_PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6) | _IDS
_KEYS = st.sampled_from("abcd") | _IDS
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=30
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_VALUES, max_size=5), min_size=20, max_size=20))
def test_it_comes_back_as_it_was(js: JavaScript, cases: list[list[object]]) -> None:
    assert js.calls("store/sideways.js", "upright", [[sideways(case)] for case in cases]) == cases


def test_what_is_like_each_other_stands_together() -> None:
    chance = random.Random(7)
    ids = [str(UUID(int=chance.getrandbits(128))) for _ in range(40)]
    rows = [{"id": id, "paise": 100 + at % 3, "women": {id: "present", ids[0]: "late"}} for at, id in enumerate(ids)]
    packed = [len(brotli.compress(json.dumps(said).encode())) for said in (rows, sideways(rows))]
    assert packed[1] < packed[0]
    assert sideways(rows)["column"][2][1] == ["paise", ["value", [row["paise"] for row in rows]], 0]
