"""One-time links to set a password: signed, for seven days, used up by setting one, dead when a newer one is given.

Of the links themselves nothing is stored: a person's row counts how many she was given.
"""

import datetime

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from umeed.access.models import User

VALID_FOR = datetime.timedelta(days=7)
_SALT = "umeed.access.invitation"


def link_for(person: User) -> str:
    """The path of the link that works now. Whoever holds it can set this person's password: hand it to nobody else."""
    token = signing.dumps([str(person.pk), _state(person)], salt=_SALT)
    return reverse("access:invitation", args=[token])


def person_of(token: str) -> User | None:
    """The person whom a link still lets set a password, or None when it is used up, too old or made up."""
    try:
        person_id, state = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=person_id, is_active=True).first()
    return person if person and constant_time_compare(state, _state(person)) else None


def _state(person: User) -> str:
    """Changes with the password, each sign-in and each newer link: an old link is dead after any of them."""
    signed_in = person.last_login.isoformat() if person.last_login else ""
    told = f"{person.pk}{person.password}{signed_in}#{person.links_given}"
    return salted_hmac(_SALT, told, algorithm="sha256").hexdigest()[:32]
