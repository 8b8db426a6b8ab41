"""An invented mission of any size."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "umeed.simulator"
    label = "simulator"

    def ready(self) -> None:
        from umeed.simulator import tellings

        tellings.declare()
