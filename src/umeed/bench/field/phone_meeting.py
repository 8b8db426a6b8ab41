"""What a bookkeeper does on her phone: one meeting tap by tap, the others by the phone's own code."""

from __future__ import annotations

from umeed.bench.field.phone_hand import Hand

_NEXT = ".foot .button.big"
_PLACE = "document.querySelector('.steps [aria-current] use')?.getAttribute('href') || ''"
# Every group's meeting as it is filled in beforehand, closed: what the rules ask about is answered with yes.
_CLOSE_ALL = """async (leave) => {
    const load = (path) => import("/static/field/" + path);
    const { app } = await load("app.js");
    const screen = (name) => load(`screens/${name}.js`);
    const [books, writing, session] = [await screen("books"), await screen("writing"), await screen("session")];
    const { outbox } = app.session;
    const { uuid7 } = await load("core/ids.js");
    let closed = 0;
    for (const { group, name, next, lastNumber } of await books.overview()) {
        if (leave.includes(name)) continue;
        const today = session.today();
        const on = next && next < today ? next : today;
        const begun = { id: uuid7(), group, on, number: lastNumber + 1, president: await books.president(group, on) };
        const draft = { ...writing.begun(begun), minutes: true, seen: writing.STEPS };
        const known = await books.known(group, draft);
        draft.president ||= [...known.facts.members.keys()][0];
        draft.counted = writing.judged(draft, known).box;
        const { document, stops } = writing.judged(draft, known);
        if (stops.length) continue;
        const said = { document, sure: true, replaces: null, why: "" };
        await outbox.add({ id: draft.id, kind: "close_meeting", group, after: [], said });
        closed += 1;
    }
    await app.session.rhythm.now();
    return [closed, outbox.list().filter((one) => one.state === "accepted").length];
}"""


def ordinary(hand: Hand, group: str) -> float:
    """An ordinary meeting from its group to the receipt: one is absent, one late, one saves more, the rest as usual.
    Answers how long its opening took (ms)."""
    hand.tap("open the group", f'main section:last-child .way:has-text("{group}")', until="main .figures")
    took = hand.tap("begin", "main .card.mark .button.big", until="main .pill.absent")
    hand.tap("absent", ".pill.absent", 3)
    hand.tap("late", ".pill.late", 5)
    hand.tap("next", _NEXT)
    hand.tap("an amount", "main .amount", until="dialog .key")
    for digit in "250":
        hand.tap(f"key {digit}", f'dialog .key:text-is("{digit}")')
    hand.tap("done", "dialog .button.big")
    for _ in range(8):
        if any(one in str(hand.page.evaluate(_PLACE)) for one in ("count", "notes")):
            break
        hand.tap(f"next after “{hand.page.locator('main h2').first.inner_text()}”", _NEXT)
    hand.tap("as counted", "main .button.big")
    hand.tap("to the close", _NEXT)
    for at in range(hand.page.locator("main label.check").count()):
        hand.tap("yes, it is right", "main label.check", at)
    hand.tap("close", _NEXT, until="main .badge")
    return took


def close_all(hand: Hand, *, but: list[str]) -> tuple[int, int]:
    """Closes this week's meeting of every other group: how many, and how many the server accepted."""
    closed, accepted = hand.page.evaluate(_CLOSE_ALL, but)
    return closed, accepted
