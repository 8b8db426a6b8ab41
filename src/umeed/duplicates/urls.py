"""Addresses of duplicates."""

from django.urls import path

from umeed.duplicates import registers, views

registers.tell_of_merges()

app_name = "duplicates"
urlpatterns = [
    path("", views.pairs, name="list"),
    path("search/", views.search, name="search"),
    path("<uuid:pk>/", views.pair, name="pair"),
    path("<uuid:pk>/look/", views.look, name="look"),
    path("<uuid:pk>/settle/", views.settle, name="settle"),
    path("merges/<uuid:pk>/", views.merge, name="merge"),
    path("merges/<uuid:pk>/undo/", views.undo, name="undo"),
]
