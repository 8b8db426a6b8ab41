// Who is at work, and what she has at hand: her store, what waits, her groups' books with what waits folded in. Closed again when
// she leaves the phone lying.

import * as device from "../store/device.js";
import { serverFor } from "../store/net.js";
import { FINAL } from "../store/outbox.js";
import { Rhythm, browserClock } from "../store/rhythm.js";
import { Sync } from "../store/sync.js";
import { languageHere, speak, t } from "../core/words.js";
import * as books from "./books.js";

const IDLE_MS = 10 * 60_000;
let idle = 0;
let app = null;

export const people = () => device.people();
export const firstScreen = async () => ((await device.people()).length ? "pin" : "enrol");

export async function begin(phone) {
  app = phone;
  books.begin(phone);
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, stir, { passive: true });
  addEventListener("online", () => app.session?.rhythm.now());
  addEventListener("visibilitychange", () => {
    if (!document.hidden && app.session && Date.now() - idle > IDLE_MS) app.locked();
  });
  setInterval(() => app.session && Date.now() - idle > IDLE_MS && app.locked(), 20_000);
}

const stir = () => {
  idle = Date.now();
};

/** Opens what she keeps with her PIN; from now on the phone talks to the server by itself. */
export const unlock = async (person, pin) => opened(await device.unlock(person, pin));

/** Makes her at home on this phone with the code that an officer gave her. */
export const enrol = async (said) => opened(await device.enrol({ ...said, net: serverFor("") }));

async function opened(session) {
  const sync = await new Sync({
    store: session.store, net: serverFor(session.device.token), clock: browserClock, outbox: session.outbox, kept: session.kept, app: app.version,
  }).load();
  const rhythm = new Rhythm({ sync, clock: browserClock });
  app.session = Object.assign(session, { sync, rhythm, books: new Map() });
  app.session.stopListening = sync.listen(heard);
  stir();
  if (session.device.language && session.device.language !== languageHere() && !localStorage.getItem("umeed-field-language")) await speak(session.device.language);
  rhythm.start();
}

function heard({ event, groups }) {
  if (event === "parts" || event === "gone") for (const group of groups) forgetBook(group);
  if (event === "answers" || event === "wiped") app.session?.books.clear();
  if (event === "answers") dropSettled().then(app.refreshed).catch(app.failed);
  else if (["parts", "gone", "wiped", "ended", "started"].includes(event)) app.refreshed();
  if (event === "ended" && app.session?.sync.meta.ended) goneFromHere().catch(app.failed);
}

// What mends a sheet that was received after all, or that a person has settled, is nothing to go on with.
async function dropSettled() {
  const { outbox } = app.session;
  for (const [key, { mends }] of await drafts()) if (mends && FINAL.has(outbox.get(mends)?.state)) await dropDraft(key);
}

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

/** Today, by the phone's clock where it can be right: it is never before the day that the server said last. */
export function today() {
  const here = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const day = `${here.getFullYear()}-${two(here.getMonth() + 1)}-${two(here.getDate())}`;
  const told = app.session?.sync.meta.today;
  return told && told > day ? told : day;
}

/** Whether the phone's clock says an earlier day than the server did: then all days on it are doubtful. */
export const isClockWrong = () => {
  const told = app.session?.sync.meta.today;
  const here = new Date();
  return !!told && (Date.parse(told) - here.getTime() > 86_400_000 || here.getFullYear() > Number(told.slice(0, 4)) + 5);
};

// Drafts ---------------------------------------------------------------------------------------------------------------

// Of a meeting under its group, of a cut-off as cut_off_writing.js says. Many a minute are written: "relaxed" hands them to the system
// at once, which a kill of the app does not undo, and does not wait for the flash at every tap. What is sent waits for it.

export const draft = (key) => app.session.store.get("drafts", key);
export const drafts = () => app.session.store.all("drafts");
export const keepDraft = (key, said) => app.session.store.write([["put", "drafts", key, said]], { durability: "relaxed" });
export const dropDraft = (key) => app.session.store.write([["delete", "drafts", key]]);
