"""The audit chain as arithmetic: how an entry is hashed, and where a chain breaks.

No Django and no database, so that an exported copy can be verified on any machine: `python chain.py copy.jsonl.gz`.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_HASH = "0" * 64
FORMAT = "umeed-audit-1"
# The order in which an entry's columns are hashed, after the hash of the entry before it.
HASHED = (
    "seq", "id", "at", "actor", "actor_name", "did", "why", "origin", "subject_table", "subject_id",
    "change_count", "changes_digest", "place_id",
)  # fmt: skip
CHANGE = ("position", "kind", "table", "subject_id", "before", "after")


@dataclass(frozen=True)
class Link:
    """An entry as plain values: the columns of `HASHED` (`at` as ISO text in UTC), `prev_hash` and `hash`, and its
    changes, each a list in the order of `CHANGE`. The changes may be a stream: they are read once, in order."""

    says: Mapping[str, Any]
    changes: Iterable[list[Any]]


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold. `what`: sequence, previous, changes, count or hash."""

    seq: int
    what: str
    expected: str
    found: str


@dataclass
class Verdict:
    """What was read and whether it holds: `broken` is None for an unbroken chain up to `seq` with `hash`."""

    seq: int = 0
    hash: str = FIRST_HASH
    change_count: int = 0
    broken: Break | None = field(default=None)


class NotAnExport(ValueError):
    """The file is not an export of an audit chain, or is cut off."""


def canonical(value: Any) -> str:
    """One spelling for one value: sorted keys, no spaces, as JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def line_of(change: list[Any]) -> str:
    """The line by which a change enters its entry's digest."""
    return canonical(change) + "\n"


def hash_of(prev_hash: str, says: Mapping[str, Any]) -> str:
    """SHA-256 over the entry before it and everything the entry says, as 64 hex digits."""
    return hashlib.sha256(canonical([prev_hash, *(says[column] for column in HASHED)]).encode()).hexdigest()


def spelt_after(says: Mapping[str, Any]) -> str:
    """What is hashed after the hash of the entry before and the number of this one, in the same spelling."""
    return canonical([says[column] for column in HASHED[1:]])[1:]


def verify(links: Iterable[Link]) -> Verdict:
    """Recompute a chain from its first entry, in order and with constant memory; stops at the first break."""
    verdict = Verdict()
    for link in links:
        verdict.broken = _break_of(link, verdict)
        if verdict.broken:
            return verdict
        verdict.seq, verdict.hash = link.says["seq"], link.says["hash"]
    return verdict


def _break_of(link: Link, before: Verdict) -> Break | None:
    says = link.says
    seq = says["seq"]
    if seq != before.seq + 1:
        return Break(before.seq + 1, "sequence", str(before.seq + 1), str(seq))
    if says["prev_hash"] != before.hash:
        return Break(seq, "previous", before.hash, says["prev_hash"])
    digest, count = hashlib.sha256(), 0
    for change in link.changes:
        digest.update(line_of(change).encode())
        count += 1
    before.change_count += count
    if count != says["change_count"]:
        return Break(seq, "count", str(says["change_count"]), str(count))
    if digest.hexdigest() != says["changes_digest"]:
        return Break(seq, "changes", says["changes_digest"], digest.hexdigest())
    expected = hash_of(says["prev_hash"], says)
    return None if says["hash"] == expected else Break(seq, "hash", expected, says["hash"])


# A copy in a file -----------------------------------------------------------------------------------------------------


def write_copy(file: Path, links: Iterable[Link]) -> Verdict:
    """Write a chain as gzipped JSON lines: a heading, each entry followed by its changes, and the end.

    A copy that broke off half-way never stands under the final name. Answers what was written (not verified).
    """
    half = file.with_name(file.name + ".part")
    written = Verdict()
    with gzip.open(half, "wt", encoding="utf-8", newline="\n") as lines:
        lines.write(canonical({"format": FORMAT}) + "\n")
        for link in links:
            lines.write(canonical({"entry": dict(link.says)}) + "\n")
            for change in link.changes:
                lines.write(canonical({"change": change}) + "\n")
                written.change_count += 1
            written.seq, written.hash = link.says["seq"], link.says["hash"]
        lines.write(canonical({"end": {"seq": written.seq, "hash": written.hash}}) + "\n")
    half.replace(file)
    return written


def read_copy(file: Path) -> Iterator[Link]:
    """The links of a copy in a file, as a stream. Raises NotAnExport for another kind of file or a cut-off one."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            items = map(_item, lines)
            if next(items, {}).get("format") != FORMAT:
                raise NotAnExport("This file is not an export of an audit chain.")
            yield from _links(items)
    except (OSError, EOFError, ValueError) as wrong:
        if isinstance(wrong, NotAnExport):
            raise
        raise NotAnExport(f"This file cannot be read as an export: {wrong}") from wrong


def _item(line: str) -> dict[str, Any]:
    """One line of a copy, always an object."""
    item = json.loads(line)
    if not isinstance(item, dict):
        raise NotAnExport("A line of this file is not one of an export.")
    return item


def _links(items: Iterator[dict[str, Any]]) -> Iterator[Link]:
    item = next(items, None)
    last: dict[str, Any] = {"seq": 0, "hash": FIRST_HASH}
    while item is not None and "entry" in item:
        waiting: list[dict[str, Any] | None] = []
        yield Link(says := _entry(item["entry"]), _changes(items, waiting))
        if not waiting:
            raise NotAnExport("The changes of an entry were not read to their end.")
        item, last = waiting[0], {"seq": says["seq"], "hash": says["hash"]}
    if item is None or "end" not in item:
        raise NotAnExport("The file is cut off: its last line is missing.")
    if item["end"] != last:
        raise NotAnExport(f"Entries at the end are missing: the file ends with {last['seq']}, but says {item['end']}.")
    if next(items, None) is not None:
        raise NotAnExport("Something stands behind the end of the export.")


def _entry(says: Any) -> dict[str, Any]:
    """An entry with all its columns. Raises NotAnExport when one is missing."""
    if not isinstance(says, dict) or not {*HASHED, "prev_hash", "hash"} <= set(says):
        raise NotAnExport("An entry of this file lacks some of its columns.")
    return says


def _changes(items: Iterator[dict[str, Any]], waiting: list[dict[str, Any] | None]) -> Iterator[list[Any]]:
    """The changes up to the next line of another kind, which is left in `waiting`."""
    for item in items:
        if "change" not in item:
            waiting.append(item)
            return
        yield item["change"]
    waiting.append(None)


def main(given: list[str]) -> str:
    """Verify the copy named on the command line. Answers what holds; raises SystemExit with the reason otherwise."""
    if len(given) != 1:
        raise SystemExit("Name one exported copy: python chain.py copy.jsonl.gz")
    try:
        told = verify(read_copy(Path(given[0])))
    except NotAnExport as wrong:
        raise SystemExit(str(wrong)) from wrong
    if told.broken:
        raise SystemExit(str(told.broken))
    return f"{told.seq} entries hold. Head {told.seq}:{told.hash}"


if __name__ == "__main__":
    print(main(sys.argv[1:]))
