"""The past of an invented mission: a picture of last month's ranks, so that today's can show movement."""

import datetime

from umeed.places.models import Kind, Within
from umeed.profiles.keeping import settle, take_picture
from umeed.profiles.models import Picture
from umeed.simulator.chance import Chance


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
