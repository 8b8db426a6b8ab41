// What a Book knows before its cut-off: for its rules. The same as books/cutoffs/facts.py.

import { earliest } from "../core/days.js";
import { factsOf } from "../rules/cutoffs.js";
import { bodiesOf, isMonthClosed, MEETINGS_A_YEAR } from "./facts.js";
import { standing } from "./meetings.js";
import { calledOf } from "./parts.js";
import { KIND } from "./undoing.js";

/** `Facts` (rules/cutoffs.js) of a day. `loans` are those of the document; `corrects` is the id of the cut-off that is
 *  corrected. What only other books know, that a loan's id is used there, is left to the server. */
export function cutOffFacts(book, { on, loans = [] }, { today, corrects = null, why = "" }) {
  const { own } = book;
  const { members, present } = membersUntil(book, on);
  const common = {
    today, formedOn: own.formed_on, members, present, kind: own.kind, isCorrection: corrects !== null, why,
    bodies: new Map([...bodiesOf(book, on)].map(([body, [kind]]) => [body, kind])),
    meetingsAYear: MEETINGS_A_YEAR[own.frequency] ?? 52,
  };
  return factsOf({ ...common, ...(hasBook(book) ? ofBook(book, { on, loans }, corrects) : { correctsStanding: corrects === null }) });
}

/** Whether the group has a book, or will have one as soon as what waits is accepted. */
export const hasBook = ({ own }) => (own.book ?? own.cut_off ?? null) !== null;

/** Who belonged by a day, by name; who belonged on it. */
export function membersUntil(book, on) {
  const begun = book.women.map((one) => ({ ...one, ties: one.during.filter(([from]) => from && from <= on) })).filter((one) => one.ties.length);
  return {
    members: new Map(begun.map((one) => [one.id, one.name])),
    present: begun.filter((one) => one.ties.some(([, until]) => !until || on < until)).map((one) => one.id),
  };
}

function ofBook(book, { on, loans }, corrects) {
  const now = book.own.cut_off;
  const old = now && corrects !== null && now.id === corrects ? now : null;
  return {
    correctsStanding: corrects === null || old !== null, stands: now && corrects === null ? now.on : null,
    firstOther: firstOther(book), meetings: meetingsIn(book),
    locked: [on, ...(old ? [old.on] : [])].filter((day) => isMonthClosed(book, day)), used: usedOf(book, loans),
    repaid: old ? repaidSince(book, old) : new Map(), linked: old ? linkedOf(book, old) : new Map(),
    cashBefore: old ? old.said?.cash ?? 0 : null, charges: book.own.bylaws[0]?.rate_bp_a_year ?? null,
  };
}

/** How many meetings were held under the book. */
export const meetingsIn = (book) =>
  book.numbers.length + standing(book).filter((one) => one.number !== null && one.on >= book.since).length;

/** What stands of sheets: not taken back, and takes nothing back. The cut-off's own is not among them. */
function others(book) {
  const reversed = new Set(book.sheets.map((sheet) => sheet.reverses));
  return book.sheets.filter((sheet) => sheet.kind !== KIND.reversal && sheet.kind !== KIND.cutOff && !reversed.has(sheet.id));
}

/** The earliest day of what stands in the book beside its cut-off. Of what lies before the window only the days of
 *  meetings and of loans are known. */
const firstOther = (book) => earliest([
  ...others(book).map((sheet) => sheet.on), ...standing(book).map((one) => one.on), ...book.numbers.map((one) => one.on),
  ...book.before.loans.filter(([, , , , paise]) => paise).map(([, day]) => day),
]);

function usedOf(book, loans) {
  const there = new Map(book.loans.map((loan) => [loan.uid, loan]));
  const isOther = (said, loan) => loan && ["head", "woman", "body"].some((name) => (said[name] ?? null) !== loan[name]);
  return new Set(loans.filter((said) => isOther(said, there.get(said.loan))).map((said) => said.loan));
}

/** Loans of the Book that a cut-off brought. */
function broughtBy(book, { said }) {
  const uids = new Set((said?.loans ?? []).map((one) => one.loan));
  return book.loans.filter((loan) => uids.has(loan.uid));
}

/** Map {loan of a cut-off that stands in another body's book too: what the cut-off says is owed}. */
function linkedOf(book, old) {
  const owed = new Map(old.said?.loans?.map((one) => [one.loan, one.outstanding]));
  return new Map(broughtBy(book, old).filter((loan) => loan.twin).map((loan) => [loan.uid, owed.get(loan.uid)]));
}

/** Map {loan of a cut-off on which something moved since: whose it is, empty for one that was taken}. */
function repaidSince(book, old) {
  const moved = new Set(others(book).flatMap((sheet) => sheet.lines.map((line) => line.loan)));
  const brought = broughtBy(book, old).filter((loan) => moved.has(loan.n));
  return new Map(brought.map((loan) => [loan.uid, loan.woman ? calledOf(book, loan.woman) ?? "" : ""]));
}
