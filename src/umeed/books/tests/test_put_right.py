"""What was put right of a meeting of a closed month: its papers say which meeting, by how much more or less, and why;
what stands against it is told at once, each with the name it is about."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from umeed.books.actions import Conflict, lock_month, take_back_meeting
from umeed.books.actions.differing import OfMeeting, put_right
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.written import written_in
from umeed.books.models import Meeting, Sheet
from umeed.books.registers import accounts, loans, slips
from umeed.books.registers.minutes import minutes
from umeed.books.registers.passbooks import member_passbook
from umeed.books.registers.put_right import put_right_of
from umeed.books.registers.sheet import one_sheet
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_meetings import lend
from umeed.books.tests.test_registers import lines, meet, nth, saves
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.models import Membership, Woman
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

WHY = "Her receipt says so"
WHICH = f"Put right: meeting 2 of 8 May 2024 · {WHY}"


@pytest.fixture
def held(kept: Kept) -> Meeting:
    """The second woman repaid 60 with 2 of interest, the third paid a fine of 10; the months are closed."""
    loan = lend(kept, 1, 100)
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[loan])
    pk = meet(
        kept, 2, nth(1), savings=saves(kept), fines=[{"woman": kept.women[2].pk, "paise": 10_00, "why": "late"}],
        repayments=[{"loan": loan["loan"], "principal": 60_00, "interest": 2_00}],
    )  # fmt: skip
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    return Meeting.objects.get(pk=pk)


def key_of(held: Meeting, head: str, woman: UUID) -> str:
    return next(one.key for one in written_in(held) if one.head == head and one.woman == woman)


@pytest.fixture
def mended(kept: Kept, held: Meeting) -> Sheet:
    """50 of principal and not 60, 5 of interest and not 2, 6 of fine and not 10; the first woman saved 70."""
    first, second, third = (woman.pk for woman in kept.women[:3])
    pk = put_right(by=us(), meeting=held.pk, nth=0, why=WHY, right={
        key_of(held, "loan_to_member", second): Paise(50_00),
        key_of(held, "interest_from_members", second): Paise(5_00),
        key_of(held, "fine", third): Paise(6_00), key_of(held, "saving_optional", first): Paise(70_00),
    })  # fmt: skip
    return Sheet.objects.get(pk=pk)


def test_her_passbook_says_which_meeting_and_what_was_repaid_less_is_not_taken(kept: Kept, mended: Sheet) -> None:
    book = member_passbook(kept.book, kept.women[1].pk, us().today)
    told = next(one for one in book.tables if one.title == "Loans")
    assert [str(column.title) for column in told.columns][2:] == ["Taken", "Repaid", "Interest", "Owed"]
    assert lines(told)[-1] == (us().today, WHICH, None, -10_00, 3_00, 50_00)
    assert lines(told, "closing")[0][2:] == (100_00, 50_00, 5_00, 50_00)
    saved = member_passbook(kept.book, kept.women[0].pk, us().today).tables[0]
    assert lines(saved)[-1][1:] == (WHICH, 20_00, 120_00)
    fined = next(
        one for one in member_passbook(kept.book, kept.women[2].pk, us().today).tables if one.title == "Besides"
    )
    assert lines(fined)[-1] == (us().today, f"Fine · {WHICH}", -4_00, None)


def test_loan_ledger_general_ledger_and_the_entry_itself_say_it_too(kept: Kept, mended: Sheet) -> None:
    loan = running_loans(kept.book.pk, us().today)[0].loan.pk
    told = loans.loan_ledger(kept.book, us().today, loan=loan).tables[0]
    assert lines(told)[-1] == (us().today, WHICH, None, -10_00, 3_00, None, 50_00)
    assert lines(told, "total")[0][2:] == (100_00, 50_00, 5_00, 0, 50_00)
    ledger = accounts.general_ledger(kept.book, Period.year_of(us().today), head="loan_to_member")
    assert lines(ledger)[-1][1] == f"{WHICH} · {kept.women[1].name}"
    paper = one_sheet(kept.book, mended)
    assert paper.title == WHICH and "Reason" not in [fact[0] for fact in paper.facts]


def test_the_minutes_say_what_differed_and_why(kept: Kept, held: Meeting, mended: Sheet) -> None:
    paper = minutes(kept.book, held.pk)
    assert paper is not None
    table = next(one for one in paper.tables if getattr(one, "title", "") == "Put right later")
    first, second, third = (woman.name for woman in kept.women[:3])
    assert sorted(lines(table), key=str) == sorted([
        (us().today, f"{first} · Optional saving", 20_00, None, WHY),
        (us().today, f"{second} · Loans to members: repaid", None, 10_00, WHY),
        (us().today, f"{second} · Interest from members", 3_00, None, WHY),
        (us().today, f"{third} · Fine", None, 4_00, WHY),
    ], key=str)  # fmt: skip
    other = minutes(kept.book, Meeting.objects.get(number=1).pk)
    assert other is not None and "Put right later" not in [getattr(one, "title", "") for one in other.tables]


def test_her_slip_says_what_of_hers_was_put_right_and_nobody_elses(kept: Kept, held: Meeting, mended: Sheet) -> None:
    second, fourth = kept.women[1], kept.women[3]
    paper = slips.slip(kept.book, held.pk, second.pk)
    assert paper is not None
    (note,) = paper.notes
    assert note.endswith(f"Loan repaid ₹10 less, Interest ₹3 more · {WHY}") and note.startswith("Put right on")
    assert note in paper.spoken
    untouched = slips.slip(kept.book, held.pk, fourth.pk)
    assert untouched is not None and not untouched.notes
    every = {one.whose: one for one in slips.slips_of(slips.held_in(kept.book, held.pk) or held)}
    assert every[second.pk].put_right and not every[fourth.pk].put_right
    text = Client().get(reverse("books:confirm", args=[slips.token_of(held, second.pk)])).content.decode()
    assert "Loan repaid ₹10 less" in text and "genuine" in text and WHY not in text


def test_the_meetings_page_sets_her_name_apart_and_nothing_else(
    keeper: Keeper, kept: Kept, held: Meeting, mended: Sheet
) -> None:  # fmt: skip
    """In a line of Urdu a name in Latin letters would else turn its head and amount round."""
    page = keeper.client.get(keeper.url("meeting", held.pk)).content.decode()
    name = kept.women[1].name
    assert f"<li><bdi>{name}</bdi> · Loans to members: repaid <b" in page
    assert f"<bdi>{name} ·" not in page


def test_everything_against_it_is_told_at_once_each_with_whose_it_is(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    url, (_first, second, third, fourth, *_rest) = keeper.url("meeting_differing", held.pk), kept.women
    sent = fields_of(keeper.client.get(url))
    loan, fine = key_of(held, "loan_to_member", second.pk), key_of(held, "fine", third.pk)
    saving = key_of(held, "saving_optional", fourth.pk)
    answer = keeper.client.post(url, {**sent, loan: "99,999", fine: "-5", saving: "1x", "why": ""})
    text = text_of(answer)
    assert answer.status_code == 422 and "for 4 reasons" in text
    assert f"{third.name} · Fine: Write the right amount, without a minus" in text
    assert f"{fourth.name} · Optional saving: “1x” is not an amount" in text
    assert f"{second.name} · Loan repaid: More would be repaid on this loan than is owed: ₹99,899 too much" in text
    assert "Say why." in text and "Nothing differs" not in text
    assert not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()
    # Without what cannot be read the reason still stands beside the amount that it is about.
    with pytest.raises(Refused) as refused:
        put_right(by=us(), meeting=held.pk, nth=0, right={loan: Paise(999_00)}, why="")
    assert {(one.field, one.code) for one in refused.value.refusals} == {("why", "no_reason"), (loan, "more_than_owed")}


def test_beside_why_it_is_said_who_reads_it(keeper: Keeper, held: Meeting) -> None:
    for language, words in (("en", "Every woman whose amount changes reads this"), ("ur", "پاس بک"), ("hi", "पासबुक")):
        keeper.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = keeper.client.get(keeper.url("meeting_differing", held.pk)).content.decode()
        hint = page[page.index('for="id_why"') : page.index('id="id_why"')]
        assert words in hint


# Two at once ----------------------------------------------------------------------------------------------------------


def adjusted() -> int:
    return Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).count()


def test_the_same_again_is_known_and_anything_else_is_a_conflict(kept: Kept, held: Meeting) -> None:
    key = key_of(held, "saving_optional", kept.women[0].pk)
    said = {"by": us(), "meeting": held.pk, "nth": 0, "right": {key: Paise(60_00)}, "why": WHY}
    sheet = put_right(**said)
    assert put_right(**said) == sheet
    loan = next(one for one in written_in(held, 0) if one.head == "loan_to_member")
    assert put_right(**{**said, "right": {key: Paise(60_00), loan.key: loan.paise}}) == sheet, "what stays as it is"
    for other in (
        {"right": {key: Paise(70_00)}}, {"right": {}}, {"right": {key: Paise(60_00), loan.key: Paise(50_00)}},
        {"why": "Another reason"},
    ):  # fmt: skip
        with pytest.raises(Conflict):
            put_right(**{**said, **other})
    assert adjusted() == 1


def test_a_second_window_loses_nothing_and_undoes_nothing(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    url, (first, second, *_rest) = keeper.url("meeting_differing", held.pk), kept.women
    hers, others = (key_of(held, "saving_optional", woman.pk) for woman in (first, second))
    fine = key_of(held, "fine", kept.women[2].pk)
    page = fields_of(keeper.client.get(url))
    one = {**page, hers: "60", others: "55", "why": "Window one"}
    assert keeper.client.post(url, one).status_code == 302
    assert keeper.client.post(url, one).status_code == 302, "pressed twice"
    answer = keeper.client.post(url, {**page, hers: "70", fine: "8", "why": "Window two"})
    text, again = text_of(answer), fields_of(answer)
    assert answer.status_code == 422 and "It was put right meanwhile. Nothing of what you wrote was posted" in text
    assert f"{first.name} · Optional saving: It was put right meanwhile: ₹60 now." in text
    assert 'href="#id_nth"' not in answer.content.decode(), "nothing stands there"
    assert (again[hers], again[others], again[fine], again["why"]) == ("70", "55", "8", "Window two")
    assert adjusted() == 1
    assert keeper.client.post(url, again).status_code == 302
    now = {one.key: one.paise for one in written_in(held)}
    assert (now[hers], now[others], now[fine]) == (70_00, 55_00, 8_00)
    assert [one.why for one in put_right_of(held)] == ["Window one", "Window two"]


def test_an_old_page_with_what_cannot_be_read_is_a_conflict_too(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    url, hers = keeper.url("meeting_differing", held.pk), key_of(held, "saving_optional", kept.women[0].pk)
    page = fields_of(keeper.client.get(url))
    keeper.client.post(url, {**page, hers: "60", "why": "One"})
    answer = keeper.client.post(url, {**page, hers: "7o", "why": "Two"})
    again = fields_of(answer)
    assert answer.status_code == 422 and "put right meanwhile" in text_of(answer) and "“7o”" in text_of(answer)
    assert (again[hers], again["nth"], again["why"]) == ("7o", "1", "Two")
    # As it was found: nobody wrote anything there.
    answer = keeper.client.post(url, {**page, "why": "Three"})
    assert fields_of(answer)[hers] == "60" and "₹60 now" not in text_of(answer)


def test_what_was_put_right_to_nothing_can_be_put_right_again(kept: Kept, held: Meeting) -> None:
    loan = next(one for one in written_in(held) if one.head == "loan_to_member")
    put_right(by=us(), meeting=held.pk, nth=0, right={loan.key: Paise(0)}, why=WHY)
    now = next(one for one in written_in(held) if one.key == loan.key)
    assert (now.sign, now.paise) == (-1, 0)
    put_right(by=us(), meeting=held.pk, nth=1, right={loan.key: Paise(45_00)}, why="She found her receipt")
    assert running_loans(kept.book.pk, us().today)[0].owed == 55_00


# Taken back with its meeting -----------------------------------------------------------------------------------------


def test_taken_back_with_its_meeting_it_is_told_by_name(kept: Kept, held: Meeting, mended: Sheet) -> None:
    first = kept.women[0]
    token = slips.token_of(held, first.pk)
    take_back_meeting(by=us(), meeting=held.pk, id=new_id(), why="Never held")
    back = "Taken back: Put right: meeting 2 of 8 May 2024 · Never held"
    saved = member_passbook(kept.book, first.pk, us().today).tables[0]
    assert back in [row[1] for row in lines(saved)]
    ledger = accounts.general_ledger(kept.book, Period.year_of(us().today), head="saving_optional")
    words = [row[1] for row in lines(ledger)]
    assert f"{back} · {first.name}" in words and not any("an entry" in one for one in words)
    mirror = one_sheet(kept.book, Sheet.objects.get(reverses=mended))
    assert mirror.title == back and "Reason" not in [fact[0] for fact in mirror.facts]
    # Why it was taken back may name others: whoever holds the paper does not read it.
    text = Client().get(reverse("books:confirm", args=[token])).content.decode()
    assert "does not hold" in text and "Never held" not in text


def test_of_a_woman_whose_record_was_merged_since_it_is_put_right_under_the_one_that_is_kept(
    kept: Kept, held: Meeting
) -> None:
    """Hers stands once, with what both saved and the loan of the one; what she repaid less is owed again."""
    (loan,) = running_loans(kept.book.pk, us().today)
    merged, known = kept.women[1].pk, kept.women[4].pk
    with as_system():
        Membership.objects.filter(woman=merged).delete()
        Woman.objects.filter(pk=merged).update(merged_into=known)
    hers = [one for one in written_in(held) if one.woman in (merged, known)]
    assert {one.woman for one in hers} == {known} and len({one.key for one in hers}) == len(hers)
    saved = next(one for one in hers if one.head == "saving_optional")
    assert saved.paise == 100_00
    put_right(by=us(), meeting=held.pk, nth=0, why=WHY, right={
        saved.key: Paise(120_00), key_of(held, "loan_to_member", known): Paise(50_00),
    })  # fmt: skip
    (now,) = running_loans(kept.book.pk, us().today)
    assert (loan.owed, now.owed) == (40_00, 50_00)
    assert next(one for one in written_in(held) if one.key == saved.key).paise == 120_00


def test_what_was_taken_back_since_the_page_was_made_is_not_put_right(kept: Kept, held: Meeting) -> None:
    """Another session took it back between the page's look and the lock."""
    of, saved = OfMeeting(held), next(one for one in written_in(held) if one.head == "saving_optional")
    take_back_meeting(by=us(), meeting=held.pk, id=new_id(), why="Never held")
    posted = Sheet.objects.count()
    with pytest.raises(Refused) as refused:
        of.put_right(by=us(), nth=0, right={saved.key: Paise(saved.paise + 10_00)}, why=WHY)
    assert [one.code for one in refused.value.refusals] == ["not_standing"] and Sheet.objects.count() == posted
