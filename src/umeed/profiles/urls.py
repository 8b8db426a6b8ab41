"""Addresses of profile capture."""

from django.urls import path

from umeed.profiles import views

app_name = "profiles"
urlpatterns = [
    path("", views.ranking, name="ranking"),
    path("mine/", views.mine, name="mine"),
    path("<int:place_id>/", views.place, name="place"),
    path("<int:place_id>/to-fill/", views.to_fill, name="to_fill"),
]
