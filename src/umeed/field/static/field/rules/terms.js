// What the terms of a loan ask for as they were agreed: its own, or as a book took it over. The same as
// books/ledger/terms.py.
//
// An agreement is a plain row with the columns of books.Agreement: {since, principal_paise, rate_bp_a_year, method,
// frequency, instalments, first_due, multiple_paise, rounding_paise, halves, part_month, overdue_principal_paise,
// overdue_interest_paise, overdue_since, run_paise, resolution, carried}.

import { byDay, latest } from "../core/days.js";
import { carriedDemands, readCarried } from "./carried.js";
import { demands } from "./demands.js";
import { rounding } from "./rounding.js";
import { loanTerms, schedule } from "./schedules.js";

const USUAL = Object.freeze({
  multiple_paise: 1, rounding_paise: 1, halves: "even", part_month: "due", overdue_principal_paise: 0,
  overdue_interest_paise: 0, overdue_since: null, run_paise: 0, resolution: "", carried: null,
});

/** An agreement with what the columns hold that are not said. */
export const agreementOf = (said) => ({ ...USUAL, ...said });

/** Whether these are the last terms of all, under which nothing more is asked; `first_due` is then the day on which
 *  that was resolved. */
export const letsInterestGo = (agreement) =>
  agreement.principal_paise === 0 && !agreement.carried && Boolean(agreement.resolution);

/** What a loan under these terms has asked for until a day, with what was overdue when they began and what had run. */
export function demandsOf(agreement, paid, until) {
  const waited = hadRun(agreement).filter((due) => due.on <= until);
  return [...ownDemands(agreement, paid, until), ...waited].sort(byDay);
}

/** Interest on the balance that had run when these terms began, with the day on which it falls due. */
export function hadRun(agreement) {
  if (agreement.carried) {
    const plan = agreement.method === "balance" ? readCarried(agreement.carried).plan : [];
    return plan.filter((due) => due.interest).map((due) => ({ ...due, principal: 0 }));
  }
  const run = agreement.run_paise;
  return run ? [{ on: agreement.first_due, principal: 0, interest: run }] : [];
}

function ownDemands(agreement, paid, until) {
  if (agreement.carried) return carriedDemands(readCarried(agreement.carried), carriedTerms(agreement), paid, until);
  const before = agreement.overdue_since ? {
    on: agreement.overdue_since, principal: agreement.overdue_principal_paise,
    interest: agreement.overdue_interest_paise,
  } : null;
  const terms = termsOf(agreement);
  if (terms) return demands(terms, paid, until, before);
  return before && before.on <= until ? [before] : [];
}

/** What these terms have planned after they began, as agreed: interest on the balance is told when it falls due. */
export function laterDues(agreement) {
  if (agreement.carried) return readCarried(agreement.carried).plan;
  const terms = termsOf(agreement);
  const dues = terms ? schedule(terms) : [];
  const run = new Map(hadRun(agreement).map((due) => [due.on, due.interest]));
  return dues.map((due) => ({
    ...due, interest: (agreement.method === "balance" ? 0 : due.interest) + (run.get(due.on) ?? 0),
  }));
}

/** All that these terms ask for when it is paid on its day, by day: what was due when they began, what had run, and
 *  what falls due later with its interest. */
export function asPlanned(agreement) {
  const later = laterDues(agreement);
  const paid = [{ on: agreement.since, principal: agreement.overdue_principal_paise, interest: 0 }];
  paid.push(...later.map((due) => ({ ...due, interest: 0 })));
  const planned = new Map();
  for (const due of demandsOf(agreement, paid, latest(later.map((one) => one.on)) ?? agreement.since)) {
    const known = planned.get(due.on) ?? { principal: 0, interest: 0 };
    planned.set(due.on, {
      on: due.on, principal: known.principal + due.principal, interest: known.interest + due.interest,
    });
  }
  return [...planned.values()];
}

const roundingOf = (agreement) => rounding(agreement.rounding_paise, agreement.halves);

/** How a loan that was taken over goes on. */
export const carriedTerms = (agreement) => ({
  owed: agreement.principal_paise, since: agreement.since, rateBpAYear: agreement.rate_bp_a_year,
  method: agreement.method, frequency: agreement.frequency, firstDue: agreement.first_due,
  rounding: roundingOf(agreement), partMonth: agreement.part_month,
});

/** The terms of what is not overdue yet; null when all of it is. */
export function termsOf(agreement) {
  const rest = agreement.principal_paise - agreement.overdue_principal_paise;
  return rest > 0 ? termsOn(agreement, rest) : null;
}

/** As the rules take them, for a principal: that of the agreement, less what was overdue when it began. */
export const termsOn = (agreement, principal) => loanTerms({
  principal, rateBpAYear: agreement.rate_bp_a_year, method: agreement.method, firstDue: agreement.first_due,
  instalments: agreement.instalments, frequency: agreement.frequency, lentOn: agreement.since,
  rounding: roundingOf(agreement), multiple: agreement.multiple_paise, partMonth: agreement.part_month,
});
