"""What an invented mission needs besides its records: real villages from an LGD download, and a picture of last month's ranks."""

import datetime
from pathlib import Path

from umeed.core.scope import Scope
from umeed.profiles.keeping import take_picture
from umeed.profiles.models import Picture
from umeed.simulator.chance import Chance


def invent_past_pictures(today: datetime.date, *, seed: int) -> None:
    """A picture of the last day of the month before, a little less filled than today, so that ranks can show movement."""
    month_end = today.replace(day=1) - datetime.timedelta(days=1)
    take_picture(month_end)
    chance = Chance(seed, "past")
    pictures = list(Picture.objects.filter(on=month_end).order_by("pk"))
    for picture in pictures:
        picture.filled = int(picture.filled * (0.9 + 0.1 * chance.uniform()))
    Picture.objects.bulk_update(pictures, ["filled"], batch_size=1000)


def load_lgd(file: Path, *, by: Scope) -> None:
    """Load the villages of an LGD download, then give each a block. Raises when the file cannot be read."""
    raise NotImplementedError(file, by)
