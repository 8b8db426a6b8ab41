"""Columns of our own exports that a load does not read, and where what they hold is entered instead.

Every column of an export is either read or stands here (`tests/test_every_column.py`), so that a person who fills it is
told before she consents.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from umeed.core.loads.layouts import Unread
from umeed.kernel.refusals import N_

_ABOVE = Unread(
    (_("District"), _("Block")),
    N_("Not read: %(headings)s. A village is found by its name, its panchayat and its LGD code."),
)
OF_WOMEN: Sequence[Unread] = (
    _ABOVE,
    Unread(
        (_("Head of household"), _("House or locality"), _("PIP category")),
        N_("Not read: %(headings)s. They are those of the whole household, and are entered on her own page."),
    ),
    Unread(
        (_("Aadhaar, last four digits"),),
        N_("Not read: %(headings)s. The number is entered on her own page, after her consent."),
    ),
    Unread((_("Died on"),), N_("Not read: %(headings)s. A death is entered on her own page.")),
)
OF_GROUPS: Sequence[Unread] = (
    _ABOVE,
    Unread((_("Members"),), N_("Not read: %(headings)s. Members are counted from who has joined and left.")),
    Unread(
        (_("Village organisation"),),
        N_("Not read: %(headings)s. Which federation it belongs to is entered on the group's page, with the day."),
    ),
    Unread(
        (_("Registered under"), _("Registration number"), _("Registered on")),
        N_("Not read: %(headings)s. A registration is kept of federations only."),
    ),
)
