"""The mission's norms as dated facts: how large a group is, how old a member, since when, and who says so.

A norm that changes gets a new row with a later `since`; what was decided under the old one stays explainable.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache

_RBI = "RBI master circular on DAY-NRLM (rbi.org.in, Id 12360): 10 to 20 women; special groups from 5"
_JK = "JKRLM practice: groups of 8 to 10 women aged 18 to 60 (Greater Kashmir, 21 November 2022)"
_LOKOS = "LokOS profile forms (2022): name of three letters or more, nominee asked at settings"
_BEGAN = datetime.date(2011, 6, 1)


@dataclass(frozen=True)
class Norm:
    """One number (or day) in force from `since` on. Units stand in the key's last word or in `unit`."""

    key: str
    value: int | datetime.date
    since: datetime.date
    unit: str
    source: str


NORMS: tuple[Norm, ...] = (
    Norm("shg.members.min", 5, datetime.date.min, "women", _RBI),
    Norm("shg.members.usual_min", 10, datetime.date.min, "women", _RBI),
    Norm("shg.members.max", 20, datetime.date.min, "women", _RBI),
    Norm("woman.age.min", 18, datetime.date.min, "years", _JK),
    Norm("woman.age.usual_max", 60, datetime.date.min, "years", _JK),
    Norm("woman.age.max", 110, datetime.date.min, "years", "Older ages are typing mistakes"),
    Norm("name.letters.min", 3, datetime.date.min, "letters", _LOKOS),
    Norm("programme.began", _BEGAN, datetime.date.min, "day", "NRLM was launched in June 2011"),
    Norm("phone.people.max", 3, datetime.date.min, "people", "Shared phones are a data question beyond three people"),
    Norm("vo.months_before_clf", 6, datetime.date.min, "months", "Assam SRLM: a VO joins a CLF after six months"),
    Norm("account.signatories.min", 2, datetime.date.min, "office bearers", "Dual authentication of group accounts"),
    Norm("woman.livelihoods.max", 5, datetime.date.min, "livelihoods", "LokOS profile forms (2022)"),
)


@lru_cache(maxsize=4096)
def norm_row(key: str, *, on: datetime.date) -> Norm:
    """The norm in force on a day, with its source. Raises KeyError for an unknown key or a day before the first row."""
    rows = [row for row in NORMS if row.key == key and row.since <= on]
    if not rows:
        raise KeyError(key)
    return max(rows, key=lambda row: row.since)


def norm(key: str, *, on: datetime.date) -> int:
    """The number in force on a day."""
    value = norm_row(key, on=on).value
    if not isinstance(value, int):
        raise TypeError(f"{key} is a day, not a number: use norm_day")
    return value


def norm_day(key: str, *, on: datetime.date) -> datetime.date:
    """The day that a norm names, in force on a day."""
    value = norm_row(key, on=on).value
    if not isinstance(value, datetime.date):
        raise TypeError(f"{key} is a number, not a day: use norm")
    return value
