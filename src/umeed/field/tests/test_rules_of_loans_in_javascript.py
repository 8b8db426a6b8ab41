"""Rules of loans in JavaScript answer as those in Python: worked examples in both, and thousands of cases by chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.loans import RULES, answers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXAMPLES = json.loads((Path(__file__).parent / "examples" / "loans.json").read_text(encoding="utf-8"))["examples"]


def holds(expected: Any, found: Any) -> bool:
    """Whether all that is expected is there."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(one, found.get(key)) for key, one in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(holds, expected, found))
    return expected == found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one['rule']}: {one['of']}"[:90])
def test_a_worked_example_comes_out_in_both(js: JavaScript, example: dict[str, Any]) -> None:
    by_python = RULES[example["rule"]].by_python(example["given"])
    assert holds(example["gives"], by_python), by_python
    (by_javascript,) = answers(js, example["rule"], [example["given"]])
    assert holds(example["gives"], by_javascript), by_javascript
    assert by_javascript == by_python
