"""Who a woman is: names, age, phone, identity number, consent (docs/rules/README.md; DPDP Act for consent)."""

import datetime
import unicodedata

from umeed.institutions.norms import norm
from umeed.institutions.rules.days import not_before_start, not_in_future
from umeed.kernel.identity import aadhaar_refusals, mobile_number, pin_code
from umeed.kernel.refusals import N_, Refusal, in_number, warning

_NAME_MISSING = N_("The name is missing.")
_NAME_SHORT = N_("A name has at least %(least)s letters; “%(name)s” has %(letters)s.")
_NAME_DIGITS = N_("A name has no digits in it: “%(name)s”.")
_AGE_MISSING = N_("Give the date of birth, or the year of birth.")
_BORN_FUTURE = N_("The date of birth %(day)s lies in the future.")
_YEARS_DIFFER = N_("The date of birth %(day)s and the year of birth %(year)s do not agree.")
_TOO_YOUNG = N_("She is %(age)s years old on %(day)s; a member is at least %(least)s.")
_TOO_YOUNG_ONE = N_("She is one year old on %(day)s; a member is at least %(least)s.")
_OLD = N_("She is %(age)s years old on %(day)s; members are usually %(usual)s or younger. Please look again.")
_TOO_OLD = N_("An age of %(age)s years is not possible; look at the year of birth.")
_NOMINEE_RELATION = N_("Say how the nominee is related to her.")
_NOMINEE_NAME = N_("The nominee's name is missing.")
_GUARDIAN = N_("Name her guardian, since she lives with a disability herself. It can wait.")
_SHARED_PHONE = N_("%(people)s other people already have this phone number. Please check whose it is.")
_NO_CONSENT_RECORD = N_("An identity number is kept only after she has consented to it. Record her consent first.")
_CONSENT_LANGUAGE = N_("Say in which language it was explained to her.")
_CONSENT_WITHDRAWN = N_("Consent cannot be withdrawn on %(day)s, before it was given on %(given)s.")
_LIVELIHOODS = N_("At most %(most)s livelihoods are kept; %(given)s are given.")
_DIED_BEFORE = N_("She cannot have died on %(day)s, before she was born.")


def why_not_name(name: str, *, field: str = "name", on: datetime.date, digits_allowed: bool = False) -> list[Refusal]:
    """At least three letters; a person's name has no digits (LokOS profile forms, 2022)."""
    text = name.strip()
    if not text:
        return [Refusal(field, "name_missing", _NAME_MISSING)]
    least = norm("name.letters.min", on=on)
    if text.isascii() and text.replace(" ", "").isalpha() and len(text) >= 2 * least:
        return []
    letters = sum(unicodedata.category(mark)[0] in "LM" for mark in text)
    reasons = []
    if letters < least:
        values = {"least": least, "name": text, "letters": letters}
        reasons.append(Refusal(field, "name_short", _NAME_SHORT, values))
    if not digits_allowed and any(mark.isdigit() for mark in text):
        reasons.append(Refusal(field, "name_with_digits", _NAME_DIGITS, {"name": text}))
    return reasons


def why_not_person(name: str, *, field: str, on: datetime.date) -> list[Refusal]:
    """The name of somebody who may stay unnamed: a guardian, the head of the household, the bookkeeper."""
    return why_not_name(name, field=field, on=on) if name else []


def age_on(born_on: datetime.date | None, born_year: int | None, day: datetime.date) -> int | None:
    """Completed years on a day; from the year alone the age she reaches in that year; None when neither is known."""
    if born_on:
        return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    return day.year - born_year if born_year else None


def age_reasons(
    born_on: datetime.date | None, born_year: int | None, joined_on: datetime.date, *, field: str = "born_on"
) -> list[Refusal]:
    """18 or older on joining is hard, over 60 is told (Greater Kashmir, 21 November 2022)."""
    age = age_on(born_on, born_year, joined_on)
    if age is None:
        return [Refusal(field, "age_missing", _AGE_MISSING)]
    said = {"age": age, "day": joined_on}
    least, usual = norm("woman.age.min", on=joined_on), norm("woman.age.usual_max", on=joined_on)
    if age < least:
        return [Refusal(field, "too_young", in_number(age, _TOO_YOUNG_ONE, _TOO_YOUNG), {**said, "least": least})]
    if age > norm("woman.age.max", on=joined_on):
        return [Refusal(field, "too_old", _TOO_OLD, {"age": age})]
    if age > usual:
        return [warning(field, "old", _OLD, {**said, "usual": usual})]
    return []


def why_not_woman(
    *,
    today: datetime.date,
    name: str,
    belonging_name: str = "",
    born_on: datetime.date | None = None,
    born_year: int | None = None,
    died_on: datetime.date | None = None,
    phone: str = "",
    pin: str = "",
    disability: str = "",
    guardian_name: str = "",
    nominee_name: str = "",
    nominee_relation: str = "",
    livelihoods: list[str] | None = None,
) -> list[Refusal]:
    """Whether what is said about a person can be so (docs/rules/README.md). Age on joining is `age_reasons`."""
    reasons = why_not_name(name, on=today)
    reasons += why_not_person(belonging_name, field="belonging_name", on=today)
    reasons += why_not_person(guardian_name, field="guardian_name", on=today)
    reasons += _birth(born_on, born_year, today)
    if died_on:
        reasons += not_in_future(died_on, today, "died_on")
        if born_on and died_on < born_on:
            reasons.append(Refusal("died_on", "died_before_born", _DIED_BEFORE, {"day": died_on}))
    reasons += [found for found in (mobile_number(phone) if phone else "",) if isinstance(found, Refusal)]
    reasons += [found for found in (pin_code(pin) if pin else "",) if isinstance(found, Refusal)]
    reasons += _nominee(nominee_name, nominee_relation, today)
    if disability == "self" and not guardian_name:
        reasons.append(warning("guardian_name", "guardian_missing", _GUARDIAN))
    most = norm("woman.livelihoods.max", on=today)
    if livelihoods and len(livelihoods) > most:
        values = {"most": most, "given": len(livelihoods)}
        reasons.append(Refusal("livelihoods", "too_many_livelihoods", _LIVELIHOODS, values))
    return reasons


def _birth(born_on: datetime.date | None, born_year: int | None, today: datetime.date) -> list[Refusal]:
    if born_on is None and born_year is None:
        return [Refusal("born_on", "age_missing", _AGE_MISSING)]
    if born_on and born_on > today:
        return [Refusal("born_on", "born_in_the_future", _BORN_FUTURE, {"day": born_on})]
    if born_on and born_year and born_on.year != born_year:
        values = {"day": born_on, "year": born_year}
        return [Refusal("born_year", "birth_years_differ", _YEARS_DIFFER, values)]
    age = age_on(born_on, born_year, today) or 0
    if not 0 <= age <= norm("woman.age.max", on=today):
        return [Refusal("born_on" if born_on else "born_year", "too_old", _TOO_OLD, {"age": age})]
    return []


def _nominee(name: str, relation: str, today: datetime.date) -> list[Refusal]:
    """A nominee is asked at settings: both name and relation, or neither yet (docs/rules/README.md)."""
    if not name and not relation:
        return []
    if not name:
        return [Refusal("nominee_name", "nominee_name_missing", _NOMINEE_NAME)]
    reasons = why_not_name(name, field="nominee_name", on=today)
    return reasons if relation else [*reasons, Refusal("nominee_relation", "nominee_relation", _NOMINEE_RELATION)]


def shared_phone(others: int, *, on: datetime.date) -> list[Refusal]:
    """The same phone on more than three people is a data question, told and not refused (docs/rules/README.md)."""
    if others < norm("phone.people.max", on=on):
        return []
    return [warning("phone", "phone_shared", _SHARED_PHONE, {"people": others})]


def why_not_identity(number: str, *, has_consent: bool, field: str = "aadhaar") -> list[Refusal]:
    """Twelve digits, first 2-9, Verhoeff (UIDAI), and only with her consent (DPDP Act)."""
    reasons = aadhaar_refusals(number, field=field)
    if not has_consent:
        reasons.append(Refusal(field, "consent_first", _NO_CONSENT_RECORD))
    return reasons


def why_not_consent(
    *,
    today: datetime.date,
    given_on: datetime.date,
    language: str,
    withdrawn_on: datetime.date | None = None,
) -> list[Refusal]:
    """Consent names its language and day; it is withdrawn after it was given (DPDP Act, 2023)."""
    reasons = not_in_future(given_on, today, "given_on")
    if not language:
        reasons.append(Refusal("language", "language_missing", _CONSENT_LANGUAGE))
    if withdrawn_on:
        reasons += not_in_future(withdrawn_on, today, "withdrawn_on")
        if not_before_start(withdrawn_on, given_on, "withdrawn_on"):
            values = {"day": withdrawn_on, "given": given_on}
            reasons.append(Refusal("withdrawn_on", "withdrawn_before_given", _CONSENT_WITHDRAWN, values))
    return reasons
