"""What a command from a phone may become. No Django, no clock, no database."""

from __future__ import annotations

from typing import Literal

State = Literal["accepted", "known", "conflict", "refused", "held", "waits"]
"""accepted  posted, now; its receipt is a number of the server
known     posted before: the same again
conflict  another stands in its place; a person settles it, both are kept
refused   the reasons are told; it is mended on the phone and sent again under the same id
held      who sent it may not write there (any more): an officer lets it in, or refuses it with a reason
waits     it stands on another command that is not accepted yet"""
