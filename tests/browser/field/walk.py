"""Looks at the screens of a phone one after the other, each in several languages; pictures are kept where UMEED_SHOTS
says, then in Hindi too."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

SHOTS = os.environ.get("UMEED_SHOTS")
LANGUAGES = ("hi", "ur", "en") if SHOTS else ("ur", "en")
_SPEAK = """async (language) => {
    const { speak } = await import("/static/field/core/words.js");
    const { app } = await import("/static/field/app.js");
    const spoken = await speak(language);
    app.redraw();
    return spoken;
}"""


class Walk:
    def __init__(self, phone: Any) -> None:
        self.phone, self.page = phone, phone.page

    def look(self, name: str) -> None:
        """At last in English again, in which the walk goes on."""
        self.page.wait_for_timeout(100)
        for language in LANGUAGES:
            assert self.page.evaluate(_SPEAK, language) == language
            self.page.wait_for_timeout(100)
            if SHOTS:
                self.page.screenshot(path=Path(SHOTS) / f"{language}-{name}.png", full_page=True)
            self.phone.looks_right()

    def back(self) -> None:
        self.page.locator(".top .tool").first.tap()
        self.page.wait_for_timeout(200)

    def there_and_back(self, what: str, name: str, at: int = 0) -> None:
        self.phone.tap(what, at)
        self.look(name)
        self.back()
