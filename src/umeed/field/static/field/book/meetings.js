// The meetings of a Book: which hold, their neighbours, which are missing. The same as the questions about meetings
// in books/meetings/facts.py and calendar.py.

import { inOrder, latest } from "../core/days.js";
import { FAR_BACK } from "../rules/missing.js";
import { numberOf } from "../rules/numbers.js";
import { calendarOf } from "../rules/rhythm.js";
import { once } from "./parts.js";

/** Those that hold: not replaced by a correction, and not taken back. Also the last ones before the window. */
export const standing = once((book) => book.meetings.filter((one) => !one.isGone && one.kind !== "undone"));

/** [{number, on, id}] of all that hold and have a number, also before the window, by number. */
const numbered = once((book) => {
  const here = standing(book).filter((one) => one.number !== null && one.on >= book.since);
  const rows = [...book.numbers.map((one) => ({ ...one, id: null })), ...here];
  return rows.sort((one, two) => one.number - two.number);
});

/** The number that a meeting gets in the place of the one that it says, as the server will give it: a correction has
 *  that of the meeting that it corrects (`old`). `known` are the ids of those that its writer knew of. */
export function numberIn(book, { number, on }, known = [], old = null) {
  if (number === null) return null;
  const every = numbered(book);
  const isTaken = every.some((one) => one.number === number && one.id !== old?.id);
  if (!isTaken || old) return isTaken ? old.number : number;
  return numberOf(number, on, every, rhythmOf(book).frequency, known);
}

// Of those that nobody can correct the id is not told: it is null.
const isOther = (one, without) => without === null || one.id !== without;

/** How often the group meets: one that says nothing meets every week. */
export const rhythmOf = (book) => ({
  frequency: book.own.frequency || "weekly", weekday: book.own.meeting_day, date: book.own.meeting_date,
});

/** The last meetings before a day, the newest first. */
export function heldBefore(book, on, without = null) {
  const held = standing(book).filter((one) => one.number !== null && one.on < on && isOther(one, without));
  return held.sort((one, two) => inOrder(two.on, one.on)).slice(0, FAR_BACK);
}

/** The last day before another on which a meeting was held; an extra one asks nobody for what is due. */
export function lastMetBefore(book, on, without) {
  const held = standing(book).filter((one) => one.number !== null && one.kind !== "extra" && one.on < on);
  return latest([book.metBefore, ...held.filter((one) => isOther(one, without)).map((one) => one.on)]);
}

/** The last number, the meeting of the same number or day, and the ones before and after it, each [number, day]. */
export function neighbours(book, on, number, without = null) {
  const every = numbered(book);
  const late = cameLate(every);
  const rows = every.filter((one) => isOther(one, without));
  const said = (row) => (row ? [row.number, row.on] : null);
  const following = without === null ? rows.filter((row) => row.on > on) : [];
  const isOwnLate = late.has(number) && every.some((one) => !isOther(one, without) && one.number === number);
  const inTurn = number === null || isOwnLate ? [] : rows.filter((row) => !late.has(row.number));
  return {
    lastNumber: rows.length ? rows.at(-1).number : book.own.meetings_before,
    sameDay: said(rows.find((row) => row.on === on)),
    countedSince: said(following.reduce((least, row) => (!least || row.on < least.on ? row : least), null)),
    sameNumber: number === null ? null : said(rows.find((row) => row.number === number)),
    earlier: said(inTurn.filter((row) => row.number < number).at(-1)),
    later: said(inTurn.find((row) => row.number > number)),
  };
}

/** The numbers of those, by number, whose day is not after that of every smaller one. */
function cameLate(rows) {
  const late = new Set();
  let last = "";
  for (const { number, on } of rows) {
    if (on <= last) late.add(number);
    if (on > last) last = on;
  }
  return late;
}

/** {last, lastNumber, missed, next}: when the meetings were, which are missing, and when the next one is due. */
export function calendar(book, today) {
  const before = book.heldBefore === null ? [] : [{ number: null, on: book.heldBefore, kind: "regular" }];
  const rows = [
    ...book.numbers.map((one) => ({ ...one, kind: "extra" })), ...before,
    ...standing(book).filter((one) => one.on >= book.since),
  ];
  return calendarOf(rhythmOf(book), rows, today, {
    openedOn: book.own.opened_on, meetingsBefore: book.own.meetings_before, cutOff: book.own.cut_off,
  });
}
