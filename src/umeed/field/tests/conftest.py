"""What tests of the phone stand on: its JavaScript in Chromium (`javascript.py` says how)."""

from umeed.field.tests.javascript import js

__all__ = ["js"]
