// The worker of a phone, as the browser wakes it when the network is back: the product's own sw.js, with a database and a network that may
// fail it at any step. It has nothing of hers but what the app left in the boxes "letters" and "answers".

import { made as workerOf } from "../../made/static/field/sw.js";

const TAG = "umeed-post";
// So many turns of promises after which a transaction that is asked nothing more ends.
const NOTHING_MORE = 8;

export class Worker {
  #said = 0;

  /** `fuse`: it dies at that step, which is a question to its database, the end of a write, or a letter. */
  constructor(phone, fuse, world) {
    Object.assign(this, { phone, fuse, world, disk: phone.disk, isDead: false, hears: {} });
    const self = { addEventListener: (event, heard) => { this.hears[event] = heard; } };
    const navigator = { locks: { request: (_name, work) => work() } };
    workerOf({}, {
      self, navigator, indexedDB: { open: () => this.#open() }, fetch: (_address, { body }) => this.#fetch(body),
      crypto: { randomUUID: () => `${phone.token} ${world.happened} ${(this.#said += 1)}` }, AbortSignal: { timeout: () => null },
      atob: (text) => text, Uint8Array: { from: (text) => text }, LETTERS: {}, FILES: [], VERSION: "1",
    });
  }

  /** Until all was sent, or it failed. */
  wake() {
    return new Promise((resolve, reject) => {
      this.hears.sync({ tag: TAG, waitUntil: (work) => work.finally(() => this.#rest()).then(resolve, reject) });
    });
  }

  /** Nothing goes on in it any more. */
  die() {
    this.isDead = true;
    if (this.disk.holder === this) this.disk.holder = null;
    this.#rest();
  }

  #rest() {
    if (this.phone.worker === this) this.phone.worker = null;
  }

  /** Whether it lives on after one step more. */
  #steps() {
    this.world.counted.calls += 1;
    if (!this.isDead && (this.fuse -= 1) < 0) this.die();
    return !this.isDead;
  }

  async #fetch(body) {
    if (!this.#steps()) return new Promise(() => {});
    const { status, sealed } = await this.world.letterWire(this.phone, body);
    if (!this.#steps()) return new Promise(() => {});
    return { status, ok: status === 200, json: async () => ({ sealed }) };
  }

  // The database -----------------------------------------------------------------------------------------------------------

  #asked(work) {
    const asked = {};
    Promise.resolve().then(() => this.#steps() && work(asked));
    return asked;
  }

  #open() {
    return this.#asked((asked) => {
      asked.result = { transaction: (_boxes, mode) => this.#transaction(mode === "readwrite"), close: () => {} };
      asked.transaction = { abort: () => { asked.isAborted = true; } };
      if (!this.disk.boxes.has("letters")) asked.onupgradeneeded();
      if (asked.isAborted) asked.onerror();
      else asked.onsuccess();
    });
  }

  /** One that writes is alone from its first question to its end, and is there whole or not at all. */
  #transaction(isWriting) {
    const work = { error: null, changes: [], turns: 0 };
    const ask = (answer) => this.#asked(async (asked) => {
      work.turns = 0;
      if (isWriting && this.disk.holder !== this) this.#begin(work);
      asked.result = answer();
      asked.onsuccess();
    });
    work.objectStore = (box) => ({
      get: (key) => ask(() => this.disk.read(box, key)),
      getAll: () => ask(() => this.disk.values(box)),
      getAllKeys: () => ask(() => [...this.disk.box(box).keys()]),
      put: (value, key) => { work.changes.push(["put", box, key, JSON.stringify(value)]); },
    });
    return work;
  }

  async #begin(work) {
    this.disk.holder = this;
    while (work.turns < NOTHING_MORE) {
      work.turns += 1;
      await null;
    }
    if (!this.#steps()) return;
    this.disk.holder = null;
    if (this.disk.isFull) work.onabort();
    else {
      this.disk.keep(work.changes);
      work.oncomplete();
    }
  }
}
