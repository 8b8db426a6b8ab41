"""Invented groups, VOs and CLFs with everything dated that ties them together, a block at a time."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from umeed.simulator import people
from umeed.simulator.chance import Chance
from umeed.simulator.people import BANK, Ground
from umeed.simulator.sizes import GROUPS_A_VO, VOS_A_CLF
from umeed.simulator.words import GROUPS

INSTITUTION_COLUMNS = (
    "id", "kind", "name", "place_id", "formed_on", "origin", "revived_on", "promoter", "special", "is_model", "status",
    "meeting_frequency", "meeting_day", "meeting_place", "saving_paise", "bookkeeper_name", "bookkeeper_phone",
    "registration_act", "registration_number", "registered_on", "address", "checked_on",
)  # fmt: skip
MEMBERSHIP_COLUMNS = ("id", "woman_id", "institution_id", "kind", "during")
OFFICE_COLUMNS = ("id", "institution_id", "woman_id", "office", "during")
FEDERATION_COLUMNS = ("id", "member_id", "above_id", "during")
STATUS_COLUMNS = ("id", "institution_id", "status", "during")
ACCOUNT_COLUMNS = ("id", "institution_id", "number", "name", "ifsc", "bank", "branch", "opened_on", "during")
CONSENT_COLUMNS = ("id", "woman_id", "purpose", "language", "taken", "given_on")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Block:
    """The place to be filled: its villages, its ground, how many groups, and members group by group."""

    name: str
    villages: list[int]
    ground: Ground
    sizes: list[int]
    chance: Chance
    today: datetime.date


@dataclass
class Rows:
    """What a block brings, ready for the bulk path: table by table, in an order that keeps references whole."""

    institutions: list[tuple[Any, ...]] = field(default_factory=list)
    households: list[tuple[Any, ...]] = field(default_factory=list)
    women: list[tuple[Any, ...]] = field(default_factory=list)
    memberships: list[tuple[Any, ...]] = field(default_factory=list)
    offices: list[tuple[Any, ...]] = field(default_factory=list)
    federations: list[tuple[Any, ...]] = field(default_factory=list)
    statuses: list[tuple[Any, ...]] = field(default_factory=list)
    accounts: list[tuple[Any, ...]] = field(default_factory=list)
    consents: list[tuple[Any, ...]] = field(default_factory=list)


def fill(block: Block) -> Rows:
    """Invent all groups of a block, federated: about 10.9 groups a VO, 12.2 VOs a CLF."""
    rows = Rows()
    groups = [_group(rows, block, number, size) for number, size in enumerate(block.sizes)]
    vos = [_vo(rows, block, number, part) for number, part in enumerate(_parts(groups, GROUPS_A_VO))]
    for number, part in enumerate(_parts(vos, VOS_A_CLF)):
        _clf(rows, block, number, part)
    return rows


@dataclass(frozen=True)
class _Made:
    id: str
    place_id: int
    formed_on: datetime.date
    officers: list[str]


def _parts(items: list[_Made], size: float) -> Iterator[list[_Made]]:
    count = max(1, round(len(items) / size))
    edges = [round(len(items) * part / count) for part in range(count + 1)]
    return (items[first:end] for first, end in pairwise(edges) if end > first)


def _group(rows: Rows, block: Block, number: int, size: int) -> _Made:
    chance, care = block.chance, block.ground.care
    # Groups lie village by village, so that a VO gathers neighbours.
    place = block.villages[number * len(block.villages) // len(block.sizes)]
    formed = block.today - datetime.timedelta(days=chance.between(40, 3650))
    made = _Made(chance.id(), place, formed, [])
    name = (
        f"{GROUPS[number % len(GROUPS)]} {chance.of(GROUPS)} SHG" if number >= len(GROUPS) else f"{GROUPS[number]} SHG"
    )
    is_revived = chance.happens(0.08)
    status = chance.of(("active",) * 88 + ("irregular",) * 7 + ("dormant",) * 4 + ("forming",))
    rows.institutions.append((
        made.id, "shg", name, place, formed, "revived" if is_revived else "new",
        formed + datetime.timedelta(days=30) if is_revived else None, "nrlm" if chance.happens(care) else "",
        "remote" if size < 6 and chance.happens(0.5) else "", False, status,
        "weekly" if chance.happens(care + 0.1) else "", chance.of(DAYS) if chance.happens(care) else "",
        "Panchayat Ghar" if chance.happens(care - 0.1) else "", 10_000 if chance.happens(care + 0.05) else None,
        people.name_of(chance, block.ground.region) if chance.happens(care) else "", "",
        "", "", None, "", block.today - datetime.timedelta(days=int(700 * chance.uniform())),
    ))  # fmt: skip
    rows.statuses.append((chance.id(), made.id, status, (formed, None)))
    _members(rows, block, made, size)
    _offices(rows, block, made, ("president", "secretary", "treasurer"))
    if chance.happens(care + 0.08):
        rows.accounts.append(_account(block, made, name))
    return made


def _members(rows: Rows, block: Block, made: _Made, size: int) -> None:
    chance, ground, today = block.chance, block.ground, block.today
    for _ in range(size):
        husband = people.man_of(chance, ground.region)
        home = people.household(chance, ground, made.place_id, husband)
        woman = people.woman(chance, ground, made.place_id, home[0], husband, today)  # type: ignore[arg-type]
        rows.households.append(home)
        rows.women.append(woman)
        joined = made.formed_on if chance.happens(0.8) else _later(chance, made.formed_on, today)
        rows.memberships.append((chance.id(), woman[0], made.id, "shg", (joined, None)))
        made.officers.append(woman[0])  # type: ignore[arg-type]
        if chance.happens(ground.care - 0.15):
            taken = chance.of(("signed", "thumb", "spoken"))
            rows.consents.append((chance.id(), woman[0], "record", "ur", taken, joined))


def _later(chance: Chance, day: datetime.date, today: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=chance.between(0, max(0, (today - day).days - 1)))


def _offices(rows: Rows, block: Block, made: _Made, offices: tuple[str, ...]) -> None:
    for office, woman in zip(offices, made.officers, strict=False):
        if block.chance.happens(block.ground.care + 0.1):
            rows.offices.append(
                (block.chance.id(), made.id, woman, office, (block.today.replace(month=1, day=1), None))
            )


def _account(block: Block, made: _Made, name: str) -> tuple[Any, ...]:
    chance = block.chance
    opened = _later(chance, made.formed_on, block.today)
    number = f"99{chance.between(0, 99_999_999_999_999):014d}"
    branch = chance.between(1, 999)
    return (
        chance.id(), made.id, number, name, f"{BANK}{branch:06d}", "Demonstration Bank", f"Branch {branch}", opened,
        (opened, None),
    )  # fmt: skip


def _vo(rows: Rows, block: Block, number: int, groups: list[_Made]) -> _Made:
    return _federation(rows, block, "vo", f"{GROUPS[number % len(GROUPS)]} VO {block.name}", groups)


def _clf(rows: Rows, block: Block, number: int, vos: list[_Made]) -> _Made:
    return _federation(rows, block, "clf", f"{GROUPS[(number + 7) % len(GROUPS)]} CLF {block.name}", vos)


def _federation(rows: Rows, block: Block, kind: str, name: str, below: list[_Made]) -> _Made:
    chance, care = block.chance, block.ground.care
    formed = _later(chance, min(made.formed_on for made in below), block.today)
    officers = [made.officers[0] for made in below if made.officers][:3]
    made = _Made(chance.id(), below[0].place_id, formed, officers)
    is_registered = kind == "clf" and chance.happens(care - 0.35)
    rows.institutions.append((
        made.id, kind, name, made.place_id, formed, "new", None, "nrlm", "",
        kind == "clf" and chance.happens(0.4), "active", "monthly" if chance.happens(care + 0.1) else "", "",
        "Panchayat Ghar", None, people.name_of(chance, block.ground.region) if chance.happens(care) else "", "",
        "Self-Reliant Cooperatives Act 1999" if is_registered else "",
        f"DEMO/{chance.between(1, 9999)}" if is_registered else "",
        _later(chance, formed, block.today) if is_registered else None,
        f"Main road, {block.name}" if kind == "clf" and chance.happens(care) else "",
        block.today - datetime.timedelta(days=int(500 * chance.uniform())),
    ))  # fmt: skip
    rows.statuses.append((chance.id(), made.id, "active", (formed, None)))
    _offices(rows, block, made, ("president", "secretary", "treasurer"))
    if chance.happens(care + 0.1):
        rows.accounts.append(_account(block, made, name))
    for member in below:
        joined = max(formed, member.formed_on)
        if chance.happens(0.97):
            rows.federations.append((chance.id(), member.id, made.id, (joined, None)))
    return made
