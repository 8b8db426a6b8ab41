"""The chain as arithmetic: any change of any part of it is found, with or without a database."""

import copy
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.core import chain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _chain(count=4):
    links, before = [], chain.FIRST_HASH
    for seq in range(1, count + 1):
        changes = [[n, "changed", "t", str(n), {"a": n}, {"a": n + 1}] for n in range(seq % 3)]
        says = {
            "seq": seq, "id": f"id{seq}", "at": "2026-01-01T00:00:00+00:00", "actor": "a", "actor_name": "A",
            "did": "do", "why": "", "origin": "", "subject_table": "t", "subject_id": "1",
            "change_count": len(changes), "changes_digest": _digest(changes), "place_id": None, "prev_hash": before,
        }  # fmt: skip
        says["hash"] = before = chain.hash_of(before, says)
        links.append(chain.Link(says, changes))
    return links


def _digest(changes):
    import hashlib

    return hashlib.sha256("".join(chain.line_of(change) for change in changes).encode()).hexdigest()


def _tampered(links, index, **values):
    changed = copy.deepcopy(links)
    changed[index] = chain.Link({**changed[index].says, **values}, changed[index].changes)
    return changed


def test_an_honest_chain_holds() -> None:
    verdict = chain.verify(_chain())
    assert (verdict.seq, verdict.change_count, verdict.broken) == (4, 1 + 2 + 0 + 1, None)
    assert chain.verify([]).hash == chain.FIRST_HASH


@pytest.mark.parametrize("column", [*chain.HASHED, "prev_hash", "hash"])
def test_every_column_is_held(column) -> None:
    verdict = chain.verify(_tampered(_chain(), 2, **{column: 7 if column in ("seq", "change_count") else "x"}))
    assert verdict.broken is not None and verdict.broken.seq == 3


@pytest.mark.parametrize("part", range(6))
def test_every_part_of_a_change_is_held(part) -> None:
    links = copy.deepcopy(_chain())
    links[1].changes[0][part] = "x"
    assert chain.verify(links).broken.what == "changes"


def test_entries_and_changes_cannot_go_come_or_swap() -> None:
    links = _chain()
    assert chain.verify(links[:1] + links[2:]).broken.seq == 2
    assert chain.verify([links[1], links[0], *links[2:]]).broken.seq == 1
    fewer = copy.deepcopy(links)
    fewer[1].changes.pop()
    assert chain.verify(fewer).broken == chain.Break(2, "count", "2", "1")
    swapped = copy.deepcopy(links)
    swapped[1].changes.reverse()
    assert chain.verify(swapped).broken.what == "changes"


def test_rewriting_an_entry_with_its_hash_breaks_the_next_one() -> None:
    links = _tampered(_chain(), 1, why="another reason")
    says = dict(links[1].says)
    says["hash"] = chain.hash_of(says["prev_hash"], says)
    links[1] = chain.Link(says, links[1].changes)
    assert chain.verify(links).broken == chain.Break(3, "previous", says["hash"], _chain()[2].says["prev_hash"])


@given(st.lists(JSON, max_size=3))
def test_a_copy_says_the_same_as_the_chain(values) -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    changes = [[n, "created", "t", "1", None, value] for n, value in enumerate(values)]
    says = {**_chain(1)[0].says, "change_count": len(changes), "changes_digest": _digest(changes)}
    says["hash"] = chain.hash_of(chain.FIRST_HASH, says)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "copy.gz"
        chain.write_copy(file, [chain.Link(says, changes)])
        assert chain.verify(chain.read_copy(file)) == chain.Verdict(1, says["hash"], len(changes), None)


def test_a_copy_that_was_tampered_with_cut_off_or_is_none(tmp_path) -> None:
    file = tmp_path / "copy.gz"
    chain.write_copy(file, _chain())
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    _write(file, lines[:-1])
    with pytest.raises(chain.NotAnExport, match="cut off"):
        chain.verify(chain.read_copy(file))
    for number, line in enumerate(lines):
        if '"change"' in line:
            changed = json.loads(line)
            changed["change"][4] = {"a": 99}
            lines[number] = json.dumps(changed)
            break
    _write(file, lines)
    assert chain.verify(chain.read_copy(file)).broken.what == "changes"
    for content in (b"", b"plain text", gzip.compress(b"{}"), gzip.compress(b"nonsense"), file.read_bytes()[:40]):
        file.write_bytes(content)
        with pytest.raises(chain.NotAnExport):
            chain.verify(chain.read_copy(file))


def test_a_copy_without_its_last_entries_or_with_more_behind_its_end_is_refused(tmp_path) -> None:
    file = tmp_path / "copy.gz"
    chain.write_copy(file, _chain())
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    last = max(number for number, line in enumerate(lines) if '"entry"' in line)
    wrong = {
        "missing": [*lines[:last], lines[-1]],
        "behind the end": [*lines, lines[last]],
        "lacks some": [lines[0], '{"entry": {"seq": 1}}', lines[-1]],
        "not one of an export": [lines[0], "[1]", lines[-1]],
    }
    for told, kept in wrong.items():
        _write(file, kept)
        with pytest.raises(chain.NotAnExport, match=told):
            chain.verify(chain.read_copy(file))


def test_alone_on_a_command_line_it_tells_a_plain_reason(tmp_path) -> None:
    file = tmp_path / "copy.gz"
    chain.write_copy(file, _chain())
    assert "entries hold" in chain.main([str(file)])
    lines = gzip.decompress(file.read_bytes()).decode().replace('"why":"', '"why":"not ').splitlines()
    _write(file, lines)
    for words, told in ([str(file)], "Break"), ([str(tmp_path / "none.gz")], "cannot be read"), ([], "Name one"):
        with pytest.raises(SystemExit, match=told):
            chain.main(words)


def _write(file, lines):
    with gzip.open(file, "wt") as out:
        out.write("\n".join(lines) + "\n")
