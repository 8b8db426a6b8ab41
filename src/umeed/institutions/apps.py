"""Women, households, groups and their federations."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "umeed.institutions"
    label = "institutions"

    def ready(self) -> None:
        from umeed.institutions import offers
        from umeed.institutions.loads import layouts

        offers.declare()
        layouts.offer_all()
