// The meetings of a Book, the newest first, with what each wrote, part by part.

import { inOrder } from "../core/days.js";
import { once } from "./parts.js";

const isSaving = (head) => head.startsWith("saving_") && !head.includes("_with_");
const REPAID = ["loan_to_member", "interest_from_members", "penalty"];
const TO_LENDERS = ["interest_to_bank", "interest_to_body", "interest_to_other", "written_off"];
const PARTS = [
  ["savings", ({ head, amount }) => isSaving(head) && amount < 0],
  ["withdrawals", ({ head, amount }) => isSaving(head) && amount > 0],
  ["repayments", ({ head, amount }) => amount < 0 && (REPAID.includes(head) || head === "written_off")],
  ["fines", ({ head }) => head === "fine"],
  ["lendings", ({ head, amount }) => head === "loan_to_member" && amount > 0],
  ["repaid", ({ head, amount }) => amount > 0 && (head.startsWith("loan_from_") || TO_LENDERS.includes(head))],
  ["drawn", ({ head, amount }) => head.startsWith("loan_from_") && amount < 0],
  ["between", ({ head }) => ["on_the_way", "fee_to_body"].includes(head) || head.includes("_with_")],
  ["difference", ({ head }) => ["cash_over", "cash_short"].includes(head)],
  ["money", ({ head }) => ["cash", "bank"].includes(head)],
  ["receipts", ({ amount }) => amount < 0],
  ["payments", () => true],
];

/** The meetings of the window that hold, or all with those that were corrected and taken back: rows of the Book, each
 *  with `at`, its place in it. */
export const history = (book, { withGone = false } = {}) => book.meetings.map((one, at) => ({ ...one, at }))
  .filter((one) => one.on >= book.since && (withGone || (!one.isGone && one.kind !== "undone")))
  .sort((one, two) => inOrder(two.on, one.on) || (two.number ?? 0) - (one.number ?? 0) || two.version - one.version);

/** Map {part: lines} of what a meeting wrote, with the names and in the order of PARTS: those alone that say something.
 *  `difference` is what was found over or short, `money` cash and bank. */
export function partsOf(book, meeting) {
  const sheets = [meeting.sheet, ...meeting.also].map((id) => byId(book).get(id)).filter(Boolean);
  const found = new Map(PARTS.map(([part]) => [part, []]));
  for (const line of sheets.flatMap((sheet) => sheet.lines)) {
    const [part] = PARTS.find(([, is]) => is(line));
    found.get(part).push(line);
  }
  return new Map([...found].filter(([, lines]) => lines.length));
}

const byId = once((book) => new Map(book.sheets.map((sheet) => [sheet.id, sheet])));
