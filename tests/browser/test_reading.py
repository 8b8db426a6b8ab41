"""Read to me: by keyboard, stopped by a second press, honest where the device has no voice, hidden without a script."""

import pytest

from tests.browser.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# A device with the voices that are named (of the net where a * stands behind), which notes what it is asked to say.
DEVICE = """
window.said = [];
const voiceOf = (named) => ({ lang: named.replace("*", ""), name: named, localService: !named.endsWith("*") });
const voices = %s.map(voiceOf);
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener: () => {}, cancel: () => window.said.push("stop"),
  speak: (part) => { window.said.push(`${part.lang}: ${part.text}`); window.last = part; },
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def a_page(site, chromium):
    pages = []

    def open_it(voices: list[str] | None, language: str):
        context = chromium.new_context()
        context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
        page = context.new_page()
        if voices is not None:
            page.add_init_script(DEVICE % voices)
        page.goto(f"{site.address}/styleguide/")
        pages.append(context)
        return page

    yield open_it
    for context in pages:
        context.close()


@pytest.mark.parametrize(("language", "voice"), [("en", "en-IN"), ("hi", "hi_IN"), ("ur", "ur-PK")])
def test_a_paper_is_read_in_its_language_and_a_second_press_stops(a_page, language: str, voice: str) -> None:
    page = a_page(["fr-FR", voice], language)
    button = page.locator("#papers [data-read]").first
    before = button.inner_text()
    button.focus()
    page.keyboard.press("Enter")
    wait_until(page, "window.said.length > 2")
    said = page.evaluate("window.said")
    assert all(line.startswith(f"{voice}: ") for line in said[1:])
    assert button.inner_text() != before
    page.keyboard.press("Enter")
    assert page.evaluate("window.said.at(-1)") == "stop"
    assert button.inner_text() == before


def test_where_no_voice_knows_the_language_it_is_said_in_words(a_page) -> None:
    page = a_page(["en-US"], "ur")
    page.locator("#papers [data-read]").first.click()
    told = page.locator("#papers [data-none]").first
    told.get_by_text("اردو").wait_for()
    assert page.evaluate("window.said.filter((line) => line !== 'stop').length") == 0


@pytest.mark.parametrize("voices", [["en-IN*", "en-GB*"], []])
def test_no_voice_of_the_net_is_told_what_stands_there(a_page, voices: list[str]) -> None:
    """It would send names and amounts to its maker. A browser that names no voice might choose such a one itself."""
    page = a_page(voices, "en")
    page.locator("#papers [data-read]").first.click()
    page.locator("#papers [data-none]").first.get_by_text("This device has no voice").wait_for()
    assert page.evaluate("window.said.filter((line) => line !== 'stop').length") == 0


def test_a_voice_of_the_device_reads_also_where_one_of_the_net_is_nearer(a_page) -> None:
    page = a_page(["en-IN*", "en-GB"], "en")
    page.locator("#papers [data-read]").first.click()
    wait_until(page, "!!window.last")
    assert page.evaluate("[window.last.lang, window.last.voice.name]") == ["en-GB", "en-GB"]


def test_the_end_is_noticed(a_page) -> None:
    page = a_page(["en-IN"], "en")
    button = page.locator("#papers [data-read]").first
    before = button.inner_text()
    button.click()
    wait_until(page, "!!window.last")
    page.evaluate("window.last.onend()")
    assert button.inner_text() == before


def test_without_a_script_there_is_no_button(site, chromium) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/styleguide/")
    assert page.locator("#papers .read").first.is_hidden()
    assert page.locator("#papers a[href*='as=pdf']").first.is_visible()
    context.close()
