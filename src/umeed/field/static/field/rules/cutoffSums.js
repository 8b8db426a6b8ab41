// What a cut-off comes to: both sides of the balance, what is between them, and the lines of its sheet. The same as
// books/cutoffs/sums.py. `bodies` is a Map {VO or CLF: its kind}.

import { BY_KEY, CHART } from "./heads.js";

const PLACES = ["cash", "bank", "fixed_deposit", "insurance_policy"];
const NOBODY = { woman: null, loan: null, body: null };

const sumOf = (amounts) => [...amounts.values()].reduce((all, paise) => all + paise, 0);

/** {has, holds, hasAll, holdsAll, difference}: Maps {head: paise} of what is there and of what is held for somebody, in the
 *  order of the chart, heads without an amount left out. `difference` is what is there beyond what is named for it; less
 *  than nothing when more is named. */
export function sidesOf(document, bodies) {
  const sums = new Map();
  for (const { head, amount } of every(document, new Map(), bodies)) sums.set(head, (sums.get(head) ?? 0) + amount);
  const ordered = CHART.filter((head) => sums.get(head.key));
  const side = (isHas) => new Map(ordered.filter((head) => (head.side === "asset") === isHas)
    .map(({ key }) => [key, isHas ? sums.get(key) : -sums.get(key)]));
  const [has, holds] = [side(true), side(false)];
  const [hasAll, holdsAll] = [sumOf(has), sumOf(holds)];
  return { has, holds, hasAll, holdsAll, difference: hasAll - holdsAll };
}

/** The lines of the sheet. `loans` is a Map {uid: the number that the loan has in the book}. */
export const entriesOf = (document, loans, bodies) => every(document, loans, bodies).filter((one) => one.amount);

/** An amount as people say it: more of what the head counts. */
const entry = (head, paise, about = {}) => ({ head, amount: paise * BY_KEY[head].growsBy || 0, ...NOBODY, ...about });

function every(document, loans, bodies) {
  return [
    ...PLACES.map((head) => entry(head, document[head])),
    ...document.held.map((one) => entry(heldHead(one.what, bodies.get(one.body) ?? "vo"), one.paise, { body: one.body })),
    ...document.loans.map((one) => entry(one.head, one.outstanding, {
      woman: one.woman, loan: loans.get(one.loan) ?? null, body: one.head === "loan_to_body" ? one.body : null,
    })),
    ...document.savings.map((one) => entry(one.head, one.paise, { woman: one.woman })),
    ...document.kept.map((one) => entry(one.head, one.paise, { body: one.body })),
    entry("revolving_fund", document.rf_received - document.rf_returned),
    entry("cif", document.cif_received - document.cif_returned),
    ...["vrf", "startup", "other_grant"].map((head) => entry(head, document[head])),
    // What came in before and is no fund has long been earned: it stands with the surplus.
    entry("surplus_before", (document.surplus ?? 0) + document.other_receipts),
  ];
}

/** The head under which something lies with a body of a kind: vo or clf. */
export const heldHead = (what, kind) => (what === "on_the_way" ? "on_the_way" : `${what}_with_${kind}`);
