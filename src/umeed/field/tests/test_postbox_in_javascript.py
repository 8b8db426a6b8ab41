"""Letters for the worker: what waits lies there once, and nothing that she said otherwise since."""

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
BEGUN = """
    const { lettersOf } = await load("store/postbox.js");
    const session = await device.enrol({ code: "ABCD-1234", pin: "135790", label: "Redmi", net: server }, how);
    const add = (id) => session.outbox.add({ ...command, id, said: { id } });
    const tries = ({ what }) => what.map((one) => one.split(" ").slice(0, 2).join(" "));
    const lie = async () => (await lettersOf(session.id)).map(tries);
"""


def run(phone: JavaScript, source: str) -> Any:
    key = ec.generate_private_key(ec.SECP256R1())
    raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return phone.run(
        f"async (load, serverKey, command) => {{ {ENROL} {BEGUN} {source} }}", base64.b64encode(raw).decode(), COMMAND
    )


def test_what_is_new_lies_beside_what_lay_there(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await add("1"); await add("2");
        await device.post(session);
        const first = await lettersOf(session.id);
        await add("3");
        await Promise.all([device.post(session), device.post(session)]);
        const both = await lie();
        const isSame = (await lettersOf(session.id))[0].bytes.join() === first[0].bytes.join();
        const answer = (id) => ({ id, try: 1, state: "accepted", receipt: 1 });
        await session.outbox.apply(["1", "2", "3"].map(answer), { on: "2026-01-01", server: "s" });
        await device.post(session);
        return { both, isSame, left: await lie() };
        """,
    )
    assert said == {"both": [["1 1", "2 1"], ["3 1"]], "isSame": True, "left": []}


def test_what_she_says_otherwise_is_withdrawn_before_anything_is_sent(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await add("1");
        await device.post(session);
        await add("2");
        await device.post(session);
        await session.outbox.mend("2", { id: "2", otherwise: true });
        await device.withdraw(session);
        const withdrawn = await lie();
        await device.post(session);
        return { withdrawn, anew: await lie() };
        """,
    )
    assert said == {"withdrawn": [["1 1"]], "anew": [["1 1"], ["2 2"]]}


def test_letters_of_an_enrolment_that_was_ended_do_not_stay(phone: JavaScript) -> None:
    said = run(
        phone,
        """
        await add("1");
        await device.post(session);
        const old = (await lettersOf(session.id))[0];
        const next = "0190b0f4-7a3e-7bbb-9a53-00000000000e";
        const owner = "0190b0f4-7a3e-7bbb-9a53-0000000000ff";
        await device.learnOwner(session, owner);
        const anew = { enrol: async (asked) => {
            const answer = await server.enrol(asked);
            return { ...answer, body: { ...answer.body, device: next, owner } };
        } };
        await device.renew(session, { code: "x", net: anew });
        await device.withdraw(session);
        const withdrawn = await lie();
        await device.post(session);
        const [letter] = await lettersOf(session.id);
        const isOfNext = ({ bytes }) => new TextDecoder().decode(bytes).includes(next);
        return { withdrawn, isOfNext: isOfNext(letter), wasOfOld: isOfNext(old) };
        """,
    )
    assert said == {"withdrawn": [], "isOfNext": True, "wasOfOld": False}
