"""Errors planted on purpose (domain.md Appendix E): what a real register holds, so that finding them can be shown.

Twins: the same woman entered again in a neighbouring group, spelt another way. Shared phones: one phone for several
women. Swapped digits: an account number with two digits exchanged. Which ones they are follows from the seed.
"""

from typing import Any

from umeed.simulator.groups import Block, Rows
from umeed.simulator.people import WOMAN_COLUMNS, other_spelling

TWINS_IN_A_THOUSAND = 4
_AT = {name: position for position, name in enumerate(WOMAN_COLUMNS)}


def plant(rows: Rows, block: Block) -> None:
    """Replace a few women of a block by wrong ones. The number of women and groups stays as planned."""
    _plant_twins(rows, block)
    _plant_shared_phones(rows, block)
    _plant_swapped_digits(rows, block)


def twins(rows: Rows, block: Block) -> list[tuple[int, int]]:
    """Positions (original, twin) among the block's women; far enough apart to sit in different groups."""
    count = len(rows.women) * TWINS_IN_A_THOUSAND // 1000
    step = len(rows.women) // (count + 1) if count else 0
    pairs = [((number + 1) * step - 1, ((number + 1) * step - 1 + 23) % len(rows.women)) for number in range(count)]
    return [(first, second) for first, second in pairs if first < second]


def _plant_twins(rows: Rows, block: Block) -> None:
    for original, twin in twins(rows, block):
        source, place = list(rows.women[original]), rows.women[twin]
        for name in ("id", "household_id", "place_id", "account_number", "account_name", "ifsc"):
            source[_AT[name]] = place[_AT[name]]
        source[_AT["name"]] = other_spelling(str(source[_AT["name"]]))
        source[_AT["belonging_name"]] = other_spelling(str(source[_AT["belonging_name"]]))
        if block.chance.happens(0.5):
            source[_AT["phone"]] = ""
        rows.women[twin] = tuple(source)


def _plant_shared_phones(rows: Rows, block: Block) -> None:
    for start in range(50, len(rows.women) - 5, 400):
        phone = _value(rows.women[start], "phone") or "6100000000"
        for position in range(start, start + 5):
            rows.women[position] = _with(rows.women[position], phone=phone, phone_owner="neighbour")


def _plant_swapped_digits(rows: Rows, block: Block) -> None:
    for position in range(120, len(rows.women), 700):
        number = str(_value(rows.women[position], "account_number"))
        if number:
            swapped = number[:-3] + number[-2] + number[-3] + number[-1]
            rows.women[position] = _with(rows.women[position], account_number=swapped)


def _value(row: tuple[Any, ...], name: str) -> Any:
    return row[_AT[name]]


def _with(row: tuple[Any, ...], **values: Any) -> tuple[Any, ...]:
    changed = list(row)
    for name, value in values.items():
        changed[_AT[name]] = value
    return tuple(changed)
