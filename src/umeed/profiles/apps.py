"""How complete and fresh the profiles of women and institutions are, by place, and what to fill next."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "umeed.profiles"
    label = "profiles"
