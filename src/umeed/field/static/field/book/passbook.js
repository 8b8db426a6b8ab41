// What a Book says of a woman, entry by entry: savings with what she has after each, each of her loans with what is
// owed, and what she paid or was given besides. The same entries as books/registers/passbooks.py, loans apart.

import { inOrder, LAST_DAY } from "../core/days.js";
import { BY_KEY, BY_NUMBER, SAVINGS } from "../rules/heads.js";
import { keptOf, once } from "./parts.js";
import { KIND } from "./undoing.js";

const OF_SAVINGS = new Set(SAVINGS.map((head) => head.key));
const OF_LOANS = new Set(["loan_to_member", "interest_from_members", "penalty", "written_off"]);
const KINDS = Object.fromEntries(Object.entries(KIND).map(([name, kind]) => [kind, name]));

/** {savings, loans, besides} of a woman, by the record that is kept of her; days of the window until one.
 *
 *  savings {opening: Map {head: paise}, rows: [{…, paise: Map {head: more, or less}, total}], closing: Map}; what was
 *    given back is a row of its own
 *  loans   [{loan, opening, rows: [{…, lent, repaid, interest, penalty, off, back, owed}], owed}], the oldest first
 *  besides [{…, head, paid, given}]
 *  Each row has {on, sheet, what}: `what` as `whatOf` says it. */
export function passbook(book, woman, until = LAST_DAY) {
  const hers = herLoans(book, woman);
  const found = withoutUnchanged(book, entriesOf(book, woman, hers, until));
  return {
    savings: savingsIn(book, woman, found), loans: hers.map((loan) => loanIn(book, loan, found)),
    besides: found.flatMap((one) => besidesIn(book, one)),
  };
}

/** {kind: "meeting" | "bank" | "between" | "cutOff" | "adjustment" | "reversal", number of the meeting, takesBack,
 *  isTakenBack, isOff, command}: of what takes something back, kind and number of that. */
export function whatOf(book, sheet) {
  const of = (sheet.reverses === null ? null : byId(book).get(sheet.reverses)) ?? sheet;
  return {
    kind: KINDS[of.kind], number: meetingOf(book).get(of.id)?.number ?? null, takesBack: sheet.reverses !== null,
    isTakenBack: mirrors(book).has(sheet.id), isOff: sheet.isOff, command: sheet.command ?? null,
  };
}

const byId = once((book) => new Map(book.sheets.map((sheet) => [sheet.id, sheet])));
const mirrors = once((book) =>
  new Map(book.sheets.filter((one) => one.reverses !== null).map((one) => [one.reverses, one])));
const meetingOf = once((book) => new Map(book.meetings.filter((one) => one.sheet).map((one) => [one.sheet, one])));

const herLoans = (book, woman) => book.loans.filter((loan) => loan.woman && keptOf(book, loan.woman) === woman)
  .sort((one, two) => inOrder(one.lent_on, two.lent_on) || one.n - two.n);

/** [{sheet, lines}] in order: what names her, and what came of her loans after they were written off. */
function entriesOf(book, woman, hers, until) {
  const numbers = new Set(hers.map((loan) => loan.n));
  const isHers = (sheet, line) => (line.woman ? keptOf(book, line.woman) === woman
    : line.head === "written_off" && numbers.has(line.loan) && !sheet.isOff);
  return book.sheets.filter((sheet) => sheet.on <= until)
    .map((sheet) => ({ sheet, lines: sheet.lines.filter((line) => isHers(sheet, line)) }))
    .filter((one) => one.lines.length)
    .sort((one, two) => inOrder(one.sheet.on, two.sheet.on) || one.sheet.id - two.sheet.id);
}

/** A meeting that was corrected and says the same of her stands once: books/registers/corrected.py. */
function withoutUnchanged(book, found) {
  const bySheet = new Map(found.map((one) => [one.sheet.id, one]));
  const out = new Set();
  for (const meeting of book.meetings) {
    const old = meeting.replaces === null ? null : bySheet.get(book.meetings[meeting.replaces].sheet);
    const now = bySheet.get(meeting.sheet);
    const mirror = old && bySheet.get(mirrors(book).get(old.sheet.id)?.id);
    if (!mirror || !now || said(old) !== said(now)) continue;
    if (old.sheet.on === mirror.sheet.on && old.sheet.on === now.sheet.on) {
      out.add(old.sheet.id);
      out.add(mirror.sheet.id);
    }
  }
  return found.filter((one) => !out.has(one.sheet.id));
}

const said = ({ lines }) => lines.map((line) => [line.head, line.amount, line.loan].join(" ")).sort().join("|");

const rowOf = (book, sheet) => ({ on: sheet.on, sheet: sheet.id, what: whatOf(book, sheet) });

/** What a sheet received and what it paid, each with those lines alone; what takes something back stands on the side of
 *  what it takes back. */
const bothSides = ({ sheet, lines }) => [-1, 1].map((side) =>
  ({ sheet, lines: lines.filter((line) => (line.amount * side > 0) !== (sheet.reverses !== null)) }));

function savingsIn(book, woman, found) {
  const opening = new Map();
  const add = (sums, head, paise) => sums.set(head, (sums.get(head) ?? 0) + paise);
  for (const one of book.before.women) if (keptOf(book, one.woman) === woman) add(opening, one.head, -one.paise);
  const closing = new Map(opening);
  let total = [...opening.values()].reduce((all, paise) => all + paise, 0);
  const rows = [];
  for (const { sheet, lines } of found.flatMap(bothSides)) {
    const paise = new Map();
    for (const line of lines) if (OF_SAVINGS.has(line.head)) add(paise, line.head, -line.amount);
    if (![...paise.values()].some(Boolean)) continue;
    for (const [head, more] of paise) {
      add(closing, head, more);
      total += more;
    }
    rows.push({ ...rowOf(book, sheet), paise, total });
  }
  return { opening, rows, closing };
}

function loanIn(book, loan, found) {
  const opening = book.before.loans.filter(([n, , head]) => n === loan.n && BY_NUMBER[head].key === loan.head)
    .reduce((sum, [, , , , paise]) => sum + paise, 0);
  let owed = opening;
  const rows = [];
  for (const { sheet, lines } of found) {
    const own = lines.filter((line) => line.loan === loan.n && OF_LOANS.has(line.head));
    if (!own.length) continue;
    const row = movedIn(sheet, own);
    owed += row.moved;
    rows.push({ ...rowOf(book, sheet), ...row, owed });
  }
  return { loan, opening, rows, owed };
}

/** What is lent stands apart from what is repaid; what was written off is neither. */
function movedIn(sheet, lines) {
  const of = (head) => lines.filter((line) => line.head === head).map((line) => line.amount);
  const sum = (amounts) => amounts.reduce((all, paise) => all + paise, 0);
  const moved = sum(of("loan_to_member"));
  const isLending = (paise) => sheet.kind !== KIND.adjustment && (paise > 0) !== (sheet.reverses !== null);
  const lent = sheet.isOff ? 0 : sum(of("loan_to_member").filter(isLending));
  return {
    moved, lent, repaid: sheet.isOff ? 0 : lent - moved,
    interest: sheet.isOff ? 0 : -sum(of("interest_from_members")) || 0,
    penalty: -sum(of("penalty")) || 0, off: sheet.isOff ? -moved || 0 : 0, back: -sum(of("written_off")) || 0,
  };
}

/** Fines, fees and the like: what she paid, what she was given. */
function besidesIn(book, one) {
  return bothSides(one).flatMap(({ sheet, lines }) => lines
    .filter((line) => line.woman && !OF_SAVINGS.has(line.head) && !OF_LOANS.has(line.head))
    .map((line) => {
      const isPaid = sheet.kind === KIND.adjustment ? BY_KEY[line.head].side === "income"
        : line.amount < 0 !== (sheet.reverses !== null);
      const [paid, given] = isPaid ? [-line.amount, 0] : [0, line.amount];
      return { ...rowOf(book, sheet), head: line.head, paid, given };
    }));
}
