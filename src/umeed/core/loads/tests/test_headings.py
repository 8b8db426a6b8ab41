"""Headings however they are spelt: worked examples, and what must never be confused."""

import pytest
from django.utils.translation import gettext_lazy as _

from umeed.core.loads.headings import (
    as_exported,
    fingerprint,
    fitted,
    folded,
    guessed,
    plain,
    recognised,
    why_not_clear,
    why_not_these_columns,
    why_not_this_sheet,
)
from umeed.core.loads.layouts import Column

GROUP = (
    Column("name", "Group", ("SHG Name",), required=True),
    Column("formed", "Formed on", ("Formation Date",), required=True),
    Column("account", "Account", ("Account Number", "Bank A/C No")),
)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("004 Formation Date", "formation date"),
        ("1006 Period(Months)", "period months"),
        ("3. Name ", "name"),
        ("(12) Village  Code*", "village code"),
        ("2 - Name", "name"),
        ("2011 Census", "2011 census"),
        ("Census 2011", "census 2011"),
        ("ग्राम का नाम", "ग्राम का नाम"),
        ("گاؤں کا نام", "گاؤں کا نام"),
        ("12", "12"),
        ("***", ""),
    ],
)
def test_numbering_in_front_comes_off_and_years_stay(written, text):
    assert folded(written) == text


def test_known_spellings_are_found_whatever_their_case_and_numbers():
    assert fitted(GROUP, ["Sno.", "001 SHG NAME", "004 Formation  date", "421 Account number"]) == {
        "name": 1, "formed": 2, "account": 3,
    }  # fmt: skip


def test_numbers_tell_apart_what_only_they_tell_apart():
    loans = [Column(f"fund_{n}", f"Fund {n}", (f"00{n} Fund Source",)) for n in (6, 7, 8)]
    headings = ["006 Fund Source", "007 Fund Source", "008 Fund Source"]
    assert fitted(loans, headings) == {"fund_6": 0, "fund_7": 1, "fund_8": 2}
    assert fitted([Column("fund", "Fund source", ("Fund Source",))], headings) == {}, "which one is not known"


def test_one_heading_is_never_two_columns():
    twice = [Column("a", "Name", ("Name",)), Column("b", "Name", ("Name",))]
    assert fitted(twice, ["Name"]) == {"a": 0}


def test_likely_headings_are_guessed_and_unlikely_ones_left_empty():
    assert guessed(GROUP, ["Name of SHG", "Date of formation", "Remarks"]) == {"name": 0, "formed": 1}
    assert guessed(GROUP, ["Rainfall", "Colour"]) == {}


VILLAGE = (
    Column("village", "Village", ("Village name",), exact=("Village code",)),
    Column("place_code", "Code of the village", exact=("Village code",), run=("Block", "Village", "Code")),
)


def test_of_an_exact_spelling_nothing_is_guessed():
    for heading in ("Code", "Panchayat code", "Block code"):
        assert guessed(VILLAGE, ["Village", heading]) == {"village": 0}
        assert guessed(VILLAGE, [heading]) == {}
    assert fitted(VILLAGE, ["VILLAGE CODE"]) == {"village": 0}, "a code alone names the village"
    assert fitted(VILLAGE, ["Village code", "Village"]) == {"village": 1, "place_code": 0}, "a name comes first"


def test_a_heading_that_says_too_little_is_read_behind_those_of_our_own_export():
    columns = as_exported(VILLAGE, ["Name", _("Block"), _("Village"), "Code", "Code"])
    assert fitted(columns, ["Name", "Block", "Village", "CODE", "Age"])["place_code"] == 3
    assert fitted(columns, ["नाम", "ब्लॉक", "गाँव", "Code"])["place_code"] == 3, "in each of our languages"
    for headings in (["Block", "Village", "Age", "Code"], ["Village", "Code"], ["Code", "Block", "Village"]):
        assert "place_code" not in fitted(columns, headings)


def test_a_sheet_is_recognised_where_all_needed_columns_are():
    sheets = {"groups": GROUP, "members": (Column("member", "Member", ("Member Name",), required=True),)}
    book = {"Notes": ["About"], "Members": ["Member Name"], "SHGs": ["SHG Name", "Formation Date"]}
    assert recognised(sheets, book) == {"Members": "members", "SHGs": "groups"}
    assert recognised(sheets, {"SHGs": ["SHG Name"]}) is None


def test_a_kind_takes_one_sheet_the_one_with_most_headings():
    book = {"Old": ["SHG Name", "Formation Date"], "New": ["SHG Name", "Formation Date", "Account Number"]}
    assert recognised({"groups": GROUP}, book) == {"New": "groups"}


def test_the_fingerprint_minds_order_and_words_not_case():
    assert fingerprint(["A b", "C"]) == fingerprint([" a  B ", "c"])
    assert fingerprint(["A", "C"]) != fingerprint(["C", "A"])
    assert len(fingerprint([])) == 64


def codes(reasons):
    return [(reason.code, reason.field) for reason in reasons]


def test_reasons_name_the_column():
    reasons = why_not_these_columns(GROUP, ["SHG Name", "X"], {"name": 0, "account": 0})
    assert codes(reasons) == [("column_missing", "formed"), ("column_twice", "account")]
    assert reasons[0].message() == "The column “Formation Date” is missing. Every row needs it."


def test_three_times_as_wide_is_another_kind_of_file():
    assert codes(why_not_this_sheet("S", GROUP, [f"H{n}" for n in range(31)])) == [("too_wide", None)]
    assert why_not_this_sheet("S", GROUP, [f"H{n}" for n in range(30)]) == []
    wide = [Column(str(n), str(n)) for n in range(60)]
    assert why_not_this_sheet("S", wide, [f"H{n}" for n in range(179)]) == []
    assert codes(why_not_this_sheet("S", wide, [f"H{n}" for n in range(180)])) == [("too_wide", None)]
    assert codes(why_not_this_sheet("S", GROUP, ["", "*"])) == [("no_headings", None)]


def test_a_repeated_heading_matters_only_where_it_is_read():
    headings = ["SHG Name", "Remarks", "SHG Name (2)"]
    assert codes(why_not_clear(["SHG Name"], headings, {"name": 0})) == [("heading_twice", None)]
    assert why_not_clear(["Remarks"], headings, {"name": 0}) == []


def test_plain_keeps_numbers():
    assert plain("004 Formation-Date") == "004 formation date"
