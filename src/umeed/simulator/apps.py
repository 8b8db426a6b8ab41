"""An invented mission of any size."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "umeed.simulator"
    label = "simulator"
