// What is asked of a meeting as of any day on which money moved: when it was held, its other receipts and payments, the
// cash at its end. Plain values in, every reason at once out; as in books/rules/held.py.

import { daysBetween } from "../core/days.js";
import { rupees } from "../core/money.js";
import { aDay, refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { isSaid } from "./documents.js";

const FUTURE = N_("%(day)s has not come yet.");
const BEFORE_BOOK = N_("The book is kept since %(since)s; this is earlier.");
const LOCKED = N_("The month of %(day)s is closed in this book.");
const LOCKED_MEETING = N_(
  "The month of %(day)s is closed in this book: nothing more is written in it. Write this one as an extra meeting " +
  "on a day of an open month, and say under “What was decided” when it was held.",
);
const NUMBER_TAKEN = N_(
  "Meeting %(number)s stands in the book already, held on %(day)s. Another one takes the next number, %(next)s, " +
  "also one that was forgotten.",
);
const NUMBER_GAP = N_("The last meeting in the book is %(last)s; this one says %(number)s. Is one missing?");
const NUMBER_NEEDED = N_("A meeting that was held has a number.");
const EARLIER = N_(
  "Meeting %(number)s was held on %(day)s already; this one must be later, or take the next number, %(next)s.",
);
const LATER = N_(
  "Meeting %(number)s was held on %(day)s; this one must be earlier, or take the next number, %(next)s.",
);
const SAME_DAY = N_("Meeting %(number)s was held on this day already.");
const FORGOTTEN = N_("Meeting %(number)s was held on %(day)s already. Was this one forgotten then?");
const COUNTED_SINCE = N_(
  "In meeting %(number)s of %(day)s the cash was counted without this one: by the book %(apart)s more is in the " +
  "box since. Is it so? If a difference was written there because of it, correct that meeting next.",
);
const COUNTED_SINCE_LESS = N_(
  "In meeting %(number)s of %(day)s the cash was counted without this one: by the book %(apart)s less is in the " +
  "box since. Is it so? If a difference was written there because of it, correct that meeting next.",
);
const MORE_THAN_WEEKS = N_("%(count)s meetings are more than the group can have held since %(since)s.");
const MISSED_WITH = N_("No money moves in a meeting that was not held. Call it an extra meeting instead.");
const MISSED_WHY = N_("Say why the meeting was not held.");
const NOT_A_MEMBER = N_("%(name)s was not a member on %(day)s.");
const SHE_WAS_NONE = N_("She was not a member on %(day)s.");
const OTHER_HEAD = N_("This is none of the receipts and payments of a meeting.");
const WOMAN_NEEDED = N_("Say which woman it is about.");
const NO_WOMAN = N_("This is about no woman.");
const FAR_MORE = N_("%(amount)s is far more than cash and bank of this book hold together, %(has)s. Is it right?");
const BOX = N_("The box holds %(has)s and %(needs)s is paid out of it.");
const BANK = N_("The bank holds %(has)s and %(needs)s is taken from it.");
const COUNT = N_("Count the cash and write how much there is.");
const DIFFERENCE = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s more.");
const DIFFERENCE_LESS = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s less.");

// A receipt beyond both, so many times what cash and bank hold and this sum, is asked about: a nought too many.
const FAR = 20;
const MUCH_MONEY = 1_00_000_00;

/** The path of a field in the document. */
export function fieldOf(part, at, name) {
  return `${part}.${at}.${name}`;
}

/** Reasons that lie in its day and number. Of a closed month nothing that was held is lost: it is told how. */
export function whyNotThen(held, facts) {
  if (held.kind === "missed") return whyNotOnDay(held.on, facts);
  return [...whyNotOnDay(held.on, facts, facts.whyLocked ?? LOCKED_MEETING), ...number(held, facts)];
}

/** Reasons that lie in the day alone; `locked` is what is said of a closed month. */
export function whyNotOnDay(on, facts, locked = LOCKED) {
  const since = facts.since > facts.formedOn ? facts.since : facts.formedOn;
  if (on > facts.today) return [refusal("on", "future", FUTURE, { day: aDay(on) })];
  if (on < since) return [refusal("on", "before_the_book", BEFORE_BOOK, { since: aDay(since) })];
  return facts.isMonthLocked ? [refusal("on", "month_locked", locked, { day: aDay(on) })] : [];
}

function number(held, facts) {
  if (held.number === null) return [refusal("number", "number_missing", NUMBER_NEEDED)];
  const next = facts.lastNumber + 1;
  if (facts.sameNumber) {
    const [taken, day] = facts.sameNumber;
    return [refusal("number", "number_taken", NUMBER_TAKEN, { number: taken, day: aDay(day), next })];
  }
  if (facts.sameDay) return [refusal("on", "same_day", SAME_DAY, { number: facts.sameDay[0] })];
  const reasons = order(held, facts, next);
  if (held.number > next) {
    const said = { last: facts.lastNumber, number: held.number };
    reasons.push(refusal("number", "number_gap", NUMBER_GAP, said, "warn"));
  }
  const possible = Math.floor((daysBetween(facts.formedOn, held.on) * facts.meetingsAYear) / 364) + 1;
  if (held.number > possible && held.kind === "regular" && !reasons.some((one) => one.code === "forgotten")) {
    const said = { count: held.number, since: aDay(facts.formedOn) };
    reasons.push(refusal("number", "more_than_weeks", MORE_THAN_WEEKS, said, "warn"));
  }
  return reasons;
}

/** M1: days follow numbers. One that was forgotten takes the next number and keeps its own day; since a wrong day or
 *  number looks the same, it is asked about. */
function order(held, facts, next) {
  const { earlier, later } = facts;
  if (earlier && held.on <= earlier[1] && held.number > facts.lastNumber) {
    return [refusal("on", "forgotten", FORGOTTEN, { number: earlier[0], day: aDay(earlier[1]) }, "warn")];
  }
  const outOfOrder = (neighbour, text) =>
    refusal("on", "out_of_order", text, { number: neighbour[0], day: aDay(neighbour[1]), next });
  return [
    ...(earlier && earlier[1] >= held.on ? [outOfOrder(earlier, EARLIER)] : []),
    ...(later && later[1] <= held.on ? [outOfOrder(later, LATER)] : []),
  ];
}

/** In one that was not held no money moves, and the reason is said. */
export function whyNotMissed(moved, why) {
  const reasons = moved ? [refusal("kind", "missed_with_money", MISSED_WITH)] : [];
  return isSaid(why) ? reasons : [...reasons, refusal("why", "why_missed", MISSED_WHY)];
}

export function notAMember(path, woman, on, facts) {
  const name = facts.called.get(woman);
  const said = name ? { name, day: aDay(on) } : { day: aDay(on) };
  return refusal(path, "not_a_member", name ? NOT_A_MEMBER : SHE_WAS_NONE, said);
}

/** A woman who was no member on the day. */
export function stranger(part, at, woman, on, facts) {
  return woman === null || facts.members.has(woman) ? [] : [notAMember(fieldOf(part, at, "woman"), woman, on, facts)];
}

/** Cash for who is not there goes along with somebody, who is named. */
export function whoTook(part, at, one, text, name) {
  return one.mode !== "cash" || isSaid(one.by) ? [] : [refusal(fieldOf(part, at, "by"), "who_took", text, { name })];
}

/** Other receipts and payments: under heads that are offered, with a woman where the head names one. */
export function whyNotMoved(held, facts) {
  const asked = (part, heads) => held[part].flatMap((one, at) => {
    if (!heads.has(one.head)) return [refusal(fieldOf(part, at, "head"), "other_head", OTHER_HEAD)];
    return movedUnder(part, at, one, held, facts);
  });
  return [...asked("receipts", facts.receipts), ...asked("payments", facts.payments)];
}

function movedUnder(part, at, one, held, facts) {
  const reasons = [];
  if (facts.aboutWoman.has(one.head) !== (one.woman !== null)) {
    reasons.push(refusal(fieldOf(part, at, "woman"), "woman", one.woman ? NO_WOMAN : WOMAN_NEEDED));
  }
  reasons.push(...stranger(part, at, one.woman, held.on, facts));
  if (part === "receipts") reasons.push(...farMore(fieldOf(part, at, "paise"), one.paise, facts.cash + facts.bank));
  return reasons;
}

/** What comes in, asked about when it is far more than there is. */
export function farMore(path, paise, has) {
  if (paise <= Math.max(MUCH_MONEY, FAR * has)) return [];
  return [refusal(path, "far_more", FAR_MORE, { amount: rupees(paise), has: rupees(has) }, "warn")];
}

/** Of each body, no more than `waits` (a Map). */
export function noMoreThan(part, code, text, rows, waits) {
  const sums = new Map();
  return rows.flatMap((one, at) => {
    sums.set(one.body, (sums.get(one.body) ?? 0) + one.paise);
    const most = Math.max(0, waits.get(one.body) ?? 0);
    if (sums.get(one.body) <= most) return [];
    return [refusal(fieldOf(part, at, "paise"), code, text, { amount: rupees(most) })];
  });
}

/** Whether the reason that was written is about this difference; one without a sum is about whatever there is. */
export function isExplained(held, apart) {
  return isSaid(held.difference_why) && (held.difference === null || held.difference === apart);
}

/** Box and bank hold what leaves them; the cash is counted, and a difference explained. */
export function whyNotCash(held, facts, tally) {
  const reasons = [];
  const box = facts.cash + tally.cashIn - tally.cashOut;
  if (box < 0) {
    const said = { has: rupees(facts.cash + tally.cashIn), needs: rupees(tally.cashOut) };
    reasons.push(refusal("counted", "box", BOX, said));
  }
  if (facts.bank + tally.bankIn - tally.bankOut < 0) {
    const said = { has: rupees(facts.bank + tally.bankIn), needs: rupees(tally.bankOut) };
    reasons.push(refusal("withdrawal", "bank", BANK, said));
  }
  return [...reasons, ...counted(held, box), ...countedSince(held, facts)];
}

function counted(held, box) {
  if (held.counted === null) return [refusal("counted", "count", COUNT)];
  const apart = held.counted - box;
  if (!apart || isExplained(held, apart)) return [];
  const said = { counted: rupees(held.counted), must: rupees(box), apart: rupees(Math.abs(apart)) };
  return [refusal("difference_why", "difference", apart > 0 ? DIFFERENCE : DIFFERENCE_LESS, said)];
}

/** M3 of those that follow one that comes late: their sheets stay as they are, the box of the book does not. */
function countedSince(held, facts) {
  return boxSince(held.counted === null ? 0 : held.counted - facts.cash, facts.countedSince, "counted");
}

/** The question about cash that moved before a day on which the box was counted without it. */
export function boxSince(moved, since, field) {
  if (!since || !moved) return [];
  const said = { number: since[0], day: aDay(since[1]), apart: rupees(Math.abs(moved)) };
  return [refusal(field, "counted_since", moved > 0 ? COUNTED_SINCE : COUNTED_SINCE_LESS, said, "warn")];
}
