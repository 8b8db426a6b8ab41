// What waits, sealed and signed as if it were carried by hand, beside her own database: the worker (sw.js) cannot read it, and sends it
// when the network is back though the app is closed, where the browser lets it. What the server answers lies here until her PIN opens
// it. The commands themselves wait on in the outbox: what goes up twice is known the second time.

import { openDb } from "./db.js";

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
export const leave = (person, letters) => opened((store) => store.write([letters.length ? ["put", "letters", person, letters] : ["delete", "letters", person]]));

/** Asks the browser to wake the worker when there is a network. One that will not: then they go when she opens the app. */
export async function wake() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register(POST).catch(() => {});
}

/** Gives `read` what the server has answered to letters of hers, one after the other; what was read goes. How many there were. */
export const collect = (person, read) => opened(async (store) => {
  const answers = await answersTo(store, person);
  for (const key of answers) {
    await read((await store.get("answers", key)).bytes);
    await store.write([["delete", "answers", key]]);
  }
  return answers.length;
});

/** Nothing of hers stays. */
export const clear = (person) => opened(async (store) => {
  const answers = await answersTo(store, person);
  await store.write([["delete", "letters", person], ...answers.map((key) => ["delete", "answers", key])]);
});

const answersTo = async (store, person) => (await store.all("answers")).filter(([, answer]) => answer.person === person).map(([key]) => key);
