// What the phone says, in the language that was chosen. English is what the code says; other catalogues come from the server and
// are kept by the service worker. tc("attendance", "Present") tells apart what one English word means in two places.

export const LANGUAGES = [["en", "English"], ["hi", "हिन्दी"], ["ur", "اردو"]];
const RIGHT_TO_LEFT = new Set(["ur", "ks", "ar"]);
// Of which font its letters are, and one that it has.
const LETTERS = { hi: ["Umeed Devanagari", "\u0915"], ur: ["Umeed Nastaliq", "\u0627"] };
const NAMES = ["Umeed Names", "\u0915\u0627"];
const LETTERS_MS = 6000;
const ARABIC = /[\u0600-\u06ff]/;
const CHOSEN = "umeed-field-language";
let words = {};
export let language = "en";
export let dir = "ltr";

/** Marks a text for the catalogues and returns it unchanged. (A declaration: modules that read each other need it early.) */
export function N_(text) {
  return text;
}

const isSpoken = (asked) => LANGUAGES.some(([key]) => key === asked);

// Of the browser's languages the first that is spoken here, or that has a nearest one that is (core/nearest.py):
// [asked, spoken, what the asked one is called].
function askedAndSpoken() {
  const told = (document.documentElement.dataset.nearest || "").split(" ").map((one) => one.split("="));
  const nearest = new Map(told.map(([asked, ...of]) => [asked, of]));
  const asked = navigator.languages.map((one) => one.split("-")[0]).find((one) => isSpoken(one) || nearest.has(one));
  return isSpoken(asked) || !asked ? [asked, asked || "en"] : [asked, ...nearest.get(asked)];
}

function chosenHere() {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

/** The language of this phone: chosen here before, or the browser's own, or the nearest to it. */
export const languageHere = () => chosenHere() || askedAndSpoken()[1];

/** What the browser's own language is called, where it is not spoken here and no other was chosen; else empty. */
export function notSpoken() {
  const called = askedAndSpoken()[2];
  return chosenHere() || !called ? "" : translated(called);
}

/** Speaks a language from now on; where its words cannot be had it stays with the one that is spoken. `isChosen`: also the next time.
    Answers which it is. */
export async function speak(chosen, isChosen = false) {
  try {
    const found = chosen === "en" ? {} : await (await fetch(`/field/api/words/${chosen}.json`)).json();
    await letters(LETTERS[chosen]);
    words = found;
    language = chosen;
  } catch {
    return language;
  }
  dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  document.documentElement.lang = language;
  document.documentElement.dir = dir;
  if (isChosen) localStorage.setItem(CHOSEN, chosen);
  return language;
}

/** The letters of the languages' own names, and of women's. */
export const lettersOfNames = () => letters(NAMES);

// Letters are here before anything is drawn with them: what Chromium has drawn as boxes stays so, also when they come.
// A phone that has them itself waits for nothing, and no phone for long.
async function letters(wanted) {
  if (!wanted) return;
  const [family, some] = wanted;
  const come = [400, 700].map((weight) => document.fonts.load(`${weight} 1em "${family}"`, some));
  await Promise.race([Promise.allSettled(come), new Promise((done) => setTimeout(done, LETTERS_MS))]);
}

/** A catalogue by hand: for tests of what is said. */
export function use(catalogue, chosen) {
  words = catalogue;
  language = chosen;
  dir = RIGHT_TO_LEFT.has(chosen) ? "rtl" : "ltr";
}

// What is filled into a line from right to left stands by itself: an amount or a Latin name is not turned round.
function fill(text, values) {
  const isolate = ARABIC.test(text);
  return text.replace(/%\((\w+)\)s|%%/g, (slot, name) => {
    if (!name) return "%";
    if (!values || !(name in values)) return slot;
    return isolate ? `\u2068${values[name]}\u2069` : String(values[name]);
  });
}

const bare = (msgid) => msgid.slice(msgid.indexOf("\u0004") + 1);
const one = (found) => (Array.isArray(found) ? found[0] : found);
const counted = new Intl.NumberFormat("en-IN");

/** A text as the catalogue has it, its slots unfilled: what `message` of refusals.js asks for. */
export const translated = (msgid) => one(words[msgid]) || bare(msgid);

/** t("%(came)s of %(all)s women came.", {came, all}) */
export const t = (msgid, values) => fill(translated(msgid), values);

/** The same with gettext's context. */
export const tc = (context, msgid, values) => fill(translated(`${context}\u0004${msgid}`), values);

/** One sentence about one, another about any other number. The number fills %(count)s, and %(n)s or %(days)s where the catalogue has the
    sentence of a page so. */
export const plural = (single, many, count, values) => numbered(single, single, many, count, values);

/** Plural with gettext's context. */
export const pluralc = (context, single, many, count, values) => numbered(`${context}\u0004${single}`, single, many, count, values);

function numbered(msgid, single, many, count, values) {
  const found = words[msgid];
  const text = Array.isArray(found) ? found[count === 1 ? 0 : 1] || found[0] : count === 1 ? single : many;
  const said = counted.format(count);
  return fill(text, { count: said, n: said, days: said, ...values });
}

/** What runs from left to right whatever stands around it: a sign of money or a minus stays before its number. */
export const ltr = (text) => (dir === "rtl" ? `\u2066${text}\u2069` : text);

/** Several in one line. */
export const listed = (items) => [...items].join(tc("between the items of a list", ", "));
