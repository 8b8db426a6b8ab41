"""What is promised of speed, measured on demand."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "umeed.bench"
    label = "bench"
