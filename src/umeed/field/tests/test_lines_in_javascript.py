"""An answer in lines: read as it comes, and of half an answer the lines that came whole."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.field.lines import in_lines
from umeed.field.tests.javascript import JavaScript

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
_LINES = """async (load, pieces, isCut) => {
    const { serverFor } = await load("store/net.js");
    const here = window.fetch;
    const bytes = new TextEncoder();
    let at = 0;
    const stream = new ReadableStream({ pull: (to) => {
        if (at < pieces.length) to.enqueue(bytes.encode(pieces[at++]));
        else if (isCut) to.error(new TypeError("network"));
        else to.close();
    } });
    window.fetch = async () => new Response(stream, { headers: { "Content-Type": "application/json-lines" } });
    const came = [];
    try {
        const { body } = await serverFor("t").sync({ commands: [] });
        came.push(body.answers);
        for await (const some of body.groups) came.push(some);
    } catch (error) {
        came.push(error.constructor.name);
    } finally {
        window.fetch = here;
    }
    return came;
}"""


def _pieces(groups: list[list[dict[str, Any]]], size: int) -> list[str]:
    text = in_lines({"answers": [{"id": "a"}], "groups": [one for some in groups for one in some]}).decode()
    return [text[at : at + size] for at in range(0, len(text), size)]


def test_an_answer_in_lines_is_read_as_it_comes(js: JavaScript) -> None:
    groups = [
        [{"id": f"g{at}", "parts": {"self": {"name": "ਗੁਲਾਬ गुलाब"}}} for at in range(4)],
        [{"id": "g9", "parts": {}}],
    ]
    every = [one for some in groups for one in some]
    for size in (7, 64, 10_000):
        came = js.run(_LINES, _pieces(groups, size), False)
        assert came[0] == [{"id": "a"}] and [one for some in came[1:] for one in some] == every


def test_of_half_an_answer_its_whole_lines_are_good(js: JavaScript) -> None:
    groups = [[{"id": f"g{at}", "parts": {"self": {"at": at}}} for at in range(12)]]
    pieces = _pieces(groups, 40)
    for cut in (pieces[:-1], pieces[: len(pieces) * 3 // 4]):
        for is_cut in (True, False):
            came = js.run(_LINES, cut, is_cut)
            assert came[-1] == "NoNetwork" and came[1] == groups[0][: len(came[1])] and len(came[1]) >= 6
    assert js.run(_LINES, ["<html>a hotel's page"], False) == ["NoNetwork"]
