"""An amount copied from a page of the product is read again as it stands there, in every language."""

import pytest
from django.utils.translation import override

from umeed.books import urls
from umeed.books.pages.cutoff.forms import Count, Rate
from umeed.books.pages.writing.typed import Typed
from umeed.books.templatetags.books_text import money
from umeed.core.form_fields import RupeesField
from umeed.core.templatetags import umeed_text
from umeed.kernel.money import paise_from_rupees

AMOUNTS = (200_000, 12_34_567_50, -500)


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
@pytest.mark.parametrize("paise", AMOUNTS)
def test_what_a_page_shows_is_read_back(language: str, paise: int) -> None:
    with override(language):
        for text in (money(paise), umeed_text.rupees(paise)):
            assert paise_from_rupees(text) == paise, ascii(text)


def test_an_amount_of_an_urdu_page_is_typed_as_the_cash_that_was_counted() -> None:
    with override("ur"):
        shown = money(2_000_00)
    assert "\u2066" in shown
    typed = Typed({"counted": shown, "rows-rows": "\u20662\u2069"})
    assert (typed.amount("counted"), typed.reasons) == (2_000_00, [])
    assert list(typed.rows("rows")) == [0, 1]


@pytest.mark.parametrize(
    ("written", "paise"),
    [("1٬000", 1_000_00), ("۱،۰۰۰", 1_000_00), ("۱٫۵", 1_50), ("۱۔۵", 1_50), ("1,000.50", 1_000_50)],
)
def test_an_amount_is_read_with_the_signs_of_the_keyboard_that_wrote_it(written: str, paise: int) -> None:
    typed = Typed({"paise": written})
    assert (typed.amount("paise"), typed.reasons) == (paise, [])
    assert paise_from_rupees(written) == RupeesField().clean(written) == paise


def test_counts_and_rates_are_read_so_too() -> None:
    typed = Typed({"notes": "۱٬۲۰۰"})
    assert (typed.whole("notes", 0, 100_000), typed.reasons) == (1_200, [])
    assert Count("Notes").clean("۱،۲۰۰") == 1_200
    assert Rate("Rate").clean("۱۰٫۵") == 1_050
    assert urls.bylaws.RateField().clean("۱٫۵") == urls.bylaws.RateField().clean("۱۔۵") == 1_800
