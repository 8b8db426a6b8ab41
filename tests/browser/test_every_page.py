"""Every page that the menu opens: reachable, without a barrier (axe), not wider than the phone, and small."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGES = (
    "/", "/women/", "/shgs/", "/vos/", "/clfs/", "/places/", "/profiles/", "/loads/", "/duplicates/", "/users/",
    "/phones/", "/phones/enrol/", "/phones/inbox/", "/phones/carried/", "/audit/", "/me/", "/search/?q=Gulam",
    "/styleguide/",
)  # fmt: skip
MOST_BYTES = 100_000


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_have_no_barrier(somebody, language: str, viewport: dict[str, int]) -> None:
    person = somebody("block", language=language, viewport=viewport)
    for path in PAGES:
        answer = person.page.goto(person.site.address + path)
        assert answer.status == 200, path
        found = Axe().run(person.page)
        assert found.violations_count == 0, f"{path} {language}: {found.generate_report()}"
        wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
        assert len(answer.body()) < MOST_BYTES, f"{path} weighs {len(answer.body())} bytes"
        direction = person.page.get_attribute("html", "dir")
        assert direction == ("rtl" if language == "ur" else "ltr")


def test_everything_is_reached_by_keyboard(somebody) -> None:
    person = somebody("block")
    page = person.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    assert {"/women/", "/shgs/", "/profiles/"} <= reached


def test_pages_work_without_javascript(somebody) -> None:
    person = somebody("block", script=False)
    page = person.open("/women/?q=Halima")
    assert page.locator("table tbody tr").count() > 0


LINKS = """() => [...document.querySelectorAll("main :is(td, tbody th, nav.taps) a")]
  .filter((link) => link.checkVisibility()).map((link) => [link.getBoundingClientRect(), link.innerText])
  .map(([box, text]) => [box.width, box.height, text])"""


def test_a_thumb_hits_what_may_be_done_in_a_row(somebody) -> None:
    seen = []
    for username, paths in (("person", ("loans/", "registers/cash-book/")), ("vo", ("between/",))):
        person = somebody(username, language="ur", viewport=PHONE)
        page = person.open("/books/")
        book = page.locator("main a[href*='/books/0']").first.get_attribute("href")
        for path in ("/books/", *(book + path for path in paths)):
            links = person.open(path).evaluate(LINKS)
            assert [link for link in links if min(link[:2]) < 43.5] == [], path
            seen += [path] if links else []
    assert len(seen) >= 3
