"""The phone at /field/, what it talks to at /field/api/, and the officer's pages about phones."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
