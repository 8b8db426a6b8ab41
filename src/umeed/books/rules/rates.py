"""What is asked about a rate of interest that is unusual: much lower or higher than this group, or others, charge.

It is said in the unit of the field: a group's own loans per cent a month, all others per cent a year. Whoever writes 2
a month where 24 a year is asked for, or the other way about, is asked in time.
"""

from __future__ import annotations

from umeed.kernel.refusals import N_, Refusal

USUAL_RATE_BP = 2_400
"""Per cent a year above which a rate is asked about (SHG profile form of LokOS: 0 to 36, warn above 24)."""
USUAL_OF_BODIES_BP = 1_200
"""What VOs and CLFs usually take of their groups, in basis points a year (CIF is lent on at 1 per cent a month)."""
LEAST_OF_BANKS_BP = 700
"""What women's groups pay a bank at least (NABARD on interest subvention, 30 July 2025: 7 per cent up to ₹3 lakh)."""
BP_A_MONTH = 1_200
MOST_OF_GROUPS_BP, MOST_OF_OTHERS_BP = 9_600, 10_000
"""Above these nothing is a rate, in basis points a year: 8 per cent a month, 100 per cent a year."""

_NEGATIVE = N_("This cannot be less than nothing.")
_MOST_RATE = N_("More than 8 per cent a month is no rate of a group.")
_NO_RATE = N_("A rate is from 0 to 100 per cent a year.")

_LOW = {
    True: N_("%(rate)s per cent a month is far below the usual %(usual)s. Is it right?"),
    False: N_("%(rate)s per cent a year is far below the usual %(usual)s. Is it right?"),
}
_HIGH = {
    True: N_("%(rate)s per cent a month is more than the usual %(usual)s. Is it right?"),
    False: N_("%(rate)s per cent a year is more than the usual %(usual)s. Is it right?"),
}
_LOW_HERE = {
    True: N_("%(rate)s per cent a month is far below the %(usual)s that this group charges. Is it right?"),
    False: N_("%(rate)s per cent a year is far below the %(usual)s that this group charges. Is it right?"),
}
_HIGH_HERE = {
    True: N_("%(rate)s per cent a month is far above the %(usual)s that this group charges. Is it right?"),
    False: N_("%(rate)s per cent a year is far above the %(usual)s that this group charges. Is it right?"),
}


def why_not_rate(
    bp_a_year: int, field: str, *, a_month: bool, charges: int | None = None, usual: int = USUAL_RATE_BP
) -> list[Refusal]:
    """Why a rate is none at all; else the question about it, if there is one."""
    if a_month and bp_a_year < 0:
        return [Refusal(field, "negative", _NEGATIVE)]
    if a_month and bp_a_year > MOST_OF_GROUPS_BP:
        return [Refusal(field, "most_rate", _MOST_RATE)]
    if not 0 <= bp_a_year <= MOST_OF_OTHERS_BP:
        return [Refusal(field, "no_rate", _NO_RATE)]
    return unusual_rate(bp_a_year, field, a_month=a_month, charges=charges, usual=usual)


def unusual_rate(
    bp_a_year: int, field: str, *, a_month: bool, charges: int | None = None, usual: int = USUAL_RATE_BP
) -> list[Refusal]:
    """The question about a rate, if there is one. `charges` is what the group itself charges, where it has said so;
    else less than half of the `usual` is low. More than 24 per cent a year is high of anybody."""
    if charges is not None and 2 * bp_a_year < charges:
        return [_asked("low_rate", _LOW_HERE, bp_a_year, charges, field, a_month)]
    if charges is not None and bp_a_year > charges and bp_a_year >= 2 * charges:
        return [_asked("high_rate", _HIGH_HERE, bp_a_year, charges, field, a_month)]
    if charges is None and 2 * bp_a_year < usual:
        return [_asked("low_rate", _LOW, bp_a_year, usual, field, a_month)]
    if bp_a_year > max(USUAL_RATE_BP, charges or 0):
        return [_asked("high_rate", _HIGH, bp_a_year, USUAL_RATE_BP, field, a_month)]
    return []


def _asked(code: str, texts: dict[bool, str], bp: int, usual: int, field: str, a_month: bool) -> Refusal:
    values = {"rate": _said(bp, a_month), "usual": _said(usual, a_month)}
    return Refusal(field, code, texts[a_month], values, "warn")


def _said(bp: int, a_month: bool) -> str:
    """As people type it: 2, 1.5, 0.1667."""
    return f"{bp / (BP_A_MONTH if a_month else 100):.4f}".rstrip("0").rstrip(".")
