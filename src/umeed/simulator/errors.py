"""Errors planted on purpose: what a real register holds, so that finding them can be shown. The seed says which.

Twins: the same woman entered again in a neighbouring group, most of them spelt another way; the second record has her
own account number, or one with two digits swapped, or another. Shared phones: one phone for several women.
"""

from typing import Any

from umeed.simulator.groups import Block, Rows
from umeed.simulator.people import WOMAN_COLUMNS, other_spelling, phone_number

TWINS_IN_A_THOUSAND = 4
_AT = {name: position for position, name in enumerate(WOMAN_COLUMNS)}


def plant(rows: Rows, block: Block) -> None:
    """Replace a few women of a block by wrong ones. The number of women and groups stays as planned."""
    _plant_twins(rows, block)
    _plant_shared_phones(rows, block)


def twins(rows: Rows, block: Block) -> list[tuple[int, int]]:
    """Positions (original, twin) among the block's women; far enough apart to sit in different groups."""
    count = len(rows.women) * TWINS_IN_A_THOUSAND // 1000
    step = len(rows.women) // (count + 1) if count else 0
    pairs = [((number + 1) * step - 1, ((number + 1) * step - 1 + 23) % len(rows.women)) for number in range(count)]
    return [(first, second) for first, second in pairs if first < second]


def _plant_twins(rows: Rows, block: Block) -> None:
    for original, twin in twins(rows, block):
        woman, place = rows.women[original], rows.women[twin]
        name, belonging = (other_spelling(str(_value(woman, key))) for key in ("name", "belonging_name"))
        kept = {key: _value(place, key) for key in ("id", "household_id", "place_id")}
        phone = "" if block.chance.happens(0.5) else _value(woman, "phone")
        account = _account_of_twin(woman, place, block)
        rows.women[twin] = _with(woman, name=name, belonging_name=belonging, phone=phone, **kept, **account)


def _account_of_twin(woman: tuple[Any, ...], place: tuple[Any, ...], block: Block) -> dict[str, Any]:
    """A quarter gives her own account, a quarter her own with two digits swapped, the others what stood there."""
    number, draw = str(_value(woman, "account_number")), block.chance.uniform()
    if not number or draw < 0.5:
        return {key: _value(place, key) for key in ("account_number", "account_name", "ifsc", "is_account_seeded")}
    return {"account_number": number if draw < 0.75 else swapped(number)}


def swapped(number: str) -> str:
    """The last two neighbouring digits that differ, the wrong way round."""
    for at in range(len(number) - 2, -1, -1):
        if number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number


def _plant_shared_phones(rows: Rows, block: Block) -> None:
    for start in range(50, len(rows.women) - 5, 400):
        phone = _value(rows.women[start], "phone") or phone_number(block.chance)
        for position in range(start, start + 5):
            rows.women[position] = _with(rows.women[position], phone=phone, phone_owner="neighbour")


def _value(row: tuple[Any, ...], name: str) -> Any:
    return row[_AT[name]]


def _with(row: tuple[Any, ...], **values: Any) -> tuple[Any, ...]:
    changed = list(row)
    for name, value in values.items():
        changed[_AT[name]] = value
    return tuple(changed)
