"""How spreadsheets write what Umeed keeps as codes: LokOS's own words, the field's, and the labels of the codes.

Labels are known in every language that we ship, because an export writes them in the language of its reader.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache

from django.db.models import TextChoices

from umeed.core.loads.translated import in_every_language
from umeed.core.registers.columns import NO, YES
from umeed.institutions import codes


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """A word for comparing: small letters, signs as blanks, single blanks; the vowel signs of every script stay."""
    marks = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(mark if _is_kept(mark) else " " for mark in marks).split())


def _is_kept(mark: str) -> bool:
    return mark.isalnum() or mark == "+" or unicodedata.category(mark)[0] == "M"


class _Words(Mapping[str, str]):
    """{folded word: code}: keys, labels, and `code="word, word"`. Worked out when first asked, for labels are words."""

    def __init__(self, choices: type[TextChoices], /, **synonyms: str) -> None:
        self.choices, self.synonyms = choices, synonyms

    @cached_property
    def known(self) -> dict[str, str]:
        """What is more surely meant stands over the rest: a synonym over a key, a key over a label."""
        words = {folded(text): key for key, label in self.choices.choices for text in in_every_language(label)}
        words |= {folded(key): key for key in self.choices.values}
        for code, listed in self.synonyms.items():
            words |= {folded(word): code for word in listed.split(",")}
        return words

    def __getitem__(self, word: str) -> str:
        return self.known[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


GENDER = _Words(codes.Gender, female="f, woman, w, mahila", male="m, man", transgender="tg, third gender, other")
MARITAL = _Words(
    codes.Marital, unmarried="single, never married", widowed="widow, widower",
    separated="separated, divorced, divorcee, deserted",
)  # fmt: skip
RELATION = _Words(
    codes.Relation, husband="spouse, h/o, w/o, wife of", father="d/o, daughter of",
    other="care taker, caretaker, guardian",
    father_in_law="father in law", mother_in_law="mother in law", brother_in_law="brother in law",
)  # fmt: skip
DISABILITY = _Words(codes.Disability, none="no, none, not disabled", self="yes, self", family="family, family member")
SOCIAL = _Words(
    codes.SocialCategory, general="gen, open, ur", obc="other backward class, other backward classes, osc",
    rba="resident of backward area", alc="alc/ib, alc ib, ib", psp="pahari, pahari speaking", other="others",
)  # fmt: skip
RELIGION = _Words(codes.Religion, muslim="islam, m", buddhist="buddhism", christian="christianity", other="others")
EDUCATION = _Words(
    codes.Education, none="illiterate, no education, uneducated, not literate, nil",
    can_sign="can sign, literate without schooling, literate", primary="primary, below primary, 1, 2, 3, 4, 5, 5th",
    middle="middle, 6, 7, 8, 8th", secondary="secondary, matric, high school, 9, 10, 9th, 10th",
    higher_secondary="higher secondary, senior secondary, intermediate, 11, 12, 11th, 12th, 10+2",
    graduate="graduate, bachelors degree, bachelor degree, bachelors, degree, ba, bsc, bcom",
    postgraduate="post graduate, postgraduate, masters degree, masters, ma, msc, mcom, phd",
    other="others, diploma, vocational",
)  # fmt: skip
OFFICE = _Words(
    codes.Office, president="chairperson, chairman, chairwoman", bookkeeper="book keeper, munshi",
    treasurer="cashier",
)  # fmt: skip
NO_OFFICE = frozenset({"member", "none", "no", "ordinary member"})
MEMBER_STATUS = {"active": "active", "inactive": "inactive", "left": "inactive"}
SCRIPT = _Words(codes.Script, arab="urdu, nastaliq", deva="hindi, devanagari", latn="english, roman")
FREQUENCY = _Words(codes.Frequency, fortnightly="bi weekly, biweekly, every two weeks", monthly="month")
WEEKDAY = _Words(codes.Weekday, thu="thurs, thur", tue="tues", wed="weds")
STATUS = _Words(codes.Status, dormant="defunct, inactive", forming="proposed")
PROMOTER = _Words(
    codes.Promoter, nrlm="day nrlm, day-nrlm, srlm, jkrlm", state="stateproject, state project, state",
    ngo="n g o", other="others",
)  # fmt: skip
ORIGIN = _Words(
    codes.Origin, new="new, newly formed, fresh", revived="revived, pre nrlm, pre-nrlm, pre nrlm revived",
    coopted="co-opted, coopted, co opted, co option, brought from other agency",
)  # fmt: skip
SPECIAL = _Words(
    codes.Special, disability="pwd, divyang, disabled, disability", elderly="elders, old age", remote="difficult area",
    pvtg="pvtgs", other="others",
)  # fmt: skip
PHONE_OWNER = _Words(
    codes.PhoneOwner, self="self, own, member", husband="husband, spouse",
    family="mother, father, son, daughter, brother, sister, family, other family member, father in law, mother in law",
    neighbour="neighbor, neighbour",
)  # fmt: skip
_YES_NO = {
    "yes": True, "y": True, "true": True, "1": True, "haan": True, "no": False, "n": False, "false": False, "0": False,
    "nahi": False,
}  # fmt: skip


@cache
def yes_no() -> Mapping[str, bool]:
    """{folded word: yes or no}, with what our own exports write."""
    own = {folded(text): is_yes for answer, is_yes in ((YES, True), (NO, False)) for text in in_every_language(answer)}
    return own | _YES_NO
