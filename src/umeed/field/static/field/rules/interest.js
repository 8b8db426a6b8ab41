// Interest by the day, as banks count it: on what stands at the end of each day, 365 days a year, whatever the year.
// The same as books/rules/interest.py.
//
// For the cash credit of a group at its bank, and for interest that a group gives on savings. Exact until it is
// rounded, once, at the end. What a cash credit's standing rests on is counted from the same days.

import { addDays, byDay, daysBetween } from "../core/days.js";
import { fraction } from "./fractions.js";
import { rounded, TO_THE_PAISA } from "./rounding.js";

/** Actual/365, as a bank counts a cash credit by its daily balances: a leap year's 366th night bears interest too. */
export const DAYS_A_YEAR = 365;
const WINDOW = 90;

/** Interest on the nights from `since` to before `until`: each bears it on what stood at its day's end. What stands
 *  below nothing bears none. `stands` are {on, paise}: what stands at the end of a day and until the next one is given.
 *  */
export function interestByDays(stands, { since, until, rateBpAYear, rounding = TO_THE_PAISA }) {
  if (rateBpAYear < 0) throw new RangeError("a rate is nought or more");
  let paiseDays = 0n;
  for (const { on, paise, end } of periods(stands, until)) {
    const [from, to] = [on > since ? on : since, end < until ? end : until];
    if (from < to && paise > 0) paiseDays += BigInt(paise) * BigInt(daysBetween(from, to));
  }
  return rounded(rounding, fraction(paiseDays * BigInt(rateBpAYear), 10_000 * DAYS_A_YEAR));
}

/** Each with the day on which the next one begins; of several on one day the last holds. */
function periods(stands, until) {
  const ordered = [...new Map([...stands].sort(byDay).map((one) => [one.on, one])).values()];
  const last = ordered.length && ordered[ordered.length - 1].on;
  return ordered.map((one, at) => ({ ...one, end: ordered[at + 1]?.on ?? (last > until ? last : until) }));
}

/** What happened on a cash credit on a day: paid in, drawn, interest that the bank took. Paise, none negative. */
export const creditDay = (on, { paidIn = 0, drawn = 0, interest = 0 } = {}) => ({ on, paidIn, drawn, interest });

/** A cash credit as it is seen at a day's end: {creditsIn90Days, interestIn90Days, daysOverLimit}: of the 90 days that
 *  end with it, and how long it is above its limit without a break. */
export function creditAccount(days, { on, limit }) {
  const known = days.filter((one) => one.on <= on).sort(byDay);
  const recent = known.filter((one) => addDays(on, -WINDOW) < one.on);
  let [owed, aboveSince] = [0, null];
  known.forEach((one, at) => {
    owed += one.drawn + one.interest - one.paidIn;
    if (known[at + 1]?.on !== one.on) aboveSince = owed > limit ? aboveSince ?? one.on : null;
  });
  return {
    creditsIn90Days: recent.reduce((all, one) => all + one.paidIn, 0),
    interestIn90Days: recent.reduce((all, one) => all + one.interest, 0),
    daysOverLimit: aboveSince === null ? 0 : daysBetween(aboveSince, on) + 1,
  };
}
