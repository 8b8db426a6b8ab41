"""Cut-offs out of workbooks: Umeed's own and LokOS's sheet, judged row by row, posted whole, taken back by reversal."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from umeed.books.actions import check_cut_off
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.loads.columns import GROUPS, LOANS, LOKOS, OWN, WOMEN
from umeed.books.loads.workbook import workbook_of
from umeed.books.models import Agreement, Book, CutOff, Sheet
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import women_of
from umeed.core.loads import acts, steps
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.scope import Scope
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.loads.columns import CUTOFF
from umeed.institutions.models import Institution
from umeed.institutions.tests.loading import workbook
from umeed.institutions.tests.making import TODAY, bookkeeper_of, make_federation, make_group, officer_at
from umeed.places.tests.world import Valley

SAMPLE = Path(__file__).resolve().parents[5] / "shared/data/samples/12_lokos_shg_member_cutoff_upload_masked.xlsx"


@pytest.fixture
def group(valley: Valley) -> Institution:
    return make_group(valley.chinar, members=5)


@pytest.fixture
def officer(valley: Valley) -> Scope:
    return officer_at(valley.upper, "mis_officer")


def judged(by: Scope, content: bytes, key: str, *, surplus: bool = False) -> Load:
    """A load after the dry run, with the question beside the file answered."""
    with as_viewer(by.viewer):
        load = acts.receive_file(by=by, file_name="cut-off.xlsx", pieces=lambda: iter([content]), layout_key=key)
    load = gone_on(load)
    assert load.state == State.MAPPING, load.refusals
    with as_viewer(by.viewer):
        acts.answer(load, by=by, layout_key=key, mapped=load.mapping, options={"surplus": surplus})
    return gone_on(load)


def gone_on(load: Load) -> Load:
    steps.go_on(load.pk)
    load.refresh_from_db()
    return load


def consented(by: Scope, load: Load, which: str = acts.GOOD) -> Load:
    with as_viewer(by.viewer):
        acts.consent(load, by=by, revision=load.revision, which=which)
    return gone_on(load)


def undone(by: Scope, load: Load) -> Load:
    with as_viewer(by.viewer):
        acts.ask_to_undo(load, by=by)
    return gone_on(load)


def told(load: Load) -> list[tuple[str, int, str, list[str]]]:
    """(sheet, row, verdict, codes) of every row."""
    with as_system():
        return [
            (row.sheet, row.number, row.what, [one["code"] for one in row.reasons])
            for row in LoadRow.objects.filter(load=load)
        ]


def own(
    groups: Sequence[Mapping[str, Any]], women: Sequence[Mapping[str, Any]], loans: Sequence[Mapping[str, Any]]
) -> bytes:
    rows = {GROUPS: groups, WOMEN: women, LOANS: loans}
    return workbook({kind: (OWN[kind], rows[kind]) for kind in rows})


def figures(name: str = "Roshni", **said: Any) -> dict[str, Any]:
    return {
        "group": name, "on": "31-03-2024", "meetings_held": 100, "last_meeting": "25-03-2024", "cash": "1,000",
        "bank": 20000, "rf_received": 15000, "surplus": 2000, **said,
    }  # fmt: skip


def savings(group: Institution, name: str = "Roshni") -> list[dict[str, Any]]:
    return [
        {"group": name, "woman": woman.name, "saving_compulsory": 2000, "attended": 90} for woman in women_of(group)
    ]


def a_loan(group: Institution, at: int = 0, name: str = "Roshni", **said: Any) -> dict[str, Any]:
    return {
        "group": name, "woman": women_of(group)[at].name, "lent_on": "10-06-2023", "lent": 10000, "outstanding": 6000,
        "overdue_principal": 1000, "overdue_interest": 120, "overdue_since": "10-02-2024", "rate_a_month": "2",
        "method": "reducing", "frequency": "Every month", "instalments": 5, "next_due": "10-04-2024",
        "source": "Own fund", "purpose": "Dairy", **said,
    }  # fmt: skip


def test_a_workbook_is_judged_posted_and_taken_back(officer, group) -> None:
    load = judged(officer, own([figures()], savings(group), [a_loan(group)]), "cutoff")
    assert [what for _sheet, _row, what, _codes in told(load)] == ["create"] * 7
    assert not Book.objects.exists()
    load = consented(officer, load, acts.WHOLE)
    assert load.state == State.APPLIED, load.refusals
    book = Book.objects.get(institution=group)
    assert balances(book.pk, day("2024-03-31"))["saving_compulsory"] == -10_000_00
    late = running_loans(book.pk, day("2024-03-31"))[0].arrears
    assert (late.principal, late.interest, late.since) == (1_000_00, 120_00, day("2024-02-10"))
    check_cut_off(by=bookkeeper_of(group), cut_off=CutOff.objects.get().pk)
    load = undone(officer, load)
    # Somebody has checked it since: what others built on stays.
    assert load.state == State.APPLIED and load.refusals[0]["code"] == "changed_since"


def test_undoing_reverses_the_sheets(officer, group) -> None:
    load = consented(officer, judged(officer, own([figures()], savings(group), [a_loan(group)]), "cutoff"))
    load = undone(officer, load)
    assert load.state == State.UNDONE, load.refusals
    assert balances(Book.objects.get().pk, TODAY) == {} and Sheet.objects.count() == 2
    assert first_difference() is None
    again = consented(officer, judged(officer, own([figures()], savings(group), [a_loan(group)]), "cutoff"))
    assert again.state == State.APPLIED


def test_good_groups_are_loaded_and_of_a_bad_one_nothing(valley, officer, group) -> None:
    other = make_group(valley.deodar, "Gulab", members=5)
    file = own(
        [figures(), figures("Gulab", surplus=1999)], [*savings(group), *savings(other, "Gulab")],
        [a_loan(group), a_loan(other, name="Gulab")],
    )  # fmt: skip
    load = judged(officer, file, "cutoff")
    bad = [(sheet, row, codes) for sheet, row, what, codes in told(load) if what == "refuse"]
    assert bad[0] == (GROUPS, 3, ["uneven"]) and {codes[-1] for _sheet, _row, codes in bad[1:]} == {"other_row"}
    assert len(bad) == 7
    assert consented(officer, load).state == State.APPLIED
    assert list(Book.objects.values_list("institution", flat=True)) == [group.pk]


def test_a_row_that_is_unticked_leaves_its_group_out(officer, group) -> None:
    load = judged(officer, own([figures()], savings(group), [a_loan(group)]), "cutoff")
    with as_viewer(officer.viewer):
        row = LoadRow.objects.filter(load=load, sheet=WOMEN).first()
        acts.choose_rows(load, by=officer, shown=[row.pk], ticked=[])
    load = consented(officer, load)
    assert load.state == State.JUDGED and load.refusals[0]["code"] == "left_out"
    assert not Book.objects.exists()


def test_every_reason_stands_on_its_row(officer, group) -> None:
    women = savings(group)
    women[1]["woman"], women[2]["saving_compulsory"] = "Nobody At All", "two thousand"
    file = own([figures(cash="x")], women, [a_loan(group, method="magic"), {**a_loan(group), "woman": ""}])
    codes = {(sheet, row): codes for sheet, row, _what, codes in told(judged(officer, file, "cutoff"))}
    assert codes[GROUPS, 2] == ["not_an_amount"] and codes[WOMEN, 3] == ["no_woman"]
    assert codes[WOMEN, 4] == ["not_an_amount"] and codes[LOANS, 2] == ["unknown_word"] and codes[LOANS, 3] == ["whom"]
    assert codes[WOMEN, 2] == ["other_row"]


def test_a_womans_interest_is_read_by_the_month_and_refused_by_the_year(officer, group) -> None:
    """What stands under the heading by the year is never read as by the month, nor the other way about."""
    by_year = a_loan(group, rate_a_month="", rate="2")
    bank = {"group": "Roshni", "whom": "Bank", "lender": "J&K Bank", "rate_a_month": "1", "lent": 1, "outstanding": 1}
    rows = told(judged(officer, own([figures()], savings(group), [by_year, bank]), "cutoff"))
    codes = {(sheet, row): codes for sheet, row, _what, codes in rows}
    assert "other_rate" in codes[LOANS, 2] and "other_rate" in codes[LOANS, 3]
    for written, asked in (("2", False), ("0.5", True), ("", True), ("3", True)):
        rows = told(judged(officer, own([figures()], savings(group), [a_loan(group, rate_a_month=written)]), "cutoff"))
        codes = {(sheet, row): codes for sheet, row, _what, codes in rows}
        assert bool({"low_rate", "high_rate"} & set(codes[LOANS, 2])) is asked, written
        assert "refuse" not in {what for _sheet, _row, what, _codes in rows}
    load = consented(officer, judged(officer, own([figures()], savings(group), [a_loan(group)]), "cutoff"))
    assert load.state == State.APPLIED and Agreement.objects.get().rate_bp_a_year == 2_400


def test_a_group_that_is_not_known_and_one_that_stands_twice(officer, group) -> None:
    file = own([figures("Nowhere"), figures(), figures()], savings(group), [])
    codes = {(sheet, row): codes for sheet, row, _what, codes in told(judged(officer, file, "cutoff"))}
    assert codes[GROUPS, 2] == ["no_group"] and codes[GROUPS, 4] == ["group_twice"]


def test_the_surplus_is_taken_only_when_it_is_said(officer, group) -> None:
    file = own([figures(surplus=None)], savings(group), [a_loan(group)])
    assert told(judged(officer, file, "cutoff"))[0][2:] == ("refuse", ["uneven"])
    said = judged(officer, file, "cutoff", surplus=True)
    assert "surplus_taken" in told(said)[0][3]
    consented(officer, said)
    assert balances(Book.objects.get().pk, TODAY)["surplus_before"] == -2_000_00
    lacking = own([figures("Roshni", surplus=None, cash=0, bank=0)], savings(group), [])
    assert told(judged(officer, lacking, "cutoff", surplus=True))[0][2] == "refuse"


def test_the_workbook_given_out_comes_back(officer, group) -> None:
    with workbook_of([group]) as made:
        book = openpyxl.load_workbook(io.BytesIO(made.read()))
    groups, women, loans = book.worksheets
    heads = [cell.value for cell in groups[1]]
    for key, value in (
        ("Day of the cut-off", "31-03-2024"),
        ("Cash in hand", 10_000),
        ("Meetings held until then", 99),
    ):
        groups.cell(2, heads.index(key) + 1, value)
    for row in range(2, women.max_row + 1):
        women.cell(row, [cell.value for cell in women[1]].index("Compulsory saving") + 1, 2_000)
    filled = io.BytesIO()
    book.save(filled)
    with as_viewer(officer.viewer):
        content = filled.getvalue()
        load = acts.receive_file(by=officer, file_name="cut-off.xlsx", pieces=lambda: iter([content]))
    load = gone_on(load)
    assert load.layout_key == "cutoff" and loans.max_row == 1
    with as_viewer(officer.viewer):
        acts.answer(load, by=officer, layout_key="cutoff", mapped=load.mapping, options={"surplus": False})
    assert consented(officer, gone_on(load)).state == State.APPLIED
    assert balances(Book.objects.get().pk, TODAY) == {"cash": 10_000_00, "saving_compulsory": -10_000_00}


def test_groups_that_nothing_was_written_for_are_left_out_and_told_once(valley, officer, group) -> None:
    """As the workbook is given out: a row a group, a row a woman. One group is filled in, two are not."""
    rest = [make_group(valley.deodar, "Gulab", members=5), make_group(valley.chinar, "Nargis VO", kind="vo")]
    names = [{"group": one.name, "group_id": str(one.pk), "village": ""} for one in rest]
    women = [{"group": "Gulab", "woman": woman.name, "woman_id": str(woman.pk)} for woman in women_of(rest[0])]
    file = own([names[0], figures()], [*women, *savings(group)], [a_loan(group)])
    load = judged(officer, file, "cutoff")
    assert {what for _sheet, _row, what, _codes in told(load)} == {"create"} and len(told(load)) == 7
    assert [(one["code"], one["values"]) for one in load.notes] == [("untouched", {"count": 1, "rows": 6})]
    assert consented(officer, load, acts.WHOLE).state == State.APPLIED
    assert list(Book.objects.values_list("institution", flat=True)) == [group.pk]
    load = judged(officer, own(names[:1], women, []), "cutoff")
    assert told(load) == [] and [one["code"] for one in load.notes] == ["untouched"]


def test_a_row_in_which_something_was_written_is_judged(officer, group) -> None:
    """Also a nought: somebody has looked at it."""
    women = [{"group": "Roshni", "woman": woman.name} for woman in women_of(group)]
    women[0]["saving_compulsory"] = 0
    load = judged(officer, own([{"group": "Roshni"}], women, []), "cutoff")
    assert {what for _sheet, _row, what, _codes in told(load)} == {"refuse"} and not load.notes


def lokos(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return workbook({"Cutoff Meetings": (LOKOS[CUTOFF], rows)})


def lokos_rows(group: Institution) -> list[dict[str, Any]]:
    """A row a woman; the first has the group's own part."""
    women = women_of(group)
    first = {
        "c009": 200, "c010": 100, "c011": "VO", "c111": "Share Capital", "c211": 500, "c014": "Mission", "c114": "RF",
        "c314": 15000, "c015": 1000, "c115": 200, "c116": 20500, "c216": 500, "c316": 0, "surplus": 2700,
        "c006": "RF", "c106": 10000, "c206": 4000, "c306": 1000, "c406": 24, "c606": 120, "c806": "10_06_2023",
        "c1006": 10, "c1106": "Monthly", "c1206": "Medical", "c013": "Bank", "c113": "Bank", "c413": "TL",
        "c513": "10_01_2024", "c713": 7, "c813": 30000, "c913": 36, "c1213": 600, "c1613": "Monthly",
    }  # fmt: skip
    rows = [
        {"group": group.name, "flow": "New", "meeting_number": 13, "met_on": "31_03_2024", "member": woman.name,
         "c001": 12, "c002": 2000, "c003": 100, "c004": 1, "c005": 500} for woman in women
    ]  # fmt: skip
    rows[0] |= first
    return rows


def test_lokos_rows_of_a_group_become_its_cut_off(valley, officer, group) -> None:
    make_federation(group, make_group(valley.chinar, "Mahak VO", kind="vo"))
    rows = lokos_rows(group)
    # 1,200 in the box, 20,000 at the bank, 500 of shares, 6,000 lent; 10,500 saved, 15,000 RF, 29,400 from the bank.
    rows[0]["surplus"] = 1200 + 20000 + 500 + 6000 - 10500 - 15000 - 29400 - 300
    load = judged(officer, lokos(rows), "lokos-cutoff")
    assert told(load)[0][2:] == ("refuse", ["member_share", "counted_back", "transit", "cheques", "loss_why"])
    rows[0] |= {"c116": 50200}
    rows[0]["surplus"] = 1200 + 49700 + 500 + 6000 - 10500 - 15000 - 29400 - 300
    load = judged(officer, lokos(rows), "lokos-cutoff")
    assert {what for _sheet, _row, what, _codes in told(load)} == {"create"}
    assert consented(officer, load, acts.WHOLE).state == State.APPLIED
    book = Book.objects.get(institution=group)
    held = balances(book.pk, day("2024-03-31"))
    assert (held["cash"], held["bank"], held["share_with_vo"]) == (1_200_00, 49_700_00, 500_00)
    assert (held["saving_optional"], held["loan_from_bank"]) == (-500_00, -29_400_00)
    hers = next(one for one in running_loans(book.pk, day("2024-03-31")) if one.loan.woman_id)
    assert (hers.owed, hers.arrears.principal, hers.arrears.since) == (6_000_00, 1_000_00, day("2024-03-10"))
    assert CutOff.objects.get().meetings_before == 13


@pytest.mark.parametrize(("withdrawn", "drawn"), [(None, 0), (30_000, 29_400_00)])
def test_a_cash_credit_of_lokos_comes_with_the_limit_that_was_added(officer, group, withdrawn, drawn) -> None:
    rows = lokos_rows(group)
    rows[0] |= {
        "c011": None,
        "c111": None,
        "c211": None,
        "c413": "CCL",
        "limit": 100_000,
        "c813": withdrawn,
        "c913": None,
    }
    rows[0] |= {"c116": 50200, "c1213": 600 if withdrawn else None}
    rows[0]["surplus"] = 1200 + 49700 + 6000 - 10500 - 15000 - drawn // 100 - 300
    load = judged(officer, lokos(rows), "lokos-cutoff")
    assert {what for _sheet, _row, what, _codes in told(load)} == {"create"}, told(load)
    assert consented(officer, load, acts.WHOLE).state == State.APPLIED
    book = Book.objects.get(institution=group)
    one = next(one for one in running_loans(book.pk, day("2024-03-31")) if one.loan.is_cash_credit)
    assert (one.limit, one.owed) == (1_00_000_00, drawn)


def test_lokos_does_not_say_whose_a_row_is(officer, group) -> None:
    rows = [{**row, "member": None} for row in lokos_rows(group)[1:]]
    codes = [codes for _sheet, _row, _what, codes in told(judged(officer, lokos(rows), "lokos-cutoff"))]
    assert codes == [["whose"]] * 4


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample stands beside the project only where it was brought")
def test_the_sample_of_lokos_is_read_and_refused_with_reasons(officer) -> None:
    load = judged(officer, SAMPLE.read_bytes(), "lokos-cutoff")
    assert told(load) == [("Cutoff Meetings", 2, "refuse", ["no_group", "whose", "member_share"])]


def test_only_those_who_may_load_books_do(valley, group) -> None:
    keeper = bookkeeper_of(group)
    with pytest.raises(Exception, match="may"):
        judged(keeper, own([figures()], savings(group), []), "cutoff")
