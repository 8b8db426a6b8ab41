"""Missions and the LGD tree, dated: what lay within what, on which day."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "umeed.places"
    label = "places"
