"""Missions and the LGD tree, dated: what lay within what, on which day."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "umeed.places"
    label = "places"

    def ready(self) -> None:
        from umeed.core.loads import sight
        from umeed.places import loads, queries, tellings

        tellings.declare()
        loads.offer_all()
        sight.install(queries.reach_ids, queries.names_in_line)
