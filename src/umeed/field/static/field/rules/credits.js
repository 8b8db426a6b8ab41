// A bank's cash credit: its limit as it was said, day by day, and what of it is left. The same as
// books/rules/credits.py and the pure part of books/ledger/credits.py.
//
// Its limit is said when it begins, and again at each renewal: higher, lower, or that it is ended. What is drawn stands
// within the limit at the end of every day, also of later ones: a drawing that comes late moves every day after it.
//
// A credit is {on, owed, limit, limits, moved}: as it runs from the end of a day on. `limit` holds on that day, null
// while it is not known; `limits` and `moved` (what is drawn less what is repaid) are [[day, paise]] of later days. A
// room is {left, on}: what is left of a limit on a day; below nothing what is drawn above it.

import { earliest, inOrder, latest } from "../core/days.js";
import { rupees } from "../core/money.js";
import { aDay, refusal, warning } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { readCarried } from "./carried.js";
import { BY_KEY } from "./heads.js";

const NO_LIMIT = N_("Write up to how much the bank lets draw.");
const LARGE = N_("This is more than any book here can hold.");
const FUTURE = N_("%(day)s has not come yet.");
const BEFORE = N_("The cash credit stands in this book since %(day)s; its limit is said for that day or later.");
const SAME = N_("This is its limit on %(day)s already.");
const DRAWN_MORE = N_("%(amount)s is drawn on %(day)s, more than this limit. Is it right?");
const STILL_OWED = N_("%(amount)s is owed on %(day)s: it is repaid first.");
const INTEREST_OWED = N_("%(amount)s of interest is due: it is paid first.");
const INTEREST_RUN = N_("%(amount)s of interest has run since it was last due: it is paid first.");
const FAR_MORE = N_("%(amount)s is more than is usually lent with %(own)s of own money, %(usual)s. Is it right?");
const SAID_LATER = N_("Another limit was said on %(day)s: it ends after that day.");
const BROKEN = N_("Of the cash credit %(less)s more than its limit would be drawn on %(day)s.");

/** More is a slip of the finger: rules/sheets.py. */
const MOST_PAISE = 1e15;
/** What banks lend to a group at least by its third year, and how many times its own corpus in the second (DAY-NRLM's
 *  terms of bank loans): an amount beyond both is asked about, a nought too many. */
export const USUAL_LIMIT = 6_00_000_00;
export const TIMES_OF_OWN = 8;

/** The question about what a bank or others lend, or a limit up to which they do. `own` is what the book holds without
 *  what it borrowed. */
export function farMore(paise, own, field) {
  const usual = Math.max(USUAL_LIMIT, TIMES_OF_OWN * own);
  if (paise <= usual) return [];
  const said = { amount: rupees(paise), own: rupees(Math.max(0, own)), usual: rupees(usual) };
  return [warning(field, "far_more", FAR_MORE, said)];
}

/** [[day, what is owed, the limit]] at the end of this day and of each later one on which either changes. */
export function creditDays(credit) {
  let { owed, limit } = credit;
  const limits = new Map(credit.limits);
  const later = [...new Set([...credit.limits, ...credit.moved].map(([day]) => day))].sort(inOrder);
  return [[credit.on, owed, limit], ...later.map((day) => {
    for (const [on, paise] of credit.moved) if (on === day) owed += paise;
    limit = limits.has(day) ? limits.get(day) : limit;
    return [day, owed, limit];
  })];
}

/** The least that is left to be drawn at the end of any day from this one on; null while no limit is known. */
export function leastLeft(credit) {
  const rooms = creditDays(credit).filter(([, , limit]) => limit !== null);
  return rooms.reduce((least, [on, owed, limit]) =>
    least && least.left <= limit - owed ? least : { left: limit - owed, on }, null);
}

/** The first day on which it would stand above its limit by what is drawn more from this day on. */
export function firstAbove(credit, more) {
  const broken = creditDays(credit).find(([, owed, limit]) => limit !== null && owed <= limit && limit < owed + more);
  return broken ? { left: broken[2] - broken[1] - more, on: broken[0] } : null;
}

/** Every reason and question about a new limit from the credit's day on. `since` is when the credit came, `own` what
 *  the book holds of its own (`farMore`). */
export function whyNotLimit(credit, paise, { today, since, own }) {
  const reasons = whyNotThen(credit.on, today, since);
  if (!paise || paise < 0) return [...reasons, refusal("limit", "no_limit", NO_LIMIT)];
  if (paise > MOST_PAISE) return [...reasons, refusal("limit", "too_large", LARGE)];
  if (paise === credit.limit) reasons.push(refusal("limit", "same", SAME, { day: aDay(credit.on) }));
  reasons.push(...farMore(paise, own, "limit"));
  const most = mostOwed(credit, earliest(credit.limits.map(([day]) => day)));
  if (most.left > paise) {
    reasons.push(warning("limit", "drawn_more", DRAWN_MORE, { amount: rupees(most.left), day: aDay(most.on) }));
  }
  return reasons;
}

/** Every reason why a cash credit cannot be ended on the credit's day. `interest` is what is due of it, `run` what has
 *  run since. */
export function whyNotEnd(credit, interest, run, { today, since }) {
  const reasons = whyNotThen(credit.on, today, since);
  const most = mostOwed(credit);
  const not = (code, text, values) => reasons.push(refusal("since", code, text, values));
  if (most.left > 0) not("still_owed", STILL_OWED, { amount: rupees(most.left), day: aDay(most.on) });
  if (interest > 0) not("interest_owed", INTEREST_OWED, { amount: rupees(interest) });
  if (run > 0) not("interest_run", INTEREST_RUN, { amount: rupees(run) });
  if (credit.limits.length) not("said_later", SAID_LATER, { day: aDay(latest(credit.limits.map(([day]) => day))) });
  return reasons;
}

function whyNotThen(on, today, since) {
  if (on > today) return [refusal("since", "future", FUTURE, { day: aDay(on) })];
  return on < since ? [refusal("since", "before", BEFORE, { day: aDay(since) })] : [];
}

/** The most that is owed at the end of any day before another limit holds, with that day. */
function mostOwed(credit, until = null) {
  return creditDays(credit).filter(([day]) => until === null || day < until)
    .reduce((most, [on, owed]) => (most && most.left >= owed ? most : { left: owed, on }), null);
}

/** Cash credits (Map of loan → credit) that would stand above their limit on a day by what is drawn `more` on each (Map
 *  of loan → paise), and did not before. */
export function whyAbove(credits, more) {
  const drawn = [...more].filter(([, paise]) => paise > 0);
  const broken = drawn.map(([loan, paise]) => firstAbove(credits.get(loan), paise));
  return broken.filter(Boolean).map(({ left, on }) =>
    refusal("lines", "above_limit", BROKEN, { less: rupees(-left), day: aDay(on) }));
}

/** The limit that holds on a day: the last that was said until then, else the first. */
export function limitOn(limits, day, first) {
  const said = limits.filter(([since]) => since <= day);
  return said.length ? said[said.length - 1][1] : first;
}

/** [[day, limit]] in order, of one day the last that was said, of limits in the order in which they were said. */
export const limitsOf = (said) => [...new Map(said)].sort((one, two) => inOrder(one[0], two[0]));

/** The limit with which a cash credit came (`first` are its first terms); of one entered before limits were asked, what
 *  was drawn first. Null while it is not known. */
export function firstLimit(loan, first) {
  if (!loan.is_cash_credit) return null;
  if (first.carried) return readCarried(first.carried).limit;
  return first.overdue_since ? null : first.principal_paise;
}

/** A cash credit from the end of a day on. `limits` and `moves` (ledger/moved: [[day, head, is_off, paise]]) are of all
 *  days, also of later ones. */
export function creditFrom({ loan, agreements, limits = [], moves = [], on }) {
  const sums = new Map();
  for (const [day, head, , paise] of moves) {
    if (head === BY_KEY.loan_from_bank.number) sums.set(day, (sums.get(day) ?? 0) - paise);
  }
  const moved = [...sums].sort((one, two) => inOrder(one[0], two[0]));
  const first = agreements.reduce((least, one) => (one.since < least.since ? one : least));
  return {
    on, owed: moved.filter(([day]) => day <= on).reduce((all, [, paise]) => all + paise, 0),
    limit: limitOn(limits, on, firstLimit(loan, first)),
    limits: limits.filter(([day]) => day > on), moved: moved.filter(([day]) => day > on),
  };
}
