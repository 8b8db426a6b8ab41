"""The ground of an invented mission: panchayats and villages in every block, invented and marked so, or the LGD's own.

Where an LGD download was loaded before, its real villages are used: the LGD's list knows them by tehsil only, so which
block each one lies in is invented here, and there are no panchayats: neighbours in the list stand in for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from umeed.core.audit import Trail, audited
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.places import closure, facts
from umeed.places.models import Kind, Line, Lying, Mission, Place, PlaceName, Within
from umeed.simulator import reasons
from umeed.simulator.chance import Chance
from umeed.simulator.sizes import HOME_DISTRICT, Size, spread
from umeed.simulator.words import JAMMU, KASHMIR, LADAKH, VILLAGE_HEADS, VILLAGE_TAILS

_REGIONS = {"Kashmir": KASHMIR, "Jammu": JAMMU, "Ladakh": LADAKH}
_NEIGHBOURS = 3  # villages taken together where no panchayat is known


@dataclass(frozen=True)
class BlockGround:
    """A block ready for people: its district, region and the ids of its villages, panchayat by panchayat."""

    block: Place
    district_code: int
    region: str
    panchayats: list[list[int]]


def region_of(district_code: int) -> str:
    """The division that a district lies in, as the facts have it."""
    return _REGIONS[facts.district_by_code()[district_code].division]


def lay_ground(mission: Mission, size: Size, *, by: Scope, seed: int) -> list[BlockGround]:
    """Make sure that every block of the size has villages, and return the blocks in the order of their codes."""
    blocks = _blocks(mission, size)
    with audited(by=by, did="lay_ground", why=reasons.INVENTED) as trail:
        touched: list[int] = []
        for block, district_code in blocks:
            if not _panchayats(block, by):
                chance = Chance(seed, f"ground:{block.lgd_code}")
                touched += _invent(block, region_of(district_code), size, chance, trail)
        closure.refresh(touched)
    return [BlockGround(block, code, region_of(code), _panchayats(block, by)) for block, code in blocks]


def file_real_villages(mission: Mission, *, by: Scope) -> int:
    """Give real villages that lie in no block one of their district's, in the order of codes; returns how many."""
    day = by.today
    in_blocks = Within.objects.on(day).filter(above__kind=Kind.BLOCK).values("below_id")
    with audited(by=by, did="file_villages", why=reasons.FILED) as trail:
        filed: list[Lying] = []
        for district in Place.objects.filter(mission=mission, kind=Kind.DISTRICT).order_by("lgd_code"):
            inside = Within.objects.on(day).filter(above=district).values("below_id")
            free = Place.objects.filter(pk__in=inside, kind=Kind.VILLAGE).exclude(pk__in=in_blocks).order_by("lgd_code")
            blocks = list(Place.objects.filter(pk__in=inside, kind=Kind.BLOCK).order_by("lgd_code"))
            villages = list(free)
            filed += _file(villages, blocks, mission)
        Lying.objects.bulk_create(filed, batch_size=2000)
        _note(trail, "places_lying", len(filed))
        closure.refresh([row.place_id for row in filed])
    return len(filed)


def _file(villages: Sequence[Place], blocks: Sequence[Place], mission: Mission) -> list[Lying]:
    rows, at = [], 0
    for block, count in zip(blocks, spread(len(villages), [1.0] * len(blocks)), strict=True) if blocks else ():
        for village in villages[at : at + count]:
            rows.append(Lying(place=village, parent=block, line=Line.DEVELOPMENT, during=since(mission.opened_on)))
        at += count
    return rows


def _blocks(mission: Mission, size: Size) -> list[tuple[Place, int]]:
    """The blocks that the size asks for, each with its district's code."""
    found = []
    rows = (
        Lying.objects.filter(place__mission=mission, place__kind=Kind.BLOCK, parent__lgd_code__isnull=False)
        .select_related("place", "parent")
        .order_by("parent__lgd_code", "place__lgd_code")
    )
    seen: dict[int, int] = {}
    for row in rows:
        code = row.parent.lgd_code
        seen[code] = seen.get(code, 0) + 1
        if code == HOME_DISTRICT or size.sample_blocks is None or seen[code] <= size.sample_blocks:
            found.append((row.place, code))
    return found


def _panchayats(block: Place, by: Scope) -> list[list[int]]:
    """The villages of a block, panchayat by panchayat; villages filed straight into it as neighbours."""
    below = Within.objects.on(by.today).filter(above=block, below__kind=Kind.VILLAGE).values("below_id")
    rows = Lying.objects.on(by.today).filter(place__in=below, line=Line.DEVELOPMENT).order_by("place_id")
    together: dict[tuple[int, int], list[int]] = {}
    for at, (village, parent) in enumerate(rows.values_list("place_id", "parent_id")):
        together.setdefault((parent, at // _NEIGHBOURS if parent == block.pk else 0), []).append(village)
    return list(together.values())


def _invent(block: Place, region: str, size: Size, chance: Chance, trail: Trail) -> list[int]:
    names = _names(region, chance, size.panchayats_a_block + size.villages_a_block)
    panchayats = _open(block, Kind.PANCHAYAT, names[: size.panchayats_a_block], lambda _at: block)
    villages = _open(
        block,
        Kind.VILLAGE,
        names[size.panchayats_a_block :],
        lambda at: panchayats[at * len(panchayats) // size.villages_a_block],
    )
    _note(trail, "places_place", len(panchayats) + len(villages))
    return [place.pk for place in (*panchayats, *villages)]


def _open(block: Place, kind: str, names: Sequence[str], parent_at: object) -> list[Place]:
    day = since(block.mission.opened_on)
    places = [Place(mission=block.mission, kind=kind, name=name, is_invented=True) for name in names]
    Place.objects.bulk_create(places)
    PlaceName.objects.bulk_create([PlaceName(place=place, name=place.name, during=day) for place in places])
    Lying.objects.bulk_create(
        [
            Lying(place=place, parent=parent_at(at), line=Line.DEVELOPMENT, during=day)  # type: ignore[operator]
            for at, place in enumerate(places)
        ]
    )
    return places


def _names(region: str, chance: Chance, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        head, tail = chance.of(VILLAGE_HEADS[region]), chance.of(VILLAGE_TAILS[region])
        word = f"{head}{tail}"
        names[word if word not in names else f"{word} {chance.of(('Bala', 'Payeen', 'Kalan', 'Khurd'))}"] = None
    return list(names)


def _note(trail: Trail, table: str, count: int) -> None:
    trail.rows("created", table, [("", None, {"rows": count})])
