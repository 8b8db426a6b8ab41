// How often a group meets, and so when its next meetings are due. As in books/meetings/rhythm.py and the pure part of
// books/meetings/calendar.py. No clock: today is told.

import { addDays, weekday } from "../core/days.js";
import { dueDays, monthLater } from "./schedules.js";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAYS = { weekly: 7, fortnightly: 14 };
/** So many missed meetings are counted; a group that slept longer begins anew rather than excuse each week. */
export const MOST_MISSED = 60;

const dateOf = (day) => Number(day.slice(8));
const rest = (number, by) => ((number % by) + by) % by;

/** The day on which the meeting after that of `last` is due. A rhythm is {frequency, weekday, date}: weekly,
 *  fortnightly or monthly; on which weekday ("" where it is not known) or date (null). */
export function after(rhythm, last) {
  if (rhythm.frequency === "monthly") return monthLater(last, 1, rhythm.date || dateOf(last));
  const day = addDays(last, DAYS[rhythm.frequency] ?? 7);
  if (!WEEKDAYS.includes(rhythm.weekday)) return day;
  // The nearest such weekday: a meeting held a day early or late does not move the rhythm.
  return addDays(day, rest(WEEKDAYS.indexOf(rhythm.weekday) - weekday(day) + 3, 7) - 3);
}

/** {missed, next}: days on which meetings were due and none stands in the book, and the day of the next one. */
export function due(rhythm, last, today) {
  return dueFrom(rhythm, after(rhythm, last), today);
}

/** The first day of meeting from a day on, that day too. */
export function first(rhythm, since) {
  if (rhythm.frequency === "monthly") {
    const date = rhythm.date || dateOf(since);
    const day = monthLater(since, 0, date);
    return day >= since ? day : monthLater(since, 1, date);
  }
  const away = WEEKDAYS.includes(rhythm.weekday) ? WEEKDAYS.indexOf(rhythm.weekday) - weekday(since) : 0;
  return addDays(since, rest(away, 7));
}

/** As `due`, of a body whose first meeting was due on a day. */
export function dueFrom(rhythm, firstDay, today) {
  const missed = [];
  let next = firstDay;
  for (let following = after(rhythm, next); following <= today && missed.length < MOST_MISSED;) {
    missed.push(next);
    next = following;
    following = after(rhythm, next);
  }
  return { missed, next };
}

/** The first meeting one period or more after a loan is paid out: money moves in meetings, so on another day nobody
 *  could repay. A group that meets as often as it is repaid takes its next meeting. */
export function firstDue(rhythm, lentOn, frequency) {
  if (frequency === rhythm.frequency) return after(rhythm, lentOn);
  const period = dueDays(lentOn, 2, frequency)[1];
  if (rhythm.frequency === "monthly" && !(frequency in DAYS)) {
    return monthLater(period, 0, rhythm.date || dateOf(period));
  }
  let day = after(rhythm, lentOn);
  while (day < period) day = after(rhythm, day);
  return day;
}

/** {last, lastNumber, missed, next}: when a book's meetings were, which are missing and when the next one is due.
 *  `meetings` [{number, on, kind}] are those that stand; `cutOff` {on, last_meeting} where the book began with one,
 *  whose `meetingsBefore` are counted. */
export function calendarOf(rhythm, meetings, today, { openedOn, meetingsBefore = 0, cutOff = null }) {
  const until = meetings.filter((one) => one.on <= today);
  const regular = until.filter((one) => one.kind !== "extra").map((one) => one.on).sort();
  const numbers = until.map((one) => one.number).filter((number) => number !== null);
  const lastNumber = numbers.length ? Math.max(...numbers) : meetingsBefore;
  const last = regular.at(-1) ?? null;
  if (last !== null) return { last, lastNumber, ...due(rhythm, last, today) };
  return { last, lastNumber, ...beforeTheFirst(rhythm, today, openedOn, cutOff) };
}

/** After a cut-off the rhythm goes on from the last meeting before it; else meetings are due from the day on which the
 *  book began. Whatever is missing, the first one may be held any day. */
function beforeTheFirst(rhythm, today, openedOn, cutOff) {
  if (cutOff === null) return { missed: dueFrom(rhythm, first(rhythm, openedOn), today).missed, next: today };
  const { missed, next } = due(rhythm, cutOff.last_meeting || cutOff.on, today);
  return { missed: missed.filter((day) => day > cutOff.on), next };
}
