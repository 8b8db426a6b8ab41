"""A day of a CLF: nothing is above it, and women of very many groups stand group by group."""

from __future__ import annotations

import pytest

from umeed.books.actions.bodies import lend_to_body, settle_on_the_way
from umeed.books.actions.days import close_day
from umeed.books.bodies.facts import _groups_called
from umeed.books.models import Book, Meeting
from umeed.books.tests.making import day, entry, make_book, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, terms, theirs, vo
from umeed.books.tests.test_bodies_pages import begin
from umeed.books.tests.writing import text_of
from umeed.institutions.models import Membership
from umeed.institutions.tests.making import bookkeeper_of, make_federation, make_group, signed_in, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]


@pytest.fixture
def clf(vo: Vo) -> Book:
    """A CLF with a VO, and three groups of five women below that."""
    above = make_group(vo.vo.place, "Wular CLF", kind="clf")
    make_federation(vo.vo, above)
    book = make_book(above)
    post(book, sheet(entry("bank", 100_000), entry("cif", -100_000), on="2024-04-01"))
    bookkeeper_of(above, "clf_bookkeeper")
    return book


def address(book: Book, step: str) -> str:
    return f"/books/{book.institution_id}/days/open/{step}/"


def test_the_step_of_the_bank_names_nobody_above(vo: Vo, clf: Book) -> None:
    browser = signed_in("bookkeeper")
    sent = {"on": "2024-05-10", "number": "1", "kind": "regular", "id": str(new_id())}
    assert browser.post(address(clf, "begin"), sent).status_code == 302
    page = text_of(browser.get(address(clf, "bank")))
    assert "What went to the bank or came from it, and what is repaid." in page and "above" not in page
    said = {
        "id": new_id(), "number": 1, "on": "2024-05-10", "attendance": {vo.vo.pk: "present"}, "withdrawal": 500_00,
        "counted": 500_00,
    }  # fmt: skip
    close_day(by=us(), book=clf, said=said)
    held = Meeting.objects.get(book=clf)
    told = text_of(browser.get(f"/books/{clf.institution_id}/days/{held.pk}/"))
    assert "Brought from the bank" in told and "above" not in told


def test_the_first_page_of_its_book_says_what_to_do_now(vo: Vo, clf: Book) -> None:
    """As that of a group: begin a day, or go on with the one that is half written."""
    browser, home = signed_in("bookkeeper"), f"/books/{clf.institution_id}/"
    page = browser.get(home)
    assert "The next meeting is due today" in text_of(page)
    assert f'<a class="button" href="{address(clf, "begin")}">Begin a day</a>' in page.content.decode()
    sent = {"on": "2024-05-10", "number": "1", "kind": "regular", "id": str(new_id())}
    browser.post(address(clf, "begin"), sent)
    page = browser.get(home)
    assert "Day 1 of 10 May 2024 is being written" in text_of(page) and "0 of 8 steps are done." in text_of(page)
    assert f'<a class="button" href="{address(clf, "attendance")}">Go on</a>' in page.content.decode()


def test_a_vo_pays_to_its_clf_by_name(vo: Vo, clf: Book) -> None:
    """Its bookkeeper reaches no CLF, and reads out and signs to whom the money goes."""
    loan = lend_to_body(by=us(), book=clf, loan=new_id(), on=day("2024-04-10"), terms=terms(vo.vo, 50_000))
    settle_on_the_way(
        by=us(), book=vo.book, body=clf.institution_id, ways={"bank": Paise(50_000_00)},
        on=day("2024-04-12"), uid=new_id(),
    )  # fmt: skip
    bookkeeper_of(vo.vo, "vo_bookkeeper", "hers")
    browser, name = signed_in("hers"), "Wular CLF"
    assert browser.get(f"/books/{clf.institution_id}/").status_code == 404
    begin(browser, vo, "2024-05-15")
    page = browser.get(address(vo.book, "bank"))
    assert f"<bdi>{name}</bdi> · Loan from the CLF" in page.content.decode() and f"{name} : saving" in text_of(page)
    paid = {"loan": theirs(loan).uid, "principal": 5_000_00, "interest": 500_00, "mode": "bank"}
    given = [{"body": clf.institution_id, "what": "saving", "paise": 100_00, "mode": "bank"}]
    said = a_day(vo, on="2024-05-15", repaid=[paid], given=given, withdrawal=2_000_00, counted=2_000_00)
    held = close(vo, said, is_sure=True).meeting
    told = text_of(browser.get(f"/books/{vo.vo.pk}/days/{held}/")).replace("₹ ", "₹")
    assert f"{name} Loan repaid · Interest ₹500 · Principal ₹5,000 · Bank ₹5,500" in told, told
    assert f"{name} Saving" in told and "VO or CLF" not in told
    # What was brought from the bank is not added to what was paid out of it.
    assert "Bank Brought from the bank ₹2,000 Paid to VO, CLF and banks ₹5,600" in told, told
    paper = text_of(browser.get(f"/books/{vo.vo.pk}/registers/minutes/?meeting={held}"))
    assert paper.count(name) == 3 and "VO or CLF" not in paper.replace("Interest to the VO or CLF", "")


def test_which_woman_is_chosen_group_by_group(vo: Vo, clf: Book) -> None:
    browser = signed_in("bookkeeper")
    sent = {"on": "2024-05-10", "number": "1", "kind": "regular", "id": str(new_id())}
    browser.post(address(clf, "begin"), sent)
    page = browser.get(address(clf, "money")).content.decode()
    groups = page.split('name="p-0-woman"')[1].split("</select>")[0].split("<optgroup")
    assert '<option value=""' in groups[0], "nobody stands before the first group"
    names = sorted(one.name for one in (vo.one.group, vo.two.group, vo.bookless))
    assert [one.split('label="')[1].split('"')[0] for one in groups[1:]] == names
    for one in groups[1:]:
        assert one.count("<option") == Membership.objects.filter(institution=vo.one.group).count() == 5


def test_groups_of_one_name_are_told_apart() -> None:
    groups = {1: ("Jyoti", "Hajin"), 2: ("Jyoti", "Sonawari"), 3: ("Gulab", "Hajin"), 4: ("Jyoti", "Hajin")}
    assert _groups_called(groups) == {
        1: "Jyoti (Hajin, 1)", 2: "Jyoti (Sonawari)", 3: "Gulab", 4: "Jyoti (Hajin, 2)"
    }  # fmt: skip
