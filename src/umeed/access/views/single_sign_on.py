"""The way to the provider of single sign-on: django-allauth's own, under our content policy and with plain words."""

import logging

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from umeed.core.doors import public

_log = logging.getLogger(__name__)


@public
@never_cache
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends her to the provider; when that does not answer, says so and offers the password.

    The policy lets forms lead to our own address only, and browsers hold a form's redirects to it as well. So the way
    goes on from a page: where a provider's sign-in pages lie, perhaps on a third address, the policy need not know.
    Who is signed in already would connect another account: another door to hers, so her password is asked first.
    """
    return _after_her_password(request, provider_id) if request.user.is_authenticated else _go(request, provider_id)


def _go(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer = openid_connect.login(request, provider_id)
    except (OSError, KeyError) as wrong:  # whatever the network answers with is an OSError
        _log.warning("The provider of single sign-on did not say where its sign-in is: %r", wrong)
        return render(request, "socialaccount/authentication_error.html", status=503)
    if answer.status_code == 302:
        return render(request, "access/to_provider.html", {"url": answer.headers["Location"]})
    return answer


_after_her_password = reauthentication_required(_go)
