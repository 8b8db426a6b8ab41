// Keeps the shell on the phone. The server says before this line which VERSION it is, which FILES it is made of, and at which
// addresses the LETTERS lie that a phone without a script asks for (as the style sheet on the server names them: as they are kept,
// by an address that changes with them). They are kept once they were asked for, across versions.
// A new version is fetched whole and waits until she takes it or the app is closed; work that waits to be sent, and what is half
// written, lie in IndexedDB and are not touched.
/* global VERSION, FILES, LETTERS */

const KEPT = `umeed-field ${VERSION}`;
const KEPT_LETTERS = "umeed-letters";
const KNOWN_LETTERS = new Set(Object.values(LETTERS));
const WORDS = /^\/field\/api\/words\/[a-z]+\.json$/;

const KINDS = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };

const fresh = (address) => new Request(address, { cache: "reload", credentials: "omit" });

/** Languages whose words an older version has kept: they are fetched anew with it. */
async function wordsKept() {
  const found = new Set();
  for (const name of await caches.keys()) {
    if (!name.startsWith("umeed-field ")) continue;
    for (const asked of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(asked.url);
      if (WORDS.test(pathname)) found.add(pathname);
    }
  }
  return [...found];
}

/** The files of this version, in one piece. The page itself is fetched as it is: its headers say what it may do. */
async function unpack(cache) {
  const got = await fetch(fresh(`/field/shell/${VERSION}.txt`));
  if (!got.ok) throw new Error(`the shell answered ${got.status}`);
  const keep = ([address, text]) => cache.put(address, new Response(text, { headers: { "Content-Type": KINDS[address.split(".").pop()] } }));
  const pieces = (await got.text()).split("\0");
  if (pieces.length % 2) throw new Error("the shell is not whole");
  await Promise.all(pieces.flatMap((piece, at) => (at % 2 ? [keep([pieces[at - 1], piece])] : [])));
}

async function install() {
  const cache = await caches.open(KEPT);
  await Promise.all([unpack(cache), cache.addAll(["/field/", ...(await wordsKept())].map(fresh))]);
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("umeed-field ") && name !== KEPT) await caches.delete(name);
  const letters = await caches.open(KEPT_LETTERS);
  for (const asked of await letters.keys()) if (!KNOWN_LETTERS.has(new URL(asked.url).pathname)) await letters.delete(asked);
  await self.clients.claim();
}

async function answer(request, address) {
  const isLetters = KNOWN_LETTERS.has(address);
  const cache = await caches.open(isLetters ? KEPT_LETTERS : KEPT);
  const found = await cache.match(address);
  if (found) return found;
  const got = await fetch(isLetters ? address : request);
  if (got.ok && !FILES.includes(address)) await cache.put(address, got.clone());
  return got;
}

// Sealed sheets that the app has left (store/postbox.js): sent when the network is back, also when nobody has the app open.
const POST = "umeed-post";

const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function sendPost() {
  const opening = indexedDB.open(POST);
  opening.onupgradeneeded = () => opening.transaction.abort(); // nothing was ever left
  const db = await done(opening).catch(() => null);
  if (!db) return;
  db.onversionchange = () => db.close();
  const troubles = [];
  try {
    const letters = db.transaction("letters").objectStore("letters");
    const [people, left] = await Promise.all([done(letters.getAllKeys()), done(letters.getAll())]);
    for (const [at, person] of people.entries()) for (const letter of left[at]) troubles.push(...(await sendLetter(db, person, letter)));
  } finally {
    db.close();
  }
  if (troubles.length) throw new Error(`the server answered ${troubles}`); // the browser tries again later
}

// Of one person those that lie there; she may have withdrawn some since.
const lieThere = async (letters, person) => (await done(letters.get(person))) || [];

// What the server does not take for what it is the app sends itself, and tells her why not. Answers the status that is none.
async function sendLetter(db, person, { what, bytes }) {
  const isIt = (one) => one.what.join() === what.join();
  if (!(await lieThere(db.transaction("letters").objectStore("letters"), person)).some(isIt)) return [];
  const got = await fetch("/field/api/carried", {
    method: "POST", body: bytes, headers: { "Content-Type": "application/octet-stream" }, credentials: "omit", cache: "no-store", redirect: "error",
    signal: AbortSignal.timeout(90_000),
  });
  if (!got.ok && ![400, 413, 422].includes(got.status)) return [got.status];
  const sealed = got.ok ? Uint8Array.from(atob((await got.json()).sealed), (one) => one.charCodeAt(0)) : null;
  const work = db.transaction(["letters", "answers"], "readwrite");
  const letters = work.objectStore("letters");
  const lie = await lieThere(letters, person);
  if (sealed && lie.length) work.objectStore("answers").put({ person, bytes: sealed }, crypto.randomUUID()); // else she has left
  letters.put(lie.filter((one) => !isIt(one)), person);
  await new Promise((resolve, reject) => { [work.oncomplete, work.onabort] = [resolve, () => reject(work.error)]; });
  return [];
}

self.addEventListener("sync", (event) => {
  if (event.tag === POST) event.waitUntil(navigator.locks.request(POST, sendPost));
});
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "use the new version") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const address = LETTERS[pathname] ?? pathname;
  if (FILES.includes(address) || KNOWN_LETTERS.has(address) || WORDS.test(address)) event.respondWith(answer(event.request, address));
});
