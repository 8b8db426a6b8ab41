"""People who sign in, their postings, and what these let them see."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "umeed.access"
    label = "access"

    def ready(self) -> None:
        from umeed.access.scope import scope_for
        from umeed.core import doors

        doors.install(scope_for, no_posting="access:no_posting")
