// What waits, sealed and signed as if it were carried by hand, beside her own database: the worker (sw.js) cannot read it, and sends it
// when the network is back though the app is closed, where the browser lets it. What the server answers lies here until her PIN opens
// it. The commands themselves wait on in the outbox: what goes up twice is known the second time.

import { deleteDb, openDb } from "./db.js";

/** The worker knows these names too. */
const POST = "umeed-post";
const BOXES = ["letters", "answers"];

async function opened(work) {
  const store = await openDb(POST, { boxes: BOXES });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Letters of a person that lie there: [{what: names of the tries in it, bytes}]. */
export const lettersOf = (person) => opened(async (store) => (await store.get("letters", person)) || []);

/** Leaves these there, and no others of hers. */
export async function leave(person, letters) {
  await opened((store) => store.write([letters.length ? ["put", "letters", person, letters] : ["delete", "letters", person]]));
  const worker = letters.length ? await navigator.serviceWorker?.getRegistration() : null;
  await worker?.sync?.register(POST).catch(() => {}); // a browser that will not: then it goes when she opens the app
}

/** Gives `read` what the server has answered to letters of hers, one after the other; what was read goes. */
export const collect = (person, read) => opened(async (store) => {
  for (const key of await answersTo(store, person)) {
    await read((await store.get("answers", key)).bytes);
    await store.write([["delete", "answers", key]]);
  }
});

/** Nothing of hers stays. */
export async function clear(person) {
  const left = await opened(async (store) => {
    const answers = await answersTo(store, person);
    await store.write([["delete", "letters", person], ...answers.map((key) => ["delete", "answers", key])]);
    return (await Promise.all(BOXES.map((box) => store.keys(box)))).flat();
  });
  if (!left.length) await deleteDb(POST);
}

const answersTo = async (store, person) => (await store.all("answers")).filter(([, answer]) => answer.person === person).map(([key]) => key);
