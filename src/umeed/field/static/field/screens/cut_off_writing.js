// The cut-off that is being written: a draft of taps, the document that comes of it, both sides, and what stands against it. Pure.
// As books/pages/cutoff, which asks and questions the same: nothing must be there while it is written, an amount that was not said is
// none, and the surplus is said by her.

import { cutOffFacts } from "../book/cutOffFacts.js";
import { bylawsOn } from "../book/loans.js";
import { refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { kept } from "../rules/bylaws.js";
import { read } from "../rules/cutoffDocuments.js";
import { whyNotCutOff } from "../rules/cutoffs.js";
import { sidesOf } from "../rules/cutoffSums.js";
import { MOST_PAISE } from "../rules/documents.js";
import { SAVINGS } from "../rules/heads.js";
import { whyNoRate } from "./rates.js";
import { markOf } from "./writing.js";

export const STEPS = ["day", "money", "given", "women", "taken", "review"];
export const PLACES = ["cash", "bank", "fixed_deposit", "insurance_policy"];
export const GIVEN = ["rf_received", "rf_returned", "cif_received", "cif_returned", "vrf", "startup", "other_grant", "other_receipts"];
export const LENDERS = ["loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other"];
export const MOST_LOANS = 200;
const SUMS = [...PLACES, ...GIVEN];
const STEP_OF = { on: "day", meetings_held: "day", last_meeting: "day", held: "money", savings: "women", attended: "women", loans: "women" };
for (const name of PLACES) STEP_OF[name] = "money";
for (const name of GIVEN) STEP_OF[name] = "given";

/** A cut-off of which nothing is said yet. It has `step`, where a meeting's draft has `at`. */
export const begun = ({ id, group }) => ({
  v: 1, kind: "cut_off", id, group, on: null, meetings_held: null, last_meeting: null, origin: "registers", sums: {}, held: {}, women: {}, loans: [],
  closed: {}, surplus: null, isLoss: false, surplus_why: "", replaces: null, mends: null, why: "", sure: [], step: "day", woman: null, tried: [],
});

/** What is kept of a draft beside those of meetings, which stand under their group. */
export const draftKey = (group) => `cut_off ${group}`;

// Loans ----------------------------------------------------------------------------------------------------------------

export const isHers = (loan) => loan.head === "loan_to_member";
export const unitOf = (loan) => (isHers(loan) ? "month" : "year");

/** An empty card: the terms are those of the group's rules; what is asked of a bank's or VO's loan is by the year. */
export const loanOf = (known, { id, woman = null }) => ({
  id, woman, from: "", lender: "", number: "", is_cash_credit: false, limit: null, lent_on: null, lent: null, outstanding: null, overdue: [],
  method: known.bylaws.method, frequency: known.bylaws.frequency, instalments: null, next_due: null, purpose: "", rate: null, typed: null,
  ...(woman ? { head: "loan_to_member", rate: known.bylaws.rateBpAYear, source: "own" } : { head: "", part_month: "days", source: "" }),
});

const isPartSaid = (one) => one.on || one.principal || one.interest;

/** Nothing of it is written: such a card is no loan. */
export function isEmpty(loan) {
  const said = ["from", "lender", "number", "is_cash_credit", "limit", "lent_on", "lent", "outstanding", "instalments", "next_due"];
  return !said.some((name) => loan[name]) && !loan.overdue.some(isPartSaid);
}

/** What was said; amounts that were not said are missing, not nothing. */
const saidOf = (one, names) => Object.fromEntries(names.map((name) => [name, one[name]]).filter(([, value]) => value !== null && value !== undefined && value !== ""));

function lineOf(loan, known) {
  if (loan.said) return loan.said;
  const terms = saidOf(loan, ["lent_on", "lent", "outstanding", "method", "frequency", "instalments", "next_due", "source"]);
  if (loan.rate !== null) terms.rate_bp_a_year = loan.rate;
  const overdue = loan.overdue.filter(isPartSaid).map((one) => ({ principal: one.principal || 0, interest: one.interest || 0, ...saidOf(one, ["on"]) }));
  if (overdue.length) terms.overdue = overdue;
  if (isHers(loan)) return { loan: loan.id, head: loan.head, woman: loan.woman, ...saidOf(loan, ["purpose"]), ...terms };
  return { loan: loan.id, ...lenderOf(loan, known), purpose: "onlending", ...drawn(loan, { ...terms, ...saidOf(loan, ["part_month"]) }) };
}

export const headOf = (from, known) => {
  if (from === "other") return "loan_from_other";
  return ["", "bank"].includes(from) ? "loan_from_bank" : `loan_from_${known.kinds.get(from) ?? "vo"}`;
};

function lenderOf(loan, known) {
  const head = headOf(loan.from, known);
  const number = loan.number.trim() ? { number: loan.number.trim() } : {};
  if (!["loan_from_bank", "loan_from_other"].includes(head)) return { head, body: loan.from, ...number };
  const credit = loan.is_cash_credit ? { is_cash_credit: true, limit: loan.limit ?? 0 } : {};
  return { head, lender: loan.lender.trim(), ...number, ...credit };
}

/** Of a cash credit the limit is enough: nothing may be drawn of it yet. */
const drawn = (loan, terms) => (loan.is_cash_credit && loan.limit ? { outstanding: 0, method: "balance", lent: terms.outstanding ?? 0, ...terms } : terms);

// The document -----------------------------------------------------------------------------------------------------------

/** {document, where, wrong}: what is sent, where each part of it stands on the screen, and what was typed and cannot be read. */
export function documentOf(draft, known) {
  const said = { id: draft.id, on: draft.on ?? known.today, origin: draft.origin, ...saidOf(draft, ["meetings_held", "last_meeting"]) };
  const where = {};
  const wrong = draft.on ? [] : [refusal("on", "missing", N_("This is missing."))];
  const add = (part, place, line) => {
    said[part] ||= [];
    where[`${part}.${said[part].length}`] = place;
    said[part].push(line);
  };
  for (const name of SUMS) if (draft.sums[name]) said[name] = draft.sums[name];
  for (const [key, paise] of Object.entries(draft.held)) {
    const [body, what] = key.split(" ");
    if (paise) add("held", { step: "money", name: `held ${key}` }, { body, what, paise });
  }
  for (const woman of womenOf(draft, known)) ofWoman(draft.women[woman] || {}, woman, { said, where, add });
  for (const loan of draft.loans) ofLoan(loan, known, { said, add, wrong });
  for (const head of LENDERS) ofClosed(draft.closed[head], { head }, add, { step: "taken", name: `c ${head}` });
  if (draft.surplus !== null) said.surplus = draft.isLoss ? -draft.surplus : draft.surplus;
  if (draft.surplus_why.trim()) said.surplus_why = draft.surplus_why.trim();
  return { document: said, where, wrong };
}

function ofWoman(hers, woman, { said, where, add }) {
  const place = (name) => ({ step: "women", woman, name: `w ${woman} ${name}` });
  for (const { key: head } of SAVINGS) if (hers[head]) add("savings", place(head), { woman, head, paise: hers[head] });
  if (hers.attended) {
    said.attended = { ...said.attended, [woman]: hers.attended };
    where[`attended.${woman}`] = place("attended");
  }
  ofClosed({ count: hers.closed_count, paise: hers.closed_paise }, { head: "loan_to_member", woman }, add, place("closed"));
}

/** How many loans were repaid; without a count it is asked for. */
function ofClosed(one, about, add, place) {
  if (one?.count || one?.paise) add("closed", place, { ...about, paise: one.paise || 0, ...(one.count ? { count: one.count } : {}) });
}

function ofLoan(loan, known, { said, add, wrong }) {
  if (!loan.said && isEmpty(loan)) return;
  const at = said.loans?.length ?? 0;
  add("loans", { step: isHers(loan) ? "women" : "taken", woman: loan.woman, name: `l ${loan.id}`, loan: loan.id }, lineOf(loan, known));
  if (loan.said) return;
  wrong.push(...whyNoRate(loan, unitOf(loan), `loans.${at}.rate_bp_a_year`));
  if (!isHers(loan) && !loan.from) wrong.push(refusal(`loans.${at}.body`, "missing", N_("This is missing.")));
}

/** Who stands on the screen: whoever belonged on the day, and others of whom something is written. */
export function womenOf(draft, known) {
  const present = new Set(known.present);
  const written = new Set([...Object.keys(draft.women), ...draft.loans.map((one) => one.woman)]);
  const there = [...known.members.keys()].filter((woman) => present.has(woman) || written.has(woman));
  return [...there, ...[...written].filter((woman) => woman && !known.members.has(woman))];
}

/** Heads of saving on a woman's card, and those that are folded away. */
export function headsOf(known, hers = {}) {
  const open = new Set([...kept(known.bylaws), "saving_compulsory", "saving_optional"]);
  const keys = SAVINGS.map((head) => head.key);
  const isOpen = (head) => open.has(head) || hers[head];
  return { open: keys.filter(isOpen), folded: keys.filter((head) => !isOpen(head)) };
}

/** A draft out of a document: a cut-off that is corrected, or mended. What a card has no field for stays with the loan until it is
    touched. */
export function draftOf(document, { id = document.id, group, replaces = null, mends = null, why = "" }) {
  const draft = { ...begun({ id, group }), ...saidOf(document, ["on", "meetings_held", "last_meeting", "origin", "surplus_why"]), replaces, mends, why, step: "review" };
  for (const name of SUMS) if (document[name]) draft.sums[name] = document[name];
  for (const { body, what, paise } of document.held || []) draft.held[`${body} ${what}`] = paise;
  const hers = (woman) => (draft.women[woman] ||= {});
  for (const { woman, head, paise } of document.savings || []) hers(woman)[head] = paise;
  for (const [woman, count] of Object.entries(document.attended || {})) hers(woman).attended = count;
  for (const { head = "loan_to_member", woman, count, paise } of document.closed || []) {
    if (woman) Object.assign(hers(woman), { closed_count: count, closed_paise: paise });
    else draft.closed[head] = { count, paise };
  }
  draft.loans = (document.loans || []).map(loanFrom);
  if (document.surplus !== null && document.surplus !== undefined) Object.assign(draft, { surplus: Math.abs(document.surplus), isLoss: document.surplus < 0 });
  return draft;
}

const LOAN = { lender: "", number: "", is_cash_credit: false, limit: null, lent_on: null, lent: null, outstanding: null, method: "", frequency: "monthly", instalments: null, next_due: null, source: "", purpose: "" };

function loanFrom(said) {
  const head = said.head ?? "loan_to_member";
  const from = { loan_from_bank: "bank", loan_from_other: "other" }[head] ?? said.body ?? "";
  const terms = Object.fromEntries(Object.entries(LOAN).map(([name, usual]) => [name, said[name] ?? usual]));
  return {
    id: said.loan, head, woman: said.woman ?? null, from: head === "loan_to_member" ? "" : from, ...terms, typed: null, rate: said.rate_bp_a_year ?? null,
    ...(head === "loan_to_member" ? {} : { part_month: said.part_month ?? "due" }),
    overdue: (said.overdue || []).map((one) => ({ on: one.on, principal: one.principal || 0, interest: one.interest || 0 })), said,
  };
}

// What stands against it -------------------------------------------------------------------------------------------------

/** What is known on the day of a draft: {facts(document), members, present, kinds, bylaws, today, on}. */
export function knownOf(book, draft, today) {
  const on = draft.on ?? today;
  const asked = { today, corrects: draft.replaces, why: draft.why };
  const { members, present, bodies: kinds } = cutOffFacts(book, { on }, asked);
  return { facts: (document) => cutOffFacts(book, document, asked), members, present, kinds, bylaws: bylawsOn(book, on), today, on };
}

const LONG_AGO = "1900-01-01";
const STANDS_IN = {
  lent_on: LONG_AGO, lent: MOST_PAISE, rate_bp_a_year: 0, method: "balance", frequency: "monthly", instalments: 1, next_due: null, count: 1,
  source: "", purpose: "", lender: "",
};
// Both sides do not depend on these.
const NO_AMOUNT = new Set([...Object.keys(STANDS_IN), "on", "meetings_held", "last_meeting", "attended", "surplus_why"]);
const OF_SIDES = new Set(["uneven", "nothing"]);

function isAmount({ field }) {
  const steps = String(field).split(".");
  return !NO_AMOUNT.has(steps[0]) && !NO_AMOUNT.has(steps.at(-1));
}

/** The document with what is missing made up, so that all else can be judged already. As pages/cutoff/standing_in.py. */
export function asFarAsRead(said, missing, owed = (inside) => Math.max(1, (inside.overdue || []).reduce((sum, one) => sum + (one.principal || 0), 0))) {
  const filled = structuredClone(said);
  for (const { field } of missing) {
    const steps = String(field).split(".");
    const inside = steps.slice(0, -1).reduce((within, step) => within?.[step], filled);
    const name = steps.at(-1);
    if (!inside || Array.isArray(inside)) continue;
    if (name === "on" && steps.length > 1) inside.on = [filled.loans[steps[1]].lent_on ?? filled.on, filled.on].sort()[0];
    else inside[name] = name === "outstanding" ? owed(inside) : STANDS_IN[name] ?? (name in STANDS_IN ? null : 0);
  }
  return read(filled).document;
}

/** All that a screen needs of a draft: {document, sides, stops, asks, on}: `on` is {name: [reasons]} by the place on the screen; each
    reason has the `step`, and the `woman`, where it is put right. `sides` counts what is not said yet as nothing. */
export function judged(draft, known) {
  const { document, where, wrong } = documentOf(draft, known);
  const { document: whole, reasons: missing } = read(document);
  const far = whole ?? asFarAsRead(document, missing);
  const shown = whole ?? asFarAsRead(document, missing, () => 0);
  const said = far ? whyNotCutOff(far, known.facts(far), sidesOf(far, known.kinds)) : [];
  const told = new Set([...wrong, ...missing].map((one) => one.field));
  const isHalf = missing.some(isAmount);
  const more = said.filter((one) => !told.has(one.field) && !(isHalf && OF_SIDES.has(one.code)));
  const typed = new Set(wrong.map((one) => one.field));
  const reasons = [...wrong, ...missing.filter((one) => !typed.has(one.field)), ...more].map((one) => placed(one, where));
  const on = {};
  for (const one of reasons) (on[one.name] ||= []).push(one);
  return {
    document, whole, on, reasons, sides: shown ? sidesOf(shown, known.kinds) : null,
    stops: reasons.filter((one) => one.severity === "refuse"), asks: reasons.filter((one) => one.severity === "warn"),
  };
}

function placed(one, where) {
  const steps = String(one.field ?? "").split(".");
  const found = where[steps.slice(0, 2).join(".")];
  const mark = markOf(one);
  if (found) return { ...one, ...found, about: steps.slice(2).join("."), mark };
  return { ...one, step: STEP_OF[steps[0]] ?? "review", woman: null, name: String(one.field ?? ""), about: "", mark };
}
