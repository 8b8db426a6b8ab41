"""Phones, network, server and office by chance: nothing is lost, nothing doubled, both sides end the same."""

from __future__ import annotations

import os

import pytest

from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.simulator.mutants import MUTANTS
from umeed.field.tests.simulator.running import histories, serve_simulator, shortest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

HISTORIES = int(os.environ.get("UMEED_HISTORIES", "100000"))
# A mistake that so many histories do not find is none that the simulator could be trusted with. Some are mended by a
# second defence nearly always: what a wrong cursor leaves out, by the counts that the server tells (seed 16,402).
MOST_FOR_A_MUTANT = 30_000


@pytest.fixture(scope="module")
def simulator(js: JavaScript) -> JavaScript:
    serve_simulator(js)
    return js


def test_nothing_is_lost_doubled_or_different(simulator: JavaScript) -> None:
    done = told = 0
    for found in histories(simulator, 1, HISTORIES):
        done, told = done + found["done"], told + found["told"]
        assert not found["failed"], shortest(simulator, found["failed"][0]["seed"])
    assert done == HISTORIES and told > done


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_found(simulator: JavaScript, name: str) -> None:
    for found in histories(simulator, MUTANTS[name].first, MOST_FOR_A_MUTANT, name):
        if found["failed"]:
            return
    pytest.fail(f"{name} was not found in {MOST_FOR_A_MUTANT:,} histories")


# On the real store, with the same small server ------------------------------------------------------------------------

ROOM = """
    const at = "/simulated/product/";
    const [{ Server }, { Outbox }, { Kept }, { Sync }, { openDb }, { Vault, sealedStore }] = await Promise.all(
        ["tests/simulator/server.js", "static/field/store/outbox.js", "static/field/store/kept.js",
         "static/field/store/sync.js", "static/field/store/db.js", "static/field/store/vault.js"]
            .map((path) => import(at + path)));
    const { quickDigest: digest, quickSum: sum } = await import(at + "tests/simulator/chance.js");
    const server = new Server();
    server.addGroup("g", ["w"]);
    server.keeps.set("Asha", new Set(["g"]));
    server.enrol("t", "Asha");
    const asked = (work) => { for (;;) { const { done, value } = work.next(); if (done) return value; } };
    const answers = (request) => JSON.parse(JSON.stringify(asked(server.sync("t", request))));
    const name = "umeed-by-example";
    await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
    const plain = await openDb(name);
    const vault = new Vault(plain, { iterations: 1000 });
    await vault.make("135790");
    const store = sealedStore(plain, vault);
    const opened = async (net) => {
        const outbox = await new Outbox({ store }).load();
        const kept = await new Kept({ store, digest, sum }).load();
        const clock = { now: () => Date.now(), after: () => () => {} };
        return { outbox, kept, sync: await new Sync({ store, net, clock, outbox, kept }).load() };
    };
    const saying = (number) => ({ number, on: 7 * number, paise: 5 });
    const meeting = (id, number) => ({ id, kind: "close_meeting", group: "g", after: [], said: saying(number) });
"""


def test_a_week_on_the_sealed_store_of_the_browser(simulator: JavaScript) -> None:
    said = simulator.run(f"""async () => {{ {ROOM}
        const pictures = [];
        const net = {{ sync: async (request) => answers(request),
            page: async (id, bytes) => {{ pictures.push([id, bytes.length]); return {{ status: 201 }}; }} }};
        const first = await opened(net);
        const heard = [];
        first.sync.listen(({{ event }}) => heard.push(event));
        await first.sync.session();
        await store.write([["put", "drafts", "g", {{ half: true }}]]);
        const alongside = [["delete", "drafts", "g"], ["put", "pages", "m1", new Uint8Array(9)]];
        await first.outbox.add(meeting("m1", 1), alongside);
        const before = first.sync.status.waiting;
        const again = await opened(net); // the app was closed and opened
        const outcome = await again.sync.session();
        const parts = await again.kept.parts("g");
        const {{ state, is_settled: isSettled }} = again.outbox.get("m1");
        const said = {{ heard, before, ok: outcome.ok, status: again.sync.status.waiting, state, isSettled,
            drafts: await store.keys("drafts"), pictures,
            meetings: parts.meetings, sheets: parts.sheets.length, pages: await store.keys("pages") }};
        plain.close();
        return said;
    }}""")
    assert said == {
        "heard": ["started", "sent", "parts", "ended"], "before": 1, "ok": True, "status": 0, "state": "accepted",
        "isSettled": True, "drafts": [], "pictures": [["m1", 9]], "pages": [], "sheets": 1,
        "meetings": [["m1", 1, 7, 5, 1]],
    }  # fmt: skip


def test_a_server_that_was_put_back_under_its_own_name_is_noticed_and_sent_all_again(simulator: JavaScript) -> None:
    said = simulator.run(f"""async () => {{ {ROOM}
        const {{ outbox, kept, sync }} = await opened({{ sync: async (request) => answers(request) }});
        await outbox.add(meeting("m1", 1));
        await sync.session();
        const day = server.backup();
        for (const number of [2, 3]) await outbox.add(meeting("m" + number, number));
        await sync.session();
        server.restore(day, true);
        const again = await opened({{ sync: async (request) => answers(request) }}); // it was closed and opened
        const heard = [];
        again.sync.listen(({{ event }}) => heard.push(event));
        const outcome = await again.sync.session();
        const names = [...new Set(again.outbox.list().map((record) => record.server.split(".").length))];
        const said = {{ ok: outcome.ok, states: again.outbox.list().map((record) => record.state), names,
            doubts: heard.filter((event) => event === "doubted").length,
            parts: (await again.kept.parts("g")).meetings.map(([id]) => id), isForgotten: outbox.doubted }};
        server.devices.get("t").mustForget = true;
        await again.sync.session();
        said.wiped = (await store.get("meta", "sync")).told;
        plain.close();
        return said;
    }}""")
    assert said == {
        "ok": True, "states": ["accepted"] * 3, "names": [3], "doubts": 1, "parts": ["m1", "m2", "m3"],
        "isForgotten": 0, "wiped": 0,
    }  # fmt: skip


def test_one_command_over_which_the_server_stumbles_keeps_no_other_back(simulator: JavaScript) -> None:
    said = simulator.run(f"""async () => {{ {ROOM}
        let asks = 0;
        const stumbles = (request) => request.commands.some((command) => command.id === "m3");
        const net = {{ sync: async (request) => {{
            asks += 1;
            return stumbles(request) ? {{ status: 500, body: null }} : answers(request);
        }} }};
        const {{ outbox, sync }} = await opened(net);
        for (let number = 1; number <= 6; number += 1) await outbox.add(meeting("m" + number, number));
        const outcome = await sync.session();
        plain.close();
        return {{ ok: outcome.ok, states: outbox.list().map((record) => record.state), isFew: asks < 12 }};
    }}""")
    assert said == {"ok": True, "states": [*["accepted"] * 2, "waiting", *["accepted"] * 3], "isFew": True}


def test_no_network_half_an_answer_and_an_unknown_phone_are_told_apart(simulator: JavaScript) -> None:
    said = simulator.run(f"""async () => {{ {ROOM}
        const fates = [() => {{ throw new Error("none"); }}, () => ({{ status: 200, body: {{ answers: [] }} }}),
            () => ({{ status: 401, body: {{}} }}), () => ({{ status: 503, body: null }}), answers];
        const {{ outbox, sync }} = await opened({{ sync: async (request) => fates.shift()(request) }});
        await outbox.add(meeting("m1", 1));
        const said = [];
        while (fates.length) said.push([(await sync.session()).reason, sync.status.isOnline, sync.status.waiting]);
        plain.close();
        return said;
    }}""")
    assert said == [
        ["offline", False, 1], ["failed", False, 1], ["unknown", False, 1], ["failed", False, 1], [None, True, 0],
    ]  # fmt: skip


def test_the_phone_asks_later_and_later_and_never_by_its_clock(simulator: JavaScript) -> None:
    waits = simulator.calls("store/rhythm.js", "delayAfter", [[failures, 0.5] for failures in range(10)])
    assert waits[:5] == [15 * 60_000, 15_000, 30_000, 60_000, 120_000] and waits[-1] == 30 * 60_000
