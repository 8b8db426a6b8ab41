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
