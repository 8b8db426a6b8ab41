// What leaves this phone: a command is kept, folded into the book, and on its way as soon as there is a network.

import { uuid7 } from "../core/ids.js";
import * as session from "./session.js";

const MONEY = new Set(["close_meeting", "take_back_meeting", "write_cut_off"]);

/** Ids of what a command stands on and is not accepted yet: the book that it was written into, the woman whom it names, the meeting of
    a page. What has nothing to do with it does not hold it back. */
export function standsOn(outbox, { kind, group, said }) {
  const standing = outbox.standing(group).map((id) => outbox.get(id));
  const named = new Set([said.woman, ...Object.keys(said.document?.attendance || {})]);
  const isBelow = {
    close_meeting: (one) => MONEY.has(one.kind) || (one.kind === "add_woman" && named.has(one.said.woman)),
    take_back_meeting: (one) => MONEY.has(one.kind),
    write_cut_off: (one) => MONEY.has(one.kind) || one.kind === "add_woman",
    correct_woman: (one) => ["add_woman", "correct_woman"].includes(one.kind) && one.said.woman === said.woman,
    attach_page: (one) => one.id === said.meeting,
  }[kind];
  return isBelow ? standing.filter((one) => one.said && isBelow(one)).map((one) => one.id) : [];
}

/** Keeps a command; when this has resolved she may be told so. */
export async function send(app, { id = uuid7(), kind, group, said }, alongside = []) {
  const { outbox, rhythm } = app.session;
  const record = await outbox.add({ id, kind, group, after: standsOn(outbox, { kind, group, said }), said }, alongside);
  session.forgetBook(group);
  rhythm.now();
  return record;
}
