"""An answer in lines: what became of the commands first, then groups as they are to be kept, then that this was all.

On a slow network the last byte comes seconds after the first. A phone keeps what came meanwhile, and an answer that
breaks off has brought the groups of its whole lines.

    {everything of the answer but `groups`}
    {"groups": some of them, turned on their side (field/sideways.py)}
    …
    {"end": true}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from umeed.field.sideways import sideways

KIND = "application/vnd.umeed.lines2+json"
"""What a phone that reads them says that it accepts."""
TYPE = "application/json-lines"
_FEW, _MOST = 3, 30


def in_lines(answer: Mapping[str, Any]) -> bytes:
    head = {name: said for name, said in answer.items() if name != "groups"}
    lines = [head, *({"groups": sideways(some)} for some in _shares(answer["groups"])), {"end": True}]
    return b"".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for one in lines)


def _shares(groups: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Three of four, then of those that are left, …: what stands together packs well, and little is left to do when all
    came. A phone takes a line in one piece of work."""
    while groups:
        share = len(groups) if len(groups) <= _FEW else min(_MOST, len(groups) * 3 // 4)
        yield groups[:share]
        groups = groups[share:]
