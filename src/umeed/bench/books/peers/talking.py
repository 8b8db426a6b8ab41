"""How the bench and a peer talk: a line of JSON each way. Runs in the peer's own environment, knows nothing of Umeed.

The bench says which database and which sheets, then `{"post": 25}` (answered by the seconds that each sheet took, its
commit included; with `"way": "in_bulk"` by that way) as often as it likes, and `{"balances": true}` at the end
(answered by [book, head, paise], debits less credits).
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import islice

import django
from django.conf import settings

SIDES = {
    "cash": "asset", "loan_to_member": "asset", "saving_compulsory": "liability", "saving_optional": "liability",
    "interest_from_members": "income", "fine": "income",
}  # fmt: skip
"""The heads of the sheets, and on which side of the books each stands."""


def begin(apps: list[str], **more: object) -> list[dict]:
    """Read what is wanted, make the peer's own tables, answer the sheets."""
    wanted = json.loads(sys.stdin.readline())
    settings.configure(
        SECRET_KEY="a-peer-that-is-measured",  # noqa: S106
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", *apps],
        DATABASES={"default": wanted["database"]}, USE_TZ=True, TIME_ZONE="Asia/Kolkata",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", ALLOWED_HOSTS=[], **more,
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with open(wanted["sheets"]) as file:
        return json.load(file)


def answer(
    sheets: list[dict], post: Callable[[dict], object], balances: Callable[[], list], **ways: Callable[[dict], object]
) -> None:
    """Post and tell until the bench has heard enough; by another way than the documented one where it names one."""
    rest = iter(sheets)
    _say("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        way = ways.get(asked.get("way"), post)
        _say([_timed(way, sheet) for sheet in islice(rest, asked["post"])] if "post" in asked else balances())


def _timed(post: Callable[[dict], object], sheet: dict) -> float:
    began = time.perf_counter()
    post(sheet)
    return time.perf_counter() - began


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)
