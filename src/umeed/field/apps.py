"""The phone of a bookkeeper: the offline app, its sync, its devices."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "umeed.field"
    label = "field"

    def ready(self) -> None:
        from umeed.books import beside
        from umeed.field import telling, tellings

        tellings.declare()
        beside.offer(telling.pages_beside)
