"""Code lists of the books. Values are kept in the database; words are the field's own, translated where shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.rules.allocation import Part


class MeetingKind(TextChoices):
    REGULAR = "regular", _("Regular meeting")
    EXTRA = "extra", _("Extra meeting")
    MISSED = "missed", _("Meeting not held")
    TAKEN_BACK = "undone", _("Meeting taken back")


class Attendance(TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Late")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")
    LEAVE = "on_leave", pgettext_lazy("attendance", "On leave")


class Method(TextChoices):
    BALANCE = "balance", _("Per cent a month on what is still owed")
    FLAT = "flat", _("The same each time, on the whole loan")
    DECLINING = "declining", _("Equal instalments")
    BULLET = "bullet", _("All at once, after the harvest")


class PartMonth(TextChoices):
    """Interest on the balance of who repays before a month is over."""

    DAYS = "days", _("By the days")
    WHOLE = "whole", _("A month begun counts whole")
    DUE = "due", _("None before the due day")


class Instalments(TextChoices):
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every fortnight")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half_yearly", _("Every half-year")
    YEARLY = "yearly", _("Every year")


class Standing(TextChoices):
    """How a bank would class a loan: by how long its oldest unpaid due is late."""

    REGULAR = "regular", _("Regular")
    SMA0 = "sma0", _("SMA-0: late, less than 30 days")
    SMA1 = "sma1", _("SMA-1: late 30 days or more")
    SMA2 = "sma2", _("SMA-2: late 60 days or more")
    NPA = "npa", _("NPA: late 90 days or more, until nothing is overdue")


class Halves(TextChoices):
    EVEN = "even", _("To the even number")
    UP = "up", _("Up")


class Order(TextChoices):
    """What a repayment pays first: penalty, interest, principal (P, I, R)."""

    PIR = "pir", _("Penalty, interest, principal")
    IPR = "ipr", _("Interest, penalty, principal")
    IRP = "irp", _("Interest, principal, penalty")
    PRI = "pri", _("Penalty, principal, interest")
    RIP = "rip", _("Principal, interest, penalty")
    RPI = "rpi", _("Principal, penalty, interest")


_PARTS: dict[str, Part] = {"p": "penalty", "i": "interest", "r": "principal"}
ORDERS: dict[str, tuple[Part, ...]] = {order: tuple(_PARTS[one] for one in order) for order in Order.values}


class LoanHead(TextChoices):
    """The head of the chart that a loan's principal stands under."""

    MEMBER = "loan_to_member", _("Loan to a member")
    BODY = "loan_to_body", _("Loan to a group or VO")
    BANK = "loan_from_bank", _("Loan from a bank")
    VO = "loan_from_vo", _("Loan from the VO")
    CLF = "loan_from_clf", _("Loan from the CLF")
    OTHER = "loan_from_other", _("Loan from others")


class Source(TextChoices):
    """Which money a loan was lent out of: it tells what must be repaid onward."""

    OWN = "own", _("Own fund")
    RF = "rf", _("Revolving fund")
    CIF = "cif", _("Community investment fund")
    BANK = "bank", _("Bank loan")
    VRF = "vrf", _("Vulnerability reduction fund")


class Purpose(TextChoices):
    FOOD = "food", _("Food")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Education")
    MARRIAGE = "marriage", _("Marriage or ritual")
    HOUSE = "house", _("House repair")
    DEBT = "debt", _("Repaying a costly debt")
    FARM = "farm", _("Seeds, fertiliser, farm inputs")
    ORCHARD = "orchard", _("Orchard")
    CATTLE = "cattle", _("Dairy and livestock")
    POULTRY = "poultry", _("Poultry")
    LAND = "land", _("Leasing land")
    SHOP = "shop", _("Shop or trade")
    CRAFT = "craft", _("Handicraft or manufacturing")
    SERVICE = "service", _("Service")
    VEHICLE = "vehicle", _("Vehicle")
    TOOLS = "tools", _("Tools")
    MIGRATION = "migration", _("Migration")
    INSURANCE = "insurance", _("Insurance premium")
    ONLENDING = "onlending", _("Lending on to members")
    OTHER = "other", pgettext_lazy("purpose", "Other")


class Outcome(TextChoices):
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", pgettext_lazy("loan", "Refused")
    DEFERRED = "deferred", _("Put off")
    WITHDRAWN = "withdrawn", _("Withdrawn by her")


class Deciding(TextChoices):
    ALL = "all", _("All agreed")
    MAJORITY = "majority", _("By majority")
    NAMED = "named", _("By those named")


class Settled(TextChoices):
    KEPT = "kept", _("The first one holds")
    REPLACED = "replaced", _("The second one holds")
    BOTH = "both", _("Both happened")


class Grade(TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
