"""What becomes of postings at a place that is merged, told before it is done."""

import datetime
from collections.abc import Iterator

from umeed.access.models import Posting
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, Refusal, in_number
from umeed.places.models import Place

_ONE = N_(
    "One person holds a posting at %(place)s. From then on it gives her nothing: she is told so, and whom to ask."
    " Give her one at %(into)s."
)
_MANY = N_(
    "%(count)s people hold a posting at %(place)s. From then on it gives them nothing: they are told so, and whom to"
    " ask. Give them one at %(into)s."
)


def postings_lost(by: Scope, place: Place, into: Place, on: datetime.date) -> Iterator[Refusal]:
    """How many people hold a posting there from that day on, whoever asks: a number, and no names. One query."""
    held = Posting.objects.filter(place=place, during__overlap=since(max(on, by.today)), user__is_active=True)
    count = held.values("user").distinct().count()
    if count:
        named = {"place": place.called, "into": into.called, "count": grouped(count)}
        text = in_number(count, _ONE, _MANY)
        yield Refusal(None, f"ends_postings_{count}", text, named, severity="warn")
