"""The cut-off of a VO: the same mechanism as a group's, with groups in the place of women; also in the browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from umeed.books.actions import check_cut_off, post_cut_off, take_back_cut_off
from umeed.books.actions.bodies import link_loans
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.bodies.pairing import pairs_of
from umeed.books.cutoffs.taking import cut_off_from
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import running_loans
from umeed.books.loads.columns import BODIES, BODY_LOANS, FEDERATIONS, OWN
from umeed.books.loads.workbook import workbook_of
from umeed.books.models import Agreement, Book, CutOff, Loan, OpenCutOff
from umeed.books.pages.linking import same_from
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, loan, post, women_of
from umeed.books.tests.test_cutoff_loads import consented, judged, told, undone
from umeed.books.tests.test_cutoff_pages import at, begin, send
from umeed.books.verifying import verify
from umeed.core.actions import Refused
from umeed.core.loads.models import State
from umeed.core.templatetags.umeed_text import day as written
from umeed.core.viewer import as_system
from umeed.institutions.actions import leave_federation
from umeed.institutions.models import Federation, Institution
from umeed.institutions.tests.loading import workbook
from umeed.institutions.tests.making import (
    bookkeeper_of,
    codes_of,
    make_federation,
    make_group,
    officer_at,
    signed_in,
    us,
)
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley

ON = "2024-03-31"


@pytest.fixture
def clf(valley: Valley) -> Institution:
    return make_group(valley.chinar, "Sangam CLF", kind="clf")


@pytest.fixture
def vo(valley: Valley, clf: Institution) -> Institution:
    vo = make_group(valley.chinar, "Umeed VO", kind="vo")
    make_federation(vo, clf)
    return vo


@pytest.fixture
def keeper(vo: Institution) -> Client:
    bookkeeper_of(vo, "vo_bookkeeper")
    return signed_in("bookkeeper")


@pytest.fixture
def groups(valley: Valley, vo: Institution) -> list[Institution]:
    found = [make_group(valley.chinar, name, members=5) for name in ("Gulab", "Roshni")]
    for group in found:
        make_federation(group, vo)
    return found


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def lent(group: Institution, **said: Any) -> dict[str, Any]:
    """Fifty thousand of CIF, of which forty are owed in eight instalments, one of them overdue."""
    return {
        "loan": new_id(), "head": "loan_to_body", "body": group.pk, "lent_on": "2023-06-10", "lent": 50_000_00,
        "outstanding": 40_000_00, "rate_bp_a_year": 1200, "method": "balance", "instalments": 7,
        "next_due": "2024-04-10", "purpose": "onlending", "source": "cif",
        "overdue": [{"on": "2024-03-10", "principal": 5_000_00, "interest": 400_00}], **said,
    }  # fmt: skip


def of_vo(groups: list[Institution], clf: Institution, **said: Any) -> dict[str, Any]:
    """Two groups with shares and savings; CIF of its own and from the CLF; one loan runs."""
    from_clf = {
        **lent(clf, outstanding=60_000_00, lent=60_000_00, overdue=[], instalments=12), "head": "loan_from_clf",
    }  # fmt: skip
    return {
        "id": new_id(), "on": ON, "meetings_held": 30, "cash": 1_500_00, "bank": 1_00_000_00, "startup": 25_000_00,
        "vrf": 10_000_00, "cif_received": 35_000_00, "other_receipts": 1_000_00, "surplus": 5_400_00,
        "held": [{"body": clf.pk, "what": "share", "paise": 1_000_00}], "loans": [lent(groups[0]), from_clf],
        "kept": [
            {"body": one.pk, "head": head, "paise": paise}
            for one in groups for head, paise in (("share_of_body", 1_000_00), ("saving_of_body", 2_050_00))
        ],
        **said,
    }  # fmt: skip


def refused(vo: Institution, said: dict[str, Any], **more: Any) -> dict[str, str]:
    with pytest.raises(Refused) as wrong:
        post_cut_off(by=us(), group=vo.pk, said=said, is_sure=True, **more)
    return {str(one.field): one.code for one in wrong.value.refusals}


def test_the_book_of_a_vo_begins_with_its_cut_off(vo, groups, clf) -> None:
    post(vo, of_vo(groups, clf))
    book = Book.objects.get(institution=vo)
    assert balances(book.pk, day(ON)) == {
        "cash": 1_500_00, "bank": 1_00_000_00, "share_with_clf": 1_000_00, "loan_to_body": 40_000_00,
        "loan_from_clf": -60_000_00, "saving_of_body": -4_100_00, "share_of_body": -2_000_00, "cif": -35_000_00,
        "vrf": -10_000_00, "startup": -25_000_00, "surplus_before": -6_400_00,
    }  # fmt: skip
    given = next(one for one in running_loans(book.pk, day(ON)) if one.loan.way == "given")
    assert (given.loan.body_id, given.arrears.principal, given.arrears.interest) == (groups[0].pk, 5_000_00, 400_00)
    assert [one.check for one in verify() if one.found] == []


def test_the_book_of_a_clf_lends_to_vos(vo, groups, clf) -> None:
    lent_to_vo = lent(vo, overdue=[], instalments=8)
    post(clf, {"id": new_id(), "on": ON, "meetings_held": 30, "bank": 10_000_00, "cif_received": 50_000_00,
               "loans": [lent_to_vo]})  # fmt: skip
    assert balances(Book.objects.get().pk, day(ON))["loan_to_body"] == 40_000_00


def test_wrong_input_is_told_all_at_once(valley, vo, groups, clf) -> None:
    elsewhere = make_group(valley.deodar, "Far", members=5)
    said = of_vo(
        groups, clf, on="2031-01-01", held=[{"body": groups[0].pk, "what": "share", "paise": 1}], vrf=1,
        kept=[{"body": elsewhere.pk, "head": "share_of_body", "paise": 5}] * 2,
        savings=[{"woman": women_of(groups[0])[0].pk, "head": "saving_compulsory", "paise": 5}],
        loans=[lent(elsewhere), {**lent(groups[0]), "body": None}, {**loan(women_of(groups[0])[0])}],
        closed=[{"head": "loan_to_body", "count": 2}],
    )  # fmt: skip
    assert refused(vo, said).items() >= {
        "on": "future", "held.0.body": "no_body", "kept.0.body": "not_a_member", "kept.1": "twice",
        "savings.0.head": "other_level", "savings.0.woman": "not_a_member", "loans.0.body": "not_a_member",
        "loans.1.body": "woman_needed", "loans.2.head": "other_level", "closed.0.body": "whose", "surplus": "uneven",
    }.items()  # fmt: skip
    assert not Book.objects.exists()


def test_a_group_says_nothing_that_belongs_into_a_vos_book(vo, groups) -> None:
    said = cut_off(groups[0], kept=[{"body": groups[1].pk, "head": "share_of_body", "paise": 5}])
    assert refused(groups[0], said)["kept.0.head"] == "other_level"


def test_it_is_checked_by_another_and_corrected_by_reversal(valley, vo, groups, clf) -> None:
    keeper = bookkeeper_of(vo, "vo_bookkeeper")
    said = of_vo(groups, clf)
    first = post(vo, said, by=keeper).cut_off
    with pytest.raises(Refused) as own:
        check_cut_off(by=keeper, cut_off=first)
    assert codes_of(own) == ["own", "own_group"]
    check_cut_off(by=officer_at(valley.north, username="block"), cut_off=first)
    again = {**said, "id": new_id(), "cash": 2_000_00, "surplus": 5_900_00}
    second = post(vo, again, replaces=first, why="Five hundred lay with the treasurer", by=keeper).cut_off
    assert balances(Book.objects.get().pk, day(ON))["cash"] == 2_000_00
    take_back_cut_off(by=keeper, cut_off=second, why="Of another VO")
    assert balances(Book.objects.get().pk, us().today) == {}


def test_a_second_book_that_begins_with_what_the_first_says_says_the_same(valley, vo, groups, clf) -> None:
    post(vo, of_vo(groups, clf))
    old = Book.objects.get()
    other = make_group(valley.chinar, "Second VO", kind="vo")
    make_federation(other, clf)
    for group in groups:
        tie = Federation.objects.get(member=group)
        leave_federation(by=us(), federation=tie.pk, on=day("2024-05-01"), revision=tie.revision)
        make_federation(group, other, on="2024-05-01")
    post(other, cut_off_from(old, day("2024-05-20"), id=new_id()))
    new = Book.objects.get(institution=other)
    for on in ("2024-05-20", "2024-09-30"):
        assert balances(new.pk, day(on)) == balances(old.pk, day(on))
        late = [[(one.owed, one.arrears.principal, one.arrears.interest, one.arrears.days)
                 for one in running_loans(book.pk, day(on))] for book in (old, new)]  # fmt: skip
        assert late[0] == late[1]


# One loan in two cut-offs ---------------------------------------------------------------------------------------------


def both(vo: Institution, groups: list[Institution], clf: Institution, **mine: Any) -> tuple[Loan, Loan]:
    """The VO says what it lent, and the group what it took."""
    post(vo, of_vo(groups, clf))
    taken = {**lent(groups[0]), "head": "loan_from_vo", "body": vo.pk, **mine}
    held = [{"body": vo.pk, "what": "share", "paise": 1_000_00}, {"body": vo.pk, "what": "saving", "paise": 2_050_00}]
    bank = 20_000_00 + taken["outstanding"] - 3_050_00
    post(groups[0], cut_off(groups[0], held=held, loans=[loan(women_of(groups[0])[0]), taken], bank=bank))
    ours, theirs = Loan.objects.get(head="loan_to_body"), Loan.objects.get(head="loan_from_vo")
    return ours, theirs


def test_a_linked_loan_is_corrected_in_no_book_alone(vo, groups, clf) -> None:
    ours, theirs = both(vo, groups, clf)
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why="Both passbooks seen", takes_terms=True)
    row = CutOff.objects.get(book__institution=vo)
    said = {**row.said, "id": new_id()}
    less = [{**one, "outstanding": 39_000_00} if one["head"] == "loan_to_body" else one for one in said["loans"]]
    changed = {**said, "loans": less, "bank": said["bank"] + 1_000_00}
    assert refused(vo, changed, replaces=row.pk, why="Less")["loans.0.outstanding"] == "linked"
    out = {**said, "loans": said["loans"][1:], "bank": said["bank"] + 40_000_00}
    assert refused(vo, out, replaces=row.pk, why="None")["loans"] == "linked_out"
    with pytest.raises(Refused) as kept:
        take_back_cut_off(by=us(), cut_off=row.pk, why="Wrong")
    assert codes_of(kept) == ["linked"]
    again = {**said, "cash": said["cash"] + 5_00, "surplus": said["surplus"] + 5_00}
    post(vo, again, replaces=row.pk, why="Five more")
    assert first_disagreement() is None and [one.check for one in verify() if one.found] == []


def test_a_loan_that_both_cut_offs_name_is_offered_and_linked(keeper, vo, groups, clf) -> None:
    with as_system():
        ours, theirs = both(vo, groups, clf, outstanding=39_000_00)
    standing = text_of(keeper.get(at(vo)))
    assert "A loan stands in two books" in standing and f"?with={groups[0].pk}" in standing
    between = f"/books/{vo.pk}/between/?with={groups[0].pk}"
    page = text_of(keeper.get(between))
    assert "The same loan in two books?" in page and "Which book is right about what is owed?" in page
    said = {"do": "link", "ours": ours.uid, "theirs": theirs.uid}
    wrong = keeper.post(between, said)
    assert wrong.status_code == 422 and "Say why." in text_of(wrong) and "Say which of them is right." in text_of(wrong)
    kept = text_of(keeper.post(between, {**said, "why": "Both passbooks seen"}))
    assert 'value="Both passbooks seen"' in kept and "ask for other amounts on other days" in kept
    done = keeper.post(between, {**said, "why": "Both passbooks seen", "right": "ours", "takes_terms": "1"})
    assert done.status_code == 302
    with as_system():
        ours.refresh_from_db()
        assert ours.twin_id == theirs.pk and first_disagreement() is None
        assert balances(theirs.book_id, timezone.localdate())["loan_from_vo"] == -40_000_00
    page = text_of(keeper.get(between))
    # 39,000 were put right to 40,000 today: the lender's terms begin on the morrow in their book.
    morrow = timezone.localdate() + timedelta(days=1)
    same = f"From {written(morrow)} on both books ask for the same."
    assert "The same loan in two books?" not in page
    assert page.count(same) == 2 and f"move this loan together. {same}" in page, "told once, and beside the loan"
    for address in (between, f"/books/{groups[0].pk}/between/?with={vo.pk}"):
        assert text_of(keeper.get(address)).count(same) == 1
    with as_system():
        theirs.refresh_from_db()
        assert same_from(theirs, morrow) == ""
    assert "A loan stands in two books" not in text_of(keeper.get(at(vo)))


def test_a_linked_loan_is_written_off_in_the_browser(keeper, vo, groups, clf) -> None:
    with as_system():
        ours, theirs = both(vo, groups, clf)
        link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why="Both passbooks seen", takes_terms=True)
    between = f"/books/{vo.pk}/between/?with={groups[0].pk}"
    assert "Write off a loan" in text_of(keeper.get(between))
    said = {"do": "write_off", "id": new_id(), "loan": ours.uid, "on": "2024-06-01"}
    wrong = keeper.post(between, {**said, "paise": "50,000", "on": "2031-01-01"})
    told = text_of(wrong)
    assert wrong.status_code == 422 and "resolution" in told and "more cannot be written off" in told
    assert "has not come yet" in told and 'value="50,000"' in told
    assert keeper.post(between, {**said, "paise": "many"}).status_code == 422
    assert keeper.post(between, {**said, "paise": "15,000", "resolution": "7 of May 2024"}).status_code == 302
    with as_system():
        assert balances(ours.book_id, us().today)["loan_to_body"] == 25_000_00
        assert balances(theirs.book_id, us().today)["loan_from_vo"] == -25_000_00
        assert first_disagreement() is None


def test_of_several_the_likeliest_pair_comes_first(vo, groups, clf) -> None:
    small = {**lent(groups[0], overdue=[]), "lent": 9_000_00, "outstanding": 9_000_00, "lent_on": "2023-09-01"}
    post(vo, of_vo(groups, clf, loans=[lent(groups[0]), small], bank=31_000_00))
    mine = [{**one, "loan": new_id(), "head": "loan_from_vo", "body": vo.pk} for one in (small, lent(groups[0]))]
    post(groups[0], cut_off(groups[0], loans=[loan(women_of(groups[0])[0]), *mine], bank=69_000_00))
    books = [Book.objects.get(institution=one).pk for one in (vo, groups[0])]
    ours, theirs = ([one for one in running_loans(pk, day(ON)) if one.loan.woman_id is None] for pk in books)
    told = [(pair.ours.owed, pair.theirs.owed, pair.is_likely) for pair in pairs_of(ours, theirs)]
    assert told == [
        (40_000_00, 40_000_00, True), (9_000_00, 9_000_00, True), (40_000_00, 9_000_00, False),
        (9_000_00, 40_000_00, False),
    ]  # fmt: skip


# Out of our workbook --------------------------------------------------------------------------------------------------


def book_of_vo(*, member: str = "Gulab") -> bytes:
    rows = {
        FEDERATIONS: [{"group": "Umeed VO", "on": "31-03-2024", "meetings_held": 30, "cash": "1,500", "bank": 60000,
                       "share_clf": 1000, "vrf": 10000, "cif_received": 40000, "surplus": 50500}],
        BODIES: [{"group": "Umeed VO", "member": name, "share_of_body": 1000} for name in ("Gulab", "Roshni")],
        BODY_LOANS: [{
            "group": "Umeed VO", "member": member, "lent_on": "10-06-2023", "lent": 50000, "outstanding": 40000,
            "rate": "12", "method": "reducing", "instalments": 8, "next_due": "10-04-2024", "source": "CIF",
            "part_month": "A month begun counts whole",
        }],
    }  # fmt: skip
    return workbook({kind: (OWN[kind], rows[kind]) for kind in rows})


def test_the_workbook_of_a_vo_is_judged_posted_and_taken_back(valley, vo, groups) -> None:
    officer = officer_at(valley.upper, "mis_officer")
    load = judged(officer, book_of_vo(), "cutoff")
    assert [what for _sheet, _row, what, _codes in told(load)] == ["create"] * 4, told(load)
    load = consented(officer, load)
    assert load.state == State.APPLIED, load.refusals
    book = Book.objects.get(institution=vo)
    assert balances(book.pk, day(ON))["loan_to_body"] == 40_000_00
    assert Loan.objects.get().body_id == groups[0].pk and Loan.objects.get().way == "given"
    assert Agreement.objects.get().part_month == "whole"
    undone(officer, load)
    assert balances(book.pk, us().today) == {}


def test_a_stranger_in_the_workbook_of_a_vo_refuses_it_whole(valley, vo, groups) -> None:
    load = judged(officer_at(valley.upper, "mis_officer"), book_of_vo(member="Nobody here"), "cutoff")
    assert [what for _sheet, _row, what, _codes in told(load)] == ["refuse"] * 4
    assert "no_body" in told(load)[-1][3] and not Book.objects.exists()


def test_the_workbook_names_who_belongs(vo, groups) -> None:
    sheets = openpyxl.load_workbook(workbook_of([vo]))
    names = [row[3].value for row in sheets["Shares and savings"].iter_rows(min_row=2)]
    assert len(sheets.sheetnames) == 3 and names == ["Gulab", "Roshni"]


# In the browser -------------------------------------------------------------------------------------------------------


def test_the_way_from_nothing_to_a_posted_cut_off_of_a_vo(keeper, vo, groups, clf) -> None:
    page = text_of(keeper.get(at(vo)))
    assert "A VO or CLF with a past" in page and "Write the cut-off" in page
    begin(keeper, vo)
    figures = text_of(keeper.get(at(vo, "group/")))
    assert "Share capital with the CLF" in figures and "Saving with the VO" not in figures
    send(keeper, vo, "group", on="31-03-2024", meetings_held="30", cash="1,500", bank="60,000", vrf="10,000",
         cif_received="40,000", **{f"share_{clf.pk}": "1,000"})  # fmt: skip
    shares = text_of(keeper.get(at(vo, "savings/")))
    assert "Gulab" in shares and "Share capital" in shares and "Compulsory saving" not in shares
    wrong = send(keeper, vo, "savings", **{f"{groups[0].pk}-share_of_body": "many"})
    assert wrong.status_code == 200 and "many" in text_of(wrong)
    send(keeper, vo, "savings", **{f"{one.pk}-share_of_body": "1,000" for one in groups})
    send(keeper, vo, "loans", go="add")
    card = OpenCutOff.objects.get().typed["loans"][0]["id"]
    assert OpenCutOff.objects.get().typed["loans"][0]["part_month"] == "days", "filled in"
    send(keeper, vo, "loans", **{
        f"{card}-whose": str(groups[0].pk), f"{card}-lent_on": "10-06-2023", f"{card}-lent": "50,000",
        f"{card}-outstanding": "40000", f"{card}-rate_bp_a_year": "12", f"{card}-method": "balance",
        f"{card}-frequency": "monthly", f"{card}-instalments": "8", f"{card}-next_due": "10-04-2024",
        f"{card}-source": "cif", f"{card}-purpose": "onlending", f"{card}-part_month": "whole",
    })  # fmt: skip
    taken = text_of(keeper.get(at(vo, "taken/")))
    assert "Loans that were taken and repaid" in taken
    refused = send(keeper, vo, "review", go="post", surplus="")
    assert "more is there than is named" in text_of(refused)
    posted = send(keeper, vo, "review", go="post", surplus="50,500")
    assert posted.url == at(vo), text_of(posted)
    assert Agreement.objects.get().part_month == "whole"
    standing = text_of(keeper.get(at(vo)))
    assert "Groups and VOs" in standing and "₹ 40,000" in standing.replace("\u202f", " ").replace("\xa0", " ")
    corrected = keeper.post(at(vo, "begin/"))
    assert corrected.url == at(vo, "group/")
    assert 'value="1,000"' in text_of(keeper.get(at(vo, "savings/")))
