"""A cut-off written in the browser: kept as typed, reasons beside the fields, posted, checked, corrected."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import close_meeting
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import running_loans
from umeed.books.models import Book, CutOff, OpenCutOff
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import ON, cut_off, post, women_of
from umeed.books.tests.writing import text_of
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import (
    TODAY,
    bookkeeper_of,
    make_federation,
    make_group,
    officer_at,
    signed_in,
    us,
)
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley


@pytest.fixture
def group(valley: Valley) -> Institution:
    return make_group(valley.chinar, members=5)


@pytest.fixture
def keeper(group: Institution) -> Client:
    bookkeeper_of(group)
    return signed_in("bookkeeper")


def at(group: Institution, page: str = "") -> str:
    return f"/books/{group.pk}/cut-off/{page}"


def send(client: Client, group: Institution, page: str, go: str = "next", **said: Any) -> Any:
    """Fill in one page and send it."""
    revision = OpenCutOff.objects.values_list("revision", flat=True).get()
    return client.post(at(group, f"{page}/"), {"revision": revision, "go": go, **said})


def begin(client: Client, group: Institution) -> None:
    answer = client.post(at(group, "begin/"))
    assert answer.url == at(group, "group/")


def whole(client: Client, group: Institution) -> None:
    """Everything but the surplus."""
    begin(client, group)
    women = women_of(group)
    send(client, group, "group", on="31-03-2024", meetings_held="100", last_meeting="25-03-2024", cash="1,000",
         bank="20000", rf_received="15,000")  # fmt: skip
    send(client, group, "savings", **{f"{woman.pk}-saving_compulsory": "2,000" for woman in women})
    send(client, group, "loans", go="add")
    loan = OpenCutOff.objects.get().typed["loans"][0]["id"]
    send(client, group, "loans", **{
        f"{loan}-whose": str(women[0].pk), f"{loan}-lent_on": "10-06-2023", f"{loan}-lent": "10,000",
        f"{loan}-outstanding": "6000", f"{loan}-rate_bp_a_year": "2", f"{loan}-method": "balance",
        f"{loan}-frequency": "monthly", f"{loan}-instalments": "6", f"{loan}-next_due": "10-04-2024",
        f"{loan}-source": "own", f"{loan}-purpose": "cattle",
    })  # fmt: skip


def test_the_way_from_nothing_to_a_posted_cut_off(keeper, group) -> None:
    page = keeper.get(at(group))
    assert page.status_code == 200 and "Write the cut-off" in page.content.decode()
    whole(keeper, group)
    shown = keeper.get(at(group, "review/")).content.decode()
    assert "₹ 27,000" in re.sub(r"\s", " ", shown) and "₹ 25,000" in re.sub(r"\s", " ", shown)
    refused = send(keeper, group, "review", go="post", surplus="")
    assert "₹2,000 more is there than is named for it" in refused.content.decode()
    assert not CutOff.objects.exists()
    posted = send(keeper, group, "review", go="post", surplus="2000")
    assert posted.url == at(group) and not OpenCutOff.objects.exists()
    book = Book.objects.get()
    assert balances(book.pk, day(ON))["surplus_before"] == -2_000_00
    standing = keeper.get(at(group)).content.decode()
    assert "not yet" in standing and "Haseena Bano" in standing and "I have checked it" not in standing


def test_wrong_input_stays_as_typed_with_the_reason_beside_it(keeper, group) -> None:
    begin(keeper, group)
    answer = send(keeper, group, "group", on="31-13-2024", cash="many", rf_received="5", rf_returned="9")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="many"' in page and 'value="31-13-2024"' in page
    assert "is not an amount in rupees" in page and "More was returned than was received." in page
    assert OpenCutOff.objects.get().typed["group"]["cash"] == "many"
    head = page[page.index('<p class="row row-apart small">') :].partition("</p>")[0]
    assert re.sub(r"<[^>]+>", "", head) == f"Cut-off{group.name}", "and of no day that was not written"
    again = keeper.get(at(group, "group/")).content.decode()
    assert 'value="many"' in again


def test_what_is_wrong_is_listed_above_the_page_with_whose_it_is(keeper, group) -> None:
    """The reasons stand at their fields too, two screens below."""
    begin(keeper, group)
    send(keeper, group, "group", on="31-03-2024")
    her = women_of(group)[-1]
    text = send(keeper, group, "savings", **{f"{her.pk}-saving_compulsory": "-1"}).content.decode()
    above = text[text.index('role="alert"') : text.index('<form method="post" action="/books/')]
    assert "autofocus" in above and f'href="#id_{her.pk}-saving_compulsory"' in above and her.name in above
    shown = keeper.get(at(group, "savings/")).content.decode()
    assert 'role="alert"' in shown and "autofocus" not in shown


def test_a_negative_saving_and_a_loan_with_gaps(keeper, group) -> None:
    begin(keeper, group)
    woman = women_of(group)[0]
    send(keeper, group, "group", on="31-03-2024", meetings_held="100")
    page = send(keeper, group, "savings", **{f"{woman.pk}-saving_optional": "-50"}).content.decode()
    assert 'value="-50"' in page and "less than nothing" in page
    send(keeper, group, "savings")
    send(keeper, group, "loans", go="add")
    loan = OpenCutOff.objects.get().typed["loans"][0]["id"]
    page = send(keeper, group, "loans", **{f"{loan}-lent": "100", f"{loan}-outstanding": "500"}).content.decode()
    assert page.count("This is missing.") >= 1 and 'value="500"' in page
    told = {f"{loan}-lent": "100", f"{loan}-outstanding": "500", f"{loan}-rate_bp_a_year": "abc",
            f"{loan}-method": "balance", f"{loan}-frequency": "monthly", f"{loan}-lent_on": "01-01-2024"}  # fmt: skip
    page = send(keeper, group, "loans", **told).content.decode()
    assert "“abc” is no rate" in page
    send(keeper, group, "loans", go=f"remove-{loan}")
    assert OpenCutOff.objects.get().typed["loans"] == []


def test_every_reason_of_a_loan_is_told_at_once_beside_its_field_and_names_it(keeper, group) -> None:
    """Also when something is missing: what is there is judged all the same."""
    begin(keeper, group)
    send(keeper, group, "group", on="31-03-2024", meetings_held="100", cash="1,000")
    send(keeper, group, "loans", go="add")
    loan = OpenCutOff.objects.get().typed["loans"][0]["id"]
    shown = send(keeper, group, "loans", **{
        f"{loan}-whose": str(women_of(group)[0].pk), f"{loan}-lent_on": "10-06-2023", f"{loan}-lent": "5,000",
        f"{loan}-outstanding": "6000", f"{loan}-overdue_principal": "7000", f"{loan}-rate_bp_a_year": "2",
        f"{loan}-method": "balance", f"{loan}-frequency": "monthly", f"{loan}-instalments": "6",
        f"{loan}-next_due": "10-01-2024", f"{loan}-source": "own",
    }).content.decode()  # fmt: skip
    said = {
        "Overdue since": "This is missing.", "Principal still owed": "more cannot be owed",
        "Of it overdue": "6,000 is owed", "Next instalment due": "after the cut-off",
    }  # fmt: skip
    assert "is missing." in shown
    review = text_of(send(keeper, group, "review", go="post", surplus=""))
    for field, why in said.items():
        assert re.search(f"{women_of(group)[0].name} *: *{field}: [^:]*{why}", review), (field, why, review)
    assert re.search("₹ ?7,000", review), "both sides are told: what is missing is no amount"
    told = {f"{loan}-outstanding": "", f"{loan}-lent": "100", f"{loan}-lent_on": "1-1-2025"}
    assert "This is missing." in text_of(send(keeper, group, "loans", **told))


def test_interest_is_said_per_month_as_in_the_rules(keeper, group) -> None:
    whole(keeper, group)
    assert "Interest, per cent a month" in keeper.get(at(group, "loans/")).content.decode()
    send(keeper, group, "review", go="post", surplus="2000")
    assert CutOff.objects.get().said["loans"][0]["rate_bp_a_year"] == 2400
    assert "2 per cent a month" in keeper.get(at(group)).content.decode()
    begin(keeper, group)
    assert OpenCutOff.objects.get().typed["loans"][0]["rate_bp_a_year"] == "2"


def test_an_older_page_overwrites_nothing(keeper, group) -> None:
    begin(keeper, group)
    send(keeper, group, "group", on="31-03-2024", cash="5")
    page = keeper.post(at(group, "group/"), {"revision": 1, "go": "next", "cash": "7"})
    assert "Somebody else wrote in this cut-off" in page.content.decode() and 'value="7"' in page.content.decode()
    assert OpenCutOff.objects.get().typed["group"]["cash"] == "5"


def test_it_is_checked_by_an_officer_and_corrected_with_a_reason(valley, keeper, group) -> None:
    whole(keeper, group)
    send(keeper, group, "review", go="post", surplus="2000")
    officer_at(valley.north)
    officer = signed_in("officer")
    assert "I have checked it" in officer.get(at(group)).content.decode()
    officer.post(at(group, "check/"))
    assert CutOff.objects.get().checked_on is not None
    assert officer.get(at(group, "group/")).status_code == 404
    begin(keeper, group)
    send(
        keeper, group, "group", on="31-03-2024", meetings_held="100", cash="1,500", bank="20,000", rf_received="15,000"
    )
    page = send(keeper, group, "review", go="post", surplus="2,500")
    assert 'href="#why">Say why it is corrected.' in page.content.decode()
    send(keeper, group, "review", go="post", surplus="2,500", why="Found with the treasurer")
    assert balances(Book.objects.get().pk, TODAY)["cash"] == 1_500_00
    shown = keeper.get(at(group)).content.decode()
    assert "Version 1" in shown and "stands" in shown
    keeper.post(at(group, "take-back/"), {"why": "Another group's"})
    assert balances(Book.objects.get().pk, TODAY) == {}


def test_a_correction_tells_reason_and_question_in_one_go_and_keeps_what_was_ticked(keeper, group) -> None:
    """A meeting counted the cash since. Only a correction that changes the cash asks about that count."""
    whole(keeper, group)
    send(keeper, group, "review", go="post", surplus="2000")
    with as_system():
        book = Book.objects.get()
        close_meeting(by=us(), book=book, said=held_without_money(book))
    begin(keeper, group)
    asked = "Count the box again in the next one."
    assert asked not in keeper.get(at(group, "review/")).content.decode(), "the cash stays"
    assert send(keeper, group, "review", go="post", surplus="2000").content.decode().count(asked) == 0
    said = {"on": "31-03-2024", "meetings_held": "100", "bank": "20,000", "rf_received": "15,000"}
    send(keeper, group, "group", **said, cash="1,500")
    page = send(keeper, group, "review", go="post", surplus="2,500", sure="on").content.decode()
    assert "Say why it is corrected." in page and asked in page and 'id="sure" checked' in page
    page = send(keeper, group, "review", go="post", surplus="2,500", why="Found with the treasurer").content.decode()
    assert asked in page and 'value="Found with the treasurer"' in page and 'id="sure" checked' not in page
    # Also what is only saved stays.
    send(keeper, group, "review", surplus="2,500", why="Found with the treasurer")
    assert 'value="Found with the treasurer"' in keeper.get(at(group, "review/")).content.decode()
    done = send(keeper, group, "review", go="post", surplus="2,500", why="Found with the treasurer", sure="on")
    assert done.status_code == 302 and CutOff.objects.count() == 2


def held_without_money(book: Book) -> dict[str, Any]:
    women = [str(woman.pk) for woman in women_of(book.institution)]
    return {
        "id": new_id(), "on": "2024-04-08", "number": 101, "kind": "regular", "president": women[0],
        "attendance": dict.fromkeys(women, "present"), "counted": 1_000_00,
    }  # fmt: skip


def test_it_is_said_who_checks_and_of_which_day_the_women_are(keeper, group) -> None:
    begin(keeper, group)
    assert "Those who belong today" in keeper.get(at(group, "savings/")).content.decode()
    keeper.post(at(group, "put-away/"))
    whole(keeper, group)
    assert "Those who belonged on 31 Mar 2024" in keeper.get(at(group, "savings/")).content.decode()
    send(keeper, group, "review", go="post", surplus="2000")
    outside = "Somebody from outside checks it"
    shown = keeper.get(at(group)).content.decode()
    assert "You wrote it yourself" in shown and outside in shown and "I have checked it" not in shown
    bookkeeper_of(group, username="second")
    shown = signed_in("second").get(at(group)).content.decode()
    assert outside in shown and "You wrote it yourself" not in shown


def test_what_lies_with_the_vo_is_written_by_a_bookkeeper_who_does_not_reach_it(valley, keeper, group) -> None:
    vo = make_group(valley.chinar, "Mahak VO", kind="vo")
    make_federation(group, vo)
    whole(keeper, group)
    shown = keeper.get(at(group, "group/")).content.decode()
    assert "Saving with the VO" in shown and f'name="saving_{vo.pk}"' in shown
    send(keeper, group, "group", **{
        "on": "31-03-2024", "meetings_held": "100", "cash": "1,000", "bank": "20,000", "rf_received": "15,000",
        f"saving_{vo.pk}": "500",
    })  # fmt: skip
    send(keeper, group, "taken", go="add")
    loan = OpenCutOff.objects.get().typed["taken"][0]["id"]
    assert "Mahak VO" in keeper.get(at(group, "taken/")).content.decode()
    send(keeper, group, "taken", **{
        f"{loan}-whose": str(vo.pk), f"{loan}-lent_on": "10-01-2024", f"{loan}-lent": "40,000",
        f"{loan}-outstanding": "1,500", f"{loan}-rate_bp_a_year": "12", f"{loan}-method": "balance",
        f"{loan}-frequency": "monthly", f"{loan}-instalments": "3", f"{loan}-next_due": "10-04-2024",
        f"{loan}-source": "cif", "closed-loan_from_bank_count": "2", "closed-loan_from_bank_paise": "90,000",
    })  # fmt: skip
    posted = send(keeper, group, "review", go="post", surplus="1,000")
    assert posted.status_code == 302, re.findall(r"<li>.*?</li>", posted.content.decode())
    held = balances(Book.objects.get().pk, day(ON))
    assert (held["saving_with_vo"], held["loan_from_vo"]) == (500_00, -1_500_00)
    assert "Mahak VO" in keeper.get(at(group)).content.decode()


def test_a_book_without_a_past_begins_on_its_day(keeper, group) -> None:
    keeper.post(at(group, "without/"), {"on": "01-04-2024"})
    assert Book.objects.get().opened_on == day("2024-04-01")
    begin(keeper, group)
    keeper.post(at(group, "put-away/"))
    assert not OpenCutOff.objects.exists()


def test_the_workbook_names_the_women(keeper, group) -> None:
    answer = keeper.get(at(group, "sheet.xlsx"))
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"PK")
    assert keeper.get("/books/cut-off.xlsx").status_code == 200


def test_who_reaches_it_and_who_not(valley, keeper, group) -> None:
    with as_system():
        other = make_group(valley.willow, "Gulab", members=5)
    assert keeper.get(at(other)).status_code == keeper.get(at(other, "group/")).status_code == 404
    assert keeper.post(at(other, "begin/")).status_code == keeper.get(at(other, "sheet.xlsx")).status_code == 404


def test_a_page_of_twelve_women_asks_a_fixed_number_of_questions(valley, django_assert_max_num_queries) -> None:
    group = make_group(valley.poplar, "Mahak", members=12)
    bookkeeper_of(group)
    client = signed_in("bookkeeper")
    begin(client, group)
    send(client, group, "group", on="31-03-2024", meetings_held="100", cash="5")
    with django_assert_max_num_queries(40):
        client.get(at(group, "savings/"))
    posted = post(make_group(valley.deodar, "Saffron", members=5), {**cut_off(group), "loans": [], "savings": [],
                  "cash": 0, "bank": 17_000_00})  # fmt: skip
    assert posted.is_new


@pytest.mark.parametrize(("drawn", "surplus"), [("", "2000"), ("500", "1500")])
def test_a_cash_credit_comes_over_with_its_limit_and_what_is_drawn(keeper, group, drawn, surplus) -> None:
    whole(keeper, group)
    send(keeper, group, "taken", go="add")
    credit = OpenCutOff.objects.get().typed["taken"][0]["id"]
    said = {"whose": "bank", "lender": "J&K Bank, Sogam", "lent_on": "10-01-2024", "is_cash_credit": "on",
            "outstanding": drawn, "rate_bp_a_year": "7"}  # fmt: skip
    page = send(keeper, group, "taken", **{f"{credit}-{name}": typed for name, typed in said.items()}).content.decode()
    assert "This is missing." in page
    send(keeper, group, "taken", **{f"{credit}-{name}": typed for name, typed in {**said, "limit": "60,000"}.items()})
    assert send(keeper, group, "review", go="post", surplus=surplus).url == at(group)
    with as_system():
        one = next(one for one in running_loans(Book.objects.get().pk, day(ON)) if one.loan.is_cash_credit)
    assert (one.limit, one.owed, one.left) == (60_000_00, int(drawn or 0) * 100, (60_000 - int(drawn or 0)) * 100)
    assert one.agreement.method == "balance" and one.loan.lender == "J&K Bank, Sogam"
