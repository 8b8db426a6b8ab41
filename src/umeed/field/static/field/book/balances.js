// What a Book holds at the end of a day: heads, savings of women, money that is not lent out, money on the way. The
// same as books/ledger/balances.py, least.py and on_the_way.py.

import * as heads from "../rules/heads.js";
import { LOANS } from "../rules/limits.js";
import { FUND_OF } from "../rules/sources.js";
import { keptOf } from "./parts.js";

const SAVINGS = new Set(heads.SAVINGS.map((head) => head.key));
const SOURCE_OF_FUND = Object.fromEntries(Object.entries(FUND_OF).map(([source, head]) => [head, source]));
const OF_LOANS = new Set(LOANS);

const add = (sums, key, paise) => sums.set(key, (sums.get(key) ?? 0) + paise);
const withoutNought = (sums) => new Map([...sums].filter(([, paise]) => paise));

/** Map {head: debits less credits}. */
export function balances(book, on) {
  const held = new Map(book.before.heads);
  for (const sheet of book.sheets) {
    if (sheet.on <= on) for (const line of sheet.lines) add(held, line.head, line.amount);
  }
  return withoutNought(held);
}

/** Map {"woman head": paise saved}, under the record that is kept of her. */
export function savingsOf(book, on) {
  const saved = new Map();
  const save = (woman, head, paise) => add(saved, `${keptOf(book, woman)} ${head}`, -paise);
  for (const { woman, head, paise } of book.before.women) save(woman, head, paise);
  for (const sheet of book.sheets) {
    if (sheet.on > on) continue;
    for (const line of sheet.lines) if (SAVINGS.has(line.head)) save(line.woman, line.head, line.amount);
  }
  return withoutNought(saved);
}

/** The money that a loan was lent out of, or, of one that was taken, that it is. */
export const sourceOf = (loan) => (loan.head === "loan_from_bank" ? "bank" : loan.source);

/** Map {source: what of it is not lent out}: the fund and what was borrowed of it, less what is out. */
export function sources(running, held) {
  const left = new Map(Object.entries(FUND_OF).map(([source, head]) => [source, -(held.get(head) ?? 0) || 0]));
  left.set("bank", 0);
  for (const one of running) {
    const source = sourceOf(one.loan);
    if (left.has(source)) add(left, source, one.loan.way === "taken" ? one.owed : -one.owed);
  }
  return left;
}

/** Map {source: the least of it that is not lent out at the end of any day from a day on}; empty where no later day
 *  is written. */
export function leastNotLent(book, on) {
  if (!book.sheets.some((sheet) => sheet.on > on)) return new Map();
  const days = new Map([...Object.keys(FUND_OF), "bank"].map((source) => [source, new Map([[on, 0]])]));
  const loans = new Map(book.loans.map((loan) => [loan.n, sourceOf(loan)]));
  const move = (head, loan, day, paise) => {
    const source = SOURCE_OF_FUND[head] ?? (OF_LOANS.has(head) ? loans.get(loan) : null);
    if (days.has(source)) add(days.get(source), day > on ? day : on, -paise);
  };
  for (const [head, paise] of book.before.heads) if (SOURCE_OF_FUND[head]) move(head, null, book.since, paise);
  for (const [loan, day, number, , paise] of book.before.loans) move(heads.BY_NUMBER[number].key, loan, day, paise);
  for (const sheet of book.sheets) for (const line of sheet.lines) move(line.head, line.loan, sheet.on, line.amount);
  return new Map([...days].map(([source, moved]) => [source, least(moved)]));
}

/** The least that a sum comes to at the end of any of its days. */
function least(moved) {
  let [sum, found] = [0, Infinity];
  for (const day of [...moved.keys()].sort()) {
    sum += moved.get(day);
    found = Math.min(found, sum);
  }
  return found;
}

/** Map {other body: {sent, counted}}: what they had sent by a day and nobody counted in since; what they have counted
 *  in by now, and the book has not said. `said` is the document of a meeting that is corrected: what it counted in may
 *  be counted in again. */
export function waitingOn(book, on, said = null) {
  const days = new Map();
  const move = (body, day, paise, sent) => {
    const of = days.get(body) ?? days.set(body, new Map()).get(body);
    const at = day > on ? day : on;
    const [all, theirs] = of.get(at) ?? [0, 0];
    of.set(at, [all + paise, theirs + sent]);
  };
  for (const [body, paise, sent] of book.before.ways) move(body, book.since, paise, sent);
  for (const sheet of book.sheets) {
    for (const line of sheet.lines) {
      if (line.head !== "on_the_way") continue;
      const isMore = line.amount > 0 === (sheet.reverses === null);
      move(line.body, sheet.on, line.amount, sheet.isTheirs === isMore ? line.amount : 0);
    }
  }
  const found = new Map([...days].map(([body, moved]) => [body, waits(moved, on)]));
  for (const [body, was] of said ? saidIn(said) : []) {
    const now = found.get(body) ?? { sent: 0, counted: 0 };
    found.set(body, { sent: Math.max(now.sent, was.sent), counted: Math.max(now.counted, was.counted) });
  }
  return found;
}

function waits(moved, on) {
  const then = moved.get(on)?.[0] ?? 0;
  let [sent, fell, now] = [0, 0, 0];
  for (const day of [...moved.keys()].sort()) {
    const [all, theirs] = moved.get(day);
    now += all;
    if (day > on) sent += theirs;
    fell = Math.min(fell, sent);
  }
  return { sent: Math.max(0, then + fell), counted: Math.max(0, -now) };
}

/** What a document counted in of others' money, and what it said that they had counted in. */
function saidIn(said) {
  const sums = new Map();
  const of = (body) => sums.get(body) ?? sums.set(body, { sent: 0, counted: 0 }).get(body);
  for (const one of said.arrived ?? []) of(one.body).sent += one.paise;
  for (const one of said.left ?? []) of(one.body).counted += one.paise;
  return sums;
}
