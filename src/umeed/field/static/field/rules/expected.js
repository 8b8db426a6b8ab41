// What is expected of a meeting and filled in beforehand: when it is due, savings, fines, terms. As in
// books/meetings/expected.py; `known` has the names of books/meetings/facts.py (`Before`), camelCased.

import { inOrder } from "../core/days.js";
import * as rhythms from "./rhythm.js";

/** Map {"woman head": paise} of those who came: the regular amount, but in an extra meeting, and what each did not save
 *  while she was away. */
export function savingsOf(known, attendance, kind = "regular") {
  const regular = kind === "regular" ? known.bylaws.savings : new Map();
  const expected = new Map();
  for (const woman of known.facts.members.keys()) {
    if (!["present", "late"].includes(attendance[woman])) continue;
    const missed = known.missed.get(woman)?.savings ?? new Map();
    for (const head of new Set([...regular.keys(), ...missed.keys()])) {
      const paise = (regular.get(head) ?? 0) + (missed.get(head) ?? 0);
      if (paise) expected.set(`${woman} ${head}`, paise);
    }
  }
  return expected;
}

/** [[woman, why, paise]] of the fines that the group's rules ask for. Who is away brings none today: hers is due when
 *  she comes again. */
export function finesOf(known, attendance) {
  return [...known.facts.members.keys()].flatMap((woman) => {
    const state = attendance[woman];
    const missed = ["present", "late"].includes(state) ? known.missed.get(woman)?.fine ?? 0 : 0;
    return [
      ...(state === "late" && known.bylaws.fineLate ? [[woman, "late", known.bylaws.fineLate]] : []),
      ...(missed ? [[woman, "absent", missed]] : []),
    ];
  });
}

/** [[woman, paise]] of who is absent today: the fines that she owes when she comes again. */
export function notedOf(known, attendance) {
  return [...known.facts.members.keys()].filter((woman) => attendance[woman] === "absent")
    .map((woman) => [woman, (known.missed.get(woman)?.fine ?? 0) + known.bylaws.fineAbsent])
    .filter(([, paise]) => paise);
}

/** {penalty, interest, principal, over}: all that a payment may be for today: the penalty, the interest that has run so
 *  far, the whole principal. Of a loan that was written off, what has not come back. */
export function owedOf(loan) {
  if (loan.offOn) return { penalty: 0, interest: 0, principal: loan.mayComeBack, over: 0 };
  return { penalty: loan.dueNow.penalty, interest: loan.toPayAll.interest, principal: loan.owed, over: 0 };
}

/** Loans given to women, in order of their names. */
export function loansOfWomen(known) {
  return byName(known, known.loans.filter((one) => one.loan.way === "given" && one.loan.woman));
}

/** Loans to women that were written off, of which something may still come. */
export function loansOff(known) {
  return byName(known, known.off.filter((one) => one.loan.woman));
}

function byName(known, loans) {
  const by = (one, two) => inOrder(nameOf(known, one), nameOf(known, two))
    || inOrder(one.loan.lent_on, two.loan.lent_on) || one.loan.n - two.loan.n;
  return [...loans].sort(by);
}

/** What the woman of a loan is called; a record that was merged into hers may never have been in the group. */
export function nameOf(known, { loan }) {
  return loan.woman ? known.facts.called.get(loan.woman) ?? loan.called ?? "" : "";
}

export const loansTaken = (known) => known.loans.filter((one) => one.loan.way === "taken");

/** Loans that a VO or CLF has written off, of which something may still be brought to it. */
export const loansTakenOff = (known) => known.off.filter((one) => one.loan.way === "taken");

/** When the first instalment of a loan falls due under the usual terms: at a meeting, a period after it is paid out. */
export const firstDue = (known, on) => rhythms.firstDue(known.rhythm, on, known.bylaws.frequency);
