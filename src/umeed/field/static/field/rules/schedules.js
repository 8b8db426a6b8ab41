// When a loan falls due, and how much of it: by the method that the group chose for the loan. The same as
// books/rules/schedules.py.
//
// A due is {on, principal, interest}: what falls due on a day; paise, both ≥ 0; `interest` is what is expected if all
// before was paid on its day. Terms are what `loanTerms` answers.

import { addDays, dayOf, daysInMonth, partsOf } from "../core/days.js";
import { fraction, minus, over, reduced, times } from "./fractions.js";
import { rounded, rounding, TO_THE_PAISA } from "./rounding.js";

const DAYS = { weekly: 7, fortnightly: 14 };
const MONTHS = { monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 };
export const MOST_INSTALMENTS = 600;
// So many times by which the last of equal instalments differs are the others at least: a tenth. Our choice.
const MOST_APART = 10;
const ONE = 10n ** 30n;

/** Principal and interest of a due. */
export const whole = (due) => due.principal + due.interest;

/** What was agreed on a loan. Amounts in paise; 2 per cent a month are 2,400 basis points a year.
 *
 *  balance    equal parts of the principal, and per cent a month on what is still owed
 *  flat       equal parts, and per cent a month on the whole loan, for as long as was agreed
 *  declining  equal instalments (EMI) of interest on the balance and principal
 *  bullet     all at once on the first due day (after the apple harvest), with the interest since the disbursement
 *
 *  `multiple` is what an instalment is a multiple of: people bring whole rupees, or tens. `partMonth` is how a month
 *  that runs counts when she repays before it is over; for interest on the balance. */
export function loanTerms({
  principal, rateBpAYear, method, firstDue, instalments, frequency = "monthly", lentOn = null,
  rounding: how = TO_THE_PAISA, multiple = 1, partMonth = "due",
}) {
  if (principal <= 0 || rateBpAYear < 0 || multiple < 1) {
    throw new RangeError("a loan has a principal, a rate of nought or more, and instalments in whole paise");
  }
  if (!(instalments >= 1 && instalments <= MOST_INSTALMENTS)) {
    throw new RangeError(`a loan is repaid in 1 to ${MOST_INSTALMENTS} instalments`);
  }
  return {
    principal, rateBpAYear, method, firstDue, instalments, frequency, lentOn, rounding: how, multiple, partMonth,
  };
}

/** The part of a balance that is its interest for a month. */
export const rateAMonth = (terms) => fraction(terms.rateBpAYear, 120_000);

/** The part of a balance that is its interest for one period of the schedule. */
export const rateOf = (terms) => reduced(times(rateAMonth(terms), monthsIn(terms.frequency)));

/** How many months a period of this frequency counts as; a week as 7/30 of one, a fortnight as 14/30. */
export const monthsIn = (frequency) =>
  frequency in MONTHS ? fraction(MONTHS[frequency]) : fraction(DAYS[frequency], 30);

/** `months` after the month of `day`, on day `seed` of it or its last day where it is shorter. */
export function monthLater(day, months, seed) {
  const [year, month] = partsOf(day);
  const all = year * 12 + month - 1 + months;
  const [later, at] = [Math.floor(all / 12), (all % 12) + 1];
  return dayOf(later, at, Math.min(seed, daysInMonth(later, at)));
}

const dayIn = (day) => Number(day.slice(8, 10));

/** The days on which instalments fall due. Months keep the day of the first one and clip it to shorter months: people
 *  remember the day they agreed on. */
export function dueDays(first, count, frequency) {
  const later = frequency in DAYS ? (at) => addDays(first, DAYS[frequency] * at)
    : (at) => monthLater(first, MONTHS[frequency] * at, dayIn(first));
  return Array.from({ length: count }, (_one, at) => later(at));
}

/** The day from which the first instalment's interest runs, where nothing else tells it. */
export const monthBefore = (first, frequency) =>
  frequency in DAYS ? addDays(first, -DAYS[frequency]) : monthLater(first, -MONTHS[frequency], dayIn(first));

/** The dues of a loan, in order; their principals add up to the loan exactly, the last takes the remainder. */
export function schedule(terms) {
  if (terms.method === "bullet") {
    return [{ on: terms.firstDue, principal: terms.principal, interest: firstInterest(terms) }];
  }
  const parts = { balance: onTheBalance, flat, declining }[terms.method](terms);
  const days = dueDays(terms.firstDue, terms.instalments, terms.frequency);
  return days.map((on, at) => ({ on, principal: parts[at][0], interest: parts[at][1] }));
}

/** For how many months the first instalment asks for interest, however many days lie before it: for one period; of a
 *  bullet loan for those between two days of the calendar. */
export const firstMonths = (terms) => terms.method !== "bullet" ? monthsIn(terms.frequency)
  : fraction(monthsBetween(terms.lentOn ?? terms.firstDue, terms.firstDue));

export const firstInterest = (terms) =>
  rounded(terms.rounding, times(times(terms.principal, rateAMonth(terms)), firstMonths(terms)));

/** Months by the calendar: from any day of August to any day of September is one. Never negative. */
export function monthsBetween(since, until) {
  const [[year, month], [later, at]] = [partsOf(since), partsOf(until)];
  return Math.max(0, (later - year) * 12 + at - month);
}

/** How often a part goes into a whole, both above nought. */
const into = (all, part) => (all - (all % part)) / part;

/** The principal in equal parts: the last with what is left over. In multiples none is more than one larger than
 *  another, the larger ones first. */
function equalParts({ principal, multiple, instalments }) {
  const [units, rest] = [into(principal, multiple), principal % multiple];
  const [each, spare] = [into(units, instalments), units % instalments];
  const [larger, last] = multiple > 1 ? [spare, rest] : [0, spare];
  const parts = Array.from({ length: instalments }, (_one, at) => (each + (at < larger ? 1 : 0)) * multiple);
  parts[instalments - 1] += last;
  return parts;
}

// Of each method a list of [principal, interest].

function onTheBalance(terms) {
  const rate = rateOf(terms);
  let owed = terms.principal;
  return equalParts(terms).map((part) => {
    const interest = rounded(terms.rounding, times(owed, rate));
    owed -= part;
    return [part, interest];
  });
}

function flat(terms) {
  const interest = rounded(terms.rounding, times(terms.principal, rateOf(terms)));
  return equalParts(terms).map((part) => [part, interest]);
}

/** The exact equal instalment that repays `principal` in `count` periods at `rate` a period. */
export function instalment(principal, rate, count) {
  if (rate.n === 0n) return fraction(principal, count);
  const [grown, was] = [(rate.n + rate.d) ** BigInt(count), rate.d ** BigInt(count)];
  return over(times(principal, { n: rate.n * grown, d: rate.d }), grown - was);
}

/** Equal instalments, the last with whatever is still owed. Where multiples would make that one another by more than a
 *  tenth, they are not equal: each is the multiple that leaves owed most nearly what exact ones would leave, so that
 *  nothing is heaped on the last day. */
function declining(terms) {
  const exactly = instalment(terms.principal, rateOf(terms), terms.instalments);
  if (terms.multiple === 1) {
    const each = rounded(terms.rounding, exactly);
    return repaid(terms, () => each);
  }
  const toMultiple = rounding(terms.multiple, "up");
  const each = rounded(toMultiple, exactly);
  const equal = repaid(terms, () => each);
  const [principal, interest] = equal[equal.length - 1];
  if (MOST_APART * Math.abs(principal + interest - each) <= each) return equal;
  const left = leftExactly(terms);
  return repaid(terms, (at, due) => rounded(toMultiple, minus(due, left[at])));
}

/** Instalments as they are `asked` for, by their number and all that is owed then with its interest. Each repays
 *  something, however small it is beside its multiple. */
function repaid(terms, asked) {
  const rate = rateOf(terms);
  let owed = terms.principal;
  return Array.from({ length: terms.instalments }, (_one, before) => {
    const interest = rounded(terms.rounding, times(owed, rate));
    const least = (into(interest, terms.multiple) + 1) * terms.multiple;
    const all = Math.max(asked(before + 1, owed + interest), least);
    const part = before + 1 === terms.instalments ? owed : Math.min(owed, all - interest);
    owed -= part;
    return [part, interest];
  });
}

/** What is owed at first, and after each exact equal instalment: as much as those that are left are worth then. Their
 *  worth in whole numbers of 1/`ONE`, exact enough for any loan: fractions of 600 periods are slow. */
function leftExactly(terms) {
  const { n, d } = rateOf(terms);
  const worth = [0n];
  for (let at = 0; at < terms.instalments; at += 1) worth.push(((worth[at] + ONE) * d) / (d + n));
  const all = worth[terms.instalments];
  return worth.reverse().map((one) => ({ n: BigInt(terms.principal) * one, d: all }));
}

/** Whether dues are in order of their days and repay the principal exactly. */
export function isWhole(dues, principal) {
  const isOrdered = dues.every((due, at) => at === 0 || dues[at - 1].on < due.on);
  return isOrdered && dues.reduce((sum, due) => sum + due.principal, 0) === principal;
}
