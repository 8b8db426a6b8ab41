// What a Book knows before a meeting: for its rules, and for what is filled in beforehand. The same as
// books/meetings/facts.py: `before` answers its `Before`, names camelCased.

import { monthOf } from "../core/days.js";
import { creditFrom, leastLeft } from "../rules/credits.js";
import { loanFacts } from "../rules/lending.js";
import { factsOf } from "../rules/meetings.js";
import { missedBefore } from "../rules/missing.js";
import { balances, leastNotLent, savingsOf, sourceOf, sources, waitingOn } from "./balances.js";
import { bylawsOn, movesOf, rulesOf, runningLoans, usualBylaws } from "./loans.js";
import { heldBefore, lastMetBefore, neighbours, rhythmOf, standing } from "./meetings.js";
import { queueBefore } from "./queue.js";
import { withoutMoney } from "./undoing.js";

export const MEETINGS_A_YEAR = { weekly: 52, fortnightly: 26, monthly: 12 };

/** {facts, loans, off, bodies, bylaws, rhythm, missed, knownLoans} on a day of the window, as if the meeting `without`
 *  had not been: its money is taken back first, as when it is corrected. `number` is that of the one that is written.
 *
 *  `loans` (RunningLoan) are those that run, `off` those that were written off and of which not all has come back;
 *  `bodies` {VO or CLF: [kind, whether it keeps a book here]}; `missed` {woman: what she owes when she comes again};
 *  `knownLoans` {uid: what lines need of it}. */
export function before(whole, on, { number = null, without = null, today }) {
  if (on < whole.since) throw new RangeError(`${on} lies before ${whole.since}, from which on this book is told`);
  const old = without === null ? null : standing(whole).find((one) => one.id === without) ?? null;
  const book = old === null ? whole : withoutMoney(whole, old, today);
  const met = lastMetBefore(book, on, without);
  const every = runningLoans(book, on).map((one) => (one.met === met ? one : one.replaced({ met })));
  const loans = every.filter((one) => !one.isClosed);
  const off = every.filter(mayComeBack);
  const bylaws = bylawsOn(book, on);
  const bodies = bodiesOf(book, on);
  const facts = factsOf({
    ...ofTheDay(book, on, { today, bylaws, bodies, every: loans }), ...ofWaiting(book, on, old),
    ...neighbours(book, on, number, without), lastMet: met,
    loans: factsOfLoans(book, [...loans, ...off], on, backOf(book, off, on, today)),
  });
  const held = heldBefore(book, on, without).map(attended);
  return {
    facts, loans, off, bodies, bylaws, rhythm: rhythmOf(book), knownLoans: knownLoans([...loans, ...off]),
    missed: missedBefore(held, rulesOf(book), usualBylaws(book), facts.members.keys()),
  };
}

function ofTheDay(book, on, { today, bylaws, bodies, every }) {
  const held = balances(book, on);
  return {
    today, since: book.own.opened_on, formedOn: book.own.formed_on, bylaws, members: membersOf(book, on),
    called: new Map(book.women.filter((one) => one.during.length).map((one) => [one.id, one.name])),
    cash: held.get("cash") ?? 0, bank: held.get("bank") ?? 0, savings: savingsOf(book, on),
    sources: sources(every, held), sourcesLater: leastNotLent(book, on),
    above: new Set(bodies.keys()),
    keeping: new Set([...bodies].filter(([, [, keeps]]) => keeps).map(([body]) => body)),
    meetingsAYear: MEETINGS_A_YEAR[book.own.frequency] ?? 52, isMonthLocked: isMonthClosed(book, on),
  };
}

function ofWaiting(book, on, old) {
  const { waiting, builtOn } = queueBefore(book, on, old?.said);
  const ways = [...waitingOn(book, on, old?.said)];
  return {
    requests: waiting, builtOn,
    onTheWay: new Map(ways.filter(([, one]) => one.sent).map(([body, one]) => [body, one.sent])),
    countedThere: new Map(ways.filter(([, one]) => one.counted).map(([body, one]) => [body, one.counted])),
  };
}

/** Map {woman: name} of who belonged on a day, by name. */
export const membersOf = (book, on) => new Map(
  book.women.filter((one) => one.during.some(([from, until]) => (!from || from <= on) && (!until || on < until)))
    .map((one) => [one.id, one.name]),
);

/** Whether the month of a day is closed: it, or a later one. */
export const isMonthClosed = (book, on) => book.own.closed_month !== null && monthOf(on) <= book.own.closed_month;

/** Map {VO or CLF above on a day: [its kind, whether it keeps a book here]}. */
export const bodiesOf = (book, on) => new Map(
  book.own.above.filter((one) => (!one.from || one.from <= on) && (!one.until || on < one.until))
    .map((one) => [one.id, [one.kind, Boolean(one.keeps_from && one.keeps_from <= on)]]),
);

/** A woman's, or one of a VO or CLF that keeps a book here too: it stands there likewise. */
const mayComeBack = (one) => one.mayComeBack > 0 && (one.loan.woman !== null || one.loan.twin);

/** Map {n: what of a loan that was written off may still be brought}: what came later is not brought again. */
function backOf(book, off, on, today) {
  if (!off.length || on >= today) return new Map(off.map((one) => [one.loan.n, one.mayComeBack]));
  const now = new Map(runningLoans(book, today).map((one) => [one.loan.n, one.mayComeBack]));
  return new Map(off.map((one) => [one.loan.n, Math.min(one.mayComeBack, now.get(one.loan.n) ?? 0)]));
}

const factsOfLoans = (book, every, on, back) =>
  new Map(every.map((one) => [one.loan.uid, factsOfLoan(book, one, on, back)]));

function factsOfLoan(book, one, on, back) {
  const { loan } = one;
  const shared = { woman: loan.woman, isGiven: loan.way === "given", lender: loan.twin ? loan.body : null };
  if (one.offOn !== null) return loanFacts({ ...shared, owed: back.get(loan.n), isOff: true });
  const late = one.arrears;
  return loanFacts({
    ...shared, owed: one.owed, run: one.run, toCome: one.toCome, interestAsked: late.interest + one.run,
    overdue: late.principal + late.interest, isCredit: loan.is_cash_credit, limit: one.limit,
    leastLeft: loan.is_cash_credit ? leastLeft(creditOf(book, loan, on)) : null, source: sourceOf(loan),
  });
}

const creditOf = (book, loan, on) =>
  creditFrom({ loan, agreements: loan.agreements, limits: loan.limits, moves: movesOf(book).get(loan.n), on });

/** Map {uid: {number, head, woman, body, isShared, isOff}}: what the lines of a meeting need of a loan. */
const knownLoans = (every) => new Map(every.map(({ loan, offOn }) => [loan.uid, {
  number: loan.n, head: loan.head, woman: loan.woman, body: loan.body, isShared: loan.twin, isOff: offOn !== null,
}]));

/** A meeting as `missedBefore` takes it. */
function attended(one) {
  const of = (state) => Object.keys(one.attendance).filter((woman) => one.attendance[woman] === state);
  const { on, kind, fines, brought } = one;
  return { on, kind, absent: of("absent"), onLeave: of("on_leave"), fines, brought };
}
