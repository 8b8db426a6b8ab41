"""A year of one group, written on its pages as a bookkeeper does it, in English at a desk and in Urdu on a phone.

At its end every paper says what addition says.
"""

import re

import pytest
from django.utils.translation import gettext, override

from tests.browser.a_year import (
    MASOODA,
    WOMEN,
    Year,
    at_the_vo,
    in_the_first_half,
    in_the_second_half,
    to_the_end,
    who_leaves,
)
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.keeping import STEPS, Keeper, paise, paise_in, plain

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# What stands on the left of a trial balance.
DEBITS = (
    "Cash in hand", "Cash at bank", "Saving with the VO", "Loans to members", "Fee to the bookkeeper",
    "Interest to the VO or CLF", "Cash found short",
)  # fmt: skip
URDU = re.compile(r"[\u0600-\u06ff]{2}")
LATIN = re.compile(r"[A-Za-z]{2,}")


def as_the_papers_say(year: Year) -> None:
    """Every paper beside the notebook."""
    keeper, book = year.keeper, year.book

    def said(words: str) -> str:
        with override(year.language):
            return plain(gettext(words))

    for woman in WOMEN:
        keeper.paper("passbook", woman=keeper.her(woman))
        hers = [book.saved[woman] * 100, book.owed[woman] * 100]
        assert [keeper.fact(said("Savings")), keeper.fact(said("Loan owed"))] == hers, woman
    keeper.paper("cash-book", period=f"{year.days[12]:%Y-%m}")
    assert [keeper.fact(said("Closing cash")), keeper.fact(said("Closing bank"))] == [book.cash * 100, book.bank * 100]
    saved, owed = sum(book.saved.values()), sum(book.owed.values())
    optional = 250
    heads = {
        "Cash in hand": book.cash, "Cash at bank": book.bank, "Loans to members": owed,
        "Compulsory saving": saved - optional, "Optional saving": optional, **book.heads,
    }  # fmt: skip
    told = keeper.paper("trial-balance")
    total = told.pop(said("Total"))
    assert {head: amounts[0] for head, amounts in told.items() if amounts} == {
        said(head): rupees * 100 for head, rupees in heads.items() if rupees
    }
    assert total[0] == total[1] == sum(rupees for head, rupees in heads.items() if head in DEBITS) * 100
    has = (book.cash + book.bank + owed + book.heads["Saving with the VO"]) * 100
    assert keeper.paper("balance-sheet")[said("Total")] == [has, has]


def as_the_slip_confirms(year: Year) -> None:
    """The page that a slip's code opens says what she has, also to who is not signed in."""
    page = year.keeper.page
    page.goto(year.last)
    page.locator("main .ways a", has_text=MASOODA).click()
    link = page.locator("main a[href*='/slip/']").get_attribute("href")
    year.person.context.clear_cookies()
    page.goto(str(link))
    told = page.locator("main dl").inner_text()
    amounts = [paise(one) for one in page.locator("main dd bdi").all_inner_texts() if paise_in(one)]
    assert year.name in told and MASOODA not in told
    # She saved 100, repaid 300 and 24 of interest.
    assert amounts == [100_00, 300_00, 24_00, year.book.saved[MASOODA] * 100, year.book.owed[MASOODA] * 100], told


@pytest.mark.parametrize(
    ("name", "language", "viewport"), [("Sabzar", "en", DESK), ("Gulzar", "ur", PHONE)], ids=["english", "urdu"]
)
def test_a_year(site: Site, somebody, name: str, language: str, viewport: dict[str, int]) -> None:
    year = Year(site, somebody, name, language, viewport)
    keeper = year.keeper
    vo = Keeper(somebody(year.people["vo_bookkeeper"]).page, site.address, year.vo, meetings="days")
    for one in (keeper, vo):
        year.open_book(one)
    keeper.open("rules/new/")
    fines = {"fine_late_paise": "10", "fine_absent_paise": "5", "penalty_paise": "20"}
    keeper.type(since=year.formed.isoformat(), compulsory_paise="100", **fines)
    keeper.press("main form button.button")
    assert keeper.told() == ""
    in_the_first_half(year)
    at_the_vo(year, vo)
    in_the_second_half(year)
    who_leaves(year)
    to_the_end(year)
    as_the_papers_say(year)
    as_the_slip_confirms(year)


def in_urdu(keeper: Keeper, names: str) -> None:
    """The page is in Urdu from right to left, fits the phone, and no word of another script but names is on it."""
    page = keeper.page
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url
    text = page.locator("main").inner_text()
    assert URDU.search(page.locator("h1").inner_text()) and URDU.search(text), page.url
    assert set(LATIN.findall(text)) - set(LATIN.findall(names)) == set(), (page.url, text)


def test_meetings_in_urdu_on_a_phone(site: Site, somebody) -> None:
    """Two months by thumb: savings, one who sends hers, a loan, its first instalment, a note missing."""
    year = Year(site, somebody, "Chinar Zar", "ur", PHONE, women="ur")
    keeper, book = year.keeper, year.book
    names = " ".join((*year.women, year.name, "VO CLF UPI", year.people["place"], year.people["keeper"]))
    year.open_book(keeper)
    keeper.open("rules/new/")
    keeper.type(since=year.formed.isoformat(), compulsory_paise="۱۰۰", fine_late_paise="10")
    keeper.press("main form button.button")

    year.begin(year.days[11])
    for step in STEPS[1:]:
        keeper.go(step)
        in_urdu(keeper, names)
        if step == "savings":
            year.save(*year.women)
        elif step == "requests":
            year.ask(year.women[1], 500, "cattle")
        elif step == "count":
            book.lend(year.women[1], 500)
            year.count()
        else:
            keeper.step(step)
    in_urdu(keeper, names)

    borrower, late, away = year.women[1:4]
    year.begin(year.days[12], **{away: "absent", late: "late"})
    her = keeper.her(away)
    year.save(*year.women, **{f"s-{her}-saving_compulsory": "۱۰۰", f"by-{her}": borrower})
    year.repay(**{borrower: "۱۶۰"})
    book.repay(borrower, 150, 10)
    keeper.step("receipts")
    book.move("Fine", 10)
    book.move("Cash found short", -10)
    year.count(why="دس کا نوٹ پھٹ گیا")
    in_urdu(keeper, names)

    for woman in year.women:
        keeper.paper("passbook", woman=keeper.her(woman))
        in_urdu(keeper, names)
        assert keeper.facts() == [book.saved[woman] * 100, book.owed[woman] * 100], woman
