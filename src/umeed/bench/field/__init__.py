"""The promises of the phone: a week of meetings through the sync endpoint, into books that hold a year.

What it enters can never be taken back, so each run has a copy of the year.
"""

from umeed.bench.field import killing, sending

__all__ = ["killing", "sending"]
