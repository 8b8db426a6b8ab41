// What a meeting comes to: its lines, and what must be in the box and at the bank when it closes. Whole paise.

import { paiseOf } from "./documents.js";
import { BY_KEY } from "./heads.js";

// What the lines of a loan need is {number, head, woman, body, isShared, isOff}: `isShared` when another book holds its
// twin, `isOff` when it was written off and what comes is recovered. Bodies are {institution: [kind, has a book here]}.
const INTEREST = {
  loan_to_member: "interest_from_members", loan_from_bank: "interest_to_bank", loan_from_vo: "interest_to_body",
  loan_from_clf: "interest_to_body", loan_from_other: "interest_to_other",
};
const CAME = ["savings", "repayments", "fines", "receipts", "arrived", "drawn"];
const WENT = ["withdrawals", "lendings", "payments", "repaid", "given", "left"];

/** {cashIn, cashOut, bankIn, bankOut}: what came in and went out, deposits and withdrawals among them. */
export function tallyOf(meeting) {
  const sums = { cashIn: 0, cashOut: 0, bankIn: 0, bankOut: 0 };
  for (const [parts, way] of [[CAME, "In"], [WENT, "Out"]]) {
    for (const one of parts.flatMap((part) => meeting[part])) {
      if (one.mode !== "set_off") sums[one.mode + way] += paiseOf(one);
    }
  }
  sums.cashOut += meeting.deposit;
  sums.bankIn += meeting.deposit;
  sums.bankOut += meeting.withdrawal;
  sums.cashIn += meeting.withdrawal;
  return sums;
}

/** What the box must hold now. */
export function box(tally, before) {
  return before + tally.cashIn - tally.cashOut;
}

/** Counted cash less what must be there; nought while nothing was counted. */
export function difference(meeting, cashBefore) {
  return meeting.counted === null ? 0 : meeting.counted - box(tallyOf(meeting), cashBefore);
}

/** The lines of the meeting's own sheet; empty when no money moved. `loans` and `bodies` are Maps.
 *
 *  What the box holds more or less than it must becomes a named line. What goes to a VO or CLF leaves the box towards
 *  it; that it repays a loan or is a saving there stands in both books, in an event of its own. */
export function entriesOf(meeting, loans, bodies, cashBefore) {
  const parts = [...partsOf(meeting, loans, bodies)];
  const tally = tallyOf(meeting);
  const over = difference(meeting, cashBefore);
  if (over) parts.push(entry(over > 0 ? "cash_over" : "cash_short", -over));
  const ours = [["cash", tally.cashIn - tally.cashOut + over], ["bank", tally.bankIn - tally.bankOut]];
  return [...ours.filter(([, paise]) => paise).map(([head, paise]) => entry(head, paise)), ...together(parts)];
}

function entry(head, amount, { woman = null, loan = null, body = null } = {}) {
  return { head, amount, woman, loan, body };
}

/** What a key of a Map that must be there stands for. */
function known(things, key) {
  if (!things.has(key)) throw new Error(`${key} is not known in this book`);
  return things.get(key);
}

/** Every line but those of cash and bank, in the order of the meeting. */
function* partsOf(meeting, loans, bodies) {
  for (const one of meeting.savings) yield entry(one.head, -one.paise, { woman: one.woman });
  for (const one of meeting.withdrawals) yield entry(one.head, one.paise, { woman: one.woman });
  for (const one of meeting.repayments) yield* repayment(one, known(loans, one.loan));
  for (const one of meeting.fines) yield entry("fine", -one.paise, { woman: one.woman });
  for (const one of meeting.receipts) yield entry(one.head, -one.paise, about(one));
  for (const one of meeting.arrived) yield entry("on_the_way", -one.paise, { body: one.body });
  for (const one of meeting.lendings) {
    yield entry("loan_to_member", one.paise, { woman: one.woman, loan: known(loans, one.loan).number });
  }
  for (const one of meeting.payments) yield entry(one.head, one.paise, about(one));
  for (const one of meeting.repaid) yield* repaid(one, known(loans, one.loan));
  for (const one of meeting.drawn) {
    const loan = known(loans, one.loan);
    yield entry(loan.head, -one.paise, { loan: loan.number });
  }
  for (const one of meeting.given) {
    const [kind, hasBook] = known(bodies, one.body);
    yield entry(hasBook ? "on_the_way" : givenHead(one.what, kind), one.paise, { body: one.body });
  }
  for (const one of meeting.left) yield entry("on_the_way", one.paise, { body: one.body });
}

/** The head under which a group has what it gave to a body of a kind: vo or clf. */
export function givenHead(what, kind) {
  return what === "fee" ? "fee_to_body" : `${what}_with_${kind}`;
}

const about = (moved) => (BY_KEY[moved.head].about.includes("woman") ? { woman: moved.woman } : {});

function* repayment(paid, loan) {
  if (loan.isOff) {
    yield entry("written_off", -paiseOf(paid), { loan: loan.number });
    return;
  }
  const parts = [["penalty", paid.penalty], ["interest_from_members", paid.interest], [loan.head, paid.principal]];
  for (const [head, paise] of parts) {
    if (paise) yield entry(head, -paise, { woman: loan.woman, loan: loan.number });
  }
}

function* repaid(paid, loan) {
  if (loan.isOff && !loan.isShared) {
    yield entry("written_off", paiseOf(paid), { loan: loan.number });
    return;
  }
  if (loan.isShared) {
    // It leaves towards the lender here; that it repays the loan stands in both books at once, in an event.
    yield entry("on_the_way", paiseOf(paid), { body: loan.body });
    return;
  }
  for (const [head, paise] of [[loan.head, paid.principal], [INTEREST[loan.head], paid.interest]]) {
    if (paise) yield entry(head, paise, { loan: loan.number });
  }
}

/** Lines about the same as one, what came in and what went out apart: each stands on paper as it was.
 *
 *  Money on the way is one line a body: what it was for stands in events. Left out when it comes to nothing. */
export function together(entries) {
  const sums = new Map();
  for (const one of entries) {
    const isOut = one.amount > 0 && one.head !== "on_the_way";
    const key = JSON.stringify([one.head, one.woman, one.loan, one.body, isOut]);
    const sum = sums.get(key);
    if (sum) sum.amount += one.amount;
    else sums.set(key, { ...one });
  }
  return [...sums.values()].filter((one) => one.amount);
}
