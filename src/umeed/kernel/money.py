"""Money in whole paise and counts as India writes them: 12,34,567, lakh, crore; Latin digits in every language."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NewType

from umeed.kernel.digits import plain_number
from umeed.kernel.refusals import N_, Refusal, as_is

Paise = NewType("Paise", int)

LAKH = 1_00_000
CRORE = 1_00_00_000
_MOST_LETTERS = 100

_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_LAKH_GROUPS = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d*)?")
_THOUSAND_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SIGNS = re.compile(r"^(?:₹|rs\.?|inr|re\.?)\s*|\s*(?:/-|/=)$|\s*(?:₹|rs\.?|inr)$", re.IGNORECASE)


def grouped(n: int) -> str:
    """Return a whole number in lakh grouping: 1234567 → '12,34,567'."""
    digits = str(abs(n))
    head, tail = digits[:-3], digits[-3:]
    pairs = []
    while head:
        pairs.append(head[-2:])
        head = head[:-2]
    return ("-" if n < 0 else "") + ",".join([*reversed(pairs), tail])


def rupees(paise: int, *, sign: str = "₹", always_paise: bool = False) -> str:
    """Return paise as rupees: 123456750 → '₹12,34,567.50'; whole rupees without '.00' unless `always_paise`."""
    whole, part = divmod(abs(paise), 100)
    text = f"{sign}{grouped(whole)}"
    if part or always_paise:
        text += f".{part:02d}"
    return f"-{text}" if paise < 0 else text


def _not_money(field: str | None, written: object) -> Refusal:
    return Refusal(
        field,
        "not_an_amount",
        N_("“%(written)s” is not an amount in rupees. Write it like 12,34,567.50."),
        {"written": str(written)[:60]},
    )


def _number_in(text: str) -> Decimal | None:
    """Return the number that `text` writes out, or None: commas only where a grouping puts them."""
    negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    text = text.strip("()") if text.startswith("(") else text.removeprefix("-")
    while (bare := _SIGNS.sub("", text.strip())) != text:
        text = bare
    if text.startswith("-") and not negative:
        negative, text = True, text[1:]
    if "," in text:
        if not (_LAKH_GROUPS.fullmatch(text) or _THOUSAND_GROUPS.fullmatch(text)):
            return None
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    return -Decimal(text) if negative else Decimal(text)


def paise_from_rupees(value: object, *, field: str | None = None) -> Paise | Refusal:
    """Return the exact paise of an amount in rupees as people or spreadsheets write it, or the reason why not.

    Text ('₹ 12,34,567.50', 'Rs. 500/-', '(1,200)' for minus), int and Decimal are exact. A float is read at the
    15 digits a spreadsheet shows. More than two decimals are refused, never rounded.
    """
    number: Decimal | None
    if isinstance(value, bool) or value is None:
        return _not_money(field, "" if value is None else value)
    if isinstance(value, (int, Decimal)):
        number = Decimal(value)
    elif isinstance(value, float):
        number = Decimal(format(value, ".15g"))
    else:
        try:
            number = _number_in(plain_number(str(value))) if len(str(value)) <= _MOST_LETTERS else None
        except InvalidOperation:
            number = None
    if number is None or not number.is_finite():
        return _not_money(field, value)
    scaled = Fraction(number) * 100
    if scaled.denominator != 1:
        text = N_("“%(written)s” has more than two decimals. An amount is in rupees and whole paise.")
        return Refusal(field, "part_of_a_paisa", text, {"written": str(value)[:60]})
    return Paise(int(scaled))


def rounded_text(value: Fraction, places: int) -> str:
    """Return `value` with `places` decimals, halves away from zero, the whole part in lakh grouping."""
    scale = 10**places
    units = (abs(value) * scale + Fraction(1, 2)).__floor__()
    whole, part = divmod(units, scale)
    text = grouped(whole) + (f".{part:0{places}d}" if places else "")
    return f"-{text}" if value < 0 and units else text


def _short_number(value: Fraction) -> str:
    return rounded_text(value, 2).rstrip("0").rstrip(".")


def _short(value: Fraction, sign: str, translate: Callable[[str], str]) -> str:
    """Return `value` in crore or lakh with up to two decimals; below one lakh in full."""
    size = abs(value)
    minus = "-" if value < 0 else ""
    if size >= CRORE or _short_number(size / LAKH) == "100":
        return translate(N_("%(number)s crore")) % {"number": f"{minus}{sign}{_short_number(size / CRORE)}"}
    if size >= LAKH:
        return translate(N_("%(number)s lakh")) % {"number": f"{minus}{sign}{_short_number(size / LAKH)}"}
    return f"{minus}{sign}{_short_number(size) if size.denominator != 1 else grouped(int(size))}"


def in_words_short(n: int, translate: Callable[[str], str] = as_is) -> str:
    """Return a count in short: 766000 → '7.66 lakh', 94962 → '94,962'."""
    return _short(Fraction(n), "", translate)


def rupees_in_words_short(paise: int, translate: Callable[[str], str] = as_is) -> str:
    """Return an amount in short: 528860000000 paise → '₹528.86 crore'."""
    return _short(Fraction(paise, 100), "₹", translate)
