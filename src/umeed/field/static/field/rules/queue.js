// The loan queue: who asked first is served first, and what is decided has its reason. As in books/rules/queue.py.
//
// A request that waits, or was granted and not paid out yet, is {who, askedOn, paise, granted, promisedOn}; what a
// later meeting built on is {who, outcome, paise}, with the outcome "" where nothing was decided.

import { inOrder } from "../core/days.js";
import { rupees } from "../core/money.js";
import { aDay, refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { isSaid } from "./documents.js";
import { fieldOf } from "./held.js";
import { TWICE } from "./lending.js";

const UNKNOWN_REQUEST = N_("Nobody asked for this loan, or it is decided already.");
const BUILT_ON = N_(
  "A later meeting goes by what was decided on the request of %(name)s. Leave that as it was, or take the later " +
  "one back first.",
);
const WHY_REFUSED = N_("Say why: who asked must know.");
const PROMISED_BEFORE = N_("The day that is promised must come after this one.");
const NOT_GRANTED = N_("This request was not granted.");
const MORE_THAN_GRANTED = N_("%(amount)s was granted; this is more.");
const JUMP = N_("%(name)s asked before, on %(day)s. Say why this one comes first.");

/** Whether another decision leaves one as it was. Who was put off waits, as who was not decided on. */
function isAs(was, outcome, paise) {
  const waits = ["", "deferred"];
  if (waits.includes(was.outcome) || waits.includes(outcome)) {
    return waits.includes(was.outcome) && waits.includes(outcome);
  }
  return was.outcome === outcome && (was.paise || null) === (paise || null);
}

export const unknownRequest = (part, at) =>
  refusal(fieldOf(part, at, "request"), "unknown_request", UNKNOWN_REQUEST);

/** What a request's place in the queue goes by, as text: who asked first stands first; of one day, as they were
 *  written. */
export const placeOf = (askedOn, request) => `${askedOn} ${request}`;

/** Who is refused or put off is told why; a day that is promised lies ahead. */
export function whyNotDecided(at, one, on) {
  const reasons = [];
  if (["refused", "deferred"].includes(one.outcome) && !isSaid(one.why)) {
    reasons.push(refusal(fieldOf("decisions", at, "why"), "why_refused", WHY_REFUSED));
  }
  if (one.promised_on !== null && one.promised_on <= on) {
    reasons.push(refusal(fieldOf("decisions", at, "promised_on"), "promised_before", PROMISED_BEFORE));
  }
  return reasons;
}

/** Of a correction: what a later meeting built on stays as it was decided, and is not paid out a second time. */
export function whyNotAsDecided(held, builtOn, called) {
  const reasons = [];
  const now = new Map(held.decisions.map((one, at) => [one.request, { at, one }]));
  for (const [request, was] of builtOn) {
    const found = now.get(request);
    if (isAs(was, found?.one.outcome ?? "", found?.one.paise ?? null)) continue;
    const path = found ? fieldOf("decisions", found.at, "outcome") : null;
    reasons.push(refusal(path, "built_on", BUILT_ON, { name: called(was.who) }));
  }
  for (const [at, lent] of held.lendings.entries()) {
    if (!builtOn.has(lent.request)) continue;
    const said = { name: called(builtOn.get(lent.request).who) };
    reasons.push(refusal(fieldOf("lendings", at, "request"), "built_on", BUILT_ON, said));
  }
  return reasons;
}

/** Who is granted a loan while others with an earlier place wait on, has the reason beside her. */
export function whyNotBeforeOthers(held, waiting, called) {
  const still = stillWaiting(held, waiting);
  return held.decisions.flatMap((one, at) => {
    const hers = waiting.get(one.request);
    if (one.outcome !== "granted" || isSaid(one.jump_why) || !hers) return [];
    const place = placeOf(hers.askedOn, one.request);
    const passed = still.find((other) => other.place < place);
    if (!passed) return [];
    const said = { name: called(passed.who), day: aDay(passed.askedOn) };
    return [refusal(fieldOf("decisions", at, "jump_why"), "jump", JUMP, said)];
  });
}

/** Who waits when it is over, in the order of the queue: put off today, or nothing was decided on. */
function stillWaiting(held, waiting) {
  const decided = new Map(held.decisions.map((one) => [one.request, one.outcome]));
  return [...waiting]
    .filter(([key, one]) => (decided.get(key) ?? (one.granted === null ? "deferred" : "granted")) === "deferred")
    .map(([key, one]) => ({ ...one, place: placeOf(one.askedOn, key) }))
    .sort((one, two) => inOrder(one.place, two.place));
}

/** What is granted, by request. */
export function grantedIn(held) {
  return new Map(held.decisions.filter((one) => one.outcome === "granted").map((one) => [one.request, one]));
}

/** A loan that answers a request is theirs, was granted, and is no more than was granted. */
export function whyNotAsked(at, lent, who, waiting, granted, notTheirs) {
  if (lent.request === null) return [];
  const request = waiting.get(lent.request);
  if (!request) return [unknownRequest("lendings", at)];
  if (request.who !== who) return [notTheirs];
  const now = granted.get(lent.request);
  const most = now ? now.paise || request.paise : request.granted;
  if (most === null) return [refusal(fieldOf("lendings", at, "request"), "not_granted", NOT_GRANTED)];
  if (lent.paise <= most) return [];
  return [refusal(fieldOf("lendings", at, "paise"), "more_than_granted", MORE_THAN_GRANTED, { amount: rupees(most) })];
}

/** One request is answered by one loan. */
export function whyNotTwice(lendings) {
  const seen = new Set();
  return lendings.flatMap((lent, at) => {
    const isTwice = lent.request !== null && seen.has(lent.request);
    seen.add(lent.request);
    return isTwice ? [refusal(fieldOf("lendings", at, "request"), "twice", TWICE)] : [];
  });
}
