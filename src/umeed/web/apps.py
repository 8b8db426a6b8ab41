"""The page shell, today's work, search and public pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "umeed.web"
    label = "web"
