"""The past of an invented mission: a block split in the middle of a year, and last month's ranks."""

import datetime

from umeed.core.scope import Scope
from umeed.kernel.periods import Period
from umeed.places.actions import NewPlace, split_place
from umeed.places.models import Kind, Line, Lying, Place, Within
from umeed.profiles.keeping import settle, take_picture
from umeed.profiles.models import Picture
from umeed.simulator import reasons
from umeed.simulator.chance import Chance
from umeed.simulator.sizes import HOME_BLOCK, HOME_DISTRICT


def split_a_block(*, by: Scope) -> Place:
    """Cut an invented block out of the home block's neighbour, on 1 October of the financial year before this one.

    Half of the panchayats (of the villages, where no panchayat is known) go to the new block.
    """
    on = datetime.date(Period.year_of(by.today).first_day.year - 1, 10, 1)
    lying = Lying.objects.on(on).filter(line=Line.DEVELOPMENT).select_related("place__mission")
    here = lying.filter(parent__kind=Kind.DISTRICT, parent__lgd_code=HOME_DISTRICT).exclude(place__lgd_code=HOME_BLOCK)
    block = here.order_by("place__lgd_code")[0].place
    children = [row.place for row in lying.filter(parent=block).order_by("place_id")]
    new = NewPlace(f"{block.name} Payeen", children=children[len(children) // 2 :], is_invented=True)
    (made,) = split_place(place=block, into=[new], on=on, by=by, why=reasons.SPLIT)
    return made


def invent_past_pictures(today: datetime.date, *, seed: int) -> None:
    """A picture of the last day of the month before, a little less filled than today: ranks then show movement."""
    month_end = today.replace(day=1) - datetime.timedelta(days=1)
    take_picture(month_end)
    chance = Chance(seed, "past")
    pictures = {(one.place_id, one.kind): one for one in Picture.objects.filter(on=month_end).order_by("pk")}
    blocks = dict(
        Within.objects.on(month_end)
        .filter(above__kind=Kind.DISTRICT, below__kind=Kind.BLOCK)
        .values_list("below_id", "above_id")
    )
    for (place, kind), picture in pictures.items():
        district = pictures.get((blocks.get(place, 0), kind))
        if district is None:
            continue
        lost = int(picture.filled * 0.1 * chance.uniform())
        picture.filled -= lost
        # A district's picture stays the sum of its blocks'.
        district.filled -= lost
    Picture.objects.bulk_update(pictures.values(), ["filled"], batch_size=1000)
    # The picture was taken under the tree of that day; pages ask for today's sums.
    settle(today)
