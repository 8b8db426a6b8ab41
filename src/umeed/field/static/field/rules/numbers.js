// Which number a meeting gets that says one which is taken: two phones of one group do not know of each other and count
// alike. As in field/numbers.py.

import { daysBetween } from "../core/days.js";

// From so many days on two days are of two meetings: at least three quarters of the group's rhythm.
const APART = { weekly: 6, fortnightly: 11, monthly: 23 };

const between = (one, other) => Math.abs(daysBetween(one, other));

/** Whether two writers may mean one meeting by these days. */
export const mayBeSame = (one, other, frequency) => between(one, other) < (APART[frequency] ?? APART.weekly);

/** The number under which a meeting is looked at that says `number`: that, as long as it is free; that of the meeting
 *  which it may be, so that a person settles which one holds; else the next one. `standing` [{id, number, on}]; `known`
 *  are ids of meetings that its writer knew of, whatever number they got since: none of those is meant. */
export function numberOf(number, on, standing, frequency, known = []) {
  if (standing.every((one) => one.number !== number)) return number;
  const others = standing.filter((one) => one.number >= number && !known.includes(one.id));
  const same = others.filter((one) => mayBeSame(one.on, on, frequency));
  if (!same.length) return Math.max(...standing.map((one) => one.number)) + 1;
  const nearest = (one, other) => between(one.on, on) - between(other.on, on) || one.number - other.number;
  return same.sort(nearest)[0].number;
}
