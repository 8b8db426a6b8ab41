// IndexedDB as promises: boxes of records by key, and changes that are durable all together or not at all.
// A store answers get(box, key), many(box, keys), all(box) → [[key, value]…], keys(box), write([["put", box, key, value] |
// ["delete", box, key] | ["clear", box]…], {durability}). Every other store (sealed.js, the simulator's) answers the same.

/** Boxes of a bookkeeper's database. A later version adds to this list; nothing that is kept is ever removed by an upgrade. */
export const BOXES = ["lock", "meta", "commands", "parts", "kept", "carried", "drafts", "pages"];
const VERSION = 1;

/** The phone has no room left; nothing of the write was kept, and nothing that was kept before is gone. */
export class StoreFull extends Error {}
/** The database cannot be had: closed by the browser, deleted elsewhere, or of a newer version of the app. */
export class StoreGone extends Error {}

/** What the browser says of a database that failed, in our words. */
export function plainly(error) {
  const names = [error?.name, error?.inner?.name, error?.cause?.name];
  const kind = names.includes("QuotaExceededError") ? StoreFull : StoreGone;
  return error instanceof StoreFull || error instanceof StoreGone ? error : new kind(String(error?.message || error), { cause: error });
}

const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(plainly(request.error));
});

export async function openDb(name, { boxes = BOXES, version = VERSION } = {}) {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => {
    for (const box of boxes) {
      if (!opening.result.objectStoreNames.contains(box)) opening.result.createObjectStore(box);
    }
  };
  const db = await answered(opening);
  // Another window upgrades or deletes it.
  db.onversionchange = () => db.close();
  const cleared = new Promise((resolve) => {
    db.onclose = resolve;
  });
  return { ...storeOf(db), cleared };
}

function storeOf(db) {
  const reading = (box, ask) => {
    try {
      return ask(db.transaction(box).objectStore(box));
    } catch (error) {
      return Promise.reject(plainly(error));
    }
  };
  return {
    name: db.name,
    get: (box, key) => reading(box, (from) => answered(from.get(key))),
    many: (box, keys) => reading(box, (from) => Promise.all(keys.map((key) => answered(from.get(key))))),
    keys: (box) => reading(box, (from) => answered(from.getAllKeys())),
    all: (box) => reading(box, async (from) => {
      const [keys, values] = await Promise.all([answered(from.getAllKeys()), answered(from.getAll())]);
      return keys.map((key, at) => [key, values[at]]);
    }),
    write: (changes, how) => written(db, changes, how),
    close: () => db.close(),
  };
}

// "strict": the promise is kept only when the data lie on the flash, not in the memory of a phone that dies. "relaxed" is for what is
// typed: it survives a kill of the app, and the next tap does not wait for the flash.
function written(db, changes, { durability = "strict" } = {}) {
  if (!changes.length) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let work;
    try {
      work = db.transaction([...new Set(changes.map(([, box]) => box))], "readwrite", { durability });
    } catch (error) {
      reject(plainly(error));
      return;
    }
    work.oncomplete = () => resolve();
    work.onabort = () => reject(plainly(work.error));
    try {
      for (const [what, box, key, value] of changes) {
        if (what === "put") work.objectStore(box).put(value, key);
        else if (what === "delete") work.objectStore(box).delete(key);
        else work.objectStore(box).clear();
      }
      work.commit?.(); // nothing more comes: it need not wait for our answer to the last change
    } catch (error) { // what cannot be kept at all: none of it is
      work.onabort = null;
      work.abort();
      reject(plainly(error));
    }
  });
}

export function deleteDb(name) {
  const going = indexedDB.deleteDatabase(name);
  return new Promise((resolve, reject) => {
    going.onsuccess = () => resolve();
    going.onerror = () => reject(plainly(going.error));
    going.onblocked = () => {}; // another tab hears onversionchange and leaves; then it succeeds
  });
}

/** Asks that the browser does not clear what is kept when the phone runs full; what it answered, and how much room there is. */
export async function room() {
  const manager = navigator.storage;
  if (!manager) return { isPersistent: false, usage: 0, quota: 0 };
  const isPersistent = (await manager.persisted?.()) || (await manager.persist?.()) || false;
  const { usage = 0, quota = 0 } = (await manager.estimate?.()) || {};
  return { isPersistent, usage, quota };
}
