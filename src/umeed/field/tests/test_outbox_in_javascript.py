"""What she puts away and what she says otherwise, on the phone: what travels, what it stands on, what is kept."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_store_in_javascript import COMMAND, ENROL, phone

__all__ = ["phone"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

# An outbox in a database of its own: `waits` of it is what came of 12 (refused) and 13, which stands on it.
BEGUN = """
    const { openDb } = await load("store/db.js");
    const { Outbox } = await load("store/outbox.js");
    const store = await openDb("umeed-outbox");
    const outbox = await new Outbox({ store }).load();
    const on = { on: "2026-01-01", server: "s.1" };
    const closing = (id, after = []) => ({ id, kind: "close_meeting", group: "g", after, said: { id } });
    const sent = () => outbox.toSend().map((one) => [one.id, one.try, one.kind]);
    await outbox.add(closing("12"));
    await outbox.add(closing("13", ["12"]));
    const refused = (id) => ({ id, try: 1, state: "refused", reasons: [] });
    const waits = { id: "13", try: 1, state: "waits", for: ["12"] };
    await outbox.apply([refused("12"), waits], on);
"""


def run(phone: JavaScript, source: str) -> Any:
    """What some JavaScript on such an outbox answers."""
    return phone.run(f"async (load) => {{ {BEGUN} {source} }}")


def test_that_she_put_it_away_travels_first_and_until_it_was_heard(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await outbox.add(closing("14"));
        await outbox.putAway("13", "It was not held");
        await outbox.mend("12", { id: "12" });
        const [first] = outbox.toSend();
        const before = [sent(), first.said, outbox.isToSend("13")];
        // An older server does not know what this is: it is told again some day.
        await outbox.apply([{ ...refused("13"), try: 2 }, { id: "13", state: "unknown" }, { ...waits, try: 1 }], on);
        const still = sent()[0];
        const aside = { id: "13", try: 2, state: "aside", why: { code: "put_away" } };
        await outbox.apply([aside], { ...on, isByFile: true });
        const byFile = sent()[0];
        await outbox.apply([aside], on);
        const back = await new Outbox({ store }).load();
        const heard = [sent().length, back.get("13").state, back.get("13").put_away.why, outbox.isToSend("13")];
        await outbox.doubt("s.2", (changes) => store.write(changes));
        return { before, still, byFile, heard, anew: sent()[0] };
    """,
    )
    assert said == {
        "before": [
            [["13", 2, "put_away"], ["12", 2, "close_meeting"], ["14", 1, "close_meeting"]],
            {"kind": "close_meeting", "why": "It was not held"}, True,
        ],
        "still": ["13", 2, "put_away"], "byFile": ["13", 2, "put_away"],
        "heard": [2, "put_away", "It was not held", False], "anew": ["13", 2, "put_away"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('{ try: 1, state: "accepted", receipt: 7 }', "accepted"), ('{ try: 1, state: "known" }', "accepted"),
        ('{ try: 1, state: "aside", why: { code: "kept" } }', "aside"), ('{ try: 2, state: "conflict" }', "conflict"),
        ('{ try: 1, state: "conflict" }', "put_away"), ('{ try: 1, state: "held" }', "put_away"),
    ],
)  # fmt: skip
def test_what_the_server_had_taken_before_is_what_stands(phone: JavaScript, answer: str, state: str) -> None:
    said = run(
        phone,
        f"""
        await outbox.putAway("13", "It was not held");
        await outbox.apply([{{ id: "13", ...{answer} }}], on);
        const {{ state, told }} = outbox.get("13");
        return [state, "try" in told, outbox.isToSend("13")];
    """,
    )
    assert said == [state, False, state == "put_away"]


def test_a_phone_that_forgets_keeps_what_the_server_has_not_heard_of(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await outbox.add(closing("14"));
        await outbox.putAway("12", "It was not held");
        await outbox.putAway("13", "Neither was this");
        await outbox.apply([{ id: "13", try: 2, state: "aside", why: { code: "put_away" } }], on);
        await outbox.forget((changes) => store.write(changes));
        const back = await new Outbox({ store }).load();
        return back.list().map(({ id, state, said, put_away: away }) => [id, state, said, away?.why]);
    """,
    )
    assert said == [["12", "put_away", {"id": "12"}, "It was not held"], ["14", "waiting", {"id": "14"}, None]]


def test_nobody_leaves_before_the_server_has_heard_what_was_put_away(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        const { leaving } = await load("store/device.js");
        const unsent = async () => (await leaving({ store, outbox })).unsent;
        const before = await unsent();
        await outbox.putAway("12", "It was not held");
        const untold = await unsent();
        await outbox.apply([{ id: "12", try: 2, state: "aside", why: { code: "put_away" } }], on);
        return [before, untold, await unsent()];
        """,
    )
    assert said == [0, 1, 0]


def test_what_was_put_away_before_the_server_was_told_is_told(phone: JavaScript) -> None:
    """As an older app kept it."""
    assert run(
        phone,
        """
        const old = { ...outbox.get("13"), state: "put_away", put_away: { why: "x", at: "2025-01-01", from: "waits" } };
        await store.write([["put", "commands", "13", old]]);
        return (await new Outbox({ store }).load()).toSend().map((one) => [one.id, one.try, one.kind, one.said]);
    """,
    ) == [["13", 2, "put_away", {"kind": "close_meeting", "why": "x"}]]


def test_what_is_mended_stands_on_nothing_that_will_not_come(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await outbox.add({ id: "new", kind: "add_woman", group: "g", said: { woman: "w" } });
        await outbox.add(closing("14", ["13"]));
        const named = { document: { attendance: { w: "present" } } };
        const first = (await outbox.mend("13", named)).after; // 12 was sent back; 14 stands on this one
        const second = (await outbox.mend("12", { id: "12" })).after;
        await outbox.apply([{ ...waits, try: 2 }], on);
        await outbox.add({ id: "photo", kind: "attach_page", group: "g", after: ["13"], said: { meeting: "13" } });
        return [first, second, outbox.brokenBelow("14"), outbox.standing("g")];
    """,
    )
    assert said == [["new"], [], [], ["12", "13", "new", "14", "photo"]]


def test_what_stands_on_a_sheet_that_was_put_away_is_something_to_do(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        const before = outbox.counts().stuck;
        await outbox.putAway("12", "There was none");
        const away = outbox.counts().stuck;
        const { after } = await outbox.mend("13", { id: "13" });
        return [before, away, after, outbox.counts().stuck];
    """,
    )
    assert said == [1, 1, [], 0]


def test_what_stands_on_a_receipt_of_a_server_that_was_put_back_is_something_to_do(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await outbox.apply([{ id: "12", try: 1, state: "accepted", receipt: 7 }], on); // an officer let it in
        await outbox.settle(undefined, (changes) => store.write(changes));
        await outbox.trim("2026-06-01");
        const then = [outbox.get("12").said, outbox.brokenBelow("13")];
        const anew = { on: "2026-06-01", server: "s.2" };
        await outbox.doubt("s.2", (changes) => store.write(changes));
        await outbox.apply([{ id: "12", state: "unknown" }, { ...waits, for: [] }], anew);
        const whileNobodyWaits = outbox.brokenBelow("13");
        await outbox.apply([waits], anew);
        const { state, told, server } = outbox.get("12");
        await outbox.mend("13", { id: "13" });
        return { then, whileNobodyWaits, stuck: outbox.get("13").after, state, receipt: told.receipt, server };
    """,
    )
    assert said == {
        "then": [None, ["12"]], "whileNobodyWaits": [], "stuck": [], "state": "accepted", "receipt": 7, "server": "s.2",
    }  # fmt: skip


def test_what_is_mended_and_the_end_of_its_draft_are_one_write(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await store.write([["put", "drafts", "g", { half: true }]]);
        const writes = [];
        const { write } = store;
        store.write = (changes, how) => { writes.push(changes.length); return write(changes, how); };
        await outbox.mend("12", { id: "12" }, [["delete", "drafts", "g"]]);
        return [writes, await store.keys("drafts"), outbox.get("12").before.map((one) => Object.keys(one))];
    """,
    )
    assert said == [[2], [], [["try", "state", "told", "said"]]]


SYNC = """
    const { Kept } = await load("store/kept.js");
    const { Sync } = await load("store/sync.js");
    const kept = await new Kept({ store }).load();
    const asked = [];
    const answered = (request) => ({ status: 200, body: { answers: answers(request), groups: [], gone: [], more: false,
        server: "s.1", cursor: "s.1.1", today: "2026-01-01", name: "", language: "en", wipe: false } });
    const clock = { now: Date.now, after: () => () => {} };
    const net = { page: async (id) => pictures(id),
        sync: async (request) => { asked.push(request); return answered(request); } };
    const sync = await new Sync({ store, net, clock, outbox, kept }).load();
"""


def test_a_server_that_does_not_know_it_is_told_once_a_conversation(phone: JavaScript) -> None:
    said = run(
        phone,
        f"""
        const answers = ({{ commands }}) => commands.map((one) => ({{ id: one.id, try: one.try, state: "refused",
            reasons: [{{ field: "kind", code: "unknown_kind", text: "", values: {{}} }}] }}));
        const pictures = null; {SYNC}
        await outbox.putAway("13", "It was not held");
        const {{ ok }} = await sync.session();
        return [ok, asked.map(({{ commands, counts }}) => [commands.length, counts.waiting]), outbox.get("13").state];
    """,
    )
    assert said == [True, [[1, 0]], "put_away"]


def test_a_picture_that_is_not_taken_is_told_on_its_sheet(phone: JavaScript) -> None:
    said = run(
        phone,
        f"""
        const why = {{ field: "picture", code: "no_picture", text: "This is none.", values: {{}}, severity: "refuse" }};
        const full = {{ ...why, code: "too_many" }};
        let reasons = [full];
        let tries = 0;
        const answers = ({{ commands }}) => commands.map((one) => ({{ id: one.id, try: one.try, state: "waits",
            for: [], why: {{ code: "no_picture" }} }}));
        const pictures = () => {{ tries += 1; return {{ status: 422, body: {{ reasons }} }}; }}; {SYNC}
        await outbox.add({{ id: "photo", kind: "attach_page", group: "g", said: {{ sha256: "a" }} }},
            [["put", "pages", "photo", new Uint8Array([1])]]);
        await sync.session();
        const early = outbox.get("photo").picture ?? null; // others must go first: it is no fault of hers
        reasons = [why];
        clock.now = () => Date.now() + 7200e3;
        await sync.session();
        await sync.session();
        const again = await new Outbox({{ store }}).load();
        const told = [again.get("photo").picture, again.stuck().map((one) => one.id), tries];
        await outbox.mend("photo", {{ sha256: "b" }}, [["put", "pages", "photo", new Uint8Array([2])]]);
        const mended = [outbox.get("photo").picture ?? null, sent(), [...await store.get("pages", "photo")]];
        await sync.session();
        await outbox.putAway("photo", "It is dark");
        return {{ early, told, mended, kept: await store.keys("pages") }};
    """,
    )
    reason = {"field": "picture", "code": "no_picture", "text": "This is none.", "values": {}, "severity": "refuse"}
    assert said == {
        "early": None, "told": [{"reasons": [reason]}, ["13", "photo"], 2],
        "mended": [None, [["photo", 2, "attach_page"]], [2]], "kept": ["photo"],
    }  # fmt: skip


def test_the_keys_of_files_go_when_nothing_in_them_waits_for_an_answer(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        const carry = (name, ...ids) => outbox.carriedBy(ids, name,
            [["put", "carried", name, { answerKey: 1, seq: 1, commands: ids.map((id) => [id, 1]) }]]);
        await outbox.add(closing("11"));
        await carry("one", "11"); await carry("both", "11", "13"); await carry("none", "gone");
        await outbox.apply([{ id: "11", try: 1, state: "accepted", receipt: 1 }], on);
        await outbox.settle(undefined, (changes) => store.write(changes));
        const keys = [];
        for (const today of ["2026-01-05", "2026-08-01"]) {
            await outbox.trim(today);
            keys.push(await store.keys("carried"));
        }
        return keys;
    """,
    )
    assert said == [["both", "one"], ["both"]]


def test_what_was_put_away_leaves_in_every_file(phone: JavaScript) -> None:
    """Whatever of the rest she chooses to carry: the office must not post it because of that."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    server_key = base64.b64encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()
    said = phone.run(
        f"""async (load, serverKey, command) => {{ {ENROL}
        const one = await device.enrol({{ code: "a", pin: "135790", label: "", net: server }}, how);
        await one.outbox.add({{ ...command, said: {{}} }});
        await one.outbox.apply([{{ id: command.id, try: 1, state: "refused", reasons: [] }}], {{ on: "2026-01-01" }});
        await one.outbox.putAway(command.id, "It was not held");
        const [file] = [await device.carry(one, [])].flat();
        one.close();
        return file.count;
    }}""",
        server_key, COMMAND,
    )  # fmt: skip
    assert said == 1


def test_of_a_group_that_is_hers_no_more_only_receipts_stay_after_two_weeks(phone: JavaScript) -> None:
    found = run(
        phone,
        """
        const accepted = (id) => ({ id, try: 1, state: "accepted", receipt: 7 });
        for (const [id, group] of [["21", "hers"], ["22", "gone"], ["23", "gone"]]) {
            await outbox.add({ ...closing(id), group });
            await outbox.apply([accepted(id)], { ...on, on: "2026-01-10" });
        }
        await outbox.settle(["hers"], (changes) => store.write(changes));
        await outbox.settle(["gone"], (changes) => store.write(changes));
        await outbox.add({ ...closing("24"), group: "gone" });
        const said = () => ["21", "22", "23", "24"].map((id) => outbox.get(id).said !== null);
        await outbox.trim("2026-01-24", ["hers"]);
        const within = said();
        await outbox.trim("2026-01-25", ["hers"]);
        return { within, after: said(), receipt: outbox.get("22").told.receipt };
    """,
    )
    assert found == {"within": [True] * 4, "after": [True, False, False, True], "receipt": 7}


def test_of_a_receipt_that_the_server_has_lost_she_is_told_until_she_has_read_it(phone: JavaScript) -> None:
    found = run(
        phone,
        """
        const document = { kind: "ordinary", number: 4, on: "2025-12-30", attendance: { w: "present" } };
        await outbox.add({ id: "21", kind: "close_meeting", group: "g", said: { document } });
        await outbox.apply([{ id: "21", try: 1, state: "accepted", receipt: 7 }], on);
        await outbox.settle(undefined, (changes) => store.write(changes));
        await outbox.trim("2026-06-01");
        const askedBy = async (server, answer) => {
            await outbox.doubt(server, (changes) => store.write(changes));
            await outbox.apply([{ id: "21", ...answer }], { on: "2026-06-01", server });
            const { state, lost, about, told, is_doubted: isDoubted } = outbox.get("21");
            return [state, lost ?? null, outbox.counts().lost, told.receipt, about, isDoubted ?? null];
        };
        const lost = await askedBy("s.2", { state: "unknown" });
        await outbox.mourn("21");
        const read = [outbox.counts().lost, (await new Outbox({ store }).load()).get("21").lost];
        const again = await askedBy("s.3", { state: "unknown" });
        const found = await askedBy("s.4", { try: 1, state: "known", receipt: 7 });
        return { lost, read, again, found };
        """,
    )
    about = {"kind": "ordinary", "number": 4, "on": "2025-12-30"}
    assert found == {
        "lost": ["accepted", "untold", 1, 7, about, None], "read": [0, "told"],
        "again": ["accepted", "told", 0, 7, about, None], "found": ["accepted", None, 0, 7, about, None],
    }  # fmt: skip


PAGE = """
    const paged = (id) => outbox.add({ id, kind: "attach_page", group: "g", said: { meeting: "12", sha256: "a" } },
        [["put", "pages", id, new Uint8Array([1])]]);
    const waitsForIt = ({ commands, open }) => [...commands, ...open.map((id) => ({ id, try: 1 }))].map((one) =>
        ({ id: one.id, try: one.try, state: "waits", for: [], why: { code: "no_picture" } }));
"""


def test_a_photo_that_is_sent_anew_waits_for_its_meeting(phone: JavaScript) -> None:
    found = run(
        phone,
        f"""
        {PAGE}
        await paged("old");
        await outbox.apply([{{ id: "old", try: 1, state: "accepted", receipt: 1 }}], on);
        await outbox.doubt("s.2", (changes) => store.write(changes));
        await outbox.apply([{{ id: "old", state: "unknown" }}], {{ on: "2026-01-02", server: "s.2" }});
        const {{ standsOn }} = await load("screens/commands.js");
        const anew = standsOn(outbox, {{ kind: "attach_page", group: "g", said: {{ meeting: "of another phone" }} }});
        await outbox.apply([{{ id: "old", try: 1, state: "refused", reasons: [] }}], on);
        const mended = await outbox.mend("old", {{ meeting: "13", sha256: "b" }});
        return [outbox.get("old").before[0].state, anew, mended.after];
        """,
    )
    assert found == ["refused", ["of another phone"], ["13"]]


def test_a_picture_that_is_asked_for_and_nowhere_any_more_is_told(phone: JavaScript) -> None:
    found = run(
        phone,
        f"""
        {PAGE}
        const answers = waitsForIt; let tries = 0;
        const pictures = () => {{ tries += 1; return {{ status: 500, body: null }}; }}; {SYNC}
        await paged("here"); await paged("gone");
        await store.write([["delete", "pages", "gone"]]);
        await sync.session(); await sync.session();
        const told = outbox.stuck().map((one) => [one.id, one.picture?.reasons[0].code ?? null]);
        await outbox.mend("gone", {{ meeting: "12", sha256: "b" }}, [["put", "pages", "gone", new Uint8Array([2])]]);
        return {{ told, tries, anew: [outbox.get("gone").picture ?? null, outbox.get("gone").state] }};
        """,
    )
    assert found == {"told": [["13", None], ["gone", "gone"]], "tries": 2, "anew": [None, "waiting"]}


def test_when_the_server_takes_no_more_pictures_none_is_sent_before_it_says(phone: JavaScript) -> None:
    found = run(
        phone,
        f"""
        {PAGE}
        let now = 1.78e12; let values = {{ seconds: 7200 }}; let tries = 0; const came = new Set();
        const stateOf = (one) => (came.has(one.id) ? {{ ...one, state: "accepted", receipt: 1 }} : one);
        const answers = (asked) => waitsForIt(asked).map(stateOf);
        const pictures = (id) => {{
            tries += 1;
            const reasons = [{{ code: "too_many", text: "", values }}];
            if (tries % 3 === 0) return {{ status: 422, body: {{ reasons }} }};
            came.add(id);
            return {{ status: 200, body: {{}} }};
        }}; {SYNC}
        clock.now = () => now;
        for (const id of "abcdefghi") await paged(id);
        const said = [];
        const talked = async (minutes) => {{
            now += minutes * 60000;
            await sync.session();
            const {{ count, until }} = sync.status.pictures;
            said.push([tries, count, until && (until - now) / 60000]);
        }};
        for (const minutes of [0, 5, 114]) await talked(minutes);
        await sync.load();
        await talked(-86400 * 30); // the clock was set back: nobody waits for ever
        values = {{}}; // as an older server says it
        await talked(120);
        return said;
        """,
    )
    assert found == [[3, 7, 120], [3, 7, 115], [3, 7, 1], [6, 5, 120], [9, 3, 60]]
