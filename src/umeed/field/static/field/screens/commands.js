// What leaves this phone: a command is kept, folded into the book, and on its way as soon as there is a network.

import { uuid7 } from "../core/ids.js";
import { standsUpon } from "../store/below.js";
import * as session from "./session.js";

/** Ids of what a command stands on and is not accepted yet. */
export const standsOn = (outbox, command) => standsUpon(outbox.standing(command.group).map((id) => outbox.get(id)), command);

/** Keeps a command; when this has resolved she may be told so. */
export async function send(app, { id = uuid7(), kind, group, said }, alongside = []) {
  const { outbox, rhythm } = app.session;
  const record = await outbox.add({ id, kind, group, after: standsOn(outbox, { kind, group, said }), said }, alongside);
  session.forgetBook(group);
  rhythm.now();
  return record;
}
