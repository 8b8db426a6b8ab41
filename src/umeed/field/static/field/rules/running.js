// Loans as they stand on a day: what was agreed, what was paid, what is owed, asked for and overdue. The same as
// books/ledger/running.py.

import { addDays, byDay, inOrder, LAST_DAY, latest } from "../core/days.js";
import { split } from "./allocation.js";
import { firstLimit, limitOn } from "./credits.js";
import { arrears, runSoFar } from "./demands.js";
import * as moved from "./moved.js";
import { rounding } from "./rounding.js";
import { whole } from "./schedules.js";
import { creditDues, creditStanding, standingOn } from "./standing.js";
import { agreementOf, demandsOf, hadRun, laterDues, letsInterestGo } from "./terms.js";

/** Days between the meetings of a group: after so many the next one should have been. */
export const DAYS_BETWEEN = Object.freeze({ weekly: 7, fortnightly: 14, monthly: 31 });
const TWO_YEARS = 731;

const sumOf = (rows, key) => rows.reduce((all, one) => all + one[key], 0);

/** A loan at the end of a day; null when nothing was agreed on it by then.
 *
 *  `loan` {head, way, woman, lent_on, is_cash_credit}, `agreements` rows of terms.js, `moves` those of moved.js,
 *  `limits` [[day, paise]] of a cash credit since the first; whatever of these is of later days is left out, but terms
 *  that let the rest go as soon as that is resolved. `met` is the last regular meeting until this day, `meetsEvery`
 *  after how many days the next one should have been, `penalty` what the group's rules ask of a woman who is late. */
export function runningLoan({ loan, agreements, moves = [], on, met = null, meetsEvery = 7, limits = [], penalty = 0 }) {
  const isKnown = (one) => one.since <= on || (letsInterestGo(one) && one.first_due <= on);
  const agreed = agreements.map(agreementOf).filter(isKnown).sort((one, two) => inOrder(one.since, two.since));
  const letsGoFrom = agreed.length && agreed[agreed.length - 1].since > on ? agreed.pop().since : null;
  if (!agreed.length) return null;
  const known = moves.filter(([day]) => day <= on);
  const group = { loan, met, meetsEvery, penalty };
  const earlier = agreed.slice(0, -1).map((terms, at) => {
    const next = agreed[at + 1].since;
    return under(group, terms, known.filter(([day]) => day < next), next, at === 0);
  });
  return under(group, agreed[agreed.length - 1], known, on, !earlier.length, {
    limits: limits.filter(([day]) => day <= on), earlier, letsGoFrom,
  });
}

function under(group, agreement, moves, on, isFirst, more = {}) {
  const { loan } = group;
  return new RunningLoan({
    ...group, agreement, on, owed: moved.owed(loan, moves), paid: moved.paid(loan, agreement, moves, { isFirst }),
    letGo: moved.letGo(loan, agreement, moves), recovered: moved.recovered(loan, moves), limits: [], earlier: [],
    letsGoFrom: null, ...more,
  });
}

/** A loan at the end of a day. Paise. `agreement` is the one in force; `paid` since it began, by day, and `letGo` what
 *  was written off. `recovered` is what came of it afterwards. `earlier` is, of a loan that was agreed anew, how it
 *  stood under each of the terms before, oldest first, with nothing that moved later: on the day on which the next ones
 *  took it over. `letsGoFrom` is the day to come from which its interest is asked no more, when that was resolved by
 *  now.
 *
 *  Terms are in force from their day on: on it they take over what is owed at its end, so what those before asked for
 *  until then stands under them, and what is paid on it is paid under the new ones. */
export class RunningLoan {
  constructor(said) {
    Object.assign(this, said);
  }

  /** The same with something else. */
  replaced(said) {
    return new RunningLoan({ ...this.said, ...said });
  }

  get said() {
    return Object.fromEntries(SAID.map((name) => [name, this[name]]));
  }

  /** How it stood under its first terms. */
  get first() {
    return this.earlier[0] ?? this;
  }

  /** What was lent in this book; of a loan that it took over, what was owed then. */
  get cameWith() {
    return this.first.agreement.principal_paise;
  }

  /** Whether it ran before the book began. */
  get wasTakenOver() {
    const { agreement } = this.first;
    return Boolean(agreement.carried) && this.loan.lent_on <= agreement.since;
  }

  /** What was due already when the terms in force took the loan over. */
  get openedWith() {
    return this.dues.filter((due) => due.on <= this.agreement.since);
  }

  /** The day on which all that was owed was written off: from then on it asks for nothing. Null while it runs, or when
   *  the last of it was repaid. */
  get offOn() {
    const last = latest(this.letGo.filter((one) => one.principal).map((one) => one.on));
    if (this.owed || last === null || this.letGoPrincipal <= 0) return null;
    return this.paid.every((one) => !one.principal || one.on <= last) ? last : null;
  }

  get letGoPrincipal() {
    return sumOf(this.letGo, "principal");
  }

  /** Interest that was let go: what was booked and written off at once, and what a loan written off whole had asked for
   *  until then. */
  get letGoInterest() {
    return sumOf(this.settled, "interest") - sumOf(this.paid, "interest");
  }

  /** What of the principal written off may still be brought. */
  get mayComeBack() {
    return this.offOn ? this.letGoPrincipal - this.recovered : 0;
  }

  /** What was paid or let go, by day: nothing of it is asked for any more. */
  get settled() {
    const known = [...this.paid, ...this.letGo].sort(byDay);
    if (this.offOn === null) return known;
    const byThen = known.filter((one) => one.on <= this.offOn);
    const unpaid = sumOf(this.dues, "interest") - sumOf(byThen, "interest");
    return unpaid > 0 ? [...known, { on: this.offOn, principal: 0, interest: unpaid }] : known;
  }

  /** All that was asked for until this day. */
  get dues() {
    return this.askedUntil(this.on);
  }

  /** All that it asks for until a day, when nothing more moves. A cash credit asks for its interest, by month. */
  askedUntil(until) {
    if (this.loan.is_cash_credit) return this.ofCredit(until);
    const last = this.letsGoFrom !== null && this.letsGoFrom < until ? this.letsGoFrom : until;
    return demandsOf(this.agreement, [...this.paid, ...this.letGo], this.offOn ?? last);
  }

  ofCredit(until, withRunning = false) {
    const agreed = this.agreement;
    return creditDues(this.paid, {
      principal: agreed.principal_paise, since: agreed.since, until, rateBpAYear: agreed.rate_bp_a_year,
      rounding: rounding(agreed.rounding_paise, agreed.halves), withRunning,
    });
  }

  /** What it would have asked for until this day if nothing had been written off. */
  get asAgreed() {
    if (!this.letGo.length || this.loan.is_cash_credit) return this.dues;
    return demandsOf(this.agreement, this.paid, this.on);
  }

  /** What of it was neither paid nor let go. */
  get arrears() {
    return arrears(this.dues, this.settled, this.on);
  }

  /** Regular, watched or an NPA, with what was before. New terms do not end an NPA: first it is repaid without arrears
   *  under them, on or after the day on which their first instalment falls due. */
  get standing() {
    let wasNpa = false;
    for (const one of [...this.earlier, this]) {
      wasNpa = one.ownStanding === "npa" || (wasNpa && !one.isRepaidInTime);
    }
    return wasNpa ? "npa" : this.ownStanding;
  }

  /** Under the terms in force alone. */
  get ownStanding() {
    if (!this.loan.is_cash_credit) return standingOn(this.dues, this.settled, this.on);
    const { principal_paise: principal, since } = this.agreement;
    return creditStanding(this.dues, this.paid, this.on, { principal, since, limit: this.limit });
  }

  /** Whether on some day since their first instalment nothing that was due under these terms was left. */
  get isRepaidInTime() {
    const days = this.paid.map((one) => one.on).filter((day) => day >= this.agreement.first_due);
    return this.isRepaid || days.some((day) => arrears(this.dues, this.settled, day).since === null);
  }

  /** Up to how much of a cash credit may be drawn, as it was said last; nothing when it is ended. Null while it is not
   *  known, and of any other loan. */
  get limit() {
    return limitOn(this.limits, this.on, firstLimit(this.loan, this.agreement));
  }

  /** Whether a cash credit was ended: nothing is drawn on it any more. */
  get isEnded() {
    return this.limits.length > 0 && this.limit === 0;
  }

  /** What of its limit is left to be drawn. */
  get left() {
    return this.limit === null ? null : Math.max(0, this.limit - this.owed);
  }

  /** Days past due, as they are told and put at risk. Money moves in meetings: a woman is late when a meeting was held
   *  since something fell due and she did not pay it there, or none was held when it should have been. */
  get daysLate() {
    const { since, days } = this.arrears;
    if (since === null || since >= this.on) return 0;
    const hasMet = this.met !== null && this.met >= since;
    const waits = this.loan.head === "loan_to_member" && !hasMet && days <= this.meetsEvery;
    return waits ? 0 : days;
  }

  /** Interest that has run since the last due day and is not paid: who repays all today pays it too. Of a cash credit
   *  it waits for the first of the next month also when nothing is drawn any more. */
  get run() {
    if (this.loan.is_cash_credit) return runSoFar(this.dues, this.ofCredit(this.on, true), this.settled);
    if (this.offOn !== null) return 0;
    // What had run when these terms began waits for their first instalment.
    const until = this.letsGoFrom ?? LAST_DAY;
    const asked = hadRun(this.agreement).filter((due) => this.on < due.on && due.on < until);
    if (this.agreement.method !== "balance" || this.owed <= 0) {
      return runSoFar(this.dues, [...asked, ...this.dues], this.settled);
    }
    const repaid = [...this.settled, { on: this.on, principal: this.owed, interest: 0 }];
    return runSoFar(this.dues, [...asked, ...demandsOf(this.agreement, repaid, this.on)], this.settled);
  }

  /** What a repayment today is expected to be: what is due, and with the last of the principal the interest that has
   *  run since. */
  get toPay() {
    const principal = Math.min(this.arrears.principal, this.owed);
    const isLast = principal > 0 && principal === this.owed;
    return { on: this.on, principal, interest: this.arrears.interest + (isLast ? this.run : 0) };
  }

  /** What a meeting today asks for, and every paper says is due: all that is due and unpaid, and the penalty. She is
   *  late only when a meeting was held since it fell due: money moves in meetings. */
  get dueNow() {
    const { since } = this.arrears;
    const isLate = since !== null && this.met !== null && since <= this.met && since < this.on;
    return split(isLate && this.loan.woman ? this.penalty : 0, this.toPay.interest, this.toPay.principal);
  }

  /** What falls due on the next day after this one, when what is due now is paid: never more principal than is owed.
   *  What was paid ahead, and interest that was paid as it ran, is not asked for again. Null when nothing is to come.
   *  */
  get dueNext() {
    const now = this.toPay;
    const then = !whole(now) ? this
      : this.replaced({ owed: this.owed - now.principal, paid: [...this.paid, { ...now, on: this.on }] });
    const asked = then.askedUntil(addDays(this.on, TWO_YEARS));
    for (const { on } of asked.filter((due) => due.on > this.on)) {
      const left = arrears(asked, then.settled, on);
      const principal = Math.min(left.principal, then.owed);
      if (principal + left.interest) return { on, principal, interest: left.interest };
    }
    return null;
  }

  /** Interest that was agreed for later days and is not paid. Whatever is not counted on the balance (flat, declining,
   *  at the end) asks for it also when its principal was repaid before. */
  get toCome() {
    if (this.agreement.method === "balance" || this.loan.is_cash_credit || this.offOn !== null) return 0;
    const asked = this.askedUntil(latest(laterDues(this.agreement).map((due) => due.on)) ?? this.on);
    const rest = sumOf(asked, "interest") - sumOf(this.settled, "interest");
    return Math.max(0, rest - this.arrears.interest - this.run);
  }

  /** What it takes to owe nothing more today. */
  get toPayAll() {
    return { on: this.on, principal: this.owed, interest: this.arrears.interest + this.run + this.toCome };
  }

  /** How a month counts that is not over, where that makes a difference; else empty. */
  get partMonth() {
    const isCounted = this.agreement.method === "balance" && !this.loan.is_cash_credit;
    return isCounted ? this.agreement.part_month : "";
  }

  get isRepaid() {
    return this.owed === 0 && this.arrears.interest === 0 && this.toCome === 0 && this.run === 0;
  }

  /** Repaid; a cash credit of which more can be drawn stays open. */
  get isClosed() {
    return this.isRepaid && !this.limit;
  }
}

const SAID = [
  "loan", "agreement", "on", "owed", "paid", "met", "meetsEvery", "letGo", "recovered", "limits", "earlier",
  "letsGoFrom", "penalty",
];

// What is counted once, when it is first asked for.
const KEPT = [
  "offOn", "letGoInterest", "settled", "dues", "asAgreed", "arrears", "standing", "ownStanding", "limit", "run",
  "toPay", "dueNow", "dueNext", "toCome", "isRepaid",
];
for (const name of KEPT) {
  const { get } = Object.getOwnPropertyDescriptor(RunningLoan.prototype, name);
  Object.defineProperty(RunningLoan.prototype, name, {
    configurable: true,
    get() {
      const value = get.call(this);
      Object.defineProperty(this, name, { value });
      return value;
    },
  });
}
