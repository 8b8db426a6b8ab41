"""Dates as people in India write them, and as spreadsheets keep them: day first, always.

What could only be read the American way round (01/25/2016) is refused with the form that is expected, because a
guess would be silent and often wrong.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from unicodedata import normalize

from umeed.kernel.digits import plain_text
from umeed.kernel.refusals import N_, Refusal

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

# Excel counts days from 30 December 1899 (its 1900 was a leap year). The bounds keep ages, amounts and codes out.
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIAL_FIRST = (date(1940, 1, 1) - _EXCEL_DAY_ZERO).days
_SERIAL_LAST = (date(LATEST_YEAR, 12, 31) - _EXCEL_DAY_ZERO).days

# '41' to '99' are 1941 to 1999, '00' to '40' are 2000 to 2040, unless the caller knows the latest possible day.
_TWO_DIGIT_TURN = 40

_SEP = r"\s*[-/._,\s]\s*"
_TIME = r"(?:[T,\s]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}}){_TIME}")
_DAY_WORD = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/._,\s]*([^\W\d_]{{3,12}})[-/._,'’\s]*(\d{{4}}|\d{{2}}){_TIME}")
_WORD_DAY = re.compile(rf"([^\W\d_]{{3,12}})[-/._\s]*(\d{{1,2}})(?:st|nd|rd|th)?[-/._,\s]+(\d{{4}}){_TIME}")
_PACKED = re.compile(r"\d{8}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_PART = re.compile(rf"\d{{4}}|\d{{1,2}}{_SEP}\d{{4}}|\d{{4}}{_SEP}\d{{1,2}}|[^\W\d_]{{3,12}}[-/._,'\s]*\d{{2,4}}")

_MONTHS = {
    normalize("NFC", name): month
    for month, names in enumerate(
        (
            "jan january जनवरी जन جنوری",
            "feb february फरवरी फ़रवरी فروری",
            "mar march मार्च مارچ",
            "apr april अप्रैल اپریل",
            "may मई مئی",
            "jun june जून جون",
            "jul july जुलाई जूलाई جولائی",
            "aug august अगस्त اگست",
            "sep sept september सितंबर सितम्बर ستمبر",
            "oct october अक्टूबर अक्तूबर اکتوبر",
            "nov november नवंबर नवम्बर نومبر",
            "dec december दिसंबर दिसम्बर دسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
# \w leaves out the vowel signs of Devanagari, so month words in it are turned to English ones before matching.
_ENGLISH_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_OTHER_SCRIPTS = sorted((n for n in _MONTHS if not n.isascii()), key=len, reverse=True)
_MONTH_WORDS = re.compile("|".join(map(re.escape, _OTHER_SCRIPTS)))

_NO_DATE = N_("No date is given. Write it day first, like 25-01-2016.")
_NOT_A_DATE = N_("“%(written)s” is not a date. Write it day first, like 25-01-2016.")
_PARTLY = N_("“%(written)s” lacks the day. Write the whole date, day first, like 25-01-2016.")
_MONTH_FIRST = N_(
    "“%(written)s” has %(month)s where the month belongs, so the month seems to be first. Day first it is %(meant)s."
)
_NO_SUCH_DAY = N_("“%(written)s” is a day that does not exist.")
_TOO_FAR = N_("“%(written)s” lies outside the years %(earliest)s to %(latest)s.")
_NOT_A_SERIAL = N_("The number %(written)s is not a date. Write the date day first, like 25-01-2016.")


def _refusal(field: str | None, code: str, text: str, written: object, **values: object) -> Refusal:
    return Refusal(field, code, text, {"written": str(written)[:60], **values})


def _checked(field: str | None, written: object, year: int, month: int, day: int) -> date | Refusal:
    """Return the date, or why there is no such day."""
    if month > 12 and 1 <= day <= 12 and month <= 31:
        meant = f"{month:02d}-{day:02d}-{year}"
        return _refusal(field, "month_first", _MONTH_FIRST, written, month=month, meant=meant)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return _refusal(field, "year_too_far", _TOO_FAR, written, earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        return _refusal(field, "no_such_day", _NO_SUCH_DAY, written)


def _full_year(text: str, month: int, day: int, latest: date | None) -> int:
    """Return the year meant by two or four digits."""
    year = int(text)
    if len(text) == 4:
        return year
    if latest is None:
        return year + (2000 if year <= _TWO_DIGIT_TURN else 1900)
    year += latest.year // 100 * 100
    return year - 100 if (year, month, day) > (latest.year, latest.month, latest.day) else year


def _from_serial(field: str | None, number: float) -> date | Refusal:
    """Return the day that Excel keeps as `number`; a fraction is the time of day. 20160125 is read as written."""
    if number == int(number) and 10_000_000 <= number <= 99_999_999:
        return _from_packed(field, str(int(number)))
    if not _SERIAL_FIRST <= number < _SERIAL_LAST + 1:
        return _refusal(field, "not_a_date", _NOT_A_SERIAL, f"{number:g}")
    return _EXCEL_DAY_ZERO + timedelta(days=int(number))


def _from_packed(field: str | None, text: str) -> date | Refusal:
    """Return the day written as 25012016 or 20160125 (never both: no month is 19 or 20)."""
    if EARLIEST_YEAR <= int(text[4:]) <= LATEST_YEAR:
        return _checked(field, text, int(text[4:]), int(text[2:4]), int(text[:2]))
    if EARLIEST_YEAR <= int(text[:4]) <= LATEST_YEAR:
        return _checked(field, text, int(text[:4]), int(text[4:6]), int(text[6:]))
    return _refusal(field, "not_a_date", _NOT_A_DATE, text)


def _from_text(field: str | None, written: str, latest: date | None) -> date | Refusal:
    text = normalize("NFC", plain_text(written)).lstrip("'#").strip()
    text = _MONTH_WORDS.sub(lambda m: _ENGLISH_MONTHS[_MONTHS[m[0]] - 1], text)
    if not text:
        return _refusal(field, "no_date", _NO_DATE, written)
    if found := _YEAR_FIRST.fullmatch(text):
        return _checked(field, written, int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        day, month = int(found[1]), int(found[2])
        return _checked(field, written, _full_year(found[3], month, day, latest), month, day)
    if found := _DAY_WORD.fullmatch(text) or _WORD_DAY.fullmatch(text):
        day_text, word = (found[1], found[2]) if found[1].isdigit() else (found[2], found[1])
        if month := _MONTHS.get(word.lower(), 0):
            day = int(day_text)
            return _checked(field, written, _full_year(found[3], month, day, latest), month, day)
    if _PACKED.fullmatch(text):
        return _from_packed(field, text)
    if _SERIAL.fullmatch(text):
        return _from_serial(field, float(text))
    if _PART.fullmatch(text):
        return _refusal(field, "part_of_a_date", _PARTLY, written)
    return _refusal(field, "not_a_date", _NOT_A_DATE, written)


def date_as_written(value: object, *, field: str | None = None, latest: date | None = None) -> date | Refusal:
    """Return the day that `value` means, or the plain reason why it means none.

    value   date, datetime, an Excel serial (int or float, 1940 to 2100), or text: 25_01_2016, 25-01-2016,
            25/01/2016, 25.01.16, 25 Jan 2016, Aug 6, 2022 2:13 AM, 2016-01-25, 25012016, in Latin, Urdu or
            Devanagari digits, with or without a time of day (which is dropped)
    latest  for two-digit years: the latest day it can be (a birth is not in the future)
    Years from 1900 to 2100. Codes: no_date, not_a_date, part_of_a_date, month_first, no_such_day, year_too_far.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _checked(field, value.isoformat(), value.year, value.month, value.day)
    if value is None:
        return _refusal(field, "no_date", _NO_DATE, "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_serial(field, value) if abs(value) < 1e9 else _refusal(field, "not_a_date", _NOT_A_SERIAL, value)
    return _from_text(field, str(value), latest)
