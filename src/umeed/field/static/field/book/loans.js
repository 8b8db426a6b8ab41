// The loans of a Book as they stand on a day. The same as `running_loans` of books/ledger/running.py.

import { inOrder, latest } from "../core/days.js";
import { bylawsOf } from "../rules/bylaws.js";
import { BY_KEY } from "../rules/heads.js";
import { DAYS_BETWEEN, runningLoan } from "../rules/running.js";
import { standing } from "./meetings.js";
import { once } from "./parts.js";

/** Map {n: [[day, number of the head, whether the sheet writes the loan off, debits less credits]]}, by day. */
export const movesOf = once((book) => {
  const moves = new Map(book.loans.map((loan) => [loan.n, []]));
  for (const [n, day, head, isOff, paise] of book.before.loans) {
    moves.get(n)?.push([day, head, Boolean(isOff), paise]);
  }
  for (const sheet of book.sheets) {
    for (const { head, amount, loan } of sheet.lines) {
      if (loan !== null) moves.get(loan)?.push([sheet.on, BY_KEY[head].number, sheet.isOff, amount]);
    }
  }
  for (const every of moves.values()) every.sort((one, two) => inOrder(one[0], two[0]));
  return moves;
});

/** The rules in force on a day; before the first row the usual ones, with the saving of the group's profile. */
export function bylawsOn(book, on) {
  const rules = rulesOf(book);
  return [...rules].reverse().find((one) => one.since <= on)?.bylaws ?? usualBylaws(book);
}

/** What a group begins with until it has said its own rules. */
export const usualBylaws = once((book) => bylawsOf({ savings: { saving_compulsory: book.own.saving_paise ?? 0 } }));
/** [{since, bylaws}] that the group set, the oldest first. */
export const rulesOf = once((book) => book.own.bylaws.map((row) => ({ since: row.since, bylaws: bylawsOf(row) })));

/** The day of the last meeting that holds until a day. An extra one asks nobody for instalments. */
export function lastMet(book, on) {
  const held = standing(book).filter((one) => one.number !== null && one.kind !== "extra" && one.on <= on);
  return latest([book.metBefore, ...held.map((one) => one.on)]);
}

/** Loans lent until a day, oldest first, those that are closed too. The same however often it is asked: the page of a
 *  group and the meeting that begins there count each loan once. */
export function runningLoans(book, on) {
  const known = countedOn(book);
  if (!known.has(on)) known.set(on, counted(book, on));
  return known.get(on);
}

const countedOn = once(() => new Map());

function counted(book, on) {
  const rules = [...rulesOf(book)].reverse().find((one) => one.since <= on);
  const asked = {
    on, met: lastMet(book, on), meetsEvery: DAYS_BETWEEN[book.own.frequency] ?? 7,
    penalty: rules?.bylaws.penalty ?? 0,
  };
  const lent = book.loans.filter((loan) => loan.lent_on <= on);
  lent.sort((one, two) => inOrder(one.lent_on, two.lent_on) || one.n - two.n);
  return lent.map((loan) => running(book, loan, asked)).filter(Boolean);
}

/** One of them; null when nothing was agreed on it by then. */
const running = (book, loan, asked) => runningLoan({
  loan, agreements: loan.agreements, moves: movesOf(book).get(loan.n), limits: loan.limits, ...asked,
});
