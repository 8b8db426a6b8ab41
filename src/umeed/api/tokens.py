"""Makes, ends and recognises personal API keys."""

import datetime
import secrets
from typing import Any

from umeed.access.models import User
from umeed.api.models import ApiToken
from umeed.core.actions import refuse_if
from umeed.core.audit import audited, picture
from umeed.core.scope import Scope
from umeed.core.seal import one_way
from umeed.kernel.refusals import N_, Refusal

PREFIX = "umeed_"
LONGEST_DAYS = 366
MOST_TOKENS = 20
_PURPOSE = "api.token"


def tokens_of(scope: Scope) -> list[ApiToken]:
    """A person's own keys, newest first. One query."""
    return list(ApiToken.objects.filter(owner=scope.viewer))


def why_not_make(name: str, expires_on: datetime.date, today: datetime.date, others: int) -> list[Refusal]:
    """Reasons why a key may not be made."""
    reasons = []
    if not name.strip():
        reasons.append(Refusal("name", "no_name", N_("Say what the key is for.")))
    if not today < expires_on <= today + datetime.timedelta(days=LONGEST_DAYS):
        text = N_("A key is good from one day to a year: choose a day after today and within a year.")
        reasons.append(Refusal("expires_on", "end_out_of_bounds", text))
    if others >= MOST_TOKENS:
        text = N_("You have %(most)s keys that are good. End one first.")
        reasons.append(Refusal(None, "too_many_tokens", text, {"most": MOST_TOKENS}))
    return reasons


def make_token(*, by: Scope, name: str, expires_on: datetime.date) -> tuple[ApiToken, str]:
    """A new key and its text, which nobody can read again. Raises Refused."""
    good = ApiToken.objects.filter(owner=by.viewer, ended_on=None, expires_on__gte=by.today).count()
    refuse_if(why_not_make(name, expires_on, by.today, good))
    text = PREFIX + secrets.token_urlsafe(32)
    with audited(by=by, did="make_api_token") as trail:
        token = ApiToken(
            owner_id=by.viewer, name=" ".join(name.split())[:80], digest=digest_of(text), expires_on=expires_on
        )
        token.save(force_insert=True)
        trail.created(token)
    return token, text


def end_token(*, by: Scope, token: ApiToken) -> ApiToken:
    """From now on the key opens nothing. Ending it twice changes nothing."""
    with audited(by=by, did="end_api_token") as trail:
        before = picture(token)
        token.ended_on = token.ended_on or by.today
        token.save()
        trail.changed(token, before)
    return token


def digest_of(text: str) -> str:
    return one_way(text, _PURPOSE)


def person_of(text: str, today: datetime.date) -> tuple[User, ApiToken] | None:
    """The person whose key this is, when it is good today and she may sign in. One query; the day of use is kept."""
    if not text.startswith(PREFIX) or len(text) > 100:
        return None
    rows: Any = ApiToken.objects.select_related("owner")
    token = rows.filter(digest=digest_of(text), ended_on=None, expires_on__gte=today, owner__is_active=True).first()
    if token is None:
        return None
    if token.last_used_on != today:
        # Not an act of hers and no change of the key: kept beside the chain, once a day.
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.owner, token
