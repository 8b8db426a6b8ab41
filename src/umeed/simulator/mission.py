"""Writes an invented mission through the bulk path: ground, groups, women, planted errors, people with access."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from umeed.core.audit import Trail, audited
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions import bulk, models
from umeed.institutions.fresh import guards_laid_aside
from umeed.places.actions import demonstrate_ladakh_split, open_mission
from umeed.places.models import Lying, Mission, Place, PlaceName, Within
from umeed.profiles.keeping import recount
from umeed.simulator import errors, groups, people, reasons
from umeed.simulator.chance import Chance
from umeed.simulator.ground import BlockGround, lay_ground
from umeed.simulator.past import invent_past_pictures, split_a_block
from umeed.simulator.people import Ground
from umeed.simulator.sizes import HOME_BLOCK, HOME_DISTRICT, SIZES, Size, members_of, spread, women_in

SEED = 2026
Told = Callable[[int, str], None]


@dataclass(frozen=True)
class Made:
    """What was written, in numbers."""

    blocks: int
    groups: int
    women: int


def is_there() -> bool:
    """Whether a mission was invented here already."""
    with as_system():
        return models.Institution.objects.exists()


def invent(
    size_key: str, *, by: Scope, told: Told, seed: int = SEED, after_ground: Callable[[], None] | None = None
) -> Made:
    """Invent the missions of J&K and Ladakh in a size of `sizes.SIZES`, all or nothing: one transaction, as the system.

    `told(percent, words)` hears how far it is; `after_ground` runs when the missions are open without villages.
    """
    with as_system():
        told(1, "Opening the missions")
        missions = [open_mission(key=key, by=by) for key in ("jk", "ladakh")]
        if after_ground:
            after_ground()
        plan = _planned_for(missions, SIZES[size_key], by=by, told=told, seed=seed)
        _count_places()
        with guards_laid_aside(_guards_told(told)):
            made = _fill(plan, by=by, told=told, seed=seed)
        told(85, "Districts of Ladakh and a block split")
        demonstrate_ladakh_split(by=by)
        split_a_block(by=by)
        reached = iter((86, 94, 97, 97))
        recount(by.today, lambda kind: told(next(reached), f"Profiles counted: {kind}"))
        told(98, "Last month's ranks")
        invent_past_pictures(by.today, seed=seed)
    return made


def _planned_for(missions: list[Mission], size: Size, *, by: Scope, told: Told, seed: int) -> list["_Planned"]:
    told(3, "Villages and panchayats")
    jk = lay_ground(missions[0], size, by=by, seed=seed)
    # Ladakh is a mission of its own and never more than a sample.
    ladakh = lay_ground(missions[1], SIZES["village"], by=by, seed=seed)
    return _plan(jk, size, seed) + _plan(ladakh, SIZES["village"], seed)


def _count_places() -> None:
    """Statistics of the tree that this transaction has just written: nobody else can see it, so nobody else can.

    Without them the planner may believe in an empty tree, and what takes milliseconds takes half a minute or more.
    """
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            for model in (Place, PlaceName, Lying, Within):
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    finally:
        work_as_app()


def _guards_told(told: Told) -> Callable[[str], None]:
    """Counts the indexes and guards that are being built, on the way from 60 to 85 per cent."""
    heard: list[str] = []

    def tell(name: str) -> None:
        heard.append(name)
        told(min(84, 60 + len(heard) // 2), f"Indexes and guards, {len(heard)}")

    return tell


@dataclass(frozen=True)
class _Planned:
    ground: BlockGround
    sizes: list[int]
    care: float


def _plan(ground: list[BlockGround], size: Size, seed: int) -> list[_Planned]:
    """How many groups of how many members go where, and how careful the clerks of each block are."""
    chance = Chance(seed, f"plan:{ground[0].region}:{size.key}")
    weights = [_weight(block, size) * (0.6 + 0.8 * chance.uniform()) for block in ground]
    counts = spread(size.groups, weights) if size.groups else [max(1, round(weight)) for weight in weights]
    if size.groups is None:
        counts = [
            size.home_block_groups
            if block.block.lgd_code == HOME_BLOCK and block.district_code == HOME_DISTRICT
            else count
            for block, count in zip(ground, counts, strict=True)
        ]
    sizes = members_of(women_in(sum(counts)), [chance.uniform() for _ in range(sum(counts))])
    district_care = {block.district_code: 0.55 + 0.35 * chance.uniform() for block in ground}
    planned, at = [], 0
    for block, count in zip(ground, counts, strict=True):
        care = min(0.97, max(0.4, district_care[block.district_code] + 0.16 * (chance.uniform() - 0.5)))
        planned.append(_Planned(block, sizes[at : at + count], care))
        at += count
    return planned


def _weight(block: BlockGround, size: Size) -> float:
    if block.district_code == HOME_DISTRICT:
        return size.home_block_groups if block.block.lgd_code == HOME_BLOCK else size.district_block_groups
    return size.other_block_groups


def _fill(plan: list[_Planned], *, by: Scope, told: Told, seed: int) -> Made:
    women = count = 0
    total = sum(sum(block.sizes) for block in plan)
    for part in _parts(plan):
        with audited(by=by, did="invent_groups", why=reasons.INVENTED) as trail:
            rows = [_block_rows(block, by.today, seed) for block in part]
            _write(trail, rows)
        women += sum(len(block.women) for block in rows)
        count += sum(len(block.sizes) for block in part)
        told(5 + 55 * women // max(1, total), f"Women {women:,} of {total:,}")
    return Made(len(plan), count, women)


def _parts(plan: list[_Planned], most: int = 20_000) -> list[list[_Planned]]:
    """Blocks in parts of about `most` women: one audit entry each, so that memory stays small and progress is seen."""
    parts: list[list[_Planned]] = [[]]
    size = 0
    for block in plan:
        if size > most:
            parts.append([])
            size = 0
        parts[-1].append(block)
        size += sum(block.sizes)
    return parts


def _block_rows(planned: _Planned, today: datetime.date, seed: int) -> groups.Rows:
    place = planned.ground.block
    chance = Chance(seed, f"people:{place.lgd_code}:{place.name}")
    block = groups.Block(
        name=place.name,
        panchayats=planned.ground.panchayats,
        ground=Ground(planned.ground.region, planned.care),
        sizes=planned.sizes,
        chance=chance,
        today=today,
    )
    rows = groups.fill(block)
    errors.plant(rows, block)
    return rows


def _write(trail: Trail, blocks: list[groups.Rows]) -> None:
    tables = (
        (models.Institution, groups.INSTITUTION_COLUMNS, "institutions"),
        (models.Household, people.HOUSEHOLD_COLUMNS, "households"),
        (models.Woman, people.WOMAN_COLUMNS, "women"),
        (models.Membership, groups.MEMBERSHIP_COLUMNS, "memberships"),
        (models.StatusTerm, groups.STATUS_COLUMNS, "statuses"),
        (models.OfficeTerm, groups.OFFICE_COLUMNS, "offices"),
        (models.BankAccount, groups.ACCOUNT_COLUMNS, "accounts"),
        (models.Signatory, groups.SIGNATORY_COLUMNS, "signatories"),
        (models.Federation, groups.FEDERATION_COLUMNS, "federations"),
        (models.Consent, groups.CONSENT_COLUMNS, "consents"),
    )
    for model, columns, name in tables:
        rows = (row for block in blocks for row in getattr(block, name))
        bulk.put(trail, model, columns, rows, note="together")
