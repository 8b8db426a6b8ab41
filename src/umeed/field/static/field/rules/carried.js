// Loans that a book takes over in the middle of their life: what was overdue then, by day, and what they ask for later.
// The same as books/rules/carried.py.
//
// Terms alone do not tell it: of a flat loan the interest is counted on what was lent at first, instalments were
// rounded once over the whole loan, and some were paid ahead. So what is left is carried part by part.
//
// What is carried: {overdue, plan, ahead, firstDue, begun, repaid, limit}. `overdue` are the unpaid parts of what was
// due, oldest first; `plan` is what falls due later; `ahead` is interest that was paid before it was asked for.
// `firstDue` is the first instalment of all, whose day of the month the later ones keep. `begun` is when the month that
// ran on that day had begun, and `repaid` [[day, paise]] what was repaid in it: its interest is counted over both
// books. `limit` is up to how much may be drawn of a cash credit, where it was said.
//
// Its terms: {owed, since, rateBpAYear, method, frequency, firstDue, rounding, partMonth}: what was owed then, since
// when, and how its interest is counted.

import { latest } from "../core/days.js";
import { times } from "./fractions.js";
import { askedOnTheBalance } from "./demands.js";
import { rounded } from "./rounding.js";
import { stretches } from "./runningInterest.js";
import { dueDays, monthBefore, monthsBetween, rateAMonth, rateOf, schedule, whole } from "./schedules.js";

const sumOf = (rows, key) => rows.reduce((all, one) => all + one[key], 0);

export const overduePrincipal = (carried) => sumOf(carried.overdue, "principal");
export const overdueInterest = (carried) => sumOf(carried.overdue, "interest");

/** As JSON keeps it. */
export function plainCarried(carried) {
  const rows = (dues) => dues.map((due) => [due.on, due.principal, due.interest]);
  const said = {
    overdue: rows(carried.overdue), plan: rows(carried.plan), ahead: carried.ahead, first_due: carried.firstDue,
  };
  if (carried.begun !== null) Object.assign(said, { begun: carried.begun, repaid: carried.repaid });
  if (carried.limit !== null) said.limit = carried.limit;
  return said;
}

/** What `plainCarried` wrote. */
export function readCarried(said) {
  const dues = (rows) => rows.map(([on, principal, interest]) => ({ on, principal, interest }));
  return {
    overdue: dues(said.overdue), plan: dues(said.plan), ahead: said.ahead ?? 0, firstDue: said.first_due || null,
    begun: said.begun || null, repaid: said.repaid ?? [], limit: said.limit || null,
  };
}

/** What the loan has asked for up to a day, from what was overdue when it was taken over. */
export function carriedDemands(carried, terms, paid, until) {
  const byThen = (dues) => dues.filter((due) => due.on <= until);
  const later = terms.method === "balance" ? onWhatIsOwed(carried, terms, paid, until) : byThen(carried.plan);
  return [...byThen(carried.overdue), ...later];
}

/** Interest on what is really owed on each day, for as long as anything is; less what was paid ahead. */
function onWhatIsOwed(carried, terms, paid, until) {
  const planned = new Map(carried.plan.map((due) => [due.on, due.principal]));
  const parts = runningStretches(carried.firstDue ?? terms.firstDue, terms, carried.begun, until)
    .map((one) => ({ ...one, principal: planned.get(one.due) ?? 0 }));
  const before = carried.repaid.map(([on, principal]) => ({ on, principal, interest: 0 }));
  const counted = { rate: rateOf(terms), rounding: terms.rounding, partMonth: terms.partMonth };
  const owed = terms.owed + sumOf(before, "principal");
  const asked = askedOnTheBalance(parts, owed, [...before, ...paid], until, counted);
  let { ahead } = carried;
  return asked.flatMap((due) => {
    // What was asked for by then is among what was overdue; on the very day only who owes nothing was asked.
    if (due.on < terms.since || (due.on === terms.since && !terms.owed)) return [];
    const used = Math.min(ahead, due.interest);
    ahead -= used;
    return whole(due) > used ? [{ ...due, interest: due.interest - used }] : [];
  });
}

/** From the month that ran when the loan was taken over, up to the first due day after `until`. */
export function runningStretches(first, terms, begun, until) {
  const last = until > terms.since ? until : terms.since;
  let [count, days] = [12, dueDays(first, 12, terms.frequency)];
  while (days[days.length - 1] <= last) {
    count *= 2;
    days = dueDays(first, count, terms.frequency);
  }
  const all = days.filter((day) => day > terms.since);
  const later = all.slice(0, all.filter((day) => day <= until).length + 1);
  const usual = latest(days.filter((day) => day <= terms.since)) ?? monthBefore(first, terms.frequency);
  return stretches(begun ?? (usual < terms.since ? usual : terms.since), later);
}

/** What is carried of a loan that has asked for `asked` until a day and will ask for `later`; what was paid settles the
 *  oldest first, principal and interest apart, and what is left of it what comes later. */
export function takenOver(asked, later, paid, on) {
  const parts = [...asked, ...later];
  const known = paid.filter((one) => one.on <= on);
  const [principal] = settled(parts.map((due) => due.principal), sumOf(known, "principal"));
  const [interest, ahead] = settled(parts.map((due) => due.interest), sumOf(known, "interest"));
  const left = parts.map((due, at) => ({ ...due, principal: principal[at], interest: interest[at] })).filter(whole);
  return {
    overdue: left.filter((due) => due.on <= on), plan: left.filter((due) => due.on > on), ahead, firstDue: null,
    begun: null, repaid: [], limit: null,
  };
}

function settled(asked, paid) {
  let rest = paid;
  const left = asked.map((amount) => {
    const used = Math.min(amount, rest);
    rest -= used;
    return amount - used;
  });
  return [left, rest];
}

/** What falls due of the rest of a loan (`terms.principal`, the instalments that are left) that was lent earlier.
 *
 *  A flat loan asks each time for the interest on the whole that was lent; one that is repaid at once for the interest
 *  since the day it was lent. Interest on the balance is counted when it falls due. */
export function planOf(terms, { lent, lentOn }) {
  const withInterest = (interest) => schedule(terms).map((due) => ({ ...due, interest }));
  if (terms.method === "balance") return withInterest(0);
  if (terms.method === "flat") return withInterest(rounded(terms.rounding, times(lent, rateOf(terms))));
  if (terms.method === "bullet") {
    const months = monthsBetween(lentOn, terms.firstDue);
    return withInterest(rounded(terms.rounding, times(times(terms.principal, rateAMonth(terms)), months)));
  }
  return schedule(terms);
}
