// Who is at work, and what she has at hand: her store, what waits, her groups' books with what waits folded in. Closed again when
// she leaves the phone lying.

import * as device from "../store/device.js";
import { NOTHING_KNOWN, compared, doubtOf, todayBy } from "../store/clock.js";
import { room } from "../store/db.js";
import { LastWords } from "../store/last_words.js";
import { serverFor } from "../store/net.js";
import { FINAL } from "../store/outbox.js";
import { Rhythm, browserClock } from "../store/rhythm.js";
import { Sync } from "../store/sync.js";
import { language, plural, speak, t } from "../core/words.js";
import { uuid7 } from "../core/ids.js";
import * as books from "./books.js";

const IDLE_MS = 10 * 60_000;
let idle = 0;
let app = null;
let picked = "";
let held = "";

export const people = () => device.people();
export const firstScreen = async () => ((await device.people()).length ? "pin" : "enrol");

export async function begin(phone) {
  app = phone;
  books.begin(phone);
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, stir, { passive: true });
  addEventListener("online", () => app.session?.rhythm.now());
  addEventListener("visibilitychange", () => {
    if (document.hidden || !app.session) return leavePost();
    if (isIdle()) app.locked();
    else if (doubt()) app.session.rhythm.now(); // she may have set the clock right
  });
  setInterval(() => app.session && isIdle() && app.locked(), 20_000);
}

// What is nowhere but in this window is not locked away for ever.
const isIdle = () => Date.now() - idle > IDLE_MS && !app.session.lastWords?.left;

const stir = () => {
  idle = Date.now();
};

/** Opens what she keeps with her PIN; from now on the phone talks to the server by itself. */
export const unlock = async (person, pin) => opened(await device.unlock(person, pin));

/** Makes her at home on this phone with the code that an officer gave her. */
export const enrol = async (said) => opened(await device.enrol({ ...said, net: serverFor("") }));

/** A new code for the one who is at work: all that she has here stays, and what waits goes up. Answers how that went. */
export async function renew(code) {
  const { session } = app;
  if (session.sync.isTalking) await session.sync.session();
  await device.renew(session, { code, net: serverFor("") });
  session.sync.net = serverFor(session.device.token);
  await session.sync.load();
  session.isUnknown = false;
  session.rhythm.start();
  return session.sync.session();
}

// What waits goes up also when nobody opens the app: where that cannot be (no room), she opens it.
const leavePost = () => app.session && device.post(app.session).catch(console.warn);

async function opened(session) {
  const sync = await new Sync({
    store: session.store, net: serverFor(session.device.token), clock: browserClock, outbox: session.outbox, kept: session.kept, app: app.version,
  }).load();
  const rhythm = new Rhythm({ sync, clock: browserClock });
  const clock = (await session.store.get("meta", "clock")) || NOTHING_KNOWN;
  app.session = Object.assign(session, { sync, rhythm, clock, isUnknown: false, books: new Map() });
  app.session.stopListening = sync.listen(heard);
  session.cleared.then(() => cleared(session));
  stir();
  if (await device.collectPost(session).catch(console.warn)) await dropSettled();
  await speakHers(session);
  room().catch(() => {}); // asks that the browser does not clear it; whether it does is said in the settings
  rhythm.start();
}

// Whoever shares the phone, or a cleaner of it, had the browser delete all that it keeps of this address.
function cleared(session) {
  if (app.session !== session) return;
  session.rhythm.stop();
  const { outbox, sync } = session;
  session.lastWords = new LastWords({ net: sync.net, outbox, clock: browserClock, app: app.version, heard: () => app.session === session && sayCleared() });
  session.rhythm = new Rhythm({ sync: session.lastWords, clock: browserClock });
  sayCleared();
  session.rhythm.start();
}

/** That nothing is kept on this phone any more, and what is to be done. */
export function sayCleared() {
  const { left } = app.session.lastWords;
  const lost = t("The browser has deleted all that this app kept on this phone.");
  const next = left ? plural("%(count)s sheet that waits is only in this window: do not close it, and look for a network.", "%(count)s sheets that wait are only in this window: do not close it, and look for a network.", left)
    : t("What you had closed is at the office. What is half written stands only on this screen: note it on paper, then ask the office for a new code.");
  app.tell(`${lost} ${next}`, "refuse");
}

/** She has chosen a language: hers from now on. Before a PIN was given it is of whoever opens her books next. Answers whether its words
    are here. */
export async function chooses(key) {
  if ((await speak(key, true)) !== key) {
    app.tell(t("This language needs the network once."), "warn");
    return false;
  }
  app.tell("");
  if (app.session) await app.session.store.write([["put", "meta", "language", key]]);
  else picked = key;
  return true;
}

/** A code that was typed before it was known who she is; taken once. */
export const holdCode = (code) => {
  held = code;
};
export const heldCode = () => {
  const code = held;
  held = "";
  return code;
};

// Each bookkeeper of a phone has her own.
async function speakHers({ store, device: { language: atTheOffice } }) {
  const chosen = await store.get("meta", "language");
  const hers = picked || chosen || atTheOffice;
  picked = "";
  if (hers && hers !== language) await speak(hers);
  if (hers && hers !== chosen) await store.write([["put", "meta", "language", hers]]);
}

function heard({ event, groups, commands, ok, reason }) {
  if (event === "ended" && app.session) shown(app.session, ok, reason);
  if (event === "started" && app.session) device.withdraw(app.session).catch(console.warn);
  if (event === "ended" && !app.session?.sync.meta.ended) leavePost();
  if (event === "parts" || event === "gone") for (const group of groups) forgetBook(group);
  if (event === "answers") for (const id of commands) forgetBook(app.session?.outbox.get(id)?.group);
  if (event === "wiped" || event === "doubted") app.session?.books.clear();
  if (event === "answers") dropSettled().then(app.refreshed).catch(app.failed);
  else if (["parts", "gone", "wiped", "ended", "started"].includes(event)) app.refreshed();
  if (event === "ended" && app.session?.sync.meta.ended) goneFromHere().catch(app.failed);
}

// What a conversation has shown besides: whether the server knows this phone, and how its clock stands to the server's day.
function shown(session, ok, reason) {
  if (ok || reason === "unknown") session.isUnknown = !ok;
  if (ok && session.sync.meta.today) keepClock(compared(moments())).catch(app.failed);
  if (ok) device.learnOwner(session, session.sync.meta.owner).catch(app.failed);
}

async function keepClock(next) {
  const { session } = app;
  if (next.ahead === session.clock.ahead && next.sure === session.clock.sure) return;
  session.clock = next;
  await session.store.write([["put", "meta", "clock", next]]);
}

// What mends a sheet that was received after all, or that a person has settled, is nothing to go on with.
async function dropSettled() {
  const { outbox } = app.session;
  for (const [key, draft] of await drafts()) {
    const record = outbox.get(draft.mends);
    if (!FINAL.has(record?.state)) continue;
    if (putsRight(draft, record)) await keepDraft(key, putsRight(draft, record));
    else await dropDraft(key);
  }
}

/** Why a meeting is put right that was received while she had opened it again. */
export const changedLate = () => t("Changed on the phone before it was known that it was received.");

/** What was opened again while it waited, and is received meanwhile, goes on as what puts it right; null of anything else. */
export const putsRight = (draft, { id, state, told }) => (draft.reopens && state === "accepted"
  ? { ...draft, id: uuid7(), number: told.number ?? draft.number, replaces: id, mends: null, reopens: false, why: draft.why || changedLate() } : null);

// The office ended this phone. When nothing waits in it any more, all that is left of hers goes too.
async function goneFromHere() {
  const { session } = app;
  session.rhythm.stop();
  if (!(await device.forgetWhenEmpty(session))) return;
  session.stopListening();
  app.session = null;
  await app.go(await firstScreen(), {}, "home");
  app.tell(t("This phone was signed out by the office"), "warn");
}

export function close(phone) {
  const { session } = phone;
  phone.session = null;
  if (!session) return;
  session.stopListening();
  session.rhythm.stop();
  session.close();
}

// Books ----------------------------------------------------------------------------------------------------------------

/** What is known of a group has changed: its book is opened anew when it is asked for. */
export const forgetBook = (group) => {
  app.session?.books.delete(group);
  app.session?.books.delete(listed(group));
};

/** Under which name the row of a group in the list of all is kept beside its book: it is forgotten with it. */
export const listed = (group) => `${group} listed`;

function moments() {
  const { synced_at: at, today: told } = app.session?.sync.meta || {};
  return { now: Date.now(), at, told };
}

/** Today, by the phone's clock where it can be right: store/clock.js says how. */
export const today = () => todayBy(app.session?.clock || NOTHING_KNOWN, moments());

/** What is to be said of the phone's clock: "wrong", "back", "long"; null. */
export const doubt = () => doubtOf(app.session?.clock || NOTHING_KNOWN, moments());

/** She says that the clock is right: it is not asked again until much time has gone. */
export const isSureOfClock = () => keepClock({ ...app.session.clock, sure: today() });

// Drafts ---------------------------------------------------------------------------------------------------------------

// Of a meeting under its group, of a cut-off as cut_off_writing.js says. Many a minute are written: "relaxed" hands them to the system
// at once, which a kill of the app does not undo, and does not wait for the flash at every tap. What is sent waits for it.

export const draft = (key) => app.session.store.get("drafts", key);
export const drafts = () => app.session.store.all("drafts");
export const keepDraft = (key, said) => app.session.store.write([["put", "drafts", key, said]], { durability: "relaxed" });
export const dropDraft = (key) => app.session.store.write([["delete", "drafts", key]]);
