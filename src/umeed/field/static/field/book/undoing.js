// A meeting that is taken back, or corrected, in a Book: the mirror of what it wrote. The same as `take_back_money`
// of books/actions/records.py.

import { monthOf } from "../core/days.js";
import { once } from "./parts.js";

export const KIND = { meeting: 1, bank: 2, between: 3, cutOff: 4, adjustment: 5, reversal: 6 };

export const nextSheet = (book) => book.sheets.reduce((most, sheet) => Math.max(most, sheet.id), 0) + 1;

const byId = once((book) => new Map(book.sheets.map((sheet) => [sheet.id, sheet])));
const reversed = once((book) => new Set(book.sheets.map((sheet) => sheet.reverses)));

/** The Book with the mirror of the sheet of a meeting, of what it sent to other bodies, and of what put it right
 *  since: on its own day, or today when that month is closed. */
export function withoutMoney(book, meeting, today, command = null) {
  const isClosed = book.own.closed_month !== null && monthOf(meeting.on) <= book.own.closed_month;
  const on = isClosed ? today : meeting.on;
  let id = nextSheet(book);
  const mirrors = [meeting.sheet, ...meeting.also].map((one) => byId(book).get(one))
    .filter((sheet) => sheet && !reversed(book).has(sheet.id))
    .map((sheet) => mirrorOf(sheet, id++, sheet.kind === KIND.adjustment ? today : on, command));
  return mirrors.length ? Object.freeze({ ...book, sheets: [...book.sheets, ...mirrors] }) : book;
}

const mirrorOf = (sheet, id, on, command) => ({
  ...sheet, id, on, kind: KIND.reversal, reverses: sheet.id, command,
  lines: sheet.lines.map((line) => ({ ...line, amount: -line.amount })),
});
