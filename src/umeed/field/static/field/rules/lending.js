// What is asked of a loan: its terms, what is repaid of it, what is drawn. As in books/rules/lending.py.

import { addDays, daysBetween } from "../core/days.js";
import { grouped, rupees } from "../core/money.js";
import { aDay, inNumber, refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { paiseOf } from "./documents.js";
import { fieldOf } from "./held.js";
import { unusualRate } from "./rates.js";
import { dueDays, firstInterest, firstMonths, loanTerms, monthLater } from "./schedules.js";

export const TWICE = N_("This stands here twice.");
const NO_LOAN = N_("This loan does not run in this book.");
const LOAN_CLOSED = N_("Nothing is owed on this loan any more.");
const MORE_THAN_OWED = N_("%(amount)s is owed on this loan; more cannot be repaid.");
const MORE_INTEREST = N_("%(asked)s of interest is due; %(paid)s is more. Is it right?");
const INTEREST_LEFT = N_("%(left)s of interest is left to be paid: the loan stays open for it. Is it right?");
const NO_CREDIT = N_("No cash credit of a bank runs under this.");
const ABOVE_LIMIT = N_("%(left)s of the limit of %(limit)s is left; more cannot be drawn.");
const ABOVE_LATER = N_("On %(day)s %(left)s of its limit is left; more cannot be drawn before it.");
const WITH_INTEREST = N_(
  "With the interest that is due, %(interest)s, it would stand above its limit of %(limit)s. Is it right?",
);
const LIMIT_UNKNOWN = N_("The limit of this cash credit is not known. Does the bank let draw so much?");
const NOTHING_PAID = N_("A repayment of nothing: leave it empty.");
const RECOVERED_WHOLE = N_("This loan was written off: what comes of it is not divided. Write it as principal.");
const MORE_THAN_OFF = N_("%(amount)s of this loan was written off and has not come back; more cannot be recovered.");
const DUE_BEFORE = N_("The first instalment must fall due after the loan is paid out.");
const DUE_FAR = N_("The first instalment falls due only on %(day)s. Is the day right?");
const FIRST_PERIOD = [
  N_("%(interest)s of interest for one day, until the first instalment falls due. Is it right?"),
  N_("%(interest)s of interest for %(days)s days, until the first instalment falls due. Is it right?"),
];
const DAYS_OF_A_MONTH = 30;
const TO_THE_RUPEE = { unit: 100, halves: "up" };

/** A loan of the book before, with what is usual left out. Paise. Of one that is off (written off), `owed` is what has
 *  not come back; `run` is what of `interestAsked` is not due yet; `toCome` is interest agreed for later days, which a
 *  flat loan asks for also when its principal is repaid before; `leastLeft` {left, on} is the least that is left of a
 *  limit on this day or a later one; `lender` the VO or CLF in whose book it stands too. */
export function loanFacts(known) {
  return {
    woman: null, interestAsked: 0, run: 0, toCome: 0, overdue: 0, isGiven: true, isOff: false, isCredit: false,
    limit: null, leastLeft: null, lender: null, source: "", ...known,
  };
}

/** Repayments of what was lent and of what was borrowed; `ofGiven` says what is asked besides of the former. */
export function whyNotRepaid(held, loans, ofGiven) {
  const reasons = [];
  for (const [part, isGiven] of [["repayments", true], ["repaid", false]]) {
    const seen = new Set();
    for (const [at, paid] of held[part].entries()) {
      const loan = loans.get(paid.loan);
      if (!loan || loan.isGiven !== isGiven) {
        reasons.push(refusal(fieldOf(part, at, "loan"), "no_loan", NO_LOAN));
        continue;
      }
      if (seen.has(paid.loan)) reasons.push(refusal(fieldOf(part, at, "loan"), "twice", TWICE));
      seen.add(paid.loan);
      reasons.push(...repayment(part, at, paid, loan), ...(isGiven ? ofGiven(part, at, paid, loan) : []));
    }
  }
  return reasons;
}

function repayment(part, at, paid, loan) {
  if (!paiseOf(paid)) return [refusal(fieldOf(part, at, "principal"), "nothing", NOTHING_PAID)];
  return loan.isOff ? recovery(part, at, paid, loan) : onARunningLoan(part, at, paid, loan);
}

function onARunningLoan(part, at, paid, loan) {
  const reasons = [];
  if (paid.principal > loan.owed) {
    const text = loan.owed ? MORE_THAN_OWED : LOAN_CLOSED;
    reasons.push(refusal(fieldOf(part, at, "principal"), "more_than_owed", text, { amount: rupees(loan.owed) }));
  }
  const isLast = paid.principal === loan.owed;
  const asked = loan.interestAsked + (isLast ? loan.toCome : 0);
  if (loan.owed && isLast && paid.interest < asked) {
    const said = { left: rupees(asked - paid.interest) };
    reasons.push(refusal(fieldOf(part, at, "interest"), "interest_left", INTEREST_LEFT, said, "warn"));
  }
  if (paid.interest > asked && loan.isGiven) {
    reasons.push(moreInterest(fieldOf(part, at, "interest"), paid.interest, loan.interestAsked));
  }
  return reasons;
}

/** The question about more interest than is due. */
export function moreInterest(path, paid, asked) {
  return refusal(path, "more_interest", MORE_INTEREST, { asked: rupees(asked), paid: rupees(paid) }, "warn");
}

/** On a loan that was written off: never more than was. */
function recovery(part, at, paid, loan) {
  const reasons = [];
  if (paid.interest || paid.penalty) {
    const where = fieldOf(part, at, paid.interest ? "interest" : "penalty");
    reasons.push(refusal(where, "recovered_whole", RECOVERED_WHOLE));
  }
  if (paiseOf(paid) > loan.owed) {
    const said = { amount: rupees(loan.owed) };
    reasons.push(refusal(fieldOf(part, at, "principal"), "more_than_off", MORE_THAN_OFF, said));
  }
  return reasons;
}

/** From a bank's cash credit no more than its limit leaves, after what is repaid today. */
export function whyNotDrawn(held, loans) {
  const seen = new Set();
  return held.drawn.flatMap((drawn, at) => {
    const path = fieldOf("drawn", at, "paise");
    const loan = loans.get(drawn.loan);
    if (!loan?.isCredit) return [refusal(path, "no_credit", NO_CREDIT)];
    const twice = seen.has(drawn.loan) ? [refusal(path, "twice", TWICE)] : [];
    seen.add(drawn.loan);
    return [...twice, ...aboveLimit(path, drawn, held, loan)];
  });
}

const sum = (amounts) => amounts.reduce((whole, one) => whole + one, 0);

function aboveLimit(path, drawn, held, loan) {
  if (loan.limit === null) return [refusal(path, "limit_unknown", LIMIT_UNKNOWN, {}, "warn")];
  const paid = held.repaid.filter((one) => one.loan === drawn.loan);
  const repaid = sum(paid.map((one) => one.principal));
  const left = Math.max(0, loan.limit - loan.owed + repaid);
  const interest = Math.max(0, loan.interestAsked - loan.run - sum(paid.map((one) => one.interest)));
  const limit = rupees(loan.limit);
  if (drawn.paise > left) return [refusal(path, "above_limit", ABOVE_LIMIT, { left: rupees(left), limit })];
  if (loan.leastLeft && drawn.paise > loan.leastLeft.left + repaid) {
    const said = { left: rupees(Math.max(0, loan.leastLeft.left + repaid)), day: aDay(loan.leastLeft.on) };
    return [refusal(path, "above_later", ABOVE_LATER, said)];
  }
  if (drawn.paise + interest <= left) return [];
  return [refusal(path, "limit_with_interest", WITH_INTEREST, { interest: rupees(interest), limit }, "warn")];
}

/** Of the first instalment and the rate, which is asked for per cent a month or a year. `options` are those of
 *  `unusualRate`, the start of the path and how the group rounds. */
export function whyNotTerms(lent, on, { path = "", rounding = TO_THE_RUPEE, aMonth = true, ...options } = {}) {
  const reasons = unusualFirst(lent, on, `${path}first_due`, rounding);
  if (lent.first_due <= on) reasons.push(refusal(`${path}first_due`, "due_before", DUE_BEFORE));
  return [...reasons, ...unusualRate(lent.rate_bp_a_year, `${path}rate_bp_a_year`, { aMonth, ...options })];
}

/** The question about the day of a first instalment: that it lies far ahead; or else that its interest, which is that
 *  of a whole period, is for a time of less than half of that, or of more than one and a half. */
export function unusualFirst(lent, on, field, rounding = TO_THE_RUPEE) {
  const reasons = farAhead(lent, on, field);
  if (reasons.length || lent.first_due <= on) return reasons;
  if (lent.paise <= 0 || lent.rate_bp_a_year <= 0) return [];
  const terms = loanTerms({
    principal: lent.paise, rateBpAYear: lent.rate_bp_a_year, method: lent.method, firstDue: lent.first_due,
    instalments: 1, frequency: lent.frequency, lentOn: on, rounding,
  });
  const days = daysBetween(on, lent.first_due);
  const months = firstMonths(terms);
  const usual = (Number(months.n) * DAYS_OF_A_MONTH) / Number(months.d);
  if (usual <= 2 * days && 2 * days <= 3 * usual) return [];
  const said = { interest: rupees(firstInterest(terms)), days: grouped(days) };
  return [refusal(field, "first_period", inNumber(days, ...FIRST_PERIOD), said, "warn")];
}

/** The question about a first instalment that falls due later than two of its periods, and later than two months: a
 *  wrong month or year. Who repays all at once does so within a year (after the harvest). Our choice. */
export function farAhead(lent, on, field) {
  const isBullet = lent.method === "bullet";
  const date = Number(on.slice(8));
  let usual = monthLater(on, isBullet ? 12 : 2, date);
  const third = isBullet ? usual : dueDays(on, 3, lent.frequency).at(-1);
  if (third > usual) usual = third;
  return lent.first_due <= usual ? [] : [refusal(field, "due_far", DUE_FAR, { day: aDay(lent.first_due) }, "warn")];
}
