// Who asked for a loan and waits: for a meeting (books/meetings/queue.py), and as every woman can read it
// (books/registers/queue.py).

import { addDays, inOrder } from "../core/days.js";
import { calledOf } from "./parts.js";

const OUT = ["refused", "withdrawn"];
/** How long the reason of a jump stays on the page. */
const JUMPS_FOR = 365;

const byPlace = (one, two) => inOrder(one.asked_on, two.asked_on) || inOrder(one.id, two.id);
const inTime = (one, two) => inOrder(one.decided_on, two.decided_on);

/** {waiting: Map {request: {who, askedOn, paise, granted, promisedOn}}, builtOn: Map {request: {who, outcome, paise}}}:
 *  the queue on a day, as if a meeting (`said`, its document) had not been: what it asked is not there, and what it
 *  decided and paid out waits; what a later one built on is told. */
export function queueBefore(book, on, said = null) {
  const own = ownOf(said ?? {});
  const isOpen = (one) => one.loan === null || own.of.has(one.id);
  const asked = book.asked.filter((one) => isOpen(one) && one.asked_on <= on).sort(byPlace);
  const [last, promised] = [new Map(), new Map()];
  const later = new Set(asked.filter((one) => one.loan !== null && !own.lent.has(one.loan)).map((one) => one.id));
  const about = new Set(asked.map((one) => one.id));
  for (const one of book.decided.filter((row) => about.has(row.request) && !own.decided.has(row.id)).sort(inTime)) {
    if (own.of.has(one.request) && one.decided_on > on) later.add(one.request);
    else last.set(one.request, one);
    if (one.promised_on && one.decided_on <= on) promised.set(one.request, one.promised_on);
  }
  const waiting = new Map();
  for (const one of asked) {
    const granted = grantedOf(one, last.get(one.id));
    if (own.asked.has(one.id) || granted === "gone") continue;
    waiting.set(one.id, {
      who: one.woman, askedOn: one.asked_on, paise: one.amount_paise, granted,
      promisedOn: promised.get(one.id) ?? null,
    });
  }
  const builtOn = asked.filter((one) => later.has(one.id))
    .map((one) => [one.id, { who: one.woman, ...(own.outcome.get(one.id) ?? { outcome: "", paise: null }) }]);
  return { waiting, builtOn: new Map(builtOn) };
}

/** What was granted and not paid out; null of what waits, "gone" of what waits no longer. */
function grantedOf(asked, decision) {
  if (!decision || decision.outcome === "deferred") return null;
  return decision.outcome === "granted" ? decision.amount_paise || asked.amount_paise : "gone";
}

/** Of the meeting that is corrected: what it asked, decided (by id, and by request) and paid out. */
function ownOf(said) {
  const { requests = [], decisions = [], lendings = [] } = said;
  const asked = new Set(requests.map((one) => one.id));
  const outcome = new Map(decisions.map((one) => [one.request, { outcome: one.outcome, paise: one.paise ?? null }]));
  const paid = lendings.map((one) => one.request).filter(Boolean);
  return {
    asked, outcome, decided: new Set(decisions.map((one) => one.id)), lent: new Set(lendings.map((one) => one.loan)),
    of: new Set([...asked, ...outcome.keys(), ...paid]),
  };
}

/** {waiting, jumps}: who waits on a day, in the order of asking, [{place, request, woman, name, askedOn, paise,
 *  purpose, outcome: null | "granted" | "deferred", promisedOn, reason}]; and who was granted a loan in the last year
 *  while others with an earlier place waited, [{request, woman, name, askedOn, grantedOn, paise, before: [names],
 *  reason}]. */
export function loanQueue(book, on) {
  const asked = book.asked.filter((one) => one.asked_on <= on).sort(byPlace);
  const decided = book.decided.filter((one) => one.decided_on <= on).sort(inTime);
  const of = (request) => decided.filter((one) => one.request === request.id);
  const lent = lentOn(book, on);
  const waits = asked.filter((one) => !lent.has(one.id) && !OUT.includes(of(one).at(-1)?.outcome));
  const waiting = waits.map((one, at) => ({ place: at + 1, ...told(book, one), ...standsOf(one, of(one)) }));
  return { waiting, jumps: asked.flatMap((one, at) => jumpOf(book, asked.slice(0, at), one, { of, lent, on })) };
}

/** Map {request: the day on which its loan was paid out}. */
const lentOn = (book, on) => new Map(
  book.loans.filter((loan) => loan.request && loan.lent_on <= on).map((loan) => [loan.request, loan.lent_on]),
);

const told = (book, one) => ({
  request: one.id, woman: one.woman, name: calledOf(book, one.woman), askedOn: one.asked_on, paise: one.amount_paise,
  purpose: one.purpose,
});

function standsOf(asked, decisions) {
  const last = decisions.at(-1);
  return {
    outcome: last?.outcome ?? null, promisedOn: decisions.findLast((one) => one.promised_on)?.promised_on ?? null,
    reason: last ? last.why || last.jump_why : asked.note,
  };
}

function jumpOf(book, earlier, one, { of, lent, on }) {
  const grant = of(one).find((decision) => decision.outcome === "granted");
  if (!grant || grant.decided_on < addDays(on, -JUMPS_FOR)) return [];
  const before = earlier.filter((other) => waited(of(other), lent.get(other.id), grant.decided_on));
  const names = before.map((other) => calledOf(book, other.woman));
  const jump = { ...told(book, one), grantedOn: grant.decided_on, before: names, reason: grant.jump_why };
  return names.length ? [jump] : [];
}

/** Whether a request still waited at the end of a day: neither granted nor refused by then. */
function waited(decisions, paidOn, on) {
  if (paidOn && paidOn <= on) return false;
  const last = decisions.filter((one) => one.decided_on <= on).at(-1);
  return !last || last.outcome === "deferred";
}
