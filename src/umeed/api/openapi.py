"""The API itself: every register, who may call, what is answered when something is wrong, its description."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, SessionAuth

from umeed.access.registers import users
from umeed.api.operations import router_of
from umeed.books.lists import ledgers, unkept
from umeed.core.doors import signed_in
from umeed.institutions.registers import clfs, shgs, vos, women
from umeed.places.registers import places

# Name in addresses: register. Every declared one is here.
REGISTERS = {
    "women": women, "shgs": shgs, "vos": vos, "clfs": clfs, "books": ledgers, "without-book": unkept, "places": places,
    "users": users,
}  # fmt: skip


class Key(HttpBearer):
    """`Authorization: Bearer umeed_…`: the middleware has looked it up and put its owner on the request."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "api_token", None)


class DescribedOnce(NinjaAPI):
    """The description is worked out once a process: it takes a third of a second."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        if self._described is None:
            with translation.override("en"):
                self._described = super().get_openapi_schema(**given)
        return self._described


api = DescribedOnce(
    title="Umeed",
    version="1",
    description=(
        "Every register as JSON, within the caller's own places and capabilities. Sign in by session (with a CSRF "
        "token for writing) or with a personal key from /me/tokens/. Lists are paged by a cursor; covered fields are "
        "shown only when asked for, allowed and recorded; every reason for a refusal comes at once."
    ),
    docs_url=None,
    docs_decorator=signed_in,
    auth=[Key(), SessionAuth()],
    urls_namespace="api-1",
)
# The description speaks one language, whoever is the first to ask.
with translation.override("en"):
    for _prefix, _register in REGISTERS.items():
        api.add_router(f"/{_prefix}", router_of(_register))


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, problem: ValidationError) -> Any:
    """A body or parameter of the wrong shape, told like every other refusal."""
    reasons = [
        {"field": str(one["loc"][-1]), "code": one["type"], "message": one["msg"], "severity": "refuse"}
        for one in problem.errors
    ]
    return api.create_response(request, {"refusals": reasons, "confirm": [], "revision": None}, status=422)


@api.exception_handler(Http404)
def not_there(request: HttpRequest, problem: Http404) -> Any:
    detail = gettext("There is no such record within your reach.")
    return api.create_response(request, {"detail": detail}, status=404)
