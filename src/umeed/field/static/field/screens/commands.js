// What leaves this phone: a command is kept, folded into the book, and on its way as soon as there is a network.

import { uuid7 } from "../core/ids.js";
import * as session from "./session.js";

/** Keeps a command; when this has resolved she may be told so. It stands on all of the group that is not accepted yet. */
export async function send(app, { id = uuid7(), kind, group, said }, alongside = []) {
  const { outbox, rhythm } = app.session;
  const record = await outbox.add({ id, kind, group, after: outbox.standing(group), said }, alongside);
  session.forgetBook(group);
  rhythm.now();
  return record;
}
