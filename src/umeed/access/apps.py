"""People who sign in, their postings, and what these let them see."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "umeed.access"
    label = "access"
