// What a bookkeeper keeps is sealed with a data key. A PIN opens it, together with a secret that the browser gives to nobody:
//   PBKDF2 (the phone's own secret; PIN) ─► key that wraps the data key (AES-GCM)
// A copy of the sealed records alone is worth nothing. Who has the phone in her hands waits longer and longer between PINs; who makes the
// browser work for her there, past the count of tries, needs the slow part of it for each PIN, on that phone: the secret is what it runs
// over, so no faster machine can be asked. Who copies the browser's whole folder (a rooted phone) has the secret, and finds six digits
// within minutes: against her stands only the lock of the phone's own screen.

import { bytesOf, joined, textOf } from "../core/bytes.js";

/** Half a second on a phone six times slower than a desk; each lock remembers its own count. */
export const ITERATIONS = 600_000;
export const PIN = /^\d{6}$/;
/** How a lock is made now. One that says no version is of a phone that was enrolled before; the next right PIN makes it anew. */
const VERSION = 2;
const FREE_TRIES = 5;
const WAITS = [30, 60, 300, 900, 3600].map((seconds) => seconds * 1000);
// On a phone that is full no count can be kept. Her books open all the same, and until the app is started again tries are counted here.
let uncounted = { wrong: 0, at: 0 };

/** The PIN did not open it. `waitMs`: before the next try; `left`: tries that cost no waiting. */
export class WrongPin extends Error {
  constructor(waitMs, left = 0) {
    super("wrong pin");
    Object.assign(this, { waitMs, left });
  }
}
/** A record that this key does not open: of another bookkeeper, or damaged. */
export class Unreadable extends Error {}
export class Locked extends Error {}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const aes = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** A secret of this phone and this bookkeeper that never leaves the browser. */
export const makeDeviceKey = () => crypto.subtle.importKey("raw", random(32), "PBKDF2", false, ["deriveBits"]);

async function wrapping(pin, salt, iterations, deviceKey) {
  const how = { name: "PBKDF2", hash: "SHA-256", salt: joined(bytesOf("umeed pin 2"), salt, bytesOf(pin)), iterations };
  return aes(await crypto.subtle.deriveBits(how, deviceKey, 256));
}

// As it was before: PBKDF2 over the PIN alone, then HMAC by a key of the phone.
async function wrappingBefore(pin, salt, iterations, deviceKey) {
  const typed = await crypto.subtle.importKey("raw", bytesOf(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 256);
  const root = await crypto.subtle.importKey("raw", await crypto.subtle.sign("HMAC", deviceKey, bits), "HKDF", false, ["deriveBits"]);
  return aes(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: bytesOf("umeed pin 1") }, root, 256));
}

async function wrapped(raw, pin, deviceKey, iterations) {
  if (!PIN.test(pin)) throw new RangeError("a PIN has six digits");
  const salt = random(16);
  const iv = random(12);
  const key = await wrapping(pin, salt, iterations, deviceKey);
  return { v: VERSION, salt, iterations, iv, key: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, raw)) };
}

async function unwrapped(lock, pin, deviceKey) {
  const isOfBefore = !lock.v && deviceKey.algorithm.name === "HMAC";
  const key = await (isOfBefore ? wrappingBefore : wrapping)(pin, lock.salt, lock.iterations, deviceKey);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: lock.iv }, key, lock.key));
  } catch {
    return null;
  }
}

/** How long after so many wrong PINs; five slips cost nothing. */
export const waitAfter = (wrong) => (wrong < FREE_TRIES ? 0 : WAITS[Math.min(wrong - FREE_TRIES, WAITS.length - 1)]);

/** Milliseconds until a PIN may be tried, of tries that were counted at `at`. */
export const mustWait = ({ wrong, at }, now) => Math.max(0, Math.min(at, now) + waitAfter(wrong) - now);

/**
 * The vault of one bookkeeper over her database (db.js): box "lock" holds {lock, device, tries} in the clear (of no worth without the PIN),
 * every other box sealed records.
 */
export class Vault {
  #key = null;

  constructor(store, { now = Date.now, iterations = ITERATIONS } = {}) {
    this.store = store;
    this.now = now;
    this.iterations = iterations;
  }

  get isOpen() {
    return this.#key !== null;
  }

  async make(pin) {
    const device = await makeDeviceKey();
    const raw = random(32);
    const lock = await wrapped(raw, pin, device, this.iterations);
    await this.store.write([["put", "lock", "device", device], ["put", "lock", "lock", lock], ["put", "lock", "tries", { wrong: 0, at: 0 }]]);
    this.#key = await aes(raw);
    raw.fill(0);
  }

  /** Milliseconds that a next try must wait. A clock that was set back lets the wait begin again, not last for years. */
  async wait() {
    const tries = await this.store.get("lock", "tries");
    const now = this.now();
    if (now < tries.at) await this.#counts({ ...tries, at: now });
    return Math.max(mustWait(tries, now), mustWait(uncounted, now));
  }

  async unlock(pin) {
    const raw = await this.#tried(pin);
    this.#key = await aes(raw);
    raw.fill(0);
  }

  lock() {
    this.#key = null;
  }

  async changePin(pin, next) {
    if (!PIN.test(next)) throw new RangeError("a PIN has six digits");
    const raw = await this.#tried(pin);
    const device = await this.store.get("lock", "device");
    await this.store.write([["put", "lock", "lock", await wrapped(raw, next, device, this.iterations)]]);
    raw.fill(0);
  }

  // The try is counted before it is made: taking the battery out does not give it back.
  async #tried(pin) {
    const wait = await this.wait();
    if (wait) throw new WrongPin(wait);
    const [lock, device, tries] = await this.store.many("lock", ["lock", "device", "tries"]);
    const counted = { wrong: Math.max(tries.wrong, uncounted.wrong) + 1, at: this.now() };
    await this.#counts(counted);
    const raw = await unwrapped(lock, pin, device);
    if (!raw) throw new WrongPin(waitAfter(counted.wrong), Math.max(0, FREE_TRIES - counted.wrong));
    const anew = lock.v === VERSION ? [] : await this.#anew(raw, pin);
    await this.#counts({ wrong: 0, at: 0 }, anew);
    return raw;
  }

  // Kept before the PIN is looked at, so that no reload takes a try back.
  async #counts(tries, besides = []) {
    try {
      await this.store.write([...besides, ["put", "lock", "tries", tries]]);
      uncounted = { wrong: 0, at: 0 };
    } catch (error) {
      if (error?.constructor?.name !== "StoreFull") throw error;
      uncounted = tries;
    }
  }

  async #anew(raw, pin) {
    const device = await makeDeviceKey();
    return [["put", "lock", "device", device], ["put", "lock", "lock", await wrapped(raw, pin, device, this.iterations)]];
  }

  /** A value sealed under the name of its record: put elsewhere, it does not open. */
  async seal(name, value) {
    if (!this.#key) throw new Locked();
    const iv = random(12);
    const isBytes = value instanceof Uint8Array;
    const what = { name: "AES-GCM", iv, additionalData: bytesOf(name) };
    const data = new Uint8Array(await crypto.subtle.encrypt(what, this.#key, isBytes ? value : bytesOf(JSON.stringify(value))));
    return isBytes ? { iv, data, isBytes } : { iv, data };
  }

  async open(name, sealed) {
    if (!this.#key) throw new Locked();
    const what = { name: "AES-GCM", iv: sealed.iv, additionalData: bytesOf(name) };
    try {
      const plain = new Uint8Array(await crypto.subtle.decrypt(what, this.#key, sealed.data));
      return sealed.isBytes ? plain : JSON.parse(textOf(plain));
    } catch (error) {
      throw new Unreadable(name, { cause: error });
    }
  }
}

/** The store (db.js) of a bookkeeper as her screens and the sync see it: the same answers, everything sealed underneath. */
export function sealedStore(store, vault) {
  const nameOf = (box, key) => `${box} ${key}`;
  const opened = (box, key, sealed) => (sealed === undefined ? undefined : vault.open(nameOf(box, key), sealed));
  return {
    name: store.name,
    get: async (box, key) => opened(box, key, await store.get(box, key)),
    many: async (box, keys) => Promise.all((await store.many(box, keys)).map((sealed, at) => opened(box, keys[at], sealed))),
    keys: (box) => store.keys(box),
    all: async (box) => Promise.all((await store.all(box)).map(async ([key, sealed]) => [key, await opened(box, key, sealed)])),
    write: async (changes, how) => store.write(await Promise.all(changes.map(async ([what, box, key, value]) =>
      (what === "put" ? [what, box, key, await vault.seal(nameOf(box, key), value)] : [what, box, key]))), how),
    close: () => store.close(),
  };
}
