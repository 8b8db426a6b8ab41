"""A cut-off of a closed month is put right in an open month, by what it differs: who has what from today on, what the
papers say of it, what stands against it, and the way there in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from umeed.books.actions import Conflict, begin_cut_off, lock_month
from umeed.books.actions.cutoffs import put_right_cut_off
from umeed.books.cutoffs.written import written_in
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.models import Book, CutOff, OpenCutOff, Sheet
from umeed.books.registers import accounts, cash
from umeed.books.registers.flows import paid_out
from umeed.books.registers.passbooks import group_passbook, member_passbook
from umeed.books.registers.put_right import put_right_of_cut_off
from umeed.books.registers.sheet import one_sheet
from umeed.books.tests.making import day, entry, sheet
from umeed.books.tests.making import post as post_lines
from umeed.books.tests.test_cutoff import ON, cut_off, post, women_of
from umeed.books.tests.test_cutoff_bodies import clf, groups, of_vo, vo  # noqa: F401
from umeed.books.tests.test_registers import lines
from umeed.books.tests.writing import fields_of, text_of
from umeed.books.verifying import verify
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution, Membership, Woman
from umeed.institutions.tests.making import TODAY, bookkeeper_of, codes_of, make_group, officer_at, signed_in, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period
from umeed.places.tests.world import Valley

WHY = "Her passbook says so"
WHICH = f"Put right: the cut-off of 31 Mar 2024 · {WHY}"


@pytest.fixture
def group(valley: Valley) -> Institution:
    return make_group(valley.chinar, members=5)


def closed(institution: Institution, said: dict[str, Any]) -> CutOff:
    """Its cut-off, whose month is closed."""
    row = CutOff.objects.get(pk=post(institution, said).cut_off)
    lock_month(by=us(), book=row.book, month=day(ON))
    return row


@pytest.fixture
def stands(group: Institution) -> CutOff:
    return closed(group, cut_off(group, fixed_deposit=3_000_00, surplus=5_000_00))


def key_of(row: CutOff, head: str, whose: Any = None) -> str:
    return next(one.key for one in written_in(row) if one.head == head and whose in (one.woman, one.body))


def mend(row: CutOff, nth: int = 0, why: str = WHY, **said: Any) -> int:
    """{head: rupees}, or {head: (whose, rupees)}."""
    right = {}
    for head, what in said.items():
        whose, rupees = what if isinstance(what, tuple) else (None, what)
        right[key_of(row, head, whose)] = Paise(rupees * 100)
    return put_right_cut_off(by=us(), cut_off=row.pk, nth=nth, right=right, why=why)


def refused(row: CutOff, **said: Any) -> list[str]:
    with pytest.raises(Refused) as wrong:
        mend(row, **said)
    return codes_of(wrong)


def holds() -> bool:
    return [one.check for one in verify() if one.found] == []


@pytest.fixture
def mended(group: Institution, stands: CutOff) -> Sheet:
    """The first woman had saved 2,500 and not 2,000; the bank held 200 less."""
    return Sheet.objects.get(pk=mend(stands, saving_compulsory=(women_of(group)[0].pk, 2_500), bank=19_800))


# What it comes to -----------------------------------------------------------------------------------------------------


def test_it_is_so_from_today_on_and_the_surplus_makes_it_even(group, stands, mended) -> None:
    book, her = stands.book, women_of(group)[0].pk
    assert (mended.on_date, mended.kind) == (us().today, Sheet.Kind.ADJUSTMENT)
    then, now = balances(book.pk, day(ON)), balances(book.pk, TODAY)
    assert (then["bank"], then["saving_compulsory"], then["surplus_before"]) == (20_000_00, -10_000_00, -5_000_00)
    assert (now["bank"], now["saving_compulsory"], now["surplus_before"]) == (19_800_00, -10_500_00, -4_300_00)
    assert balances_of_a_woman(book.pk, her, TODAY)["saving_compulsory"] == -2_500_00
    assert balances_of_a_woman(book.pk, her, day(ON))["saving_compulsory"] == -2_000_00
    assert holds()
    said = AuditEntry.objects.get(did="put_right_cut_off").changes.get(after__has_key="puts_right").after
    assert said == {"puts_right": str(stands.pk), "of": "cut_off"}


def test_every_paper_says_what_was_put_right_and_why(group, stands, mended) -> None:
    book, her = stands.book, women_of(group)[0]
    year = Period.year_of(us().today)
    assert lines(member_passbook(book, her.pk, us().today).tables[0])[-1][1:] == (WHICH, 500_00, 2_500_00)
    ledger = accounts.general_ledger(book, year, head="saving_compulsory").tables[0]
    assert lines(ledger)[-1][1] == f"{WHICH} · {her.name}"
    today = cash.cash_book(book, year).tables[-1]
    assert (f"Balance when the book began · {WHICH}", None, -200_00) in lines(today.first)
    assert lines(today.second) == [], "nothing was paid"
    account = cash.receipts_and_payments(book, year).tables[0]
    assert lines(account.first) == [("Balance when the book began", -200_00)] and lines(account.second) == []
    assert paid_out(book, year.first_day, year.last_day) == 0
    at_bank = group_passbook(book, year).tables[0]
    assert lines(at_bank)[-1][2:] == (None, 200_00, 19_800_00) and WHICH in lines(at_bank)[-1][1]
    assert one_sheet(book, mended).title == WHICH


def test_what_was_put_right_is_listed_without_what_makes_it_even(group, stands, mended) -> None:
    (told,) = put_right_of_cut_off(stands)
    assert (told.on, told.why) == (us().today, WHY)
    assert [(one.what, one.by_how_much[-4:]) for one in told.lines] == [
        ("Cash at bank", "less"), (f"{women_of(group)[0].name} · Compulsory saving", "more"),
    ]  # fmt: skip


def test_of_whom_it_says_nothing_and_between_two_women(group) -> None:
    women = [woman.pk for woman in women_of(group)]
    said = cut_off(group, surplus=4_000_00)
    row = closed(group, {**said, "savings": said["savings"][:4]})
    mend(row, saving_compulsory=(women[4], 2_000))
    mend(row, 1, saving_health=(women[0], 100), startup=1_000)
    held = balances(row.book_id, TODAY)
    assert (held["saving_compulsory"], held["saving_health"], held["startup"]) == (-10_000_00, -100_00, -1_000_00)
    # What one had another has: nothing is left over.
    first, second = key_of(row, "saving_compulsory", women[0]), key_of(row, "saving_compulsory", women[1])
    right = {first: Paise(1_900_00), second: Paise(2_100_00)}
    put = put_right_cut_off(by=us(), cut_off=row.pk, nth=2, right=right, why=WHY)
    assert Sheet.objects.get(pk=put).line_count == 2 and balances(row.book_id, TODAY)["surplus_before"] == -900_00
    year = Period.year_of(us().today)
    assert not lines(cash.cash_book(row.book, year).tables[-1].first), "no money moved"
    assert holds()


def test_cash_loans_and_the_surplus_are_not_put_right_by_an_amount(stands) -> None:
    heads = {one.head for one in written_in(stands)}
    assert not heads & {"cash", "loan_to_member", "surplus_before", "on_the_way"}
    assert {"bank", "fixed_deposit", "insurance_policy", "revolving_fund", "saving_food"} <= heads


def test_of_a_woman_who_left_since_and_of_one_whose_record_was_merged(group, stands) -> None:
    gone, merged, kept = (woman.pk for woman in women_of(group)[:3])
    post_lines(stands.book, sheet(entry("bank", -2_000), entry("saving_compulsory", 2_000, woman=gone)))
    with as_system():
        Membership.objects.filter(woman=gone).update(during=DateRange(day("2020-01-01"), day("2024-05-01")))
        Membership.objects.filter(woman=merged).delete()
        Woman.objects.filter(pk=merged).update(merged_into=kept)
    mend(stands, saving_compulsory=(gone, 2_300))
    assert balances_of_a_woman(stands.book_id, gone, TODAY)["saving_compulsory"] == -300_00
    hers = [one for one in written_in(stands) if one.head == "saving_food" and one.woman in (merged, kept)]
    assert [one.woman for one in hers] == [kept], "once, under the record that is kept of her"
    mend(stands, 1, saving_compulsory=(kept, 4_100))
    assert balances_of_a_woman(stands.book_id, kept, TODAY)["saving_compulsory"] == -4_100_00 and holds()


# What stands against it -----------------------------------------------------------------------------------------------


def test_reasons(group, stands) -> None:
    her = women_of(group)[0].pk
    assert refused(stands, why=" ", bank=19_800) == ["no_reason"]
    assert refused(stands) == ["nothing_differs"]
    assert refused(stands, saving_compulsory=(her, 50_000)) == ["much_more", "much_surplus"]
    with pytest.raises(Refused) as nought:
        mend(stands, bank=2_00_000)
    told = nought.value.refusals[0].message()
    assert told == "By this the surplus from before the book is ₹1,85,000 instead of ₹5,000. Is it right?"
    book = stands.book
    post_lines(book, sheet(entry("bank", -19_900), entry("cash", 19_900), on="2024-04-08"))
    post_lines(book, sheet(entry("cash", -1_950), entry("saving_compulsory", 1_950, woman=her), on="2024-04-09"))
    post_lines(book, sheet(entry("bank", 2_900), entry("fixed_deposit", -2_900), on="2024-04-10"))
    with pytest.raises(Refused) as wrong:
        mend(stands, bank=16_900, saving_compulsory=(her, 1_940), fixed_deposit=2_800)
    keys = {key_of(stands, head, whose) for head, whose in (
        ("bank", None), ("saving_compulsory", her), ("fixed_deposit", None)
    )}  # fmt: skip
    assert {one.field for one in wrong.value.refusals} == keys, "each on its line"
    assert not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()


def test_the_same_again_is_known_and_anything_else_is_a_conflict(group, stands) -> None:
    assert mend(stands, bank=19_800) == mend(stands, bank=19_800)
    for other in ({"bank": 19_700}, {"bank": 19_800, "why": "Another"}, {}):
        with pytest.raises(Conflict):
            mend(stands, **other)
    assert Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).count() == 1


def test_of_an_open_month_it_is_corrected_and_out_of_reach_it_is_not_there(valley, group) -> None:
    row = CutOff.objects.get(pk=post(group, cut_off(group)).cut_off)
    assert refused(row, bank=19_800) == ["still_open"]
    lock_month(by=us(), book=row.book, month=day(ON))
    stranger = bookkeeper_of(make_group(valley.deodar, "Other", members=5))
    with pytest.raises(Refused) as wrong:
        put_right_cut_off(by=stranger, cut_off=row.pk, nth=0, right={key_of(row, "bank"): Paise(0)}, why=WHY)
    assert codes_of(wrong) == ["not_found"]


def test_what_a_vo_was_found_to_have_otherwise(vo, groups, clf) -> None:  # noqa: F811
    row = closed(vo, of_vo(groups, clf))
    mend(row, saving_of_body=(groups[0].pk, 3_050), share_with_clf=(clf.pk, 1_500), vrf=9_000)
    held = balances(row.book_id, TODAY)
    assert (held["saving_of_body"], held["share_with_clf"], held["vrf"]) == (-5_100_00, 1_500_00, -9_000_00)
    assert held["surplus_before"] == -6_400_00 - 500_00 and holds()
    bookkeeper_of(vo, "vo_bookkeeper")
    page = signed_in("bookkeeper").get(f"/books/{vo.pk}/cut-off/put-right/")
    assert "Gulab" in text_of(page) and "in her passbook" not in text_of(page)
    # Of a group that keeps a book too it stands in both.
    post(groups[1], cut_off(groups[1]))
    assert groups[1].pk not in {one.body for one in written_in(row)} and groups[0].pk in {
        one.body for one in written_in(row)
    }


# In the browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(group: Institution) -> Client:
    bookkeeper_of(group)
    return signed_in("bookkeeper")


def at(group: Institution, page: str = "") -> str:
    return f"/books/{group.pk}/cut-off/{page}"


def test_the_cut_offs_page_leads_there_and_no_longer_into_a_correction(keeper, group) -> None:
    post(group, cut_off(group))
    text = text_of(keeper.get(at(group)))
    assert "Correct it" in text and "Take it back whole" in text and "Put it right" not in text
    assert keeper.get(at(group, "put-right/")).url == at(group), "it is corrected"
    keeper.post(at(group, "begin/"))
    lock_month(by=us(), book=Book.objects.get(), month=day(ON))
    text = text_of(keeper.get(at(group)))
    assert "The month of 31 Mar 2024 is closed in this book" in text and "Put it right by what it differs" in text
    assert "Correct it" not in text and "Take it back" not in text and "Go on with the correction" not in text
    # What was begun before leads nowhere any more.
    assert "is closed in this book" in text_of(keeper.post(at(group, "begin/"), follow=True))
    keeper.post(at(group, "put-away/"))
    assert not OpenCutOff.objects.exists()
    with pytest.raises(Refused) as wrong:
        begin_cut_off(by=us(), group=group.pk, id=new_id(), typed={}, corrects=CutOff.objects.get().pk)
    assert codes_of(wrong) == ["month_closed"] and not OpenCutOff.objects.exists()


def test_the_page_puts_it_right_and_tells_it(keeper, group, stands) -> None:
    url, her = at(group, "put-right/"), women_of(group)[0]
    page = keeper.get(url)
    sent, saving, bank = fields_of(page), key_of(stands, "saving_compulsory", her.pk), key_of(stands, "bank")
    assert (sent[saving], sent[bank]) == ("2000", "20000")
    wrong = keeper.post(url, {**sent, saving: "1" * 17, bank: "-5", "why": ""})
    assert wrong.status_code == 422 and fields_of(wrong)[saving] == "1" * 17
    assert f"{her.name} · Compulsory saving: This is more than any book here can hold." in text_of(wrong)
    assert "Cash at bank: Write the right amount, without a minus." in text_of(wrong)
    asked = keeper.post(url, {**sent, saving: "50000", "why": WHY})
    assert asked.status_code == 422 and "much more than the ₹2,000 that was written" in text_of(asked)
    assert "By this the surplus from before the book" in text_of(asked) and "id_None" not in asked.content.decode()
    assert not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()
    done = keeper.post(url, {**sent, saving: "2500", bank: "19,800", "why": WHY})
    assert done.url == at(group)
    text = text_of(keeper.get(at(group)))
    assert "Put right later" in text and WHY in text
    assert f"{her.name} · Compulsory saving ₹ 500 more" in text and "Cash at bank ₹ 200 less" in text
    again = keeper.post(url, {**sent, bank: "100", "why": "Another window"})
    assert again.status_code == 422 and "It was put right meanwhile: ₹19,800 now." in text_of(again)
    assert fields_of(again)[saving] == "2500", "what was not touched follows the book"


def test_a_page_of_many_women_asks_a_fixed_number_of_questions(valley, django_assert_max_num_queries) -> None:
    big = make_group(valley.chinar, "Twelve", members=12)
    closed(big, cut_off(big, surplus=-12_000_00, surplus_why="Lost"))
    bookkeeper_of(big)
    client = signed_in("bookkeeper")
    client.get(at(big, "put-right/"))
    with django_assert_max_num_queries(60):
        assert client.get(at(big, "put-right/")).status_code == 200


def test_whoever_sees_only_puts_nothing_right(valley, stands, group) -> None:
    officer_at(valley.chinar)
    assert signed_in("officer").get(at(group, "put-right/")).status_code == 404
