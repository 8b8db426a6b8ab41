"""Where somebody came from, in words."""

import pytest

from umeed.access.devices import in_words

AGENT = "203.0.113.5 Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("system", "browser", "said"),
    [
        ("Linux; Android 14; SM-A055F", "Chrome/120.0 Mobile Safari/537.36", "Chrome on Android, 203.0.113.5"),
        ("Windows NT 10.0; Win64", "Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows, 203.0.113.5"),
        ("iPhone; CPU iPhone OS 17_0 like Mac OS X", "Version/17.0 Safari/604.1", "Safari on iPhone, 203.0.113.5"),
        ("Linux; Android 13", "SamsungBrowser/23.0 Chrome/115.0", "Samsung Internet on Android, 203.0.113.5"),
        ("Something", "Else", "203.0.113.5"),
    ],
)
def test_a_browser_is_named(system, browser, said) -> None:
    assert in_words(AGENT.format(system, browser)) == said


@pytest.mark.parametrize("origin", ["", "command", "nightly recount"])
def test_what_is_no_browser_stays(origin) -> None:
    assert in_words(origin) == origin
