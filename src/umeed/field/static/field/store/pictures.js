// Pictures of signed pages: they travel after the commands that announce them, and each goes from the phone when the server has it.

import { N_ } from "../core/words.js";
import { refusal } from "../core/refusals.js";

const HOUR_MS = 3_600_000;
/** No server asks to wait longer: of a clock that was set back a day must not become a year. */
const MOST_MS = 25 * HOUR_MS;
const GONE = refusal("picture", "gone", N_("The office does not have this photo any more, and it is not on this phone either."));

/** The reason of a server that takes no more pictures now: others must go first, or enough came within a day. */
const fullOf = (body) => body?.reasons?.find((reason) => reason.code === "too_many");

const isAskedFor = ({ kind, state, told, picture }) => kind === "attach_page" && state === "waits" && told.why?.code === "no_picture" && !picture;

/** How many photos the server asks for and has not got. */
export const picturesAskedFor = (outbox) => outbox.list().filter(isAskedFor).length;

/** `until` when it is still to be waited for, by the phone's clock; null where pictures may be sent. */
export const stillUntil = (until, now) => (until > now && until - now <= MOST_MS ? until : null);

/**
 * Sends those whose commands the server has; after one for which it has no room none before it said (`until`). `send(id)` → {status, body}.
 * Answers {isAwaited: whether one went up that its command waits for, changed: ids of commands to which something is to be said, until}.
 */
export async function sendPictures({ store, outbox, clock, until, send }) {
  const keys = await store.keys("pages");
  const done = { isAwaited: false, changed: await missed(outbox, new Set(keys)), until: stillUntil(until, clock.now()) };
  for (const id of done.until ? [] : keys) {
    const { state, picture } = outbox.get(id) ?? {};
    if (state === "waiting" || state === "refused" || state === "put_away" || picture) continue;
    const { status, body } = await send(id);
    const full = status === 422 && fullOf(body);
    if (full) return { ...done, until: clock.now() + (full.values?.seconds * 1000 || HOUR_MS) };
    if (status === 413 || status === 422) {
      await outbox.refusePicture(id, body?.reasons ?? []); // never again as it is: she takes another one, or puts it away
      done.changed.push(id);
    }
    if (status !== 200 && status !== 201) continue;
    await store.write([["delete", "pages", id]]);
    done.isAwaited ||= state === "waits";
  }
  return done;
}

// The server was put back to a day before it had them, and asks for pictures that have gone from here since.
async function missed(outbox, here) {
  const gone = outbox.list().filter((record) => isAskedFor(record) && !here.has(record.id)).map(({ id }) => id);
  for (const id of gone) await outbox.refusePicture(id, [GONE]);
  return gone;
}
