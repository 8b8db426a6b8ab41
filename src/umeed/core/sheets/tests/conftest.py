"""Properties are about right and wrong, not about how busy the machine is: no deadline for a single example."""

from hypothesis import settings

settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")
