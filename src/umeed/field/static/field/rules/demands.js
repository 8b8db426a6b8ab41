// What a loan asks for as time passes, what was paid on it, and how late it is. The same as books/rules/demands.py.
//
// `paid` are {on, principal, interest}: what a payment was for; paise ≥ 0. Standings are "regular", "sma0", "sma1",
// "sma2" and "npa": how late a loan is at the end of a day.

import { addDays, daysBetween, earliest, inOrder } from "../core/days.js";
import { askedIn, stretches } from "./runningInterest.js";
import { dueDays, monthBefore, rateOf, schedule } from "./schedules.js";

/** Whole days between the oldest unpaid due day and the day end, as the RBI's circular of 12 Nov 2021 counts them. */
export const SMA1_DAYS = 30;
export const SMA2_DAYS = 60;
export const NPA_DAYS = 90;
export const STANDINGS = Object.freeze(["regular", "sma0", "sma1", "sma2", "npa"]);

const sumOf = (rows, key) => rows.reduce((all, one) => all + one[key], 0);

/** By the days past due alone; null when nothing is due. Whether an NPA has been upgraded depends on what was before:
 *  `standings`. */
function standingOf(days) {
  if (days === null) return "regular";
  if (days >= NPA_DAYS) return "npa";
  if (days >= SMA2_DAYS) return "sma2";
  return days >= SMA1_DAYS ? "sma1" : "sma0";
}

/** What the loan has asked for up to a day.
 *
 *  Flat, declining and bullet loans ask for what was agreed. A loan with interest on the balance asks each time for the
 *  interest on what is really owed then, also after its last instalment for as long as anything is owed. `before` is
 *  what was overdue already when these terms began (a cut-off): it is owed besides their principal. */
export function demands(terms, paid, until, before = null) {
  const agreed = schedule(terms);
  const first = before && before.on <= until ? [before] : [];
  if (terms.method !== "balance") return [...first, ...agreed.filter((due) => due.on <= until)];
  const parts = stretchesOf(terms, until).map((one, at) => ({ ...one, principal: agreed[at]?.principal ?? 0 }));
  const owed = terms.principal + (before?.principal ?? 0);
  const counted = { rate: rateOf(terms), rounding: terms.rounding, partMonth: terms.partMonth };
  return [...first, ...askedOnTheBalance(parts, owed, paid, until, counted)];
}

/** From the day it was lent over all due days, up to the first after a day. */
export function stretchesOf(terms, until) {
  const days = daysPast(terms.firstDue, terms.instalments, terms.frequency, until);
  const begin = terms.lentOn ?? monthBefore(terms.firstDue, terms.frequency);
  const eve = addDays(days[0], -1);
  return stretches(begin < eve ? begin : eve, days);
}

/** What was asked for until a day: each stretch's principal and interest on its due day, and on the day on which a loan
 *  was repaid whole before it the interest that had run. A payment on a due day pays its demand; the interest is on
 *  what was owed before it. */
export function askedOnTheBalance(parts, owed, paid, until, counted) {
  const repaid = principalByDay(paid.filter((one) => one.on <= until));
  const asked = [];
  for (const part of parts) {
    for (const [on, interest] of askedIn(part, owed, repaid, counted)) {
      const principal = on === part.due ? part.principal : 0;
      if (on <= until && (principal || interest)) asked.push({ on, principal, interest });
    }
  }
  return asked;
}

/** In how many parts it came on one day, or whether some of it was taken back, changes nothing. */
function principalByDay(paid) {
  const sums = new Map();
  for (const one of paid) sums.set(one.on, (sums.get(one.on) ?? 0) + one.principal);
  return [...sums].filter(([, principal]) => principal).sort((one, two) => inOrder(one[0], two[0]));
}

/** Interest that has run and is not due yet: what would be asked for on top if all were repaid today, less what was
 *  paid ahead of it. */
export function runSoFar(asked, askedWhenRepaid, paid) {
  const settled = sumOf(paid, "interest");
  const due = Math.max(0, sumOf(asked, "interest") - settled);
  return Math.max(0, sumOf(askedWhenRepaid, "interest") - settled - due);
}

/** The due days of agreed instalments, and on in the same step, up to the first after a day. */
function daysPast(first, instalments, frequency, until) {
  let [count, days] = [instalments, dueDays(first, instalments, frequency)];
  while (days[days.length - 1] <= until) {
    count *= 2;
    days = dueDays(first, count, frequency);
  }
  return days.slice(0, days.filter((day) => day <= until).length + 1);
}

/** What of a loan is due and unpaid at the end of a day: {on, principal, interest, since, days, standing}. Payments
 *  settle the oldest first, principal and interest apart. `since` is its oldest unpaid due day, null when nothing is;
 *  `days` are those past due: 0 on the due day itself, and when nothing is due. */
export function arrears(asked, paid, on) {
  const due = asked.filter((one) => one.on <= on);
  const settled = paid.filter((one) => one.on <= on);
  const [principal, first] = unpaid(due, "principal", sumOf(settled, "principal"));
  const [interest, other] = unpaid(due, "interest", sumOf(settled, "interest"));
  const since = earliest([first, other]);
  const days = since === null ? null : daysBetween(since, on);
  return { on, principal, interest, since, days: days ?? 0, standing: standingOf(days) };
}

/** How much of what was asked is left after paying from the oldest on, and from which day. */
function unpaid(asked, key, paid) {
  // What was drawn again on a cash credit is no debt to an earlier demand.
  let [all, since, rest] = [0, null, Math.max(0, paid)];
  for (const one of asked) {
    const settled = Math.min(one[key], rest);
    rest -= settled;
    if (one[key] > settled) {
      since ??= one.on;
      all += one[key] - settled;
    }
  }
  return [all, since];
}

/** Standings of following day ends (`arrears`). What is an NPA stays one until nothing at all is overdue. */
export function standings(days, before = "regular") {
  let was = before;
  return days.map(({ standing }) => (was = was === "npa" && standing !== "regular" ? "npa" : standing));
}

/** A borrower's standing: that of her worst loan, since one NPA makes all her loans one. */
export const worst = (all) => STANDINGS[Math.max(0, ...all.map((one) => STANDINGS.indexOf(one)))];

/** Whether a cash credit, {creditsIn90Days, interestIn90Days, daysOverLimit}, counts as an NPA: above its limit for 90
 *  days, or credits did not cover the interest. */
export const isOutOfOrder = (account) =>
  account.daysOverLimit >= NPA_DAYS || account.creditsIn90Days < account.interestIn90Days;
