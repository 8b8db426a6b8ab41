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
from umeed.simulator.words import GROUPS, SPOKEN

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
SIGNATORY_COLUMNS = ("id", "account_id", "woman_id", "during")
CONSENT_COLUMNS = ("id", "woman_id", "purpose", "language", "taken", "given_on")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICES = ("president", "secretary", "treasurer")
# What each woman saves in a meeting, in paise: 20 to 100 rupees, by the day the group was formed.
SAVINGS = (2_000, 2_000, 2_500, 2_500, 3_000, 5_000, 5_000, 10_000)
HALF_A_YEAR = datetime.timedelta(days=184)  # a VO joins a CLF when it is six months old


@dataclass
class Block:
    """The place to be filled: its villages, panchayat by panchayat, its ground, and the members group by group."""

    name: str
    panchayats: list[list[int]]
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
    signatories: list[tuple[Any, ...]] = field(default_factory=list)
    consents: list[tuple[Any, ...]] = field(default_factory=list)


def fill(block: Block) -> Rows:
    """Invent all groups of a block, federated: about 10.9 groups a VO, 12.2 VOs a CLF."""
    rows = Rows()
    gathered = list(_parts(list(enumerate(block.sizes)), GROUPS_A_VO))
    vos = [_groups_and_vo(rows, block, at, len(gathered), part) for at, part in enumerate(gathered)]
    for at, part in enumerate(_parts(vos, VOS_A_CLF)):
        _federation(rows, block, "clf", f"{GROUPS[(at + 7) % len(GROUPS)]} CLF {block.name}", part)
    return rows


@dataclass(frozen=True)
class _Made:
    """An institution that was made; `members` are its women, or its officers', and the day each of them came."""

    id: str
    place_id: int
    formed_on: datetime.date
    members: list[tuple[str, datetime.date]]


def _parts(items: list[Any], size: float) -> Iterator[list[Any]]:
    count = max(1, round(len(items) / size))
    edges = [round(len(items) * part / count) for part in range(count + 1)]
    return (items[first:end] for first, end in pairwise(edges) if end > first)


def _groups_and_vo(rows: Rows, block: Block, at: int, vos: int, sizes: list[tuple[int, int]]) -> _Made:
    """The groups of one VO and the VO: all in one panchayat, village by village. `sizes` is (number, members) each."""
    villages = block.panchayats[at * len(block.panchayats) // vos]
    groups = [
        _group(rows, block, villages[nth * len(villages) // len(sizes)], number, size)
        for nth, (number, size) in enumerate(sizes)
    ]
    return _federation(rows, block, "vo", f"{GROUPS[at % len(GROUPS)]} VO {block.name}", groups)


def _group(rows: Rows, block: Block, place: int, number: int, size: int) -> _Made:
    chance, care = block.chance, block.ground.care
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
        "Panchayat Ghar" if chance.happens(care - 0.1) else "",
        SAVINGS[formed.toordinal() % len(SAVINGS)] if chance.happens(care + 0.05) else None,
        people.name_of(chance, block.ground.region) if chance.happens(care) else "", "",
        "", "", None, "", max(formed, block.today - datetime.timedelta(days=int(700 * chance.uniform()))),
    ))  # fmt: skip
    rows.statuses.append((chance.id(), made.id, status, (formed, None)))
    _members(rows, block, made, size)
    holders = _offices(rows, block, made)
    if chance.happens(care + 0.08):
        _account(rows, block, made, name, holders)
    return made


def _members(rows: Rows, block: Block, made: _Made, size: int) -> None:
    chance, ground, today = block.chance, block.ground, block.today
    for _ in range(size):
        joined = made.formed_on if chance.happens(0.8) else _later(chance, made.formed_on, today)
        husband = people.man_of(chance, ground.region)
        home = people.household(chance, ground, made.place_id, husband)
        woman = people.woman(chance, ground, made.place_id, home[0], husband, today, joined)  # type: ignore[arg-type]
        rows.households.append(home)
        rows.women.append(woman)
        rows.memberships.append((chance.id(), woman[0], made.id, "shg", (joined, None)))
        made.members.append((woman[0], joined))  # type: ignore[arg-type]
        if chance.happens(ground.care - 0.15):
            taken, language = chance.of(("signed", "thumb", "spoken")), chance.of(SPOKEN[ground.region])
            rows.consents.append((chance.id(), woman[0], "record", language, taken, joined))


def _later(chance: Chance, day: datetime.date, today: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=chance.between(0, max(0, (today - day).days - 1)))


def _offices(rows: Rows, block: Block, made: _Made) -> list[tuple[str, datetime.date]]:
    """The three offices, held since the year began, or since the institution or the woman was there to hold them.

    Returns who holds one, and since when.
    """
    new_year = block.today.replace(month=1, day=1)
    holders = []
    for office, (woman, joined) in zip(OFFICES, made.members, strict=False):
        if block.chance.happens(block.ground.care + 0.1):
            since = max(new_year, made.formed_on, joined)
            rows.offices.append((block.chance.id(), made.id, woman, office, (since, None)))
            holders.append((woman, since))
    return holders


def _account(rows: Rows, block: Block, made: _Made, name: str, holders: list[tuple[str, datetime.date]]) -> None:
    """The institution's account; two who hold an office sign for it, where clerks have asked who does."""
    chance, account = block.chance, block.chance.id()
    opened = _later(chance, made.formed_on, block.today)
    number = f"99{chance.between(0, 99_999_999_999_999):014d}"
    branch = chance.between(1, 999)
    rows.accounts.append((
        account, made.id, number, name, f"{BANK}{branch:06d}", "Demonstration Bank", f"Branch {branch}", opened,
        (opened, None),
    ))  # fmt: skip
    if chance.happens(block.ground.care):
        for woman, since in holders[:2]:
            rows.signatories.append((chance.id(), account, woman, (max(opened, since), None)))


def _federation(rows: Rows, block: Block, kind: str, name: str, below: list[_Made]) -> _Made:
    chance, care = block.chance, block.ground.care
    formed = _formed_among(block, kind, below)
    made = _Made(chance.id(), below[0].place_id, formed, [one.members[0] for one in below if one.members][:3])
    is_registered = kind == "clf" and chance.happens(care - 0.35)
    rows.institutions.append((
        made.id, kind, name, made.place_id, formed, "new", None, "nrlm", "",
        kind == "clf" and chance.happens(0.4), "active", "monthly" if chance.happens(care + 0.1) else "", "",
        "Panchayat Ghar", None, people.name_of(chance, block.ground.region) if chance.happens(care) else "", "",
        "Self-Reliant Cooperatives Act 1999" if is_registered else "",
        f"DEMO/{chance.between(1, 9999)}" if is_registered else "",
        _later(chance, formed, block.today) if is_registered else None,
        f"Main road, {block.name}" if kind == "clf" and chance.happens(care) else "",
        max(formed, block.today - datetime.timedelta(days=int(500 * chance.uniform()))),
    ))  # fmt: skip
    rows.statuses.append((chance.id(), made.id, "active", (formed, None)))
    holders = _offices(rows, block, made)
    if chance.happens(care + 0.1):
        _account(rows, block, made, name, holders)
    wait = HALF_A_YEAR if kind == "clf" else datetime.timedelta()
    for member in below:
        joined = max(formed, member.formed_on + wait)
        if joined <= block.today and chance.happens(0.97):
            rows.federations.append((chance.id(), member.id, made.id, (joined, None)))
    return made


def _formed_among(block: Block, kind: str, below: list[_Made]) -> datetime.date:
    """A federation forms after the first of its members: a VO early enough to be six months old today, a CLF eighteen,
    if it can."""
    first = min(made.formed_on for made in below)
    return _later(block.chance, first, max(first, block.today - HALF_A_YEAR * (1 if kind == "vo" else 3)))
