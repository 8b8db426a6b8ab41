"""The steps of a meeting in their order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from umeed.books.pages.writing.asking import Asking
from umeed.books.pages.writing.attending import Attending
from umeed.books.pages.writing.banking import Banking
from umeed.books.pages.writing.ending import Counting, Talking
from umeed.books.pages.writing.lending import Lending
from umeed.books.pages.writing.moving import Paying, Receiving
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.repaying import Repaying
from umeed.books.pages.writing.saving import Saving
from umeed.books.pages.writing.walk import Walk
from umeed.books.pages.writing.whom import whom

STEPS: tuple[Step, ...] = (
    Attending(), Saving(), Repaying(), Receiving(), Asking(), Lending(), Paying(), Banking(), Talking(), Counting(),
)  # fmt: skip
MEETING = Walk(
    name="meeting", back="home", steps=STEPS, about=_("Meeting %(number)s · %(day)s"),
    kinds=(("regular", _("Regular meeting")), ("extra", _("Extra meeting"))), begin=_("Begin a meeting"),
    number=_("Number of the meeting"), put_away=_("Put this meeting away"), whom=whom,
)  # fmt: skip
