"""Women, households, groups and their federations."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "umeed.institutions"
    label = "institutions"

    def ready(self) -> None:
        from umeed.institutions import offers, tellings
        from umeed.institutions.loads import layouts

        offers.declare()
        tellings.declare()
        layouts.offer_all()
