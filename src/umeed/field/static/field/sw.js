// Keeps the shell on the phone. The server says before this line which VERSION it is and which FILES it is made of.
// A new version is fetched whole and waits until the app says that no meeting is being written; work that waits to be sent
// lies in IndexedDB and is not touched.
/* global VERSION, FILES */

const KEPT = `umeed-field ${VERSION}`;
const WORDS = /^\/field\/api\/words\/[a-z]+\.json$/;

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

async function install() {
  const cache = await caches.open(KEPT);
  await cache.addAll([...FILES, ...(await wordsKept())].map(fresh));
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("umeed-field ") && name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

async function answer(request, address) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(address);
  if (found) return found;
  const got = await fetch(request);
  if (got.ok && WORDS.test(address)) await cache.put(address, got.clone());
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
  if (FILES.includes(pathname) || WORDS.test(pathname)) event.respondWith(answer(event.request, pathname));
});
