"""The phone at /field/, what it talks to at /field/api/, and the officer's pages about phones."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("umeed.field.shell_urls"))]
