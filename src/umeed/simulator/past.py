"""The past of an invented mission: a picture of last month's ranks, so that today's can show movement."""

import datetime

from umeed.profiles.keeping import take_picture
from umeed.profiles.models import Picture
from umeed.simulator.chance import Chance


def invent_past_pictures(today: datetime.date, *, seed: int) -> None:
    """A picture of the last day of the month before, a little less filled than today, so that ranks show movement."""
    month_end = today.replace(day=1) - datetime.timedelta(days=1)
    take_picture(month_end)
    chance = Chance(seed, "past")
    pictures = list(Picture.objects.filter(on=month_end).order_by("pk"))
    for picture in pictures:
        picture.filled = int(picture.filled * (0.9 + 0.1 * chance.uniform()))
    Picture.objects.bulk_update(pictures, ["filled"], batch_size=1000)
