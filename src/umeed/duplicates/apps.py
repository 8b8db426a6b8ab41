"""The same woman entered twice: found, reviewed side by side, merged, and merges undone."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "umeed.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        from umeed.duplicates import tellings

        tellings.declare()
