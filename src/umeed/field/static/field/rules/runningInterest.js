// Per cent a month on the balance: what is asked on each due day, and when a loan is repaid before it. The same as
// books/rules/running_interest.py.
//
// How a running month counts is the group's own rule. Whatever the rule, a loan that is left alone asks each time for
// the whole month, so what was agreed comes out as agreed; the rules differ only in what was repaid between two due
// days:
//
// days   what was repaid counts for the days that it was out, of the days of that month
// whole  a month begun counts whole
// due    only what is owed on the due day counts: who repays before it pays nothing for the month that runs
//
// A stretch is {begin, due, principal}: from one due day (or the day it was lent) to the next, and the principal agreed
// for it. `counted` is {rate, rounding, partMonth}: the part of a balance for a whole stretch, how it is rounded, how a
// part of it counts. `repaid` is [[day, principal]] in order of days; below nought what was taken back.

import { daysBetween } from "../core/days.js";
import { over, times } from "./fractions.js";
import { rounded } from "./rounding.js";

/** From `begin` over all due days. */
export const stretches = (begin, days) =>
  days.map((due, at) => ({ begin: at ? days[at - 1] : begin, due, principal: 0 }));

const sum = (repaid) => repaid.reduce((all, [, paise]) => all + paise, 0);

/** [[day, interest]] of one stretch: on its due day, and before it on a day on which nothing was left to be owed.
 *
 *  `owed` is what was owed when the loan began, `repaid` all that was repaid before the due day. What was repaid on a
 *  due day still bore the interest of that day. Nothing is asked for twice: the due day asks for the rest. */
export function askedIn(stretch, owed, repaid, counted) {
  const asked = [];
  let before = 0;
  if (counted.partMonth !== "due") {
    for (const day of daysOfNothing(stretch, owed, repaid)) {
      const now = interestUntil(day, stretch, owed, repaid, counted);
      if (now <= before) continue;
      asked.push([day, now - before]);
      before = now;
    }
  }
  const all = interestUntil(stretch.due, stretch, owed, repaid, counted);
  return [...asked, [stretch.due, Math.max(0, all - before)]];
}

/** Days within a stretch at whose end nothing is owed any more. */
function daysOfNothing({ begin, due }, owed, repaid) {
  let left = owed - sum(repaid.filter(([day]) => day <= begin));
  const within = repaid.filter(([day]) => begin < day && day < due);
  return [...new Set(within.map(([day]) => day))].filter((day) => {
    const was = left;
    left -= sum(within.filter(([on]) => on === day));
    return left <= 0 && was > 0;
  });
}

/** The interest of a stretch from its begin to a day in it, rounded once. */
function interestUntil(day, { begin, due }, owed, repaid, { rate, rounding, partMonth }) {
  const begun = owed - sum(repaid.filter(([on]) => on <= begin));
  const within = repaid.filter(([on]) => begin < on && on < due && on <= day);
  const left = Math.max(0, begun - sum(within));
  if (partMonth === "due") return rounded(rounding, times(left, rate));
  if (partMonth === "whole") {
    let [most, now] = [begun, begun];
    for (const [, paise] of within) {
      now -= paise;
      most = Math.max(most, now);
    }
    return rounded(rounding, times(Math.max(0, most), rate));
  }
  const since = (on) => BigInt(daysBetween(begin, on));
  let paiseDays = BigInt(left) * since(day);
  for (const [on, paise] of within) paiseDays += BigInt(paise) * since(on);
  return rounded(rounding, over(times(paiseDays > 0n ? paiseDays : 0n, rate), since(due)));
}
