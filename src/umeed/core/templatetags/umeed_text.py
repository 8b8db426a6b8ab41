"""Writes numbers, money and days the way its readers do: Latin digits, lakh grouping, months in their language."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_timedelta
from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, pgettext

from umeed.kernel.money import grouped as group_digits

register = template.Library()

LAKH, CRORE = 100_000, 10_000_000
_DAY = re.compile(r"(\d\d-\d\d-\d{4})")
DASH = "–"
FROM_LEFT, END = "\u2066", "\u2069"
"""Unicode's isolates: what stands between them runs from left to right, also in a line of Urdu."""


def reader_locale() -> Locale:
    """The CLDR locale of the page's language; English of India where CLDR has none (Ladakhi, Balti)."""
    language = (get_language() or "en").split("-")[0]
    try:
        return Locale.parse("en_IN" if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_IN")


def _decimal(value: object) -> Decimal | None:
    """The value as a finite exact number, or None when it is not one."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _rounded(number: Decimal, places: int) -> str:
    """Digits with lakh grouping; rounded half up to `places`, where the sign stays in front."""
    exact = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, part = f"{abs(exact):f}".partition(".")
    sign = "-" if exact < 0 else ""
    return f"{sign}{group_digits(int(whole))}{'.' + part if part else ''}"


@register.filter
def grouped(value: object, places: int = 0) -> str:
    """1234567 → "12,34,567"; `grouped:2` keeps two decimals; what is not a number becomes a dash."""
    number = _decimal(value)
    return DASH if number is None else _rounded(number, int(places))


@register.filter
def figure(value: object) -> str:
    """A number of unknown kind for legends and axes: whole ones grouped, others with one decimal."""
    number = _decimal(value)
    return DASH if number is None else _rounded(number, 0 if number == number.to_integral_value() else 1)


@register.filter
def lakh(value: object, places: int = 2) -> str:
    """766000 → "7.66 lakh", 28060600000 → "2,806.06 crore"; below one lakh the plain grouped number."""
    number = _decimal(value)
    if number is None:
        return DASH
    step = Decimal(1).scaleb(-int(places))
    if abs(number) < LAKH:
        return _rounded(number, 0)
    if (abs(number) / LAKH).quantize(step, rounding=ROUND_HALF_UP) < 100:
        return gettext("%(number)s lakh") % {"number": _rounded(number / LAKH, int(places))}
    return gettext("%(number)s crore") % {"number": _rounded(number / CRORE, int(places))}


@register.filter
def rupees(paise: object, places: int = 2) -> str:
    """Whole paise → "₹ 12,34,567.50"; `rupees:0` rounds to rupees. Sign and minus stay in front, also in Urdu."""
    number = _decimal(paise)
    if number is None:
        return DASH
    amount = _rounded(number / 100, int(places))
    return left_to_right(f"-₹\u00a0{amount[1:]}" if amount.startswith("-") else f"₹\u00a0{amount}")


@register.filter
def left_to_right(text: str) -> str:
    """A text that runs from left to right whatever stands around it: ₹, a minus or a plus stay before their number."""
    return f"{FROM_LEFT}{text}{END}" if get_language_bidi() else text


@register.simple_tag
def comma() -> str:
    """What stands between the items of a list in the reader's language."""
    return pgettext("between the items of a list", ", ")


@register.filter
def listed(items: Iterable[object]) -> str:
    """Several in one line: "Posha Bano, Hajra Bano"."""
    return comma().join(map(str, items))


@register.filter
def days_whole(text: object) -> SafeString:
    """A hint whose example of a day, 25-01-2016, is neither turned round in a line of Urdu nor broken at its end."""
    said = str(text)
    # What a library gives as markup (rules of a password, a way to reset it) stays markup.
    keep = mark_safe if isinstance(said, SafeString) else escape
    parts = (
        format_html('<span class="ltr">{}</span>', part) if at % 2 else keep(part)
        for at, part in enumerate(_DAY.split(said))
    )
    return format_html_join("", "{}", ((one,) for one in parts))


@register.filter
def percent(share: object, places: int = 0) -> str:
    """A share (0.853) → "85%"; `percent:1` → "85.3%"; more than the whole is normal (1.23 → "123%")."""
    number = _decimal(share)
    return DASH if number is None else f"{_rounded(number * 100, int(places))}%"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A date → "21 Nov 2026", the month in the reader's language (whole outside English: "नव॰" is nobody's word);
    a moment is first put in local time."""
    if not isinstance(value, dt.date):
        return DASH
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    locale = reader_locale()
    return format_date(value, "d MMM y" if locale.language == "en" else "d MMMM y", locale=locale)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment → "21 Nov 2026, 14:05" in local time."""
    if not isinstance(value, dt.datetime):
        return DASH
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return pgettext("a day and the time of day", "%(day)s, %(time)s") % {"day": day(local), "time": f"{local:%H:%M}"}


@register.filter
def ago(value: dt.date | dt.datetime | None) -> str:
    """A moment → "3 days ago" in the reader's language; a date counts whole days from today."""
    if not isinstance(value, dt.date):
        return DASH
    if not isinstance(value, dt.datetime):
        passed = value - timezone.localdate()
        if not passed:
            return gettext("today")
    else:
        passed = value - (timezone.now() if timezone.is_aware(value) else dt.datetime.now())  # noqa: DTZ005
        if abs(passed) < dt.timedelta(seconds=10):
            return gettext("just now")
    return format_timedelta(_whole(passed), add_direction=True, threshold=1, locale=reader_locale())


# The same lengths that CLDR's own formatting counts with.
UNITS = [dt.timedelta(days=n) for n in (365, 30, 7, 1)] + [dt.timedelta(hours=1), dt.timedelta(minutes=1)]


def _whole(passed: dt.timedelta) -> dt.timedelta:
    """Only the whole units that have passed: 23 hours 50 minutes is 23 hours, never "1 day"."""
    size = abs(passed)
    unit = next((u for u in UNITS if u <= size), dt.timedelta(seconds=1))
    return (size // unit) * unit * (-1 if passed < dt.timedelta() else 1)


@register.filter
def masked(value: object, shown: int = 4) -> str:
    """All but the last `shown` characters as dots, always six of them so that the length tells nothing."""
    text = "" if value is None else str(value)
    return f"••••••{text[-int(shown) :]}" if len(text) > int(shown) else "••••••"


@register.filter
def movement(places: int | None) -> str:
    """Places won (+) or lost (-) → an arrow with the same said in words; None is somebody newly ranked."""
    if places is None:
        return _arrow("new", "•", gettext("new in the ranking"))
    places = int(places)
    if places == 0:
        return _arrow("same", "=", gettext("no change"))
    far, shown = abs(places), group_digits(abs(places))
    if places > 0:
        words = ngettext("up %(places)s place", "up %(places)s places", far) % {"places": shown}
        return _arrow("up", f"▲ {shown}", words)
    words = ngettext("down %(places)s place", "down %(places)s places", far) % {"places": shown}
    return _arrow("down", f"▼ {shown}", words)


def _arrow(kind: str, sign: str, words: str) -> str:
    return format_html(
        '<span class="move move-{}"><span class="ltr" aria-hidden="true">{}</span><span class="sr">{}</span></span>',
        kind,
        sign,
        words,
    )
