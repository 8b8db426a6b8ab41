"""Two pages beside the API: what it offers, in words, without anything from elsewhere; and a person's keys."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from umeed.api.models import ApiToken
from umeed.api.openapi import api
from umeed.api.tokens import end_token, make_token, tokens_of
from umeed.core.doors import signed_in
from umeed.core.forms import ActionForm, DayField
from umeed.core.scope import Scope


class TokenForm(ActionForm):
    """A new key: what it is for and until when it is good."""

    name = forms.CharField(label=_("What the key is for"), max_length=80)
    expires_on = DayField(label=_("Good until"))

    def act(self, *, by: Scope) -> tuple[ApiToken, str]:
        return make_token(by=by, name=self.values["name"], expires_on=self.values["expires_on"])


@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """A person's keys. A new one is shown on the answer to the form and never again."""
    form = TokenForm(request.POST or None, scope=request.scope)
    made = form.perform() if request.method == "POST" else None
    answer = render(request, "api/tokens.html", {
        "page": {"title": gettext("Keys for programs")},
        "form": TokenForm(scope=request.scope) if made else form,
        "made": made[1] if made else "",
        "tokens": tokens_of(request.scope),
        "today": request.scope.today,
    })  # fmt: skip
    if made:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@signed_in
@require_POST
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    token = ApiToken.objects.filter(owner=request.scope.viewer, pk=id).first()
    if token is None:
        raise Http404
    end_token(by=request.scope, token=token)
    messages.success(request, gettext("The key is ended."))
    return redirect("api_tokens")


@signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """The operations of the API, read from its own OpenAPI description."""
    described = api.get_openapi_schema()
    return render(request, "api/docs.html", {
        "page": {"title": gettext("The API")},
        "described": described["info"]["description"],
        "groups": _groups(described),
    })  # fmt: skip


def _groups(described: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """[(tag, operations)], in the order of the description."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            line = {
                "method": method.upper(), "address": address, "summary": operation.get("summary", ""),
                "parameters": _parameters(operation), "body": _body(described, operation),
            }  # fmt: skip
            groups.setdefault((operation.get("tags") or [""])[0], []).append(line)
    return list(groups.items())


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """What goes into the address, each {name, description, required}."""
    return [
        {"name": one["name"], "description": _plain(one), "required": one.get("required", False)}
        for one in operation.get("parameters", [])
    ]


def _body(described: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the body, each {name, description, required}."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = described["components"]["schemas"].get(name, {})
    must = schema.get("required", [])
    return [
        {"name": key, "description": _plain(field), "required": key in must}
        for key, field in schema.get("properties", {}).items()
    ]


def _plain(described: dict[str, Any]) -> str:
    """A description without the marks that OpenAPI readers turn into type."""
    return str(described.get("description", "")).replace("`", "")
