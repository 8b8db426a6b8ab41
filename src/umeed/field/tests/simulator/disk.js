// The flash of a phone, and the store that one life of the app has on it: a write is there whole or not at all, a phone dies before or
// after it, a slow one ends later, a full one says so. Values are kept as text, so that nobody shares them by accident.

/** As store/db.js says it; the sync knows it by its name. */
export class StoreFull extends Error {}
export class Dead extends Error {}

export class Disk {
  constructor() {
    this.boxes = new Map();
    this.isFull = false;
  }

  box(name) {
    if (!this.boxes.has(name)) this.boxes.set(name, new Map());
    return this.boxes.get(name);
  }

  read(name, key) {
    const text = this.box(name).get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  values(name) {
    return [...this.box(name).values()].map((text) => JSON.parse(text));
  }

  keep(changes) {
    for (const [what, box, key, text] of changes) {
      if (what === "put") this.box(box).set(key, text);
      else if (what === "delete") this.box(box).delete(key);
      else this.box(box).clear();
    }
  }
}

/**
 * One life of the app: from when it was opened until it was killed. `fuse`: it dies at that write from now (null: not so), `isAfter` it or
 * before it. `isSlow()`: whether a write takes its time; it then ends by `endWrite`.
 */
export class Life {
  constructor(disk, counted, isSlow) {
    Object.assign(this, { disk, counted, isSlow, isDead: false, fuse: null, isAfter: false, pending: [] });
  }

  die() {
    this.isDead = true;
    for (const { refuse } of this.pending.splice(0)) refuse(new Dead());
  }

  store() {
    const { disk } = this;
    const reading = (work) => {
      this.counted.calls += 1;
      return this.isDead ? Promise.reject(new Dead()) : Promise.resolve(work());
    };
    return {
      get: (box, key) => reading(() => disk.read(box, key)),
      many: (box, keys) => reading(() => keys.map((key) => disk.read(box, key))),
      keys: (box) => reading(() => [...disk.box(box).keys()]),
      all: (box) => reading(() => [...disk.box(box)].map(([key, text]) => [key, JSON.parse(text)])),
      write: (changes) => this.#write(changes.map(([what, box, key, value]) => [what, box, key, value === undefined ? null : JSON.stringify(value)])),
    };
  }

  #write(changes) {
    this.counted.calls += 1;
    if (this.isDead) return Promise.reject(new Dead());
    if (this.disk.isFull && changes.some(([what]) => what === "put")) return Promise.reject(new StoreFull());
    if (this.fuse !== null && (this.fuse -= 1) < 0) {
      if (this.isAfter) this.disk.keep(changes);
      this.die();
      return Promise.reject(new Dead());
    }
    // A database ends its writes in their order.
    if (!this.pending.length && !this.isSlow()) {
      this.disk.keep(changes);
      return Promise.resolve();
    }
    return new Promise((resolve, refuse) => { this.pending.push({ changes, resolve, refuse }); });
  }

  /** A slow write ends, the oldest first, as a database does it. */
  endWrite() {
    const { changes, resolve } = this.pending.shift();
    this.disk.keep(changes);
    resolve();
  }
}
