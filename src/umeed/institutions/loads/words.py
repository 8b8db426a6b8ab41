"""How spreadsheets write what Umeed keeps as codes: LokOS's own words, the field's, and the labels of the codes."""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import override

from umeed.institutions import codes


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """A word for comparing: small letters, signs as blanks, single blanks."""
    return " ".join("".join(mark if mark.isalnum() or mark == "+" else " " for mark in text.casefold()).split())


def _words(choices: type[TextChoices], **synonyms: str) -> Mapping[str, str]:
    """{folded word: code}: keys, English labels, and `code="word, word"`."""
    with override("en"):
        words = {folded(str(label)): key for key, label in choices.choices}
    words |= {folded(key): key for key in choices.values}
    for code, listed in synonyms.items():
        words |= {folded(word): code for word in listed.split(",")}
    return words


GENDER = _words(codes.Gender, female="f, woman, w, mahila", male="m, man", transgender="tg, third gender, other")
MARITAL = _words(
    codes.Marital, unmarried="single, never married", widowed="widow, widower",
    separated="separated, divorced, divorcee, deserted",
)  # fmt: skip
RELATION = _words(
    codes.Relation, husband="spouse, h/o, w/o, wife of", father="d/o, daughter of",
    other="care taker, caretaker, guardian",
    father_in_law="father in law", mother_in_law="mother in law", brother_in_law="brother in law",
)  # fmt: skip
DISABILITY = _words(codes.Disability, none="no, none, not disabled", self="yes, self", family="family, family member")
SOCIAL = _words(
    codes.SocialCategory, general="gen, open, ur", obc="other backward class, other backward classes, osc",
    rba="resident of backward area", alc="alc/ib, alc ib, ib", psp="pahari, pahari speaking", other="others",
)  # fmt: skip
RELIGION = _words(codes.Religion, muslim="islam, m", buddhist="buddhism", christian="christianity", other="others")
EDUCATION = _words(
    codes.Education, none="illiterate, no education, uneducated, not literate, nil",
    can_sign="can sign, literate without schooling, literate", primary="primary, below primary, 1, 2, 3, 4, 5, 5th",
    middle="middle, 6, 7, 8, 8th", secondary="secondary, matric, high school, 9, 10, 9th, 10th",
    higher_secondary="higher secondary, senior secondary, intermediate, 11, 12, 11th, 12th, 10+2",
    graduate="graduate, bachelors degree, bachelor degree, bachelors, degree, ba, bsc, bcom",
    postgraduate="post graduate, postgraduate, masters degree, masters, ma, msc, mcom, phd",
    other="others, diploma, vocational",
)  # fmt: skip
OFFICE = _words(
    codes.Office, president="chairperson, chairman, chairwoman", bookkeeper="book keeper, munshi",
    treasurer="cashier",
)  # fmt: skip
NO_OFFICE = frozenset({"member", "none", "no", "ordinary member"})
MEMBER_STATUS = {"active": "active", "inactive": "inactive", "left": "inactive"}
FREQUENCY = _words(codes.Frequency, fortnightly="bi weekly, biweekly, every two weeks", monthly="month")
WEEKDAY = _words(codes.Weekday, thu="thurs, thur", tue="tues", wed="weds")
STATUS = _words(codes.Status, dormant="defunct, inactive", forming="proposed")
PROMOTER = _words(
    codes.Promoter, nrlm="day nrlm, day-nrlm, srlm, jkrlm", state="stateproject, state project, state",
    ngo="n g o", other="others",
)  # fmt: skip
ORIGIN = _words(
    codes.Origin, new="new, newly formed, fresh", revived="revived, pre nrlm, pre-nrlm, pre nrlm revived",
    coopted="co-opted, coopted, co opted, co option, brought from other agency",
)  # fmt: skip
SPECIAL = _words(
    codes.Special, disability="pwd, divyang, disabled, disability", elderly="elders, old age", remote="difficult area",
    pvtg="pvtgs", other="others",
)  # fmt: skip
PHONE_OWNER = _words(
    codes.PhoneOwner, self="self, own, member", husband="husband, spouse",
    family="mother, father, son, daughter, brother, sister, family, other family member, father in law, mother in law",
    neighbour="neighbor, neighbour",
)  # fmt: skip
YES_NO = {
    "yes": True, "y": True, "true": True, "1": True, "haan": True, "no": False, "n": False, "false": False, "0": False,
    "nahi": False,
}  # fmt: skip
