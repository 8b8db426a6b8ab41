// What moved on a loan, by day: what of it was paid, let go, or came back of what had been written off. The same as
// books/ledger/moved.py.
//
// A move is [day, number of the head, whether the sheet writes the loan off, debits less credits]. `terms` is an
// agreement (terms.js); a loan needs {head, way}.

import { inOrder } from "../core/days.js";
import { BY_KEY, BY_NUMBER } from "./heads.js";

const numbers = (...keys) => new Set(keys.map((key) => BY_KEY[key].number));

const PRINCIPAL = numbers(
  "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
);
const INTEREST = numbers(
  "interest_from_members", "interest_from_bodies", "interest_to_bank", "interest_to_body", "interest_to_other",
);
const WRITTEN_OFF = BY_KEY.written_off.number;

export function owed(loan, moves) {
  const head = BY_KEY[loan.head];
  return moves.reduce((all, [, number, , paise]) => (number === head.number ? all + head.growsBy * paise : all), 0);
}

/** Repayments since the terms began. What reversed a repayment is taken off it, on the day of the reversal. */
export function paid(loan, terms, moves, { isFirst }) {
  const sums = byDay(loan, terms, moves.filter(([, , isOff]) => !isOff));
  // On the first day of its first terms the loan itself came into the book.
  if (isFirst) on(sums, terms.since).principal += terms.principal_paise;
  return ofDays(sums);
}

/** What was written off since the terms began. What took that back is taken off, on its own day. */
export const letGo = (loan, terms, moves) => ofDays(byDay(loan, terms, moves.filter(([, , isOff]) => isOff)));

/** What came of it after it was written off: to the book that gave it, or from the one that had taken it. */
export function recovered(loan, moves) {
  const sign = loan.way === "given" ? -1 : 1;
  const back = moves.filter(([, number, isOff]) => number === WRITTEN_OFF && !isOff);
  return back.reduce((all, [, , , paise]) => all + sign * paise, 0);
}

function on(sums, day) {
  if (!sums.has(day)) sums.set(day, { on: day, principal: 0, interest: 0 });
  return sums.get(day);
}

/** {day: what principal fell by, interest} since the terms began. */
function byDay(loan, terms, moves) {
  const sums = new Map();
  const grows = BY_KEY[loan.head].growsBy;
  for (const [day, number, , paise] of moves) {
    if (day < terms.since) continue;
    if (PRINCIPAL.has(number)) on(sums, day).principal -= grows * paise;
    else if (INTEREST.has(number)) on(sums, day).interest += BY_NUMBER[number].growsBy * paise;
  }
  return sums;
}

const ofDays = (sums) =>
  [...sums.values()].filter((one) => one.principal || one.interest).sort((one, two) => inOrder(one.on, two.on));
