"""The promises of the phone: what it does itself (`field/phone.py`), and what the server does for phones."""

from umeed.bench.field import phone

__all__ = ["phone"]
