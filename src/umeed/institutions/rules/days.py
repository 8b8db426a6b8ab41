"""Days as they stand in a sentence, and the checks that every dated thing shares."""

import datetime

from umeed.kernel.refusals import N_, Refusal

_FUTURE = N_("%(day)s lies in the future; today is %(today)s.")
_BEFORE_GROUP = N_("%(day)s is before the formation on %(formed)s.")
_BEFORE_START = N_("%(day)s is before %(start)s, when it began.")


def not_in_future(day: datetime.date, today: datetime.date, field: str) -> list[Refusal]:
    if day <= today:
        return []
    return [Refusal(field, "in_the_future", _FUTURE, {"day": day, "today": today})]


def not_before_formation(day: datetime.date, formed_on: datetime.date, field: str) -> list[Refusal]:
    if day >= formed_on:
        return []
    return [Refusal(field, "before_formation", _BEFORE_GROUP, {"day": day, "formed": formed_on})]


def not_before_start(day: datetime.date, start: datetime.date, field: str) -> list[Refusal]:
    if day >= start:
        return []
    return [Refusal(field, "before_it_began", _BEFORE_START, {"day": day, "start": start})]
