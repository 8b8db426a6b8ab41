"""Addresses of who did what."""

from django.urls import path

from umeed.core.audit_pages import views

app_name = "audit"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<int:seq>/", views.entry, name="entry"),
]
