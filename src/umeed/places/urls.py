"""Addresses of the tree, of one place, and of what may be changed there."""

from django.urls import path

from umeed.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("lost/", views.lost, name="lost"),
    path("<int:id>/", views.place, name="place"),
    path("<int:id>/<slug:what>/", views.change, name="change"),
]
