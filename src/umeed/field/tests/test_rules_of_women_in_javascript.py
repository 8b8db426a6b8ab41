"""What cannot be so of a woman is refused on the phone as by the forms of the office, word by word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from umeed.field.tests.javascript import JavaScript, plain
from umeed.institutions import rules
from umeed.institutions.actions.women import tidy
from umeed.institutions.norms import norm
from umeed.kernel.refusals import Refusal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
TABLE = json.loads((Path(__file__).parent / "examples" / "women.json").read_text("utf-8"))
TODAY, FORMED = (date.fromisoformat(TABLE[name]) for name in ("today", "formed_on"))
CASES = [({**TABLE["usual"], **said}, codes) for said, codes in TABLE["cases"]]


def _in_python(said: dict[str, Any]) -> list[Refusal]:
    """As an action judges what a form, or a phone, says: tidied first."""
    joined = date.fromisoformat(said["joined_on"])
    born_on = date.fromisoformat(said["born_on"]) if said.get("born_on") else None
    clean = tidy({name: one for name, one in said.items() if name not in ("joined_on", "born_on")})
    year = clean.get("born_year") or (born_on.year if born_on else None)
    reasons = rules.why_not_woman(
        today=TODAY, name=clean["name"], belonging_name=clean.get("belonging_name", ""), born_on=born_on,
        born_year=year, phone=clean.get("phone", ""), pin=clean.get("pin_code", ""),
        nominee_name=clean.get("nominee_name", ""), nominee_relation=clean.get("nominee_relation", ""),
        livelihoods=clean.get("livelihoods"),
    )  # fmt: skip
    reasons += rules.her_account(clean.get("account_number", ""), clean.get("ifsc", ""))
    return reasons + rules.why_not_join(
        today=TODAY, joined_on=joined, formed_on=FORMED, group_kind="shg", group_status="active",
        group_status_name="Active", group_special="", members_after=12, gender="female", born_on=born_on,
        born_year=year,
    )  # fmt: skip


def _codes(reasons: list[dict[str, Any]]) -> list[str]:
    return [f"{one['field']}:{one['code']}{'?' if one['severity'] == 'warn' else ''}" for one in reasons]


def test_the_same_is_refused_in_both(js: JavaScript) -> None:
    theirs = js.run("""async (load, cases, today, formedOn) => {
        const { whyNotJoin, whyNotWoman } = await load("rules/women.js");
        return cases.map((said) => [...whyNotWoman(said, today), ...whyNotJoin(said, { today, formedOn })]);
    }""", [said for said, _codes_of in CASES], TODAY.isoformat(), FORMED.isoformat())  # fmt: skip
    ours = [plain(_in_python(said)) for said, _codes_of in CASES]
    assert [_codes(one) for one in theirs] == [codes for _said, codes in CASES]
    assert theirs == ours


def test_the_norms_are_the_missions(js: JavaScript) -> None:
    keys = {"letters": "name.letters.min", "youngest": "woman.age.min", "usual": "woman.age.usual_max",
            "oldest": "woman.age.max", "livelihoods": "woman.livelihoods.max"}  # fmt: skip
    theirs = js.run("async (load) => (await load('rules/women.js')).NORMS")
    assert theirs == {name: norm(key, on=date.today()) for name, key in keys.items()}
