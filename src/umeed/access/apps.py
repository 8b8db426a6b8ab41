"""People who sign in, their postings, and what these let them see."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "umeed.access"
    label = "access"

    def ready(self) -> None:
        from umeed.access import checks, deeds, endings, reach, records, tellings  # noqa: F401  (checks register themselves)
        from umeed.access.scope import scope_for
        from umeed.core import doors
        from umeed.core.audit_pages import queries as audit
        from umeed.places import endings as ends_of_places
        from umeed.places.models import Within

        doors.install(scope_for, no_posting="access:no_posting")
        audit.install(Within.in_reach, reach.capabilities_over)
        records.offer_places()
        ends_of_places.listen(endings.postings_lost)
        tellings.declare()
        deeds.listen()
