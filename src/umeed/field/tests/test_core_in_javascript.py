"""Amounts, digits, days and refusals say the same in JavaScript as in Python."""

from __future__ import annotations

import datetime
import random
import re

import pytest

from umeed.field.tests.javascript import STATIC, JavaScript, JavaScriptError, plain
from umeed.kernel.digits import plain_number, plain_text
from umeed.kernel.money import grouped, paise_from_rupees, rupees
from umeed.kernel.refusals import Refusal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

WRITTEN = (
    "", " ", "0", "-0", "5", "5.", ".5", ".", "-5.25", "(1,200)", "(1,200", "1,200)", "-(5)", "(-5)", "--5", "5\n",
    "12,34,567.50", "1,234,567", "12,345,67", "1,2", "₹ 500/-", "Rs. 500", "rs500", "RS 5 /=", "INR 1,00,000", "re. 1",
    "5 rs.", "5₹", "₹-5", "- ₹5", "Rs.-5", "1.005", "1.500", "1.0050", "0.1", "١٢٣", "۱۲۳٫۵۰", "१२,३४,५६७", "۵۰۰۔۲۵",
    "1\u066c200", "1\u060c200", "\u200f500\u200e", "5\u00a0000", "1 200", "abc", "5x", "1e3", "٣.٥.٥", "Rs", "₹",
    "1" * 13, "9" * 101, "“5”", "\t5", "5\u2009", "５００", "1,00,00,000", "00,100", "(₹5)", "₹(5)", "5/-/-",
    "nothing " * 12,
)  # fmt: skip
# No book holds them, no whole number of JavaScript either: read all the same, and rules say that they are too large.
LARGE = ("1" * 20 + ".25", "-" + "9" * 99)


def test_amounts_are_read_alike(js: JavaScript) -> None:
    read = js.calls("core/money.js", "paiseFromRupees", [[one, {"field": "amount"}] for one in WRITTEN])
    assert dict(zip(WRITTEN, read, strict=True)) == {
        one: plain(paise_from_rupees(one, field="amount")) for one in WRITTEN
    }
    large = js.calls("core/money.js", "paiseFromRupees", [[one] for one in LARGE])
    assert large == [pytest.approx(paise_from_rupees(one)) for one in LARGE]
    numbers = [0, 5, -5, 12.5, -0.25, 1.005, 0.1 + 0.2, 1e15, 123456789012, 2.5e-7, None, True]
    assert [one if isinstance(one, int) else one["code"] for one in js.calls(
        "core/money.js", "paiseFromRupees", [[one] for one in numbers]
    )] == [one if isinstance(one, int) else one.code for one in map(paise_from_rupees, numbers)]  # fmt: skip


def test_what_anybody_types_is_read_alike(js: JavaScript) -> None:
    chance = random.Random(4)
    signs = "0123456789" * 2 + ",,,..-()₹ /=RrsSiInNeE٠٥۴५٬٫،۔\u200f\u00a0\u2028xق"
    typed = ["".join(chance.choices(signs, k=chance.randint(1, 9))) for _ in range(6000)]
    assert js.calls("core/money.js", "paiseFromRupees", [[one] for one in typed]) == [
        plain(paise_from_rupees(one)) for one in typed
    ]
    assert js.calls("core/digits.js", "plainNumber", [[one] for one in typed]) == [plain_number(one) for one in typed]


def test_digits_of_every_script_and_every_blank(js: JavaScript) -> None:
    # Scripts that are younger than the browser's Unicode, or Python's, lie beyond these.
    signs = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert js.calls("core/digits.js", "plainText", [[f"a{one}b"] for one in signs]) == [
        plain_text(f"a{one}b") for one in signs
    ]
    assert js.call("core/digits.js", "plainText", "𝟓𝟔𝟿") == plain_text("𝟓𝟔𝟿") == "569"


def test_amounts_are_said_alike(js: JavaScript) -> None:
    numbers = [
        sign * size for size in (0, 1, 99, 100, 999, 1000, 99999, 123456750, 10**15, 9 * 10**15) for sign in (1, -1)
    ]
    assert js.calls("core/money.js", "grouped", [[one] for one in numbers]) == [grouped(one) for one in numbers]
    assert js.calls("core/money.js", "rupees", [[one] for one in numbers]) == [rupees(one) for one in numbers]
    always = js.calls("core/money.js", "rupees", [[one, {"sign": "", "alwaysPaise": True}] for one in numbers])
    assert always == [rupees(one, sign="", always_paise=True) for one in numbers]


def test_days_are_counted_alike(js: JavaScript) -> None:
    chance, first = random.Random(5), datetime.date(1900, 1, 1)
    pairs = [[first + datetime.timedelta(days=chance.randint(0, 90_000)) for _ in range(2)] for _ in range(500)]
    assert js.calls("core/days.js", "daysBetween", pairs) == [(two - one).days for one, two in pairs]
    steps = [[one, chance.randint(-40_000, 40_000)] for one, _two in pairs]
    assert js.calls("core/days.js", "addDays", steps) == [
        plain(one + datetime.timedelta(days=days)) for one, days in steps
    ]
    assert js.calls("core/days.js", "weekday", pairs) == [one.weekday() for one, _two in pairs]
    texts = ["2026-02-29", "2024-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-4-01", "", None, "2026-04-31"]
    assert js.calls("core/days.js", "isDay", [[one] for one in texts]) == [one == "2024-02-29" for one in texts]
    assert isinstance(js.calls("core/days.js", "addDays", [["9999-12-31", 1]])[0], JavaScriptError)
    assert js.call("core/days.js", "latest", [None, "2026-01-02", "2026-01-01"]) == "2026-01-02"
    assert js.call("core/days.js", "earliest", []) is None


def test_a_refusal_is_said_alike(js: JavaScript) -> None:
    day = datetime.date(2016, 2, 1)
    reasons = [
        Refusal("since", "future", "%(day)s has not come yet.", {"day": day}),
        Refusal(None, "some", "%(names)s: %(count)s of %(other)s, 5%%", {"names": ["Hafiza", "Zoona"], "count": 3}),
        Refusal("a", "b", "بہن %(name)s کا %(day)s", {"name": "Zoona (2)", "day": day}, "warn"),
    ]
    assert js.calls("core/refusals.js", "message", [[one] for one in reasons]) == [one.message() for one in reasons]
    assert js.call("core/refusals.js", "warning", "a", "b", "text", {"x": 1}) == {
        "field": "a", "code": "b", "text": "text", "values": {"x": 1}, "severity": "warn",
    }  # fmt: skip
    translated = js.run(
        "async (load, one) => (await load('core/refusals.js')).message(one, (text) => `<${text}>`)", reasons[0]
    )
    assert translated == reasons[0].message(lambda text: f"<{text}>")


# A page, a clock, chance, what is kept, the network: rules know none of them.
IMPURE = re.compile(
    r"\bwindow\.|\bdocument\.(?:\w*[eE]lement|query|body|cookie)|\b(?:local|session)Storage|\bindexedDB|\bfetch\("
    r"|\bDate\.now|\bnew Date\(\)|\bMath\.random|\bnavigator\.|\bcrypto\."
)


def test_rules_load_and_are_pure(js: JavaScript) -> None:
    rules = sorted(one for folder in ("rules", "book") for one in (STATIC / folder).glob("*.js"))
    found = {one.name: IMPURE.findall(one.read_text(encoding="utf-8")) for one in rules}
    assert not any(found.values()), found
    names = [str(one.relative_to(STATIC)) for one in rules]
    loaded = js.run("async (load, names) => { for (const one of names) await load(one); return names.length; }", names)
    assert loaded == len(names) > 14
