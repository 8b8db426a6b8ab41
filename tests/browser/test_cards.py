"""A card whose heading reaches over the whole of it leads where it says, and covers nothing else of the page."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# [where the card says that it leads, where a tap near its lower edge would lead]
TAPPED = """card => {
    card.scrollIntoView({block: "center"});
    const box = card.getBoundingClientRect(), at = document.elementFromPoint(box.left + box.width / 2, box.bottom - 6);
    return [card.querySelector("a.reach"), at.closest("a")].map((link) => link && link.getAttribute("href"));
}"""


@pytest.mark.parametrize("username", ["block", "person"], ids=["sent by phones", "registers of a book"])
def test_each_card_leads_to_its_own_page(somebody, username: str) -> None:
    person = somebody(username)
    page = person.open("/phones/inbox/" if username == "block" else f"{_book(person)}registers/")
    cards = page.locator(".card:has(a.reach)").all()
    assert len(cards) >= 2
    for says, leads in (card.evaluate(TAPPED) for card in cards):
        assert leads == says
    page.locator("a[href='/']:visible").first.click()
    assert page.url == person.site.address + "/"


def _book(person) -> str:
    """The path of one that she may see."""
    page = person.open("/books/")
    return page.locator("main th a[href*='/books/0']").first.get_attribute("href")
