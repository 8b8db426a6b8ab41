"""An amount copied from a page of the product is read again as it stands there, in every language."""

import pytest
from django.utils.translation import override

from umeed.books.pages.writing.typed import Typed
from umeed.books.templatetags.books_text import money
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
