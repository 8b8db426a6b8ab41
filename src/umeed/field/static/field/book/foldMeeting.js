// A meeting that was closed, corrected or taken back on the phone, folded into a Book. The same as close_meeting and
// take_back_meeting of books/actions/meetings.py, with what hangs on a meeting (books/actions/releasing.py).

import { inOrder } from "../core/days.js";
import { read } from "../rules/documents.js";
import { BY_KEY } from "../rules/heads.js";
import { broughtIn } from "../rules/missing.js";
import { runningLoan } from "../rules/running.js";
import { entriesOf, givenHead } from "../rules/sums.js";
import { agreementOf } from "../rules/terms.js";
import { balances } from "./balances.js";
import { bodiesOf } from "./facts.js";
import { bylawsOn, movesOf } from "./loans.js";
import { numberIn, standing } from "./meetings.js";
import { KIND, nextSheet, withoutMoney } from "./undoing.js";

const INTEREST = {
  loan_from_bank: "interest_to_bank", loan_from_vo: "interest_to_body", loan_from_clf: "interest_to_body",
  loan_from_other: "interest_to_other",
};

/** Null when it cannot be read, lies before the window, or when what it corrects stands no more. What the server `told`
 *  of it is its number, where that is another than it says. */
export function foldClosing(whole, { id, said, made_at: madeAt, after = [], told = null }) {
  const { document } = read(said.document);
  if (!document || document.on < whole.since) return null;
  const old = said.replaces ? standing(whole).find((one) => one.id === said.replaces) : null;
  if (old === undefined) return null;
  const meeting = { ...document, number: told?.number ?? numberIn(whole, document, after, old) };
  const book = old ? released(withoutMoney(whole, old, dayOf(madeAt, meeting), id), old, meeting) : whole;
  const asked = putRequests(book, meeting);
  const lent = putLoans(asked, meeting);
  return putMeeting({ ...lent, ...putSheets(lent, meeting, id) }, meeting, old, id, madeAt);
}

export function foldTakingBack(whole, { id, said, made_at: madeAt }) {
  const old = standing(whole).find((one) => one.id === said.meeting);
  if (!old) return null;
  const book = released(withoutMoney(whole, old, dayOf(madeAt, old), id), old, null);
  return putRow(book, old, {
    id, number: old.number, version: old.version + 1, on: old.on, kind: "undone", sheet: null, president: null,
    attendance: {}, counted: 0, fines: [], brought: [], said: { why: said.why }, closedAt: madeAt ?? null, also: [],
  }, id);
}

const dayOf = (madeAt, held) => madeAt?.slice(0, 10) ?? held.on;

/** Adds the record of what was held or taken back; `old` is the one that it stands in the place of. */
function putRow(book, old, row, command) {
  const at = old ? book.meetings.findIndex((one) => one.id === old.id) : null;
  const meetings = book.meetings.map((one, place) => (place === at ? { ...one, isGone: true } : one));
  return { ...book, meetings: [...meetings, { ...row, replaces: at, isGone: false, command }] };
}

function putMeeting(book, meeting, old, command, madeAt) {
  const { fines, brought } = broughtIn(meeting);
  const away = (woman) => ["absent", "on_leave"].includes(meeting.attendance[woman]);
  const sheets = book.sheets.filter((sheet) => sheet.command === command && sheet.reverses === null);
  const same = book.meetings.filter((one) => meeting.number !== null && one.number === meeting.number);
  return putRow(book, old, {
    id: meeting.id, number: meeting.number, version: Math.max(0, ...same.map((one) => one.version)) + 1,
    on: meeting.on, kind: meeting.kind,
    sheet: sheets.find((sheet) => sheet.kind === KIND.meeting)?.id ?? null, president: meeting.president,
    attendance: meeting.attendance, counted: meeting.counted ?? 0, fines,
    brought: brought.filter(([woman]) => away(woman)), said: meeting, closedAt: madeAt ?? null,
    also: sheets.filter((sheet) => sheet.kind === KIND.between).map((sheet) => sheet.id),
  }, command);
}

// Money -------------------------------------------------------------------------------------------------------------

function putSheets(book, meeting, command) {
  const { on } = meeting;
  const [needs, bodies] = [needsOf(book, meeting), bodiesOf(book, on)];
  const own = entriesOf(meeting, needs, bodies, balances(book, on).get("cash") ?? 0);
  const events = eventsOf(meeting, needs, bodies);
  const all = [...(own.length ? [[KIND.meeting, own]] : []), ...events.map((lines) => [KIND.between, lines])];
  const first = nextSheet(book);
  const sheets = all.map(([kind, lines], at) => ({
    id: first + at, on, kind, reverses: null, isTheirs: kind === KIND.between, isOff: false, lines, command,
  }));
  return { sheets: [...book.sheets, ...sheets] };
}

/** Map {uid: what lines need of a loan} of those that the meeting names. */
function needsOf(book, meeting) {
  const parts = [meeting.repayments, meeting.repaid, meeting.drawn, meeting.lendings].flat();
  const named = new Set(parts.map((one) => one.loan));
  return new Map(book.loans.filter((loan) => named.has(loan.uid)).map((loan) => [loan.uid, {
    number: loan.n, head: loan.head, woman: loan.woman, body: loan.body, isShared: loan.twin,
    isOff: isOff(book, loan, meeting.on),
  }]));
}

const isOff = (book, loan, on) => {
  const moves = movesOf(book).get(loan.n) ?? [];
  return runningLoan({ loan, agreements: loan.agreements, moves, on, limits: loan.limits })?.offOn != null;
};

/** What goes to a VO or CLF that keeps a book here stands in both books: the lines of ours, an event a body. */
function eventsOf(meeting, needs, bodies) {
  const moves = new Map();
  const move = (body, head, paise, loan = null) => {
    const about = BY_KEY[head].about;
    if (!moves.has(body)) moves.set(body, []);
    moves.get(body).push({
      head, amount: paise, woman: null, loan: about.includes("loan") ? loan : null,
      body: about.includes("body") ? body : null,
    });
  };
  for (const one of meeting.repaid) {
    const loan = needs.get(one.loan);
    if (!loan?.isShared || loan.body === null) continue;
    if (loan.isOff) {
      move(loan.body, "written_off", one.principal + one.interest, loan.number);
      continue;
    }
    if (one.principal) move(loan.body, loan.head, one.principal, loan.number);
    if (one.interest) move(loan.body, INTEREST[loan.head], one.interest, loan.number);
  }
  for (const one of meeting.given) {
    const [kind, keeps] = bodies.get(one.body) ?? [];
    if (keeps) move(one.body, givenHead(one.what, kind), one.paise);
  }
  return [...moves].map(([body, lines]) => [...lines, {
    head: "on_the_way", amount: -lines.reduce((sum, one) => sum + one.amount, 0), woman: null, loan: null, body,
  }]);
}

// What hangs on it --------------------------------------------------------------------------------------------------

function putRequests(book, meeting) {
  const asked = meeting.requests.map((one) => ({
    id: one.id, woman: one.woman, asked_on: meeting.on, amount_paise: one.paise, purpose: one.purpose,
    instalments: one.instalments, note: one.note, loan: book.asked.find((row) => row.id === one.id)?.loan ?? null,
  }));
  const decided = meeting.decisions.map((one) => ({
    id: one.id, request: one.request, decided_on: meeting.on, outcome: one.outcome, amount_paise: one.paise,
    way: one.way, voted: one.voted, promised_on: one.promised_on, jump_why: one.jump_why, why: one.why,
  }));
  const inTime = (one, two) => inOrder(one.decided_on, two.decided_on);
  return { ...book, asked: put(book.asked, asked), decided: put(book.decided, decided).sort(inTime) };
}

/** Rows with others under their ids: what was there under an id goes. */
function put(rows, others) {
  const ids = new Set(others.map((one) => one.id));
  return [...rows.filter((one) => one.id === null || !ids.has(one.id)), ...others];
}

/** Loans that are paid out, with their terms, rounded as the group's rules of the day say. */
function putLoans(book, meeting) {
  const rules = bylawsOn(book, meeting.on);
  let n = book.loans.reduce((most, loan) => Math.max(most, loan.n), 0);
  const made = meeting.lendings.map((lent) => {
    const known = book.loans.find((loan) => loan.uid === lent.loan);
    const terms = agreementOf({
      since: meeting.on, principal_paise: lent.paise, rate_bp_a_year: lent.rate_bp_a_year, method: lent.method,
      frequency: lent.frequency, instalments: lent.instalments, first_due: lent.first_due,
      multiple_paise: rules.multiple, rounding_paise: rules.rounding.unit, halves: rules.rounding.halves,
      part_month: rules.partMonth,
    });
    return {
      n: known?.n ?? (n += 1), uid: lent.loan, way: "given", head: "loan_to_member", woman: lent.woman, body: null,
      called: book.women.find((one) => one.id === lent.woman)?.name ?? "", lent_on: meeting.on, source: lent.source,
      purpose: lent.purpose, request: lent.request, twin: false, is_cash_credit: false,
      agreements: [terms, ...(known?.agreements.slice(1) ?? [])], limits: [],
    };
  });
  const paid = new Map(made.filter((loan) => loan.request).map((loan) => [loan.request, loan.uid]));
  const uids = new Set(made.map((loan) => loan.uid));
  return {
    ...book, loans: [...book.loans.filter((loan) => !uids.has(loan.uid)), ...made],
    asked: book.asked.map((one) => (paid.has(one.id) ? { ...one, loan: paid.get(one.id) } : one)),
  };
}

/** Without what a meeting made and its correction (null: none) does not make again: a loan that was never paid out
 *  after all asks for nothing, and its request waits again. */
function released(book, old, meeting) {
  const gone = (part, key) => {
    const stay = new Set((meeting?.[part] ?? []).map((one) => one[key]));
    return new Set((old.said?.[part] ?? []).map((one) => one[key]).filter((id) => !stay.has(id)));
  };
  const [loans, decisions, requests] = [gone("lendings", "loan"), gone("decisions", "id"), gone("requests", "id")];
  return {
    ...book,
    loans: book.loans.map((loan) => (loans.has(loan.uid) ? { ...loan, agreements: [], request: null } : loan)),
    decided: book.decided.filter((one) => !decisions.has(one.id)),
    asked: book.asked.filter((one) => !requests.has(one.id))
      .map((one) => (loans.has(one.loan) ? { ...one, loan: null } : one)),
  };
}
