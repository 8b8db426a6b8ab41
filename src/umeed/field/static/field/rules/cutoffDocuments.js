// A cut-off as it is written: what a group with a past has and owes on a day, and every woman in it. Whole paise, ids
// lower-case UUIDs, days 'YYYY-MM-DD'. The same fields, bounds and reasons as books/cutoffs/documents.py.

import * as codes from "./codes.js";
import {
  amount, amountOrNothing, among, below, day, each, isMapping, MOST_PAISE, note, oneOf, orNone, parts, savingHead, text, truth,
  unread, uuid, whole,
} from "./documents.js";
import { MOST_INSTALMENTS } from "./schedules.js";
import { covered } from "./taken.js";

const MOST_MEETINGS = 10_000;
const count = whole({ least: 0, most: MOST_MEETINGS });
const lender = oneOf([
  "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
]);
const amongOrNone = (list) => oneOf(["", ...Object.keys(list)]);

/** Of its sanction or account; of an account number only the end. */
function number(said, path, reasons) {
  const read = text(40)(said, path, reasons);
  return read === undefined ? undefined : covered(read);
}

/** What was earned may be less than nothing. */
const surplus = (said, path, reasons) => {
  const size = whole({ most: MOST_PAISE })(Number.isInteger(said) ? Math.abs(said) : said, path, reasons);
  return size === undefined ? undefined : said;
};

function attended(said, path, reasons) {
  if (!isMapping(said)) return unread(path, reasons);
  return Object.fromEntries(Object.entries(said).map(([who, how]) => {
    const at = below(path, who);
    return [uuid(who, below(at, "[key]"), reasons), count(how, at, reasons)];
  }));
}

// What a woman has saved until then, less what she took back; what a group or VO has here; what lies with those above.
const saved = parts(["woman", uuid], ["head", savingHead], ["paise", amount]);
const kept = parts(["body", uuid], ["head", oneOf(["saving_of_body", "share_of_body"])], ["paise", amount]);
const held = parts(["body", uuid], ["what", oneOf(["saving", "share", "on_the_way"])], ["paise", amount]);
// What of a loan falls, or fell, due on a day.
const part = parts(["on", day], ["principal", amountOrNothing, 0], ["interest", amountOrNothing, 0]);

// A loan that is not repaid. `outstanding` is the principal that is owed with what is overdue of it; `overdue` what was
// due and not paid, by day; `instalments` are those that are left and `next_due` the first of them.
const running = parts(
  ["loan", uuid], ["head", lender, "loan_to_member"], ["woman", orNone(uuid), null], ["body", orNone(uuid), null],
  ["lender", text(120), ""], ["number", number, ""], ["is_cash_credit", truth, false], ["limit", amountOrNothing, 0],
  ["lent_on", day], ["lent", amountOrNothing], ["outstanding", amountOrNothing], ["overdue", each(part), []],
  ["rate_bp_a_year", whole({ least: 0, most: 10_000 })], ["method", among(codes.METHOD)],
  ["frequency", among(codes.INSTALMENTS), "monthly"], ["instalments", whole({ least: 0, most: MOST_INSTALMENTS }), 0],
  ["next_due", orNone(day), null], ["source", amongOrNone(codes.SOURCE), ""], ["purpose", amongOrNone(codes.PURPOSE), ""],
  ["plan", each(part), []], ["ahead", amountOrNothing, 0], ["first_due", orNone(day), null],
  ["multiple", whole({ least: 1, most: 100_000 }), 1], ["rounding", orNone(whole({ least: 1, most: 100_000 })), null],
  ["halves", oneOf(["even", "up"]), "up"], ["part_month", orNone(oneOf(["days", "whole", "due"])), null],
  ["begun", orNone(day), null], ["repaid", each(part), []],
);
// Loans that were repaid before: no balance tells of them.
const closed = parts(
  ["head", lender, "loan_to_member"], ["woman", orNone(uuid), null], ["body", orNone(uuid), null],
  ["count", whole({ least: 1, most: MOST_MEETINGS })], ["paise", amountOrNothing, 0],
);

const cutOff = parts(
  ["id", uuid], ["on", day], ["origin", oneOf(["registers", "workbook", "lokos", "book"]), "registers"],
  ["meetings_held", count, 0], ["last_meeting", orNone(day), null], ["cash", amountOrNothing, 0],
  ["bank", amountOrNothing, 0], ["fixed_deposit", amountOrNothing, 0], ["insurance_policy", amountOrNothing, 0],
  ["held", each(held), []], ["rf_received", amountOrNothing, 0], ["rf_returned", amountOrNothing, 0],
  ["cif_received", amountOrNothing, 0], ["cif_returned", amountOrNothing, 0], ["vrf", amountOrNothing, 0],
  ["startup", amountOrNothing, 0], ["other_grant", amountOrNothing, 0], ["other_receipts", amountOrNothing, 0],
  // Said by the person, never worked out for her; less than nothing when it lost.
  ["surplus", orNone(surplus), null], ["surplus_why", note, ""],
  ["savings", each(saved), []], ["kept", each(kept), []], ["loans", each(running), []], ["closed", each(closed), []],
  ["attended", attended, {}],
);

/** {document, reasons}: the whole document with all that it leaves out, or null and every reason why it is none. */
export function read(said) {
  const reasons = [];
  const document = cutOff(said, "", reasons);
  return { document: reasons.length ? null : document, reasons };
}

const sumOf = (rows, key) => rows.reduce((all, one) => all + one[key], 0);

export const overduePrincipal = (loan) => sumOf(loan.overdue, "principal");
export const overdueInterest = (loan) => sumOf(loan.overdue, "interest");

/** The principal that is not overdue. */
export const restOf = (loan) => loan.outstanding - overduePrincipal(loan);
