"""What an officer sees of phones and of what they sent: within her own places only."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from umeed.access.capabilities import ROLES
from umeed.access.models import Posting, User
from umeed.access.queries import postings_in_reach
from umeed.core.scope import Scope
from umeed.field.models import Command, Device

MANAGE = "devices.manage"
# Roles that keep books of groups, and so may have a phone.
KEEPERS = [key for key, role in ROLES.items() if "books.keep" in role.capabilities]


def people_to_enrol(scope: Scope) -> QuerySet[User]:
    """People who keep books today where the scope looks after phones."""
    hers = postings_in_reach(scope, MANAGE).on(scope.today).filter(role__in=KEEPERS)  # type: ignore[attr-defined]
    return User.objects.filter(pk__in=hers.values("user"), is_active=True)


def phones(scope: Scope, capability: str = MANAGE) -> QuerySet[Device]:
    """Phones of people who keep, or kept, books where the scope looks after phones. A phone whose bookkeeper has gone
    elsewhere is still looked after by those who enrolled her."""
    hers = postings_in_reach(scope, capability).filter(role__in=KEEPERS, user=OuterRef("owner"))
    return Device.objects.filter(Exists(hers)).select_related("owner")


def postings_of(scope: Scope, owners: Any) -> QuerySet[Posting]:
    """Where these people keep books today, as far as the scope reaches."""
    return postings_in_reach(scope, MANAGE).on(scope.today).filter(user__in=owners, role__in=KEEPERS)  # type: ignore[attr-defined]


def commands(scope: Scope) -> QuerySet[Command]:
    """What phones sent of groups where the scope looks after phones."""
    return Command.objects.seen_by(scope, MANAGE)
