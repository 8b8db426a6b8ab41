// The parts of a group as the server sends them (field/bundles/parts.py says their shape) opened: a Book, plain data
// that nothing changes.
//
// A Book is {
//   id, since, own: the part `self`,
//   women: [{id, name, during, kept, revision, profile, covered}], kept: Map {a record: the one that is kept of her},
//   loans: [{n, uid, way, head, woman, body, called, lent_on, source, purpose, request, twin, is_cash_credit,
//            agreements, limits}],
//   sheets: [{id, on, kind, reverses, isTheirs, isOff, lines: [{head, amount, woman, loan, body}]}] by id; `loan` is n,
//   meetings: [{id, number, version, replaces: place in this list | null, on, kind, sheet, president,
//               attendance: {woman: state}, counted, isGone, fines, brought, said, closedAt, also}],
//   numbers: [{number, on}] of all that stand before these, metBefore, heldBefore: days,
//   asked, decided: the queue, before: {heads: Map, women, loans, ways},
//   folded: Set of the commands that stand in it without the server (fold.js)}
// What a folded command wrote has `command`, its id. Absent values are null, columns have the names of Python.

import { addDays } from "../core/days.js";
import { BY_NUMBER } from "../rules/heads.js";

const EPOCH = "1970-01-01";
const STATES = { p: "present", l: "late", a: "absent", v: "on_leave" };
const NOTHING = {
  loans: { loans: [], usual: {} }, before: { heads: {}, women: [], loans: [], ways: [] }, said: [],
  queue: { asked: [], decided: [] },
};
const REQUEST = { instalments: null, note: "", loan: null };
const DECISION = { id: null, amount_paise: null, way: "all", voted: [], promised_on: null, jump_why: "", why: "" };
const LOAN = {
  woman: null, body: null, called: "", source: "", purpose: "", request: null, twin: false, is_cash_credit: false,
  agreements: [], limits: [],
};

/** The Book of a group. `parts` are as they were kept: whole by name, `sheets` the pieces in which they came. */
export function openBook(parts) {
  const { self: own, women } = parts;
  const known = women.map(womanOf);
  const told = { ...NOTHING, ...withoutNothing(parts) };
  const pieces = [told.sheets ?? []].flat();
  return Object.freeze({
    id: own.id, since: own.since, own, women: known,
    kept: new Map(known.filter((one) => one.kept).map((one) => [one.id, one.kept])),
    loans: loansOf(told.loans, known), sheets: pieces.flatMap(sheetsOf),
    ...meetingsOf(own.since, told.meetings, told.said),
    asked: told.queue.asked.map((one) => ({ ...REQUEST, ...one })),
    decided: told.queue.decided.map((one) => ({ ...DECISION, ...one })), before: beforeOf(told.before),
    folded: new Set(),
  });
}

const withoutNothing = (parts) => Object.fromEntries(Object.entries(parts).filter(([, part]) => part));

const womanOf = (row) => ({ kept: null, revision: null, profile: {}, covered: [], ...row, during: row.during ?? [] });

/** Loans with every column; one of a woman is called by the name of the record that it names. */
function loansOf({ loans, usual }, women) {
  const names = new Map(women.map((one) => [one.id, one.name]));
  return loans.map((row) => ({
    ...LOAN, ...row, called: names.get(row.woman) ?? row.called ?? "",
    agreements: (row.agreements ?? []).map((terms) => ({ ...usual, ...terms })),
  }));
}

/** Numbers that are told as differences. */
function sums(steps) {
  let number = 0;
  return steps.map((step) => (number += step));
}

/** The sheets of a piece. */
export function sheetsOf(piece) {
  const [ids, days] = [sums(piece.ids), sums(piece.on)];
  const [theirs, off] = [new Set(piece.theirs), new Set(piece.off)];
  const amounts = amountsOf(piece);
  let at = 0;
  return ids.map((id, row) => {
    const accounts = piece.account.slice(at, at + piece.lines[row]);
    const lines = accounts.map((account, nth) => lineOf(piece, account, amounts[at + nth]));
    at += accounts.length;
    return {
      id, on: addDays(piece.since, days[row]), kind: piece.kind[row], reverses: piece.reverses[row] ?? null,
      isTheirs: theirs.has(row), isOff: off.has(row), lines,
    };
  });
}

/** The amount of every line: they are told account by account, but for the first of each sheet. */
function amountsOf({ lines, account, paise, heads }) {
  const isFirst = new Set(sums([0, ...lines.slice(0, -1)]));
  const counts = new Array(heads.length).fill(0);
  account.forEach((one, at) => { if (!isFirst.has(at)) counts[one] += 1; });
  const next = sums([0, ...counts.slice(0, -1)]);
  const amounts = account.map((one, at) => (isFirst.has(at) ? 0 : paise[next[one]++]));
  let begin = 0;
  for (const count of lines) {
    for (let at = begin + 1; at < begin + count; at += 1) amounts[begin] -= amounts[at];
    begin += count;
  }
  return amounts;
}

const lineOf = ({ heads, women, loans, bodies, who, whom }, account, amount) => ({
  head: BY_NUMBER[heads[account]].key, amount, woman: who[women[account]] ?? null, loan: loans[account] || null,
  body: whom[bodies[account]] ?? null,
});

function meetingsOf(since, told, said) {
  if (!told?.number) return { meetings: [], numbers: [], metBefore: null, heldBefore: null };
  const { before } = told;
  const [numbers, days] = [sums(before.numbers), sums(before.days)];
  const documents = new Map(said.map((one) => [one.id, one]));
  return {
    meetings: sums(told.on).map((day, row) => meetingOf(addDays(since, day), told, row, documents)),
    numbers: numbers.map((number, at) => ({ number, on: addDays(EPOCH, days[at]) })),
    metBefore: before.met, heldBefore: before.held,
  };
}

function meetingOf(on, told, row, documents) {
  const { women } = told;
  const id = told.id[row];
  const found = documents.get(id);
  const attended = [...told.came[row]].map((letter, at) => [women[at], STATES[letter]]).filter(([, state]) => state);
  return {
    id, number: told.number[row], version: told.version[row], replaces: told.replaces[row] ?? null,
    on, kind: told.kind[row], sheet: told.sheet[row] || null,
    president: women[told.president[row]] ?? null, attendance: Object.fromEntries(attended),
    counted: told.counted[row], isGone: told.gone.includes(row),
    fines: (told.fines[row] ?? []).map(([woman, paise]) => [women[woman], paise]),
    brought: (told.brought[row] ?? []).map(([woman, head, paise]) => [women[woman], BY_NUMBER[head].key, paise]),
    said: found?.said ?? null, closedAt: found?.closed_at ?? null, also: found?.also ?? [],
  };
}

const beforeOf = ({ heads, women, loans, ways }) => ({
  heads: new Map(Object.entries(heads).map(([head, paise]) => [BY_NUMBER[head].key, paise])),
  women: women.map(([woman, head, paise]) => ({ woman, head: BY_NUMBER[head].key, paise })),
  loans, ways,
});

/** What is asked of a Book again and again is counted once: `make(book)`, kept as long as the Book. */
export function once(make) {
  const kept = new WeakMap();
  return (book) => {
    if (!kept.has(book)) kept.set(book, make(book));
    return kept.get(book);
  };
}

/** The record that is kept of a woman. */
export const keptOf = (book, woman) => book.kept.get(woman) ?? woman;

/** What she is called; null of who stands nowhere in the book. */
export const calledOf = (book, woman) => names(book).get(keptOf(book, woman)) ?? names(book).get(woman) ?? null;
const names = once((book) => new Map(book.women.map((one) => [one.id, one.name])));
