"""The pages of a VO: a day written step by step, its groups, two books beside each other; who may open them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from umeed.books.actions import close_meeting
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.ledger.balances import balances
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.queue import queue_before
from umeed.books.models import Loan, Meeting, OpenMeeting
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, meet, theirs, today, vo
from umeed.books.tests.writing import text_of
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import bookkeeper_of, make_federation, make_group, officer_at, signed_in, us
from umeed.kernel.ids import new_id

__all__ = ["vo"]


@pytest.fixture
def browser(vo) -> Client:
    bookkeeper_of(vo.vo, "vo_bookkeeper")
    return signed_in("bookkeeper")


def url(vo: Vo, *parts: str) -> str:
    return "/".join(["", "books", str(vo.vo.pk), *parts, ""])


def step(browser: Client, vo: Vo, key: str, **said: Any) -> Any:
    """Open a step, change some of its fields, send it."""
    page = browser.get(url(vo, "days", "open", key))
    assert page.status_code == 200, key
    fields = _fields(page.content.decode())
    return browser.post(url(vo, "days", "open", key), {**fields, **said, "go": "next"})


def _fields(html: str) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, str] = {}
            self.select = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            said = dict(attrs)
            name = said.get("name")
            if tag == "input" and name and name != "csrfmiddlewaretoken":
                is_choice = said.get("type") in ("radio", "checkbox")
                if not is_choice or "checked" in said:
                    self.found[name] = said.get("value") or ""
            elif tag == "select":
                self.select = name or ""
            elif tag == "option" and self.select and ("selected" in said or self.select not in self.found):
                self.found[self.select] = said.get("value") or ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""

    reader = Reader()
    reader.feed(html)
    return reader.found


def begin(browser: Client, vo: Vo, on: str = "2024-05-10") -> None:
    page = browser.get(url(vo, "days", "open", "begin"))
    fields = _fields(page.content.decode())
    sent = browser.post(url(vo, "days", "open", "begin"), {**fields, "on": on})
    assert sent.status_code == 302, sent.content.decode()


def test_a_day_is_written_step_by_step_and_closed(vo, browser) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    begin(browser, vo, "2024-05-15")
    assert step(browser, vo, "attendance").status_code == 302
    page = browser.get(url(vo, "days", "open", "brought")).content.decode()
    # The instalment that is due is filled in.
    assert f'name="l-{loan.uid}-principal" id="id_l-{loan.uid}-principal" value="4000"' in page
    step(browser, vo, "brought", **{f"t-{vo.two.group.pk}-saving": "500", f"m-{vo.two.group.pk}": "cash"})
    step(browser, vo, "requests", **{"q-0-body": vo.two.group.pk, "q-0-paise": "30000", "q-0-purpose": "onlending"})
    with as_system():
        request = OpenMeeting.objects.get().said["requests"][0]["id"]
    step(browser, vo, "requests", **{f"d-{request}-outcome": "granted", f"d-{request}-paise": "25000"})
    page = browser.get(url(vo, "days", "open", "lendings")).content.decode()
    assert 'value="25000"' in page
    step(browser, vo, "lendings")
    step(browser, vo, "money", **{"p-0-head": "travel", "p-0-paise": "150", "p-0-mode": "cash"})
    step(browser, vo, "bank", deposit="2000")
    step(browser, vo, "agenda")
    step(browser, vo, "count", counted="2750")
    page = browser.get(url(vo, "days", "open", "close"))
    text = page.content.decode()
    assert "agrees" in text, text
    sent = browser.post(url(vo, "days", "open", "close"), {**_fields(text)})
    with as_system():
        held = Meeting.objects.get()
        assert sent.headers["Location"] == url(vo, "days", str(held.pk))
        assert today(vo.book)["loan_to_body"] == 61_000_00 and today(vo.book)["cash"] == 2_750_00
        assert today(vo.two.book)["on_the_way"] == 24_500_00 and first_disagreement() is None
    told = browser.get(url(vo, "days", str(held.pk))).content.decode()
    assert "Gulab" in told and "Roshni" in told
    assert browser.get(url(vo, "days")).status_code == 200


def test_a_loan_is_said_to_answer_a_request_that_waits(vo, browser) -> None:
    """Asked for, not decided, written by hand: the close asks; tied on its row it is granted, the queue is empty."""
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    step(browser, vo, "brought")
    step(browser, vo, "requests", **{"q-0-body": vo.two.group.pk, "q-0-paise": "30000", "q-0-purpose": "onlending"})
    with as_system():
        request = OpenMeeting.objects.get().said["requests"][0]["id"]
    loan = {"n-rows": "1", "n-0-body": vo.two.group.pk, "n-0-paise": "25000", "n-0-mode": "bank"}
    assert step(browser, vo, "lendings", **loan).status_code == 302
    for name in ("money", "bank", "agenda"):
        step(browser, vo, name)
    step(browser, vo, "count", counted="0")
    text = text_of(browser.get(url(vo, "days", "open", "close"))).replace("₹ ", "₹")
    assert f"The request of {vo.two.group.name} for ₹30,000 waits still. Is this another loan?" in text
    page = browser.get(url(vo, "days", "open", "lendings"))
    assert f"{vo.two.group.name} · ₹30,000 · 15 May 2024" in text_of(page).replace("₹ ", "₹")
    assert 'id="id_n-0-request"' in page.content.decode()
    for paise in ("25000", "20000"):
        step(browser, vo, "lendings", **{"n-0-request": request, "n-0-paise": paise})
    page = browser.get(url(vo, "days", "open", "close"))
    assert "waits still" not in text_of(page)
    assert browser.post(url(vo, "days", "open", "close"), _fields(page.content.decode())).status_code == 302
    with as_system():
        held = Meeting.objects.get()
        assert [(one["outcome"], one["paise"]) for one in held.said["decisions"]] == [("granted", 20_000_00)]
        assert not queue_before(vo.book, day("2024-05-15"), "body").waiting
    assert "Nobody waits for a loan." in text_of(browser.get(url(vo, "registers", "loan-queue")))


def test_a_loan_that_answers_it_no_more_leaves_the_request_waiting(vo, browser) -> None:
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "requests", **{"q-0-body": vo.two.group.pk, "q-0-paise": "30000", "q-0-purpose": "onlending"})
    with as_system():
        request = OpenMeeting.objects.get().said["requests"][0]["id"]
    loan = {"n-rows": "1", "n-0-body": vo.two.group.pk, "n-0-paise": "25000", "n-0-mode": "bank"}
    step(browser, vo, "lendings", **loan, **{"n-0-request": request})
    with as_system():
        assert [one["request"] for one in OpenMeeting.objects.get().said["decisions"]] == [request]
    step(browser, vo, "lendings", **{"n-0-request": ""})
    with as_system():
        said = OpenMeeting.objects.get().said
    assert said["decisions"] == [] and "request" not in said["lendings"][0]


def test_a_closed_day_is_corrected_and_taken_back(vo, browser) -> None:
    begin(browser, vo)
    step(browser, vo, "attendance")
    step(browser, vo, "brought", **{f"t-{vo.one.group.pk}-fee": "100"})
    step(browser, vo, "count", counted="100")
    page = browser.get(url(vo, "days", "open", "close")).content.decode()
    browser.post(url(vo, "days", "open", "close"), _fields(page))
    with as_system():
        held = Meeting.objects.get()
    closed = browser.get(url(vo, "days", str(held.pk))).content.decode()
    assert f'{url(vo, "registers", "minutes")}?meeting={held.pk}"' in closed and "How it came to this" not in closed
    for ways, title in (("correct", "Correct this day"), ("take-back", "Take this day back")):
        page = text_of(browser.get(url(vo, "days", str(held.pk), ways)))
        assert f"{title} {vo.vo.name} · Day 1 · 10 May 2024" in page, page
    fields = {"id": new_id(), "why": "Two hundred, not one"}
    assert browser.post(url(vo, "days", str(held.pk), "correct"), fields).status_code == 302
    step(browser, vo, "brought", **{f"t-{vo.one.group.pk}-fee": "200"})
    step(browser, vo, "count", counted="200")
    page = browser.get(url(vo, "days", "open", "close")).content.decode()
    sent = browser.post(url(vo, "days", "open", "close"), _fields(page))
    assert sent.status_code == 302, sent.content.decode()
    with as_system():
        assert balances(vo.book.pk, us().today)["fee_of_body"] == -200_00
        last = Meeting.objects.get(replaces=held)
    closed = browser.get(url(vo, "days", str(last.pk))).content.decode()
    assert "How it came to this" in closed and f'<a href="{url(vo, "days", str(held.pk))}">Meeting</a>' in closed
    sent = browser.post(url(vo, "days", str(last.pk), "take-back"), {"id": new_id(), "why": "Written twice"})
    assert sent.status_code == 302
    # What was corrected or taken back is not written anew once more.
    for gone in (held, last):
        sent = browser.post(url(vo, "days", str(gone.pk), "correct"), {"id": new_id(), "why": "Once more"})
        assert sent.url == url(vo, "days", str(gone.pk))
    with as_system():
        assert not OpenMeeting.objects.exists()
    with as_system():
        assert "fee_of_body" not in balances(vo.book.pk, us().today) and first_disagreement() is None


def test_what_cannot_be_read_is_said_beside_its_field(vo, browser) -> None:
    begin(browser, vo)
    step(browser, vo, "attendance")
    sent = step(browser, vo, "lendings", **{"n-0-body": vo.one.group.pk, "n-0-paise": "12x", "n-0-rate": "12"})
    assert sent.status_code == 422 and "12x" in sent.content.decode()
    sent = step(browser, vo, "lendings", **{"n-0-body": vo.one.group.pk, "n-0-paise": "200000", "n-0-source": "cif"})
    assert sent.status_code == 422 and "not lent out" in sent.content.decode()


def test_a_reason_says_which_group_it_is_about(vo, browser) -> None:
    """Eleven groups stand on one page: beside the field is not enough where reasons are listed."""
    loan = lend(vo)
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    sent = step(browser, vo, "brought", **{f"l-{loan.uid}-principal": "50000", f"t-{vo.two.group.pk}-saving": "-7"})
    told = text_of(sent)
    assert f"{vo.one.group.name}: ₹40,000 is owed" in told and f"{vo.two.group.name}: Write amounts without" in told
    sent = step(browser, vo, "lendings", **{"n-0-body": vo.two.group.pk, "n-0-paise": "5", "n-0-instalments": ""})
    assert f"{vo.two.group.name}: This is missing." in text_of(sent)
    # A question at the close too.
    step(browser, vo, "brought", **{f"l-{loan.uid}-principal": "4000", f"l-{loan.uid}-interest": "9000",
                                    f"t-{vo.two.group.pk}-saving": ""})  # fmt: skip
    asked = text_of(browser.get(url(vo, "days", "open", "close"))).replace(" :", ":")
    assert f"{vo.one.group.name}: ₹" in asked and "₹9,000 is more" in asked


def test_what_is_filled_in_on_a_step_that_nobody_kept_is_asked_about(vo, browser) -> None:
    """Looked at, never kept: what is due to be brought would be left out of the day without a word."""
    loan = lend(vo)
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    browser.get(url(vo, "days", "open", "brought"))
    step(browser, vo, "count", counted="0")
    answer = browser.get(url(vo, "days", "open", "close"))
    assert "“What came in” was not opened: ₹4,4" in text_of(answer)
    assert "Everything agrees" not in text_of(answer)
    assert browser.post(url(vo, "days", "open", "close"), _fields(answer.content.decode())).status_code == 422
    step(browser, vo, "brought", **{f"l-{loan.uid}-principal": "", f"l-{loan.uid}-interest": ""})
    assert "was not opened" not in text_of(browser.get(url(vo, "days", "open", "close")))


def test_a_loan_that_is_written_again_in_a_correction_is_the_same_loan(vo, browser) -> None:
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    lent = {"n-0-body": vo.one.group.pk, "n-0-paise": "40000", "n-0-mode": "bank", "n-0-source": "cif"}
    terms = {"n-0-rate": "12", "n-0-instalments": "10", "n-0-first_due": "2024-06-15"}
    assert step(browser, vo, "lendings", **lent, **terms).status_code == 302
    step(browser, vo, "count", counted="0")
    page = browser.get(url(vo, "days", "open", "close")).content.decode()
    assert browser.post(url(vo, "days", "open", "close"), _fields(page)).status_code == 302
    with as_system():
        held, loan = Meeting.objects.get(), Loan.objects.get(book=vo.book)
    browser.post(url(vo, "days", str(held.pk), "correct"), {"id": new_id(), "why": "Looked at again"})
    step(browser, vo, "lendings", **{"n-0-body": "", "n-0-paise": ""})
    assert step(browser, vo, "lendings", **lent, **terms).status_code == 302
    page = browser.get(url(vo, "days", "open", "close")).content.decode()
    assert browser.post(url(vo, "days", "open", "close"), _fields(page)).status_code == 302
    with as_system():
        assert Loan.objects.get(book=vo.book).pk == loan.pk and first_disagreement() is None


def test_all_groups_with_what_they_owe(vo, browser) -> None:
    lend(vo)
    page = browser.get(url(vo, "bodies")).content.decode()
    assert "Roshni" in page and "40,000" in page and "60,000" in page


def test_two_books_are_seen_beside_each_other_and_money_on_the_way_is_counted_in(vo, browser) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    repaid = {"loan": theirs(loan).uid, "principal": 4_000_00, "interest": 400_00}
    close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, repaid=[repaid], counted=35_600_00))
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    page = browser.get(address).content.decode()
    assert "Both books say the same" in page and "4,400" in page
    sent = browser.post(address, {"do": "settle", "id": new_id(), "cash": "4000", "bank": "401", "on": "2024-05-12"})
    # What was typed stays, beside the reason.
    assert sent.status_code == 422 and 'id="id_bank" value="401"' in sent.content.decode()
    said = {"do": "settle", "id": new_id(), "cash": "", "bank": "", "on": "2024-05-12"}
    assert browser.post(address, said).status_code == 422
    assert browser.post(address, {**said, "bank": "4400"}).status_code == 302
    with as_system():
        assert today(vo.book)["bank"] == 64_400_00 and "on_the_way" not in today(vo.book)


def test_only_what_may_still_be_on_the_way_did_not_arrive(vo, browser) -> None:
    """A loan that arrived cannot be "not arrived" any more; what the group sent since can, until it is counted in."""
    loan = lend(vo)
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    assert browser.get(address).content.decode().count("It did not arrive") == 1
    arrive(vo, 40_000)
    assert "It did not arrive" not in browser.get(address).content.decode()
    repaid = {"loan": theirs(loan).uid, "principal": 4_000_00, "interest": 400_00}
    close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, repaid=[repaid], counted=35_600_00))
    page = browser.get(address).content.decode()
    assert page.count("It did not arrive") == 1
    assert "Loans to groups and VOs: repaid" in page and "-₹" not in page


def test_a_group_sees_what_its_vo_says_of_it_and_nothing_else(vo) -> None:
    lend(vo)
    lend(vo, vo.two.group, 11_111)
    bookkeeper_of(vo.one.group)
    browser = signed_in("bookkeeper")
    page = browser.get(f"/books/{vo.one.group.pk}/between/").content.decode()
    assert "40,000" in page and "11,111" not in page and "Gulab" not in page
    assert browser.get(url(vo, "between")).status_code == 404
    assert browser.get(url(vo, "bodies")).status_code == 404
    for page in ("bodies", "days", "days/open/begin", "days/last"):
        sent = browser.get(f"/books/{vo.one.group.pk}/{page}/")
        assert sent.headers["Location"] == f"/books/{vo.one.group.pk}/", "days are of VOs and CLFs"
    assert browser.get(f"/books/{vo.one.group.pk}/between/?with={vo.two.group.pk}").status_code == 404


def test_a_loan_is_written_off_and_taken_back_on_the_page(vo, browser) -> None:
    loan = lend(vo)
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    said = {"do": "write_off", "id": new_id(), "loan": loan.uid, "paise": "500", "on": "2024-05-20"}
    assert browser.post(address, {**said, "resolution": ""}).status_code == 422
    assert browser.post(address, {**said, "resolution": "12 of 20 May"}).status_code == 302
    with as_system():
        assert today(vo.book)["written_off"] == 500_00
        assert isinstance(Loan.objects.get(pk=loan.pk).uid, UUID)


@pytest.mark.parametrize(
    ("role", "sees", "writes"),
    [("auditor", 200, 404), ("accounts", 200, 404), ("resource_person", 200, 200), ("bank_branch", 404, 404)],
)
def test_who_only_sees_books_writes_in_none(vo, valley, role, sees, writes) -> None:
    officer_at(valley.chinar, role)
    browser = signed_in("officer")
    assert browser.get(url(vo, "bodies")).status_code == sees
    assert browser.get(url(vo, "days")).status_code == sees
    assert browser.get(url(vo, "days", "open", "begin")).status_code == writes
    said = {"do": "settle", "id": new_id(), "bank": "1", "on": "2024-05-12"}
    sent = browser.post(f"{url(vo, 'between')}?with={vo.one.group.pk}", said)
    assert sent.status_code == 404, "nothing stands between them yet"


def test_what_comes_in_today_can_be_lent_today(vo, browser) -> None:
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    step(browser, vo, "brought")
    assert step(browser, vo, "money", **{"c-0-head": "cif", "c-0-paise": "50000", "c-0-mode": "bank"}).url == url(
        vo, "days", "open", "requests"
    )
    page = browser.get(url(vo, "days", "open", "lendings")).content.decode()
    assert page.count("1,50,000") == 2, "at the bank, and of the fund"
    lent = {"n-0-body": vo.one.group.pk, "n-0-paise": "150000", "n-0-mode": "bank", "n-0-source": "cif"}
    terms = {"n-0-rate": "12", "n-0-instalments": "10", "n-0-first_due": "2024-06-15"}
    sent = step(browser, vo, "lendings", **lent, **terms)
    assert sent.status_code == 302, sent.content.decode()


def test_months_without_a_meeting_are_told_with_their_reason(vo, browser) -> None:
    with as_system():
        Institution.objects.filter(pk=vo.vo.pk).update(meeting_frequency="", meeting_day="")
        close(vo, a_day(vo, on="2024-05-10"))
        vo.book.institution.refresh_from_db()
        days = [str(one) for one in calendar_of(vo.book, timezone.localdate()).missed]
    assert days[:2] == ["2024-06-10", "2024-07-10"]
    assert url(vo, "days", "missed") in browser.get(url(vo)).content.decode()
    listed = browser.get(url(vo, "days")).content.decode()
    assert f"The meetings of {len(days)} months are missing." in listed
    assert all(f'value="{one}"' in browser.get(url(vo, "days", "missed")).content.decode() for one in days)
    wrong = browser.post(url(vo, "days", "missed"), {"day": days})
    assert wrong.status_code == 422 and "Say why" in wrong.content.decode()
    browser.post(url(vo, "days", "missed"), {"day": days, "other": "Elections"})
    with as_system():
        assert Meeting.objects.filter(kind="missed").count() == len(days)
    listed = browser.get(url(vo, "days")).content.decode()
    assert "missing" not in listed and listed.count("Elections") == len(days)


def test_a_vo_gives_its_clf_saving_share_and_fee(vo, browser) -> None:
    """The VO's bookkeeper reaches nothing above it; where the VO belongs she sees all the same."""
    clf = make_group(vo.vo.place, "Ujala CLF", kind="clf")
    make_federation(vo.vo, clf)
    begin(browser, vo)
    step(browser, vo, "attendance")
    said = {f"g-{clf.pk}-{what}-paise": paise for what, paise in (("saving", "300"), ("share", "200"), ("fee", "50"))}
    assert step(
        browser, vo, "bank", **said, **{f"g-{clf.pk}-{what}-mode": "bank" for what in ("saving", "share", "fee")}
    )
    step(browser, vo, "count", counted="0")
    page = browser.get(url(vo, "days", "open", "close")).content.decode()
    assert browser.post(url(vo, "days", "open", "close"), _fields(page)).status_code == 302
    with as_system():
        assert today(vo.book)["bank"] == 100_000_00 - 550_00
    assert "Ujala CLF" in text_of(browser.get(url(vo, "between")))
