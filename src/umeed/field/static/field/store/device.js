// Who keeps books on this phone. Every bookkeeper has a database of her own with keys of her own; the list of names is all that they share.

import { bytesOf } from "../core/bytes.js";
import { uuid4 } from "../core/ids.js";
import { deleteDb, openDb } from "./db.js";
import { NotOurs, makeSigningKey, openAnswers, openSigningKey, sealEnvelope } from "./envelope.js";
import { Kept } from "./kept.js";
import { Outbox } from "./outbox.js";
import { clear, collect, leave, lettersOf, wake } from "./postbox.js";
import { sealedStore, Vault } from "./vault.js";

const LIST = "umeed";
const nameOf = (person) => `umeed-${person}`;

/** There is work that would be lost: {unsent, carried, refused, drafts}, how many of each. */
export class StillHere extends Error {
  constructor(counts) {
    super("work is still here");
    this.counts = counts;
  }
}
/**
 * The server did not take the enrolment: {status, body}. why: of_another (the code of somebody else) · here_already (`person` is who she is
 * on this phone) · wrong_code · …
 */
export class NotEnrolled extends Error {
  constructor(answer, person = null) {
    super("not enrolled");
    Object.assign(this, { answer, person, why: answer.body?.reasons?.[0]?.code || "" });
  }
}
/** She is at work on this phone in another window already. */
export class OpenElsewhere extends Error {}

async function listed(work) {
  const store = await openDb(LIST, { boxes: ["phone", "people"] });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The id of this phone, the same for all who use it. */
export const phoneId = () => listed(async (store) => {
  const known = await store.get("phone", "id");
  if (known) return known;
  const id = uuid4();
  await store.write([["put", "phone", "id", id]]);
  return id;
});

/** Bookkeepers of this phone, by name: [{id, name, language, owner: her id at the server}]. A deletion that was cut off is finished first. */
export async function people() {
  const found = await listed(async (store) => (await store.all("people")).map(([id, said]) => ({ id, ...said })));
  for (const { id } of found.filter((one) => one.isGoing)) await forget(id);
  return found.filter((one) => !one.isBegun && !one.isGoing).sort((one, other) => one.name.localeCompare(other.name));
}

const remember = (id, said) => listed((store) => store.write([["put", "people", id, said]]));

// An enrolment that was cut off goes on with the same keys, so that the server sees the same phone ask twice.
async function begun(pin, how) {
  const old = await listed(async (store) => (await store.all("people")).filter(([, said]) => said.isBegun).map(([id]) => id));
  for (const id of old) {
    const store = await openDb(nameOf(id));
    const vault = new Vault(store, how);
    try {
      await vault.unlock(pin);
      return { id, store, vault };
    } catch {
      store.close();
      await forget(id);
    }
  }
  const id = uuid4();
  const store = await openDb(nameOf(id));
  const vault = new Vault(store, how);
  await vault.make(pin);
  await sealedStore(store, vault).write([["put", "meta", "signing", await makeSigningKey()]]);
  await remember(id, { isBegun: true });
  return { id, store, vault };
}

// {signingKey, publicKey} of hers. Phones that were enrolled before it lay sealed have a pair that the browser gives to nobody: it stays.
async function signingOf(plain, sealed) {
  const kept = await sealed.get("meta", "signing");
  if (kept) return openSigningKey(kept);
  const { privateKey, publicKey } = await plain.get("lock", "signing");
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return { signingKey: privateKey, publicKey: { kty, crv, x, y } };
}

const isTaken = ({ status }) => status === 200 || status === 201;

/**
 * Makes a bookkeeper at home on this phone with the code that an officer gave her. Answers her session. Who is here already is no second
 * person (NotEnrolled: here_already), unless she wants to begin `anew`: she does not know her PIN any more.
 */
export async function enrol({ code, pin, label, net, anew = false }, how = {}) {
  const [phone, here] = [await phoneId(), await people()];
  const known = anew ? [] : here.map((one) => one.owner).filter(Boolean);
  const { id, store, vault } = await begun(pin, how);
  try {
    const sealed = sealedStore(store, vault);
    const { publicKey } = await signingOf(store, sealed);
    const answer = await net.enrol({ code, public_key: publicKey, phone, label, known });
    const owned = answer.body?.reasons?.[0]?.values?.owner;
    if (!isTaken(answer)) throw new NotEnrolled(answer, here.find((one) => owned && one.owner === owned));
    const { device, token, name, language, owner, server_key, server_key_id } = answer.body;
    await sealed.write([["put", "meta", "device", { device, token, name, language, owner, label, server_key, server_key_id, seq: 0 }]]);
    await remember(id, { name, language, owner });
    return await sessionOf(id, store, vault, await held(id));
  } catch (error) {
    store.close();
    if (error.person) await forget(id); // what was begun for a second person
    throw error;
  }
}

/**
 * A new token with a new code, when the server does not know this phone any more or has ended it. What waits here stays hers, and goes up.
 * The code is hers by her id at the server: another woman of her name is another.
 */
export async function renew(session, { code, net }) {
  const { store, device: was, publicKey } = session;
  const answer = await net.enrol({ code, public_key: publicKey, phone: await phoneId(), label: was.label || "", owner: was.owner, was: was.device });
  if (!isTaken(answer) || !was.owner || answer.body.owner !== was.owner) throw new NotEnrolled(answer);
  const { device, token, server_key, server_key_id } = answer.body;
  const next = { ...session.device, device, token, server_key, server_key_id };
  session.device = next; // from now on nothing else writes the old one
  const sync = await store.get("meta", "sync");
  const anew = sync?.ended ? [["put", "meta", "sync", { ...sync, ended: false, cursor: "" }]] : [];
  await store.write([["put", "meta", "device", next], ...anew]);
}

/** Of a phone that was enrolled before servers said whose it is: now one has. */
export async function learnOwner(session, owner) {
  if (!owner || session.device.owner) return;
  const next = { ...session.device, owner };
  await session.store.write([["put", "meta", "device", next]]);
  await remember(session.id, { name: next.name, language: next.language, owner });
  session.device = next;
}

/** Opens what a bookkeeper keeps. Throws WrongPin, or OpenElsewhere where another window has it open. */
export async function unlock(id, pin, how = {}) {
  const letGo = await held(id);
  let store;
  try {
    store = await openDb(nameOf(id), how);
    const vault = new Vault(store, how);
    await vault.unlock(pin);
    return await sessionOf(id, store, vault, letGo);
  } catch (error) {
    store?.close();
    letGo();
    throw error;
  }
}

/** Milliseconds until her PIN may be tried. */
export async function waitFor(id, how = {}) {
  const store = await openDb(nameOf(id));
  try {
    return await new Vault(store, how).wait();
  } finally {
    store.close();
  }
}

// One window at a time: two would not know of each other's writes. A window that is just closing is waited for.
const MOMENT_MS = 400;

function held(id) {
  if (!navigator.locks) return () => {};
  return new Promise((resolve, reject) => {
    const keeping = () => new Promise((letGo) => resolve(letGo));
    navigator.locks.request(nameOf(id), { signal: AbortSignal.timeout(MOMENT_MS) }, keeping).catch(() => reject(new OpenElsewhere()));
  });
}

async function sessionOf(id, plain, vault, letGo) {
  const store = sealedStore(plain, vault);
  const device = await store.get("meta", "device");
  const outbox = await new Outbox({ store }).load();
  const kept = await new Kept({ store }).load();
  const close = () => {
    vault.lock();
    plain.close();
    letGo();
  };
  const { signingKey, publicKey } = await signingOf(plain, store);
  return { id, store, vault, device, outbox, kept, close, signingKey, publicKey, cleared: plain.cleared };
}

// An office opens no file that holds more than so much (envelope.py, bodies.py), and is done with so many within half a minute.
const A_FILE = { most: 500, bytes: 2 * 1024 * 1024 };

/** Commands in the files that they travel in, in their order. */
export function filesOf(commands, { most, bytes } = A_FILE) {
  const files = [];
  let size = Infinity;
  for (const command of commands) {
    const its = bytesOf(JSON.stringify(command)).length + 1;
    if (size + its > bytes || files.at(-1).length === most) {
      files.push([]);
      size = 0;
    }
    files.at(-1).push(command);
    size += its;
  }
  return files;
}

/**
 * Envelopes of commands that wait (all, or those of `ids`): [{bytes, name, count, at, of}], of a winter several. What the office answers to
 * each of them is read by `readAnswers`.
 */
export async function carry(session, ids = null, bounds = A_FILE) {
  const waiting = session.outbox.toSend({ most: Infinity, bytes: Infinity }).filter(({ id, kind }) => !ids || ids.includes(id) || kind === "put_away");
  const files = filesOf(waiting, bounds);
  const made = [];
  for (const [at, commands] of files.entries()) made.push(await sealed(session, commands, { at: at + 1, of: files.length }));
  return made;
}

async function sealed(session, commands, { at, of }) {
  const { bytes, epk, seq, made_at, changes } = await enveloped(session, commands);
  await session.outbox.carriedBy(commands.map((command) => command.id), epk, changes);
  return { bytes, name: `umeed-${made_at.slice(0, 10)}-${seq}${of > 1 ? `-file-${at}-of-${of}` : ""}.umeed`, count: commands.length, at, of };
}

/** An envelope of some commands; `changes` keep what opens the answers to it. */
async function enveloped(session, commands) {
  const { device, signingKey } = session;
  const [seq, made_at] = [device.seq + 1, new Date().toISOString()];
  session.device = { ...device, seq };
  const { bytes, epk, answerKey } = await sealEnvelope({
    commands, device: device.device, serverKey: device.server_key, serverKeyId: device.server_key_id, signingKey, made_at, seq,
  });
  const about = { answerKey, seq, commands: commands.map((command) => [command.id, command.try]) };
  return { bytes, epk, seq, made_at, changes: [["put", "carried", epk, about], ["put", "meta", "device", session.device]] };
}

// A server that does not know yet who sends takes no more at once.
const A_LETTER = { most: 100, bytes: 1024 * 1024 };
// A letter is of one enrolment: under an ended one it would be held at the office.
const tryOf = (command, { device }) => `${command.id} ${command.try} ${device.device}`;

/**
 * Leaves what waits where the worker finds it (postbox.js). Unlike a file it bears no mark: until an answer has come she may say it
 * otherwise, and then the letter goes from there.
 */
export const post = (session) => inTurn(session, async (good, commands) => {
  const lie = new Set(good.flatMap(({ what }) => what));
  const letters = [];
  for (const some of filesOf(commands.filter((command) => !lie.has(tryOf(command, session))), A_LETTER)) {
    const what = some.map((command) => tryOf(command, session));
    const { bytes, changes } = await enveloped(session, some);
    await session.store.write(changes);
    letters.push({ what, bytes });
  }
  return [...good, ...letters];
}, wake); // also for what lay there: the browser tries a few times only

/** Takes away letters of what was said otherwise since, was put away, or answered. */
export const withdraw = (session) => inTurn(session, (good) => good);

// One after the other: the older of two must not be the last to write. `made` answers the letters that are to lie there, of those that are
// still good and of what waits.
function inTurn(session, made, then = () => {}) {
  session.posting = (session.posting || Promise.resolve()).catch(() => {}).then(async () => {
    const commands = session.outbox.toSend({ most: Infinity, bytes: Infinity });
    const waits = new Set(commands.map((command) => tryOf(command, session)));
    const before = await lettersOf(session.id);
    const good = before.filter(({ what }) => what.every((name) => waits.has(name)));
    const letters = await made(good, commands);
    if (letters.length !== before.length || good.length !== before.length) await leave(session.id, letters);
    if (letters.length) await then();
  });
  return session.posting;
}

/** Reads what the server has answered to letters that the worker has sent meanwhile. */
export const collectPost = (session) => collect(session.id, (bytes) => readAnswers(session, bytes).catch((error) => {
  if (!(error instanceof NotOurs)) throw error;
}));

/**
 * Takes the answers of a file that the office gave back; the records that changed. Not in the midst of a conversation (`sync` of the
 * session): what that brings may be older than the file.
 */
export async function readAnswers({ store, outbox, sync }, bytes) {
  if (sync?.isTalking) await sync.session();
  const { answers, today } = await openAnswers(bytes, async (epk) => (await store.get("carried", epk))?.answerKey);
  return outbox.apply(answers, { on: today, isByFile: true });
}

/** What would be lost or left if she signed out now. */
export async function leaving({ store, outbox }) {
  const waiting = outbox.toSend({ most: Infinity, bytes: Infinity }); // what she put away and the server has not heard of, too
  const carried = outbox.waiting().filter((record) => record.carried.length).length;
  const stays = new Set(["waiting", "refused", "put_away"]); // counted with their commands
  const left = (await store.keys("pages")).map((id) => outbox.get(id)).filter((record) => !stays.has(record?.state));
  const refused = left.filter((record) => record?.picture).length; // the server has said that it never takes them
  const pictures = left.length - refused;
  return { unsent: waiting.length - carried + pictures, carried, refused: outbox.counts().refused + refused, drafts: (await store.keys("drafts")).length };
}

/**
 * She leaves this phone: all of hers is deleted. Not while work is only here; what left by file, is refused or half written needs `isSure`.
 * The server (`net`) is told before, that nobody waits for this phone; without a network she leaves all the same. While a file of hers is
 * on its way it is not told: of a phone that was ended the office would not post what it carries.
 */
export async function signOut(session, { isSure = false, net = null } = {}) {
  const counts = await leaving(session);
  if (counts.unsent || (!isSure && (counts.carried || counts.refused || counts.drafts))) throw new StillHere(counts);
  if (net && !counts.carried) await net.leave().catch((error) => console.warn(error));
  session.close();
  await forget(session.id);
}

/** After a wipe: the database goes when nothing waits in it any more. */
export async function forgetWhenEmpty(session) {
  if (session.outbox.list().length) return false;
  session.close();
  await forget(session.id);
  return true;
}

async function forget(id) {
  await remember(id, { isGoing: true });
  await deleteDb(nameOf(id));
  await clear(id);
  await listed((store) => store.write([["delete", "people", id]]));
}
