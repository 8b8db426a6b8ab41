// A cut-off that was written on the phone, folded into a Book: its book begins with it, or the one that stands is
// corrected: its sheet is reversed on its own day, what came after it stays. The same as books/actions/cutoffs.

import { earliest, firstOfMonth } from "../core/days.js";
import { planOf } from "../rules/carried.js";
import { overdueInterest, overduePrincipal, read, restOf } from "../rules/cutoffDocuments.js";
import { entriesOf } from "../rules/cutoffSums.js";
import { TO_THE_PAISA } from "../rules/rounding.js";
import { loanTerms, monthLater } from "../rules/schedules.js";
import { agreementOf } from "../rules/terms.js";
import { bodiesOf } from "./facts.js";
import { bylawsOn, usualBylaws } from "./loans.js";
import { KIND, nextSheet, withoutMoney } from "./undoing.js";

const ABOVE = ["loan_from_vo", "loan_from_clf"];
const GIVEN = ["loan_to_member", "loan_to_body"];

/** Null of a document that cannot be read, where another one stands than it corrects, and where what that one said is not
 *  known here. */
export function foldCutOff(whole, { id, said }) {
  const { document } = read(said.document);
  const isNext = (whole.own.cut_off?.id ?? null) === (said.replaces ?? null);
  const book = !document || !isNext ? null : said.replaces ? withoutOld(whole, whole.own.cut_off, id) : whole;
  if (!book) return null;
  const first = book.loans.reduce((most, loan) => Math.max(most, loan.n), 0) + 1;
  const there = new Map(book.loans.map((loan) => [loan.uid, loan]));
  const loans = document.loans.map((one, at) => again(there.get(one.loan), loanOf(book, document.on, one, first + at)));
  const numbers = new Map(loans.map((loan) => [loan.uid, loan.n]));
  const kinds = new Map([...bodiesOf(book, document.on)].map(([body, [kind]]) => [body, kind]));
  const sheet = {
    id: nextSheet(book), on: document.on, kind: KIND.cutOff, reverses: null, isTheirs: true, isOff: false,
    lines: entriesOf(document, numbers, kinds), command: id,
  };
  return {
    ...book, since: earliest([book.since, firstOfMonth(document.on)]), own: ownOf(book.own, document),
    loans: [...book.loans.filter((loan) => !numbers.has(loan.uid)), ...loans], sheets: [...book.sheets, sheet],
  };
}

/** The Book with the mirror of the cut-off that stood; its loans ask for nothing any more. */
function withoutOld(book, { said }, command) {
  const reversed = new Set(book.sheets.map((sheet) => sheet.reverses));
  const sheet = book.sheets.find((one) => one.kind === KIND.cutOff && !reversed.has(one.id));
  if (!sheet || !said) return null;
  const gone = new Set((said.loans ?? []).map((one) => one.loan));
  const loans = book.loans.map((loan) => (gone.has(loan.uid) ? { ...loan, agreements: loan.agreements.slice(1) } : loan));
  return { ...withoutMoney(book, { sheet: sheet.id, also: [], on: sheet.on }, sheet.on, command), loans };
}

/** A loan that the cut-off before had too keeps its number, and what was agreed on it since. */
const again = (old, loan) =>
  (old ? { ...loan, n: old.n, twin: old.twin, limits: old.limits, agreements: [...loan.agreements, ...old.agreements] } : loan);

const ownOf = (own, document) => ({
  ...own, opened_on: earliest([own.opened_on, document.on]), meetings_before: document.meetings_held,
  cut_off: { id: document.id, on: document.on, last_meeting: document.last_meeting, said: document },
});

function loanOf(book, on, said, n) {
  const isGiven = GIVEN.includes(said.head);
  const woman = book.women.find((one) => one.id === said.woman);
  return {
    n, uid: said.loan, way: isGiven ? "given" : "taken", head: said.head, woman: said.woman,
    body: ABOVE.includes(said.head) || said.head === "loan_to_body" ? said.body : null,
    called: woman?.name ?? [said.lender, said.number].filter(Boolean).join(" · "), lent_on: said.lent_on,
    source: said.source, purpose: said.purpose, request: null, twin: false, is_cash_credit: said.is_cash_credit,
    agreements: [termsOf(on, said, roundingOf(book, on, said), bylawsOn(book, on))], limits: [],
  };
}

/** As the loan says; else as its lender rounds: this book by its rules, VO and CLF as usual, a bank to the paisa. */
function roundingOf(book, on, said) {
  if (said.rounding !== null) return { unit: said.rounding, halves: said.halves };
  if (GIVEN.includes(said.head)) return bylawsOn(book, on).rounding;
  return ABOVE.includes(said.head) && said.body ? usualBylaws(book).rounding : TO_THE_PAISA;
}

function termsOf(on, said, rounds, rules) {
  const isOwn = said.plan.length || said.multiple > 1 || !GIVEN.includes(said.head);
  const multiple = isOwn ? said.multiple : rules.multiple;
  const plan = plannedOf(said, rounds, multiple);
  return agreementOf({
    since: on, principal_paise: said.outstanding, rate_bp_a_year: said.rate_bp_a_year, method: said.method,
    frequency: said.frequency, instalments: Math.max(1, plan.length),
    first_due: plan[0]?.on ?? said.next_due ?? monthLater(on, 1, Number(on.slice(8))),
    rounding_paise: rounds.unit, halves: rounds.halves, multiple_paise: multiple,
    part_month: said.part_month ?? (said.head === "loan_to_member" ? rules.partMonth : "due"),
    overdue_principal_paise: overduePrincipal(said), overdue_interest_paise: overdueInterest(said),
    overdue_since: earliest(said.overdue.map((one) => one.on)), carried: carriedOf(said, plan),
  });
}

/** What is carried of it, as JSON keeps it: rules/carried.js. */
function carriedOf(said, plan) {
  const row = ({ on, principal, interest }) => [on, principal, interest];
  const begun = said.begun ? { begun: said.begun, repaid: said.repaid.map((one) => [one.on, one.principal]) } : {};
  const limit = said.is_cash_credit && said.limit ? { limit: said.limit } : {};
  return {
    overdue: said.overdue.map(row), plan: plan.map(row), ahead: said.ahead, first_due: said.first_due, ...begun,
    ...limit,
  };
}

function plannedOf(said, rounds, multiple) {
  if (said.plan.length) return said.plan;
  const rest = restOf(said);
  if (rest <= 0 || said.next_due === null || said.instalments < 1) return [];
  const terms = loanTerms({
    principal: rest, rateBpAYear: said.rate_bp_a_year, method: said.method, firstDue: said.next_due,
    instalments: said.instalments, frequency: said.frequency, lentOn: said.lent_on, rounding: rounds, multiple,
  });
  return planOf(terms, { lent: said.lent, lentOn: said.lent_on });
}
