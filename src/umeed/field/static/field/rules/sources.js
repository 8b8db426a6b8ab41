// Out of which money a loan is lent: no more than that holds. A group is asked, for its older loans may not say which
// of them was CIF or of a bank. As in books/rules/sources.py.

import { rupees } from "../core/money.js";
import { refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { fieldOf } from "./held.js";

const SOURCE = N_("%(amount)s of this money is not lent out; more cannot be lent.");
const LATER = N_("On a later day %(amount)s of this money is lacking by it. Is it lent out of it all the same?");
const ASKED = N_("The book has %(amount)s of this money that is not lent out. Is it lent out of it all the same?");

// The fund behind each source of loans; behind `bank` stand loans.
export const FUND_OF = { cif: "cif", vrf: "vrf", rf: "revolving_fund" };

/** Map {source: paise that can be lent out of it on a day}: what was not lent out before, what came in today (a fund, a
 *  repayment to it, a drawing), less what is repaid to whom it was borrowed from. */
export function sourcesOn(held, facts) {
  return withToday(facts.sources, held, facts);
}

/** The same as the least that it comes to on a later day; nothing where no later day is written. */
export function sourcesLater(held, facts) {
  return facts.sourcesLater.size ? withToday(facts.sourcesLater, held, facts) : new Map();
}

function withToday(before, held, facts) {
  const left = new Map([...Object.keys(FUND_OF).map((source) => [source, 0]), ...before]);
  const add = (source, paise) => left.set(source, left.get(source) + paise);
  for (const [source, head] of Object.entries(FUND_OF)) {
    for (const one of held.receipts) if (one.head === head) add(source, one.paise);
  }
  const moved = [
    ...held.repayments.map((one) => [one.loan, one.principal]), ...held.drawn.map((one) => [one.loan, one.paise]),
    ...held.repaid.map((one) => [one.loan, -one.principal]),
  ];
  for (const [key, paise] of moved) {
    const loan = facts.loans.get(key);
    if (loan && left.has(loan.source)) add(loan.source, paise);
  }
  return left;
}

/** No loan above the fund that it is lent out of; own money is bounded by the box and the bank. What a later day has
 *  less of it is asked about: a bank may have been repaid meanwhile out of other money. */
export function whyNotOfSource(lendings, sources, later, { part = "", asks = false } = {}) {
  const used = new Map();
  return lendings.flatMap((lent, at) => {
    if (lent.source === "own") return [];
    used.set(lent.source, (used.get(lent.source) ?? 0) + lent.paise);
    const taken = used.get(lent.source);
    const left = Math.max(0, sources.get(lent.source) ?? 0);
    const path = part ? fieldOf(part, at, "source") : "source";
    if (taken > left) {
      const [text, severity] = asks ? [ASKED, "warn"] : [SOURCE, "refuse"];
      return [refusal(path, "above_the_fund", text, { amount: rupees(left) }, severity)];
    }
    const lacking = taken - (later.get(lent.source) ?? left);
    return lacking > 0 ? [refusal(path, "above_it_later", LATER, { amount: rupees(lacking) }, "warn")] : [];
  });
}
