// What may never fall below nothing: a woman's savings, a loan, the box, the bank, a fund, what a body below has here.
// On no day, also not on a later one. As in books/rules/limits.py and, over lines of sheets, books/ledger/lowest.py.
//
// A sheet that comes late changes every day after it. So each account is looked at from its day on, at the end of each
// day; within a day the order of sheets tells nothing.

import { rupees } from "../core/money.js";
import { aDay, refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { BY_KEY, SAVINGS } from "./heads.js";

export const LOANS = [
  "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
];
// What of a body below lies here, and the funds that were received: handed on or given back, they are less.
const OF_BODIES = ["saving_of_body", "share_of_body"];
const FUNDS = ["revolving_fund", "cif", "vrf", "startup", "other_grant"];
export const WATCHED = new Set(["cash", "bank", ...SAVINGS.map((head) => head.key), ...LOANS, ...OF_BODIES, ...FUNDS]);

const BOX = N_("The box would hold %(less)s less than nothing on %(day)s.");
const BANK = N_("The bank would hold %(less)s less than nothing on %(day)s.");
const SAVING = N_("She would have %(less)s less than nothing in this saving on %(day)s.");
const FUND = N_("The fund would hold %(less)s less than nothing on %(day)s.");
const OF_BODY = N_("It would have %(less)s less than nothing of this here on %(day)s.");
const LOAN = N_("More would be repaid on this loan than is owed: %(less)s too much on %(day)s.");

/** What a line adds to or takes from: a loan whoever has it, a woman's saving, the box, the bank, a fund, what a body
 *  has here. */
export function accountOf({ head, woman = null, loan = null, body = null }) {
  if (BY_KEY[head].about.includes("loan")) return { head, woman: null, loan, body: null };
  return { head, woman, loan: null, body: OF_BODIES.includes(head) ? body : null };
}

/** The same of the same account. */
export const keyOf = (account) => `${account.head} ${account.woman ?? ""} ${account.loan ?? ""} ${account.body ?? ""}`;

const asSaid = (entry) => entry.amount * BY_KEY[entry.head].growsBy;

/** Map {key: {account, paise}}: what lines take from the watched accounts, less than nothing each; who gains cannot
 *  fall below nothing by it. */
export function falling(entries) {
  const sums = new Map();
  for (const entry of entries) {
    if (!WATCHED.has(entry.head)) continue;
    const account = accountOf(entry);
    const key = keyOf(account);
    sums.set(key, { account, paise: (sums.get(key)?.paise ?? 0) + asSaid(entry) });
  }
  return new Map([...sums].filter(([, sum]) => sum.paise < 0));
}

/** [{account, paise, on}], in the order of `falls`: the least that each holds, with what falls, at the end of any day
 *  from `on` on; of several such days the first. `lines` are of sheets, {on, head, amount, woman, loan, body}, in any
 *  order; those of a woman, and what falls of hers, stand under the record that is kept of her. */
export function lowest(falls, on, lines) {
  const moved = new Map([...falls.keys()].map((key) => [key, new Map([[on, 0]])]));
  for (const line of lines) {
    if (!WATCHED.has(line.head)) continue;
    const days = moved.get(keyOf(accountOf(line)));
    const day = line.on > on ? line.on : on;
    days?.set(day, (days.get(day) ?? 0) + asSaid(line));
  }
  return [...falls].map(([key, { account, paise }]) => ({ account, ...leastOf(moved.get(key), paise) }));
}

/** The least of a sum that runs over days, and the first day of it. */
function leastOf(days, before) {
  let held = before;
  let least = null;
  for (const on of [...days.keys()].sort()) {
    held += days.get(on);
    if (least === null || held < least.paise) least = { paise: held, on };
  }
  return least;
}

/** Every reason why lines of a day would leave something below nothing on it or later; `posted` when they are among the
 *  `lines` already. */
export function belowNothing(on, entries, lines, { posted = false } = {}) {
  const falls = falling(entries);
  if (!falls.size) return [];
  if (posted) for (const one of falls.values()) one.paise = 0;
  return whyBelowNothing(lowest(falls, on, lines));
}

/** A reason for every account that would fall below nothing, and on which day. */
export function whyBelowNothing(found) {
  return found.filter((least) => least.paise < 0).map(why);
}

function why({ account, paise, on }) {
  const said = { less: rupees(-paise), day: aDay(on) };
  if (account.head === "cash") return refusal("lines", "box", BOX, said);
  if (account.head === "bank") return refusal("lines", "bank", BANK, said);
  if (FUNDS.includes(account.head)) return refusal("lines", "fund", FUND, said);
  if (OF_BODIES.includes(account.head)) return refusal("lines", "overdrawn", OF_BODY, said);
  if (account.loan !== null) return refusal("lines", "more_than_owed", LOAN, said);
  return refusal("lines", "overdrawn", SAVING, said);
}
