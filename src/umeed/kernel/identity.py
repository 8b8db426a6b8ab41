"""Numbers that identify a person, a phone, a bank branch or an account: their shapes, and why one is refused.

No refusal carries the number itself in its values, so that it cannot leak into a log or a saved verdict.
Shapes: Aadhaar 12 digits, the first 2-9, Verhoeff check digit (UIDAI); Indian mobile [6-9] and nine digits (DoT
numbering plan); IFSC four letters, 0, six letters or digits (RBI); PIN six digits, the first 1-9 (India Post).
"""

from __future__ import annotations

import re

from umeed.kernel.digits import plain_text
from umeed.kernel.refusals import N_, Refusal

# Verhoeff: multiplication in the dihedral group D5 and the permutation applied by position.
_TIMES = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_MOVED = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_INVERSE = "0432156789"

_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+]?\d{1,3}")
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_PIN = re.compile(r"[1-9]\d{5}")
_MOBILE = re.compile(r"[6-9]\d{9}")

_ROUNDED = N_(
    "The spreadsheet has rounded this number, so its last digits are lost. Format the column as text and type it again."
)


def _verhoeff(digits: str, first_position: int) -> int:
    total = 0
    for position, digit in enumerate(reversed(digits), start=first_position):
        total = int(_TIMES[total][int(_MOVED[position % 8][int(digit)])])
    return total


def verhoeff_digit(digits: str) -> str:
    """Return the check digit that belongs after `digits`."""
    return _INVERSE[_verhoeff(digits, 1)]


def verhoeff_holds(digits: str) -> bool:
    """Say whether the last of `digits` is the right check digit for those before it."""
    return digits.isdecimal() and _verhoeff(digits, 0) == 0


def digits_of(value: object) -> str:
    """Return the number as text: '#' and quotation marks a spreadsheet needs taken off, blanks and dashes out.

    A whole float (9876543210.0) is the number a spreadsheet kept. Everything else that is not a digit stays, so
    that the caller sees and refuses it.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = plain_text(str(value)) if value is not None and not isinstance(value, bool) else ""
    return re.sub(r"[\s\-‐–]", "", text.lstrip("#'`\"").rstrip("'`\""))


def rounded_by_spreadsheet(value: object) -> bool:
    """Say whether a spreadsheet has certainly or possibly lost digits: '9.0E+10', or a number of 16 digits or more."""
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return abs(value) >= 10**15  # a spreadsheet keeps 15 digits
    return bool(_SCIENTIFIC.fullmatch(plain_text(str(value)).lstrip("#'")))


def aadhaar_refusals(value: object, *, field: str | None = "aadhaar") -> list[Refusal]:
    """Return why `value` is not an Aadhaar number; an empty list when it can be one."""
    if rounded_by_spreadsheet(value):
        return [Refusal(field, "rounded", _ROUNDED)]
    digits = digits_of(value)
    if not digits.isdecimal() or len(digits) != 12:
        return [Refusal(field, "aadhaar_shape", N_("An Aadhaar number has 12 digits."))]
    if digits[0] in "01":
        return [Refusal(field, "aadhaar_shape", N_("An Aadhaar number does not begin with 0 or 1."))]
    if not verhoeff_holds(digits):
        text = N_("This Aadhaar number has a wrong digit: its check digit does not fit.")
        return [Refusal(field, "aadhaar_check_digit", text)]
    return []


def last_four(value: object) -> str:
    """Return the last four digits of a number, all that may be shown of it; '' when it has fewer."""
    digits = "".join(re.findall(r"\d", digits_of(value)))
    return digits[-4:] if len(digits) >= 4 else ""


def masked(value: object) -> str:
    """Return a number fit for the screen: '••••0054'."""
    return f"••••{last_four(value)}"


def mobile_number(value: object, *, field: str | None = "phone") -> str | Refusal:
    """Return an Indian mobile number as ten digits ('+91 98765 43210', '#9000000054', '09…'), or the reason why not."""
    if rounded_by_spreadsheet(value):
        return Refusal(field, "rounded", _ROUNDED)
    digits = re.sub(r"[().]", "", digits_of(value))
    for prefix in ("+91", "0091", "91", "0"):
        if digits.startswith(prefix) and len(digits) >= 10 + len(prefix):
            digits = digits.removeprefix(prefix)
            break
    digits = digits[1:] if len(digits) == 11 and digits.startswith("0") else digits
    if not digits.isdecimal() or len(digits) != 10:
        return Refusal(field, "mobile_shape", N_("A mobile number has 10 digits."))
    if not _MOBILE.fullmatch(digits):
        return Refusal(field, "mobile_shape", N_("A mobile number begins with 6, 7, 8 or 9."))
    return digits


def ifsc_code(value: object, *, field: str | None = "ifsc") -> str | Refusal:
    """Return the code of a bank branch in capitals, or the reason why it is none."""
    code = plain_text(str(value or "")).replace(" ", "").upper()
    if _IFSC.fullmatch(code):
        return code
    if len(code) == 11 and code[4:5] == "O":
        return Refusal(field, "ifsc_shape", N_("The fifth character of an IFSC is the digit 0, not the letter O."))
    text = N_("An IFSC has 11 characters: four letters, the digit 0, six letters or digits, like JAKA0KEEPER.")
    return Refusal(field, "ifsc_shape", text)


def pin_code(value: object, *, field: str | None = "pin_code") -> str | Refusal:
    """Return a PIN code as six digits, or the reason why it is none."""
    digits = digits_of(value)
    if digits.isascii() and _PIN.fullmatch(digits):
        return digits
    return Refusal(field, "pin_shape", N_("A PIN code has 6 digits and does not begin with 0."))


def account_number(value: object, *, field: str | None = "account_number") -> str | Refusal:
    """Return a bank account number as text, leading zeros kept; each bank's exact length is checked elsewhere."""
    if rounded_by_spreadsheet(value):
        return Refusal(field, "rounded", _ROUNDED)
    digits = digits_of(value)
    if not digits.isdecimal() or not 6 <= len(digits) <= 18:
        return Refusal(field, "account_shape", N_("A bank account number has 6 to 18 digits and nothing else."))
    if not digits.strip("0"):
        return Refusal(field, "account_shape", N_("A bank account number is not only zeros."))
    return digits
