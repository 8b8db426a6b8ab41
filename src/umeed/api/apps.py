"""JSON with OpenAPI."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "umeed.api"
    label = "api"

    def ready(self) -> None:
        from umeed.api import tellings

        tellings.declare()
