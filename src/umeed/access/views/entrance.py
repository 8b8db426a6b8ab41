"""The first password: what a one-time link opens."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from umeed.access import actions
from umeed.access.forms import FirstPasswordForm
from umeed.access.invitations import person_of
from umeed.core.doors import public


@public
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password with a one-time link. A link that is used up, too old or made up says so, and nothing more."""
    someone = person_of(token)
    if someone is None:
        page = {"title": _("This link does not work any more")}
        return render(request, "access/link_dead.html", {"page": page}, status=410)
    form = FirstPasswordForm(request.POST or None, person=someone)
    if request.method == "POST" and form.is_valid():
        by = replace(request.scope, viewer=str(someone.pk), name=str(someone), grants=())
        actions.accept_invitation(person=someone, password=form.cleaned_data["password"], by=by)
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("account_login")
    page = {"title": _("Choose your password")}
    return render(request, "access/invitation.html", {"page": page, "form": form, "person": someone})
