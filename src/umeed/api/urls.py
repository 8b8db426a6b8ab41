"""The API at /api/v1/, its description and its page of words; a person's keys at /me/tokens/."""

from django.urls import path

from umeed.api import pages
from umeed.api.openapi import api

urlpatterns = [
    path("api/v1/docs/", pages.docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("me/tokens/", pages.tokens, name="api_tokens"),
    path("me/tokens/<uuid:id>/end/", pages.end, name="end_api_token"),
]
