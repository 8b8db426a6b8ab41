"""A bookkeeper at her pages, in Chromium: the steps of a meeting by the names of their fields, papers as numbers."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page

STEPS = (
    "attendance", "savings", "repayments", "receipts", "requests", "lendings", "payments", "bank", "agenda", "count",
)  # fmt: skip


class Keeper:
    """Whoever keeps a book, with her browser. What she types is given by the name of a field."""

    def __init__(self, page: Page, address: str, book: str, *, meetings: str = "meetings") -> None:
        self.page, self.base, self.meetings = page, f"{address}/books/{book}/", meetings
        self.women: dict[str, str] = {}

    def open(self, path: str = "") -> Page:
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == 200, (path, answer and answer.status)
        return self.page

    # Forms ------------------------------------------------------------------------------------------------------------

    def type(self, **fields: str) -> None:
        """Types, chooses and ticks; what is folded away is opened first, as a thumb would."""
        for name, value in fields.items():
            self.fill(name, value)

    def fill(self, name: str, value: str) -> None:
        box = self.page.locator(f"main [name='{name}']")
        kind = box.first.evaluate("box => box.tagName === 'INPUT' ? box.type : box.tagName")
        if kind == "radio":
            box = self.page.locator(f"main [name='{name}'][value='{value}']")
        for folded in self._folded(box):
            folded.locator("> summary").click()
        if kind == "SELECT":
            box.select_option(value)
        elif kind in ("radio", "checkbox"):
            box.set_checked(bool(value), force=True)
        else:
            box.fill(value)

    def _folded(self, box: Locator) -> list[Locator]:
        """What must be opened before a field is in sight, the outer first."""
        closed = box.first.locator("xpath=ancestor::details[not(@open)]")
        return [closed.nth(at) for at in range(closed.count())]

    def press(self, button: str) -> None:
        """Presses a button and is on the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(button).last.click()

    def told(self) -> str:
        """What stands against going on, in one line; nothing where nothing does."""
        told = self.page.locator("main .notice-refuse, main .error:not([data-short])")
        return " ".join(" ".join(told.all_inner_texts()).split())

    # A meeting --------------------------------------------------------------------------------------------------------

    def begin(self, on: str, number: int, kind: str = "regular") -> None:
        self.open(f"{self.meetings}/open/begin/")
        self.type(on=on, number=str(number), kind=kind)
        self.press("main form button")
        assert "/open/begin/" not in self.page.url, self.told()
        if not self.women and self.meetings == "meetings":
            legends = self.page.locator("fieldset.states")
            self.women = {
                " ".join(one.locator("legend").inner_text().split()): str(one.get_attribute("id")).removeprefix("id_a-")
                for one in legends.all()
            }

    def go(self, step: str) -> None:
        """To a step, by the bar above."""
        if not self.page.url.endswith(f"/open/{step}/"):
            with self.page.expect_navigation():
                self.page.locator(f".meeting-steps a[href$='/open/{step}/']").click()

    def step(self, step: str, typed: Mapping[str, str] | None = None, *, more: bool = False) -> None:
        """One step: what is typed on it, and Next (or one more line of a list)."""
        self.go(step)
        self.type(**(typed or {}))
        self.press(f"main button[name=go][value={'more' if more else 'next'}]")
        assert self.told() == "", (step, self.told())

    def asked(self) -> list[str]:
        """What is asked before closing, each in one line."""
        self.go("close")
        return [plain(one) for one in self.page.locator(".notice-warn .stack-s > p").all_inner_texts()]

    def title_of(self, step: str) -> str:
        """What a step is called in the reader's language, as the bar above says it."""
        return plain(str(self.page.locator(f".meeting-steps a[href$='/open/{step}/'] > span").first.text_content()))

    def close(self, *, sure: bool = False) -> str:
        """Reads out and closes; answers the address of the meeting."""
        self.go("close")
        if sure:
            for box in self.page.locator("main input[name=sure]").all():
                box.check()
        assert self.told() == "", self.told()
        self.press(".meeting-foot button")
        assert "/open/" not in self.page.url, self.page.locator("main").inner_text()
        return self.page.url

    def her(self, name: str) -> str:
        return self.women[name]

    def loan_of(self, name: str) -> str:
        """The name of the fields of her loan on the step of repayments, up to its last part."""
        total = self.page.locator(f"section[aria-label='{name}'] input[name$='-total']").last
        return str(total.get_attribute("name")).removesuffix("-total")

    # Papers -----------------------------------------------------------------------------------------------------------

    def paper(self, register: str, **asked: str) -> dict[str, list[int]]:
        """A register: {first cell of a row: its amounts}, in paise. Rows of the same name one after the other."""
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        page = self.open(f"registers/{register}/?{query}")
        found: dict[str, list[int]] = {}
        for name, *cells in page.locator("main table tr").evaluate_all(_CELLS):
            found.setdefault(plain(name), []).extend(paise(cell) for cell in cells if paise_in(cell))
        return found

    def fact(self, name: str) -> int:
        """An amount that stands above a paper, under its name."""
        return paise(self.page.locator("main dt", has_text=re.compile(f"^{name}$")).locator("+ dd").inner_text())

    def facts(self) -> list[int]:
        """The amounts above a paper, in their order."""
        return [paise(one) for one in self.page.locator("main dl.facts").first.locator("dd").all_inner_texts()]


_CELLS = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
_AMOUNT = re.compile(r"([-−(]?)\s*₹?\s*([-−]?)([\d,]+)(?:\.(\d\d))?\)?")


def plain(text: str) -> str:
    """Text without the marks of direction and with single blanks."""
    return " ".join(re.sub("[\u2066-\u2069\u200e\u200f]", "", text).split())


def paise_in(text: str) -> re.Match[str] | None:
    return _AMOUNT.fullmatch(plain(text))


def paise(text: str) -> int:
    """Paise of an amount as a page writes it: ₹ 1,23,456.50, −₹ 5, (5)."""
    found = paise_in(text)
    assert found, text
    size = int(found[3].replace(",", "")) * 100 + int(found[4] or 0)
    return -size if found[1] or found[2] else size
