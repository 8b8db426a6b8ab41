"""Refusals are data: filled and translated when shown, sorted by severity, kept in JSON."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel.refusals import N_, Refusal, hard, in_number, soft, warning

TOO_YOUNG = Refusal(
    "born_on", "too_young", N_("She is %(age)s; a member is at least %(least)s."), {"age": 12, "least": 18}
)


def test_message_fills_the_slots():
    assert TOO_YOUNG.message() == "She is 12; a member is at least 18."
    assert str(TOO_YOUNG) == TOO_YOUNG.message()


def test_message_is_translated_before_filling():
    def shout(s):
        return {TOO_YOUNG.text: "%(least)s > %(age)s"}[s]

    assert TOO_YOUNG.message(shout) == "18 > 12"


def test_a_translation_with_a_wrong_slot_still_shows():
    assert TOO_YOUNG.message(lambda s: "%(oops)s 100%% 5%") == "%(oops)s 100% 5%"


@given(st.text())
def test_values_are_never_read_as_slots(value):
    refusal = Refusal(None, "x", "[%(v)s]", {"v": value})
    assert refusal.message() == f"[{value}]"


def test_severity_sorts():
    told = warning("size", "small", N_("Fewer than ten members."))
    assert hard([TOO_YOUNG, told]) == [TOO_YOUNG]
    assert soft([TOO_YOUNG, told]) == [told]
    assert soft([TOO_YOUNG.as_warning()])[0].code == "too_young"


def test_refusals_are_hashable_and_frozen():
    assert len({TOO_YOUNG, TOO_YOUNG.on("born_on"), TOO_YOUNG.on("age")}) == 2
    with pytest.raises(AttributeError):
        TOO_YOUNG.code = "other"


def test_json_round_trip():
    assert Refusal.from_dict(json.loads(json.dumps(TOO_YOUNG.as_dict()))) == TOO_YOUNG
    dated = Refusal(None, "late", "%(day)s", {"day": date(2022, 8, 6)}, "warn")
    again = Refusal.from_dict(json.loads(json.dumps(dated.as_dict())))
    assert (again.message(), again.severity) == ("6 Aug 2022", "warn")


def test_what_is_filled_into_a_sentence_from_right_to_left_stands_by_itself() -> None:
    """Else the browser shows 31-02-2026 as 2026-02-31 (Unicode's bidirectional algorithm, rule W2)."""
    reason = Refusal("born_on", "no_such_day", "“%(written)s” is no day.", {"written": "31-02-2026"})
    assert reason.message() == "“31-02-2026” is no day."
    assert reason.message(lambda _text: "“%(written)s” کوئی دن نہیں۔") == "“\u206831-02-2026\u2069” کوئی دن نہیں۔"


def test_several_names_are_joined_as_the_language_of_the_sentence_joins_them_and_survive_being_kept() -> None:
    reason = warning("savings", "unsaved", "%(names)s have no saving.", {"names": ["Posha", "Hajra"]})
    assert reason.message() == "Posha, Hajra have no saving."
    kept = Refusal.from_dict(json.loads(json.dumps(reason.as_dict())))
    assert kept == reason
    words = {"between the items of a list\x04, ": "، "}
    said = kept.message(lambda text: words.get(text, "%(names)s کی بچت نہیں۔"))
    assert said == "\u2068Posha، Hajra\u2069 کی بچت نہیں۔"


@pytest.mark.parametrize("month", range(1, 13))
def test_a_date_is_said_as_pages_write_it_and_survives_being_kept(month: int) -> None:
    day = date(2016, month, 1)
    reason = Refusal("on", "early", "%(day)s is before it began.", {"day": day})
    assert reason.message() == f"1 {day:%b} 2016 is before it began."
    kept = json.loads(json.dumps(reason.as_dict()))
    assert Refusal.from_dict(kept).values == {"day": day}


def test_the_month_is_in_the_language_of_the_sentence_and_stands_by_itself() -> None:
    words = {"%(day)s Feb %(year)s": "%(day)s فروری %(year)s"}
    reason = Refusal(None, "early", "Since %(day)s.", {"day": date(2016, 2, 1)})
    assert reason.message(lambda text: words.get(text, "%(day)s سے۔")) == "\u20681 فروری 2016\u2069 سے۔"


@pytest.mark.parametrize(("count", "said"), [(0, "many"), (1, "one"), (2, "many")])
def test_one_is_said_in_its_own_sentence(count: int, said: str) -> None:
    assert in_number(count, "one", "many") == said
