"""What a group is like: drawn once from its own stream of chance, and true for the whole year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from uuid import UUID

from umeed.books.codes import ORDERS
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.rounding import Rounding
from umeed.kernel.money import Paise
from umeed.simulator.chance import Chance
from umeed.simulator.groups import SAVINGS

DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
RF, CIF, BANK_DOSES = 15_000_00, 40_000_00, (1_00_000_00, 1_50_000_00)
CIF_MONTHS, DOSE_MONTHS = 20, 40
HAS_RF, HAS_CIF, HAS_BANK = 0.72, 0.47, 0.27
"""How many groups have the revolving fund, the investment fund and a bank's first dose (README, source 2)."""


@dataclass(slots=True)
class Member:
    """A woman of a group. `saved` {head: paise}; how surely she comes and pays, 0 to 1."""

    id: UUID
    name: str
    joined: datetime.date
    text: str = ""
    comes: float = 0.95
    pays: float = 0.98
    is_bad: bool = False
    saved: dict[str, int] = field(default_factory=dict)
    # Her membership, and the first day on which she is none any more.
    membership: UUID | None = None
    left: datetime.date = datetime.date.max

    def __post_init__(self) -> None:
        self.text = str(self.id)


@dataclass(frozen=True, slots=True)
class Above:
    """A VO or CLF that a body belongs to since a day, and which keeps its book since another."""

    id: UUID
    kind: str
    since: datetime.date
    opened: datetime.date
    name: str = ""


@dataclass(slots=True)
class Group:
    """A group as the mission has it, before its year."""

    id: UUID
    name: str
    formed_on: datetime.date
    status: str
    terrain: str
    day: str
    saving: int | None
    has_account: bool
    place: str
    members: list[Member]
    vo: Above | None = None
    # The group whose bookkeeper signs in to the demonstration: something of everything is to be seen there.
    is_shown: bool = False


@dataclass(slots=True)
class Habits:
    """Discipline 0 to 1 moves everything; A groups have 0.97, C groups 0.75."""

    weekday: int
    discipline: float
    bylaws: Bylaws
    row: dict[str, object]
    box: int
    has_rf: bool
    has_cif: bool
    bank_dose: int
    writes_late: bool


def habits_of(group: Group, chance: Chance) -> Habits:
    """Draw them. The order of the draws is part of the seed."""
    draw = chance.uniform()
    discipline = 0.985 if draw < 0.5 else 0.95 if draw < 0.85 else 0.86
    if group.status == "irregular":
        discipline = 0.7
    for woman in group.members:
        woman.comes = min(0.99, discipline - 0.02 + 0.06 * (chance.uniform() - 0.5))
        kind = chance.uniform()
        woman.is_bad = kind < 0.008
        woman.pays = 0.1 if kind < 0.03 else 0.5 if kind < 0.08 else 0.985
    row = _bylaw_row(group, chance)
    days = (group.formed_on - datetime.date(2000, 1, 1)).days
    return Habits(
        weekday=DAYS[group.day] if group.day else days % 7,
        discipline=discipline,
        bylaws=bylaws_from(row),
        row=row,
        box=chance.of((50_000, 1_00_000, 1_50_000, 2_00_000)),
        has_rf=chance.happens(HAS_RF),
        has_cif=chance.happens(HAS_CIF),
        bank_dose=chance.of(BANK_DOSES) if chance.happens(HAS_BANK) else 0,
        writes_late=chance.happens(0.08),
    )


def _bylaw_row(group: Group, chance: Chance) -> dict[str, object]:
    """Columns of the group's bylaws; most have the usual ones."""
    saving = group.saving or chance.of(SAVINGS)
    method = chance.of(("balance",) * 14 + ("flat",) * 3 + ("declining",) * 3)
    frequency = chance.of(("monthly",) * 15 + ("weekly",) * 3 + ("fortnightly",) * 2)
    fines = chance.happens(0.7)
    return {
        "compulsory_paise": saving,
        "food_paise": 500 if chance.happens(0.12) else 0,
        "health_paise": 500 if chance.happens(0.15) else 0,
        "takes_optional": chance.happens(0.7),
        "rate_bp_a_year": chance.of((2_400,) * 16 + (1_800,) * 2 + (1_200,) * 2),
        "method": method,
        "frequency": frequency,
        "instalments": {"monthly": 10, "weekly": 30, "fortnightly": 20}[str(frequency)],
        "multiple_paise": chance.of((100, 1_000, 1_000, 5_000)),
        "rounding_paise": 100,
        "halves": "up",
        "order": chance.of(("pir",) * 14 + ("ipr",) * 3 + ("irp",) * 2 + ("rip",)),
        "fine_late_paise": 500 if fines else 0,
        "fine_absent_paise": 1_000 if fines else 0,
        "penalty_paise": chance.of((0, 0, 1_000, 2_000)),
        "quorum_percent": chance.of((50, 50, 50, 60, 75)),
        "most_paise": chance.of((None, None, 20_000_00, 30_000_00)),
        "lends_to_overdue": chance.happens(0.05),
    }


def bylaws_from(row: dict[str, object]) -> Bylaws:
    """As the rules take a row of bylaws."""
    most = row["most_paise"]
    return Bylaws(
        savings={f"saving_{kind}": Paise(int(row[f"{kind}_paise"])) for kind in ("compulsory", "food", "health")},
        takes_optional=bool(row["takes_optional"]),
        rate_bp_a_year=int(row["rate_bp_a_year"]),
        method=row["method"],
        frequency=row["frequency"],
        instalments=int(row["instalments"]),
        multiple=int(row["multiple_paise"]),
        rounding=Rounding(int(row["rounding_paise"]), row["halves"]),
        order=ORDERS[str(row["order"])],
        fine_late=Paise(int(row["fine_late_paise"])),
        fine_absent=Paise(int(row["fine_absent_paise"])),
        penalty=Paise(int(row["penalty_paise"])),
        quorum_percent=int(row["quorum_percent"]),
        most=None if most is None else Paise(int(most)),
        lends_to_overdue=bool(row["lends_to_overdue"]),
    )
