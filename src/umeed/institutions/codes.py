"""Code lists of women and institutions: stable keys, labels in the reader's language (after LokOS, 2022)."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What an institution is. Abbreviations that mean two things are never keys."""

    SHG = "shg", _("Self-help group")
    VO = "vo", _("Village organisation")
    CLF = "clf", _("Cluster level federation")
    PRODUCER_GROUP = "producer_group", _("Producer group")
    FPO = "fpo", _("Farmer producer organisation")
    CUSTOM_HIRING_CENTRE = "custom_hiring_centre", _("Custom Hiring Centre")
    TRAINING_CENTRE = "training_centre", _("Community Managed Training Centre")


class Origin(TextChoices):
    NEW = "new", _("Newly formed")
    REVIVED = "revived", _("Revived, older than the mission")
    COOPTED = "coopted", _("Brought in from another agency")


class Promoter(TextChoices):
    NRLM = "nrlm", _("NRLM")
    STATE = "state", _("State project")
    SGSY = "sgsy", _("SGSY")
    NGO = "ngo", _("NGO")
    BANK = "bank", _("Bank")
    OTHER = "other", _("Other")


class Special(TextChoices):
    """Why a group may be smaller or mixed."""

    DISABILITY = "disability", _("Persons with disability")
    ELDERLY = "elderly", _("Elderly")
    TRANSGENDER = "transgender", _("Transgender")
    REMOTE = "remote", _("Remote area")
    PVTG = "pvtg", _("Particularly vulnerable tribal group")
    OTHER = "other", _("Other")


class Status(TextChoices):
    FORMING = "forming", _("Forming")
    ACTIVE = "active", pgettext_lazy("group", "Active")
    IRREGULAR = "irregular", _("Irregular")
    DORMANT = "dormant", _("Dormant")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged into another")
    SPLIT = "split", pgettext_lazy("status of a group", "Split")


class Frequency(TextChoices):
    WEEKLY = "weekly", _("Weekly")
    FORTNIGHTLY = "fortnightly", _("Fortnightly")
    MONTHLY = "monthly", _("Monthly")


class Weekday(TextChoices):
    MON = "mon", _("Monday")
    TUE = "tue", _("Tuesday")
    WED = "wed", _("Wednesday")
    THU = "thu", _("Thursday")
    FRI = "fri", _("Friday")
    SAT = "sat", _("Saturday")
    SUN = "sun", _("Sunday")


class Gender(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    TRANSGENDER = "transgender", _("Transgender")


class Relation(TextChoices):
    HUSBAND = "husband", _("Husband")
    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    WIFE = "wife", _("Wife")
    SON = "son", _("Son")
    DAUGHTER = "daughter", _("Daughter")
    BROTHER = "brother", _("Brother")
    SISTER = "sister", _("Sister")
    FATHER_IN_LAW = "father_in_law", _("Father-in-law")
    MOTHER_IN_LAW = "mother_in_law", _("Mother-in-law")
    BROTHER_IN_LAW = "brother_in_law", _("Brother-in-law")
    SELF = "self", pgettext_lazy("relation", "Self")
    OTHER = "other", _("Other")


class SocialCategory(TextChoices):
    GENERAL = "general", _("General")
    SC = "sc", _("Scheduled Caste")
    ST = "st", _("Scheduled Tribe")
    OBC = "obc", _("Other Backward Class")
    RBA = "rba", _("Resident of Backward Area")
    ALC = "alc", _("Actual Line of Control / International Border")
    PSP = "psp", _("Pahari speaking people")
    EWS = "ews", _("Economically weaker section")
    OTHER = "other", _("Other")


class Religion(TextChoices):
    MUSLIM = "muslim", _("Muslim")
    HINDU = "hindu", _("Hindu")
    SIKH = "sikh", _("Sikh")
    BUDDHIST = "buddhist", _("Buddhist")
    CHRISTIAN = "christian", _("Christian")
    JAIN = "jain", _("Jain")
    PARSI = "parsi", _("Parsi")
    OTHER = "other", _("Other")


class Disability(TextChoices):
    NONE = "none", _("No disability")
    SELF = "self", _("The woman herself")
    FAMILY = "family", _("A family member")


class Marital(TextChoices):
    MARRIED = "married", _("Married")
    UNMARRIED = "unmarried", _("Unmarried")
    WIDOWED = "widowed", _("Widowed")
    SEPARATED = "separated", _("Separated or divorced")


class Education(TextChoices):
    NONE = "none", _("Not literate")
    CAN_SIGN = "can_sign", _("Can sign")
    PRIMARY = "primary", _("Up to class 5")
    MIDDLE = "middle", _("Class 6 to 8")
    SECONDARY = "secondary", _("Class 9 to 10")
    HIGHER_SECONDARY = "higher_secondary", _("Class 11 to 12")
    GRADUATE = "graduate", _("Graduate")
    POSTGRADUATE = "postgraduate", _("Postgraduate")
    OTHER = "other", _("Other")


class Script(TextChoices):
    """A script that a woman reads, by its ISO 15924 code: notices and passbooks are printed in one of hers."""

    ARAB = "arab", _("Urdu script")
    DEVA = "deva", _("Hindi script")
    LATN = "latn", _("English letters")
    GURU = "guru", _("Gurmukhi")
    TIBT = "tibt", _("Bodhi script")


class Poverty(TextChoices):
    """Category from the participatory identification of the poor (PIP)."""

    POOREST = "poorest", _("Poorest of poor")
    POOR = "poor", _("Poor")
    NON_POOR = "non_poor", _("Non-poor")


class PhoneOwner(TextChoices):
    SELF = "self", _("Her own")
    HUSBAND = "husband", _("Husband's")
    FAMILY = "family", _("Another family member's")
    NEIGHBOUR = "neighbour", _("A neighbour's")


class Office(TextChoices):
    PRESIDENT = "president", _("President")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    BOOKKEEPER = "bookkeeper", _("Bookkeeper")


class LeaveReason(TextChoices):
    LEFT = "left", _("Left by her own wish")
    MIGRATED = "migrated", _("Migrated")
    MARRIED_OUT = "married_out", _("Married out")
    DECEASED = "deceased", _("Deceased")
    EXPELLED = "expelled", _("Expelled")
    DUPLICATE = "duplicate", _("Entered twice")
    OTHER = "other", _("Other")


class Purpose(TextChoices):
    """What a woman has agreed to (DPDP Act: consent by purpose)."""

    RECORD = "record", _("Keeping her record in the mission")
    PHOTO = "photo", _("Keeping her photograph")
    IDENTITY = "identity", _("Checking her identity document")
    BANK = "bank", _("Sharing her record with a bank")
    SCHEMES = "schemes", _("Matching her with government schemes")


class ConsentTaken(TextChoices):
    SIGNED = "signed", _("Signed form")
    THUMB = "thumb", _("Thumb impression with a witness")
    SPOKEN = "spoken", _("Spoken, with a witness")


class System(TextChoices):
    """Where an external id comes from."""

    LOKOS = "lokos", _("LokOS")
    NRLM_MIS = "nrlm_mis", _("NRLM MIS")
    SECC = "secc", _("SECC")
    BANK = "bank", _("Bank")
    MGNREGA = "mgnrega", _("MGNREGA job card")


# Languages in which something is explained to a woman: those of the pages, and those that are spoken here.
SPOKEN = [
    *settings.LANGUAGES, ("ks", _("Kashmiri")), ("doi", _("Dogri")), ("gju", _("Gojri")), ("phr", _("Pahari")),
    ("pa", _("Punjabi")), ("lbj", _("Ladakhi")), ("bft", _("Balti")), ("other", _("Another language")),
]  # fmt: skip


def spoken(language: str) -> str:
    """A language of consent in words; one that is not known stays as it was written."""
    return str(dict(SPOKEN).get(language, language))
