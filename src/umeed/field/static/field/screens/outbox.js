// Sheets: everything that was sent or waits, each with what became of it and what to do.

import { N_, plural, t, tc } from "../core/words.js";
import { uuid7 } from "../core/ids.js";
import * as books from "./books.js";
import { badge, button, empty, field, h, icon, notice, ways, wayTo } from "./parts.js";
import * as session from "./session.js";
import { day, moment, reason } from "./shown.js";
import { draftOf } from "./writing.js";

const PICTURES = { close_meeting: "people", take_back_meeting: "undo", write_cut_off: "scale", correct_woman: "person", add_woman: "add", attach_page: "photo" };

export async function open(app) {
  const { kept, outbox } = app.session;
  const groups = new Set(outbox.list().map((one) => one.group));
  const selves = await kept.some("self", kept.groups().filter((group) => groups.has(group)));
  return { names: new Map([...selves].map(([group, self]) => [group, self?.name || "?"])), opened: null };
}

export const refresh = async () => {};

/** What a command was, in words. */
export function titleOf({ kind, said, told, about }) {
  const { document = about, name } = said || {};
  const number = told?.number ?? document?.number;
  if (kind === "close_meeting" && document?.kind === "missed") return t("Not held: %(day)s", { day: day(document.on) });
  if (kind === "close_meeting" && document) return said?.replaces ? t("Meeting %(number)s put right", { number }) : t("Meeting %(number)s · %(day)s", { number, day: day(document.on) });
  if (kind === "take_back_meeting") return t("A meeting taken back");
  if (kind === "write_cut_off") return t("Cut-off");
  if (kind === "correct_woman") return t("A woman's record corrected");
  if (kind === "add_woman") return t("New woman: %(name)s", { name: name || "" });
  if (kind === "attach_page") return t("Photo of a signed page");
  return tc("sent by a phone", "Sheet");
}

export const STATES = {
  waiting: () => ["info", t("Waits to be sent")], accepted: () => ["good", t("Received")], refused: () => ["bad", t("Sent back")], conflict: () => ["warn", t("Stands against another")],
  held: () => ["warn", t("With the block officer")], waits: () => ["warn", t("Waits for another sheet")], put_away: () => ["info", t("Put away")],
  aside: () => ["info", tc("sent by a phone", "Put aside")],
};

// [kind, words] of a record. What is lost at the office is not received, whatever the receipt says.
const markOf = ({ state, lost }) => (lost ? ["bad", t("Lost at the office")] : STATES[state]());

/** Its state as a mark, with the number of the receipt. */
export function stateOf(app, record) {
  const [kind, words] = markOf(record);
  return h("p", { class: "row" }, badge(kind, words), record.told?.receipt && h("span", { class: "small" }, t("Receipt %(number)s", { number: record.told.receipt })), record.carried?.length > 0 && record.state === "waiting" && h("span", { class: "small" }, t("carried in a file")));
}

export function view(app, state) {
  const { outbox, sync } = app.session;
  const all = outbox.list().reverse();
  const order = ["refused", "conflict", "held", "waits", "waiting"];
  const stuck = new Set(outbox.stuck());
  const lost = new Set(outbox.lost());
  const todo = [...order.slice(0, 1).flatMap((one) => all.filter((record) => record.state === one)), ...lost, ...stuck, ...order.slice(1).flatMap((one) => all.filter((record) => record.state === one && !stuck.has(record)))];
  const done = all.filter((record) => !order.includes(record.state) && !lost.has(record));
  const { waiting, lastSyncedAt, isOnline } = sync.status;
  return {
    title: t("Sheets"),
    body: h("div", { class: "stack" },
      h("section", { class: "card" }, h("p", { class: "strong" }, waiting ? plural("%(count)s sheet waits to be sent", "%(count)s sheets wait to be sent", waiting) : t("Everything was sent")),
        h("p", { class: "soft small" }, isOnline === false ? t("No network. It goes by itself when there is one.") : t("Last sent %(when)s", { when: moment(lastSyncedAt) })),
        h("div", { class: "row" }, button(t("Send now"), app.once(async () => tellOutcome(app, await app.session.rhythm.now())), { kind: "quiet", pic: "send" }), waiting > 0 && button(t("Carry by hand"), () => app.go("carry"), { kind: "quiet", pic: "file" }))),
      !all.length && empty("send", t("Nothing was written on this phone yet")),
      todo.length > 0 && [h("h2", null, t("Open")), todo.map((one) => sheet(app, state, one))],
      done.length > 0 && [h("h2", null, t("Done")), ways(done.map((one) => wayTo(PICTURES[one.kind] || "file", titleOf(one), [state.names.get(one.group), markOf(one)[1], one.told?.receipt && t("Receipt %(number)s", { number: one.told.receipt })].filter(Boolean).join(" · "), () => {
        state.opened = state.opened === one.id ? null : one.id;
        app.redraw();
      }, { key: one.id, "aria-expanded": state.opened === one.id ? "true" : "false" })))],
      state.opened && outbox.get(state.opened) && h("section", { class: "card" }, detail(app, state, outbox.get(state.opened)))),
  };
}

export function tellOutcome(app, { ok, reason: why }) {
  const said = {
    offline: t("No network. It goes by itself when there is one."), unknown: t("The server does not know this phone any more. Ask the office for a new code; nothing here is lost."),
    outdated: t("This app is too old. Open it once with a network to get the new one."), full: t("This phone has no room left. Delete photos or videos, then try again. Nothing is lost."), failed: t("The server has a problem. Try again in a while."),
  }[why];
  app.tell(ok ? t("Sent.") : said || said?.failed, ok ? "ok" : "warn");
}

const detail = (app, state, one) => [
  h("div", { class: "line" }, h("h3", { class: "name" }, titleOf(one), h("small", null, h("bdi", null, state.names.get(one.group) || ""))), icon(PICTURES[one.kind] || "file")), stateOf(app, one),
  h("p", { class: "soft small" }, t("Written %(when)s", { when: moment(one.made_at) })), one.state === "put_away" && h("p", null, t("Put away because: %(why)s", { why: one.put_away.why })),
  one.put_away && one.state === "accepted" && h("p", null, t("You put it away when the office had received it already: it holds.")),
  one.state === "accepted" && one.told.number && one.said && h("p", null, t("You wrote it as meeting %(said)s; another meeting of the group has that number. It is meeting %(number)s.", { said: one.said.document.number, number: one.told.number })),
  cameTooLate(app, one), one.lost && lostThere(app, one),
  one.state === "aside" && one.told.why && h("p", null, reason(one.told.why)),
];

function sheet(app, state, one) {
  return h("section", { class: `card ${one.state === "refused" || one.lost ? "wrong" : one.state === "waiting" ? "" : "asked"}`, key: one.id }, detail(app, state, one), WHAT_NOW[one.state]?.(app, state, one));
}

const WHAT_NOW = {
  waiting: (app, state, one) => canReopen(app, one) && h("div", { class: "row" }, button(t("Change"), app.once(() => mend(app, one)), { kind: "quiet", pic: "edit" })),
  refused: (app, state, one) => [
    notice("refuse", t("Why it was sent back"), [...new Set((one.told.reasons || []).map(reason))].map((words) => h("p", { key: words }, words))),
    h("div", { class: "row" }, canMend(one) && button(t("Mend it"), app.once(() => mend(app, one)), { pic: "edit" }), another(app, one), button(t("Put it away"), () => putAway(app, one), { kind: "quiet" })),
  ],
  conflict: (app, state, one) => (one.kind === "correct_woman" || one.kind === "add_woman") ? hersToSettle(app, one) : [h("p", null, standing(one)), h("p", { class: "soft" }, t(WHO_SAYS))],
  held: (app, state, one) => [h("p", null, t("It is safe at the office. The block officer lets it in or sends it back.")), one.told.why && h("p", { class: "soft" }, typeof one.told.why === "string" ? h("bdi", null, one.told.why) : reason(one.told.why))],
  waits: (app, state, one) => {
    if (one.picture) return notTaken(app, one);
    if (one.kind === "attach_page") return photoWaits(app, one);
    if (!app.session.outbox.brokenBelow(one.id).length) return h("p", null, t("It stands on a sheet that is not received yet. It follows by itself."));
    return [
      h("p", null, t("It stands on a sheet that was sent back or put away, and does not go on by itself.")),
      h("div", { class: "row" }, canMend(one) && button(t("Mend it"), app.once(() => mend(app, one)), { pic: "edit" }), button(t("Put it away"), () => putAway(app, one), { kind: "quiet" })),
    ];
  },
};

/** What is said of a sheet and can be done with it, in its state. */
export const whatNow = (app, one) => WHAT_NOW[one.state]?.(app, {}, one);

/** Whether what stands in the book of this phone by a command of hers is not received yet. */
export const isOnItsWay = (app, command) => Boolean(command) && app.session.outbox.get(command)?.state !== "accepted";

/** Whether what she wrote counts in the book of this phone: as long as nobody has said that it does not hold. */
export const isInBook = (record) => !record || ["waiting", "accepted", "held", "waits"].includes(record.state);

const FELL_OUT = {
  refused: () => t("This meeting was sent back. It does not stand in the book."),
  conflict: () => t("Another meeting stands in the place of this one. Until it is settled this one does not stand in the book."),
  put_away: () => t("You put this meeting away. It does not stand in the book."),
  aside: () => t("This meeting was put aside. It does not stand in the book."),
};

/** Of a meeting that is in no book any more: that it is not, why, and what can be done. */
export const fellOut = (app, record) => h("section", { class: "card asked", key: "fell out" },
  h("h2", null, FELL_OUT[record.state]()), stateOf(app, record),
  record.state === "put_away" && h("p", null, t("Put away because: %(why)s", { why: record.put_away.why })), record.state === "aside" && record.told.why && h("p", null, reason(record.told.why)),
  record.said?.replaces && h("p", null, t("The meeting stands as it was before you put it right.")), whatNow(app, record), ways(wayTo("send", t("Sheets"), null, () => app.go("outbox"))));

/** Of what the office has and has not let in; null of anything else. */
export const notYet = (record) => (record?.state === "held" || record?.state === "waits") && notice("warn", record.state === "held" ? t("This meeting is with the block officer. It stands in the book of the office when it is let in.") : t("This meeting waits for another sheet. It stands in the book of the office when that one is received."));

// Of a photo whose sheet the server has: it waits for its meeting, or for the picture itself.
function photoWaits(app, one) {
  const { until } = app.session.sync.status.pictures;
  if (!app.session.outbox.brokenBelow(one.id).length) return [one.told.why && h("p", null, reason(one.told.why)), h("p", null, until ? notBefore(until) : t("It follows by itself."))];
  return [
    h("p", null, t("The office does not have the meeting of this photo. When that comes the photo follows by itself; else take it for another meeting, or put it away.")),
    h("div", { class: "row" }, another(app, one), button(t("Put it away"), () => putAway(app, one), { kind: "quiet" })),
  ];
}

/** That photos wait because the server has taken as many as it takes. */
export const notBefore = (until) => t("The server takes no more photos now. The next ones go up by themselves after %(when)s.", { when: moment(until) });

// It was received long ago, and a server that was put back to an earlier day does not have it any more.
const lostThere = (app, one) => notice("refuse", t("The office has lost this sheet"),
  h("p", null, t("The office was put back to an earlier day, before it had this sheet. The phone keeps only the receipt of what is so old. Look in the register and write it again; or if it was carried by hand, load that file once more at the block office.")),
  one.lost === "untold" && h("div", { class: "row" }, button(t("I have read it"), app.once(() => app.session.outbox.mourn(one.id).then(app.redraw)), { kind: "quiet", pic: "check" })));

const another = (app, one) => one.kind === "attach_page" && one.said && button(t("Take another photo"), () => app.go("photo", { group: one.group, meeting: one.said.meeting, mends: one.id }), { pic: "photo" });

// The picture itself came to the server and was not taken; or it is asked for, and nowhere any more.
const notTaken = (app, one) => [
  notice("refuse", one.picture.reasons.some(({ code }) => code === "gone") ? t("This photo is lost") : t("The photo was not taken by the server"), [...new Set(one.picture.reasons.map(reason))].map((words) => h("p", { key: words }, words))),
  h("div", { class: "row" }, another(app, one), button(t("Put it away"), () => putAway(app, one), { kind: "quiet" })),
];

/** Who says which of two holds. */
export const WHO_SAYS = N_("The bookkeeper of your VO or CLF, or the block officer, says which one holds.");

function standing({ told: { with: other, why } }) {
  if (why) return reason(why);
  if (!other?.number) return t("Something else stands in its place already. Both are kept.");
  return t("Meeting %(number)s of %(day)s stands already, closed by %(who)s. Both are kept.", { number: other.number, day: day(other.on), who: other.closed_by || "–" });
}

// Of a woman's record no office decides: who wrote it looks at what stands, and says again what is right.
const hersToSettle = (app, one) => [
  h("p", null, t("Somebody else changed the same since you wrote it. Look at what stands now; write yours again if it is right.")),
  h("div", { class: "row" }, canMend(one) && button(t("Mend it"), app.once(() => mend(app, one)), { pic: "edit" }), button(t("Put it away"), () => putAway(app, one), { kind: "quiet" })),
];

const canMend = (one) => one.said && ["close_meeting", "correct_woman", "add_woman", "write_cut_off"].includes(one.kind);

/** Whether it waits here and may be opened again. Days that were not held are marked anew. */
export const canReopen = (app, one) => canMend(one) && app.session.outbox.canChange(one.id) && one.said.document?.kind !== "missed";

// She changed it when it had been received already, and nobody knew: that stands; what she changed puts it right.
const cameTooLate = (app, { id, kind, group, said, told, state }) => kind === "close_meeting" && state === "accepted" && told.try && said?.document.kind !== "missed" && said
  && !app.session.outbox.list().some((one) => one.said?.replaces === id && one.state !== "put_away")
  && notice("warn", t("It was received before you changed it: what you wrote first stands."), h("div", { class: "row" }, button(t("Put this meeting right"), app.once(async () => {
    if (await session.draft(group)) return app.tell(t("Another meeting of this group is half written. Close it or put it away first."), "warn");
    await session.keepDraft(group, draftOf({ ...said.document, id: uuid7(), number: told.number ?? said.document.number }, { group, replaces: id, why: session.changedLate() }));
    return app.go("meeting", { group });
  }), { kind: "quiet", pic: "edit" })));

/** Opens what was sent again, with its reasons; or what waits, to be said otherwise. */
export async function mend(app, one) {
  const { group, said, kind, id } = one;
  if (kind === "correct_woman") return app.go("correct", { group, woman: said.woman, mends: id });
  if (kind === "add_woman") return app.go("add_woman", { group, mends: id });
  if (kind === "write_cut_off") return app.go("cut_off", { group, mends: id });
  if (said.document.kind === "missed") return app.go("missed", { group });
  const there = await session.draft(group);
  if (there && there.mends !== id) return app.tell(t("Another meeting of this group is half written. Close it or put it away first."), "warn");
  if (!there) await session.keepDraft(group, draftOf(said.document, { group, replaces: said.replaces, mends: id, why: said.why || "", reopens: one.state === "waiting" }));
  await books.bookOf(group);
  return app.go("meeting", { group });
}

function putAway(app, one) {
  const said = { why: "" };
  app.openSheet(() => h("div", { class: "stack" }, h("h2", { id: "sheet-title" }, t("Put this sheet away?")), h("p", null, t("It is kept and listed here, and never sent.")),
    field("away", t("Why"), said.why, (typed) => {
      said.why = typed;
      app.redraw();
    }, { maxlength: 240 }),
    button(t("Put it away"), app.once(async () => {
      const half = (await session.drafts()).filter(([, draft]) => draft.mends === one.id);
      await app.session.outbox.putAway(one.id, said.why.trim(), half.map(([key]) => ["delete", "drafts", key]));
      session.forgetBook(one.group);
      app.session.rhythm.now();
      app.closeSheet();
    }), { kind: "danger wide", disabled: !said.why.trim() })));
}
