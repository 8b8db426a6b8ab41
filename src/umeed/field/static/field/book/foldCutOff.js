// A first cut-off that was written on the phone, folded into a Book: its book begins with it. The same as books/cutoffs/
// sums.py and books/actions/cutoffs. The correction of one that stands is the server's: it may touch what came since.

import { earliest, firstOfMonth } from "../core/days.js";
import { planOf } from "../rules/carried.js";
import { BY_KEY } from "../rules/heads.js";
import { TO_THE_PAISA } from "../rules/rounding.js";
import { loanTerms, monthLater } from "../rules/schedules.js";
import { agreementOf } from "../rules/terms.js";
import { bodiesOf } from "./facts.js";
import { bylawsOn, usualBylaws } from "./loans.js";
import { KIND, nextSheet } from "./undoing.js";

const PLACES = ["cash", "bank", "fixed_deposit", "insurance_policy"];
const ABOVE = ["loan_from_vo", "loan_from_clf"];
const sumOf = (parts, key) => parts.reduce((all, one) => all + (one[key] ?? 0), 0);

export function foldCutOff(book, { id, said }) {
  const { document } = said;
  if (said.replaces || book.own.cut_off || !document?.on) return null;
  const rules = bylawsOn(book, document.on);
  const first = book.loans.reduce((most, loan) => Math.max(most, loan.n), 0) + 1;
  const loans = (document.loans ?? []).map((one, at) => loanOf(book, document, one, { n: first + at, rules }));
  const numbers = new Map(loans.map((loan) => [loan.uid, loan.n]));
  const sheet = {
    id: nextSheet(book), on: document.on, kind: KIND.cutOff, reverses: null, isTheirs: true, isOff: false, command: id,
    lines: linesOf(document, numbers, bodiesOf(book, document.on)),
  };
  const since = earliest([book.since, firstOfMonth(document.on)]);
  return { ...book, since, own: ownOf(book.own, document), loans: [...book.loans, ...loans], sheets: [...book.sheets, sheet] };
}

const ownOf = (own, document) => ({
  ...own, opened_on: earliest([own.opened_on, document.on]), meetings_before: document.meetings_held ?? 0,
  cut_off: { id: document.id, on: document.on, last_meeting: document.last_meeting ?? null, said: document },
});

/** The lines of its sheet, in the order of the document. */
function linesOf(document, numbers, bodies) {
  const of = (key) => document[key] ?? 0;
  const line = (head, paise, about = {}) => ({ head, amount: paise * BY_KEY[head].growsBy, woman: null, loan: null, body: null, ...about });
  return [
    ...PLACES.map((head) => line(head, of(head))),
    ...(document.held ?? []).map((one) => line(heldHead(one.what, bodies.get(one.body)?.[0] ?? "vo"), one.paise, { body: one.body })),
    ...(document.loans ?? []).map((one) => line(one.head ?? "loan_to_member", one.outstanding, {
      woman: one.woman ?? null, loan: numbers.get(one.loan), body: one.head === "loan_to_body" ? one.body : null,
    })),
    ...(document.savings ?? []).map((one) => line(one.head, one.paise, { woman: one.woman })),
    line("revolving_fund", of("rf_received") - of("rf_returned")), line("cif", of("cif_received") - of("cif_returned")),
    ...["vrf", "startup", "other_grant"].map((head) => line(head, of(head))),
    line("surplus_before", of("surplus") + of("other_receipts")),
  ].filter((one) => one.amount);
}

const heldHead = (what, kind) => (what === "on_the_way" ? "on_the_way" : `${what}_with_${kind}`);

function loanOf(book, { on }, said, { n, rules }) {
  const head = said.head ?? "loan_to_member";
  const isGiven = ["loan_to_member", "loan_to_body"].includes(head);
  const lender = [said.lender, said.number].filter(Boolean).join(" ");
  const woman = book.women.find((one) => one.id === said.woman);
  return {
    n, uid: said.loan, way: isGiven ? "given" : "taken", head, woman: said.woman ?? null,
    body: ABOVE.includes(head) || head === "loan_to_body" ? said.body ?? null : null, called: woman?.name ?? lender,
    lent_on: said.lent_on, source: said.source ?? "", purpose: said.purpose ?? "", request: null, twin: false,
    is_cash_credit: said.is_cash_credit ?? false, limits: [],
    agreements: [termsOf(on, said, { isGiven, head, rules, rounds: roundingOf(book, said, { isGiven, head, rules }) })],
  };
}

/** As the loan says; else as its lender rounds: this book or the VO or CLF by the usual rules, a bank to the paisa. */
function roundingOf(book, said, { isGiven, head, rules }) {
  if (said.rounding) return { unit: said.rounding, halves: said.halves ?? "up" };
  if (isGiven) return rules.rounding;
  return ABOVE.includes(head) && said.body ? usualBylaws(book).rounding : TO_THE_PAISA;
}

function termsOf(on, said, { isGiven, head, rules, rounds }) {
  const overdue = said.overdue ?? [];
  const multiple = said.plan?.length || (said.multiple ?? 1) > 1 || !isGiven ? said.multiple ?? 1 : rules.multiple;
  const plan = plannedOf(said, rounds, multiple, sumOf(overdue, "principal"));
  const row = ({ on: day, principal = 0, interest = 0 }) => [day, principal, interest];
  const begun = said.begun ? { begun: said.begun, repaid: (said.repaid ?? []).map((one) => [one.on, one.principal ?? 0]) } : {};
  const limit = said.is_cash_credit && said.limit ? { limit: said.limit } : {};
  return agreementOf({
    since: on, principal_paise: said.outstanding, rate_bp_a_year: said.rate_bp_a_year, method: said.method,
    frequency: said.frequency ?? "monthly", instalments: Math.max(1, plan.length),
    first_due: plan[0]?.on ?? said.next_due ?? monthLater(on, 1, Number(on.slice(8))),
    rounding_paise: rounds.unit, halves: rounds.halves, multiple_paise: multiple,
    part_month: said.part_month ?? (head === "loan_to_member" ? rules.partMonth : "due"),
    overdue_principal_paise: sumOf(overdue, "principal"), overdue_interest_paise: sumOf(overdue, "interest"),
    overdue_since: earliest(overdue.map((one) => one.on)),
    carried: {
      overdue: overdue.map(row), plan: plan.map(row), ahead: said.ahead ?? 0, first_due: said.first_due ?? null, ...begun, ...limit,
    },
  });
}

function plannedOf(said, rounds, multiple, overdue) {
  if (said.plan?.length) return said.plan;
  const rest = said.outstanding - overdue;
  if (rest <= 0 || !said.next_due || !(said.instalments >= 1)) return [];
  const terms = loanTerms({
    principal: rest, rateBpAYear: said.rate_bp_a_year, method: said.method, firstDue: said.next_due,
    instalments: said.instalments, frequency: said.frequency ?? "monthly", lentOn: said.lent_on, rounding: rounds, multiple,
  });
  return planOf(terms, { lent: said.lent, lentOn: said.lent_on });
}
