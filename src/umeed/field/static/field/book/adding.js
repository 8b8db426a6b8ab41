// Rows that came to the parts of a group (field/bundles/rows.py says which) added to what the phone has of it: then it has the very
// parts that it would have been told whole.

import { canonical } from "../core/bytes.js";

const MOST_SAID = 8;
const MOST_NAMED = 10;
// What a row of terms says of its own; all else is left out where the first row says the same.
const USUAL = [
  "rate_bp_a_year", "method", "frequency", "instalments", "multiple_paise", "rounding_paise", "halves", "part_month",
  "overdue_principal_paise", "overdue_interest_paise", "overdue_since", "run_paise",
];
/** The parts that rows are added to, and what must be known for it. */
export const ADDED = ["meetings", "said", "loans", "queue"];

/** {name: part} of those in ADDED, of `parts` with `rows`. What is told of older meetings only as long as they may be corrected goes. */
export function added({ self, meetings, said, loans, queue }, rows) {
  const open = openWith(said, rows.said ?? [], self.closed_month ?? "");
  return {
    said: open, meetings: named(meetingsWith(meetings, rows.meetings), open), loans: rows.loans ? loansWith(loans, rows.loans) : loans,
    queue: queueWith(queue, rows, open.map((one) => one.said.on).sort()[0]),
  };
}

function openWith(said, came, closed) {
  const ids = new Set(came.map((one) => one.id));
  return [...said.filter((one) => !ids.has(one.id)), ...came].filter((one) => one.said.on.slice(0, 7) > closed).slice(-MOST_SAID);
}

/** Days since the window began. */
function daysOf(on) {
  let day = 0;
  return on.map((step) => (day += step));
}

const ROW = ["id", "number", "version", "kind", "sheet", "counted", "came"];

function meetingsWith(part, came) {
  if (!came) return part;
  const days = daysOf(part.on);
  const known = new Set(days.map((day, row) => `${day} ${part.number[row]} ${part.version[row]}`));
  const next = { ...part, women: [...part.women], on: [...part.on], president: [...part.president], fines: { ...part.fines }, brought: { ...part.brought } };
  for (const name of ROW) next[name] = [...part[name]];
  const place = (at) => placeOf(next.women, came.women[at]);
  daysOf(came.on).forEach((day, row) => {
    if (known.has(`${day} ${came.number[row]} ${came.version[row]}`)) return; // told twice
    next.on.push(day - (days.at(-1) ?? 0));
    days.push(day);
    for (const name of ROW) next[name].push(came[name][row]);
    addWomen(next, came, row, place);
  });
  return next;
}

// As the server names them: of each row who came, who presided, fines, who brought.
function addWomen(next, came, row, place) {
  const at = next.number.length - 1;
  const letters = [...came.came[row]].map((letter, woman) => [letter, woman]).filter(([letter]) => letter !== "-");
  const here = new Map(letters.map(([letter, woman]) => [place(woman), letter]));
  next.came[at] = Array.from({ length: Math.max(-1, ...here.keys()) + 1 }, (_, woman) => here.get(woman) ?? "-").join("");
  next.president.push(came.president[row] < 0 ? -1 : place(came.president[row]));
  for (const name of ["fines", "brought"]) {
    const said = came[name][row];
    if (said) next[name][at] = said.map(([woman, ...more]) => [place(woman), ...more]);
  }
}

function placeOf(women, woman) {
  const at = women.indexOf(woman);
  return at >= 0 ? at : women.push(woman) - 1;
}

/** Ids of the last meetings, and of all since the first that may be corrected. */
function named(part, open) {
  const first = Math.min(part.id.length, ...open.map((one) => part.id.indexOf(one.id)).filter((at) => at >= 0));
  const from = Math.min(first, part.id.length - MOST_NAMED);
  return { ...part, id: part.id.map((id, at) => (at >= from ? id : null)) };
}

function loansWith({ loans, usual }, came) {
  const every = new Map(loans.map((row) => [row.n, { ...row, ...(row.agreements && { agreements: row.agreements.map((terms) => ({ ...usual, ...terms })) }) }]));
  for (const row of came) every.set(row.n, row);
  const rows = [...every.values()].sort((one, other) => one.n - other.n);
  const first = rows.find((row) => row.agreements?.length)?.agreements[0] ?? {};
  const next = { ...Object.fromEntries(USUAL.map((name) => [name, first[name] ?? null])), carried: null, resolution: "" };
  const unlike = (terms) => Object.fromEntries(Object.entries(terms).filter(([name, value]) => !(name in next) || next[name] !== value));
  return { loans: rows.map((row) => (row.agreements ? { ...row, agreements: row.agreements.map(unlike) } : row)), usual: next };
}

function queueWith({ asked, decided }, { asked: requests = [], decided: decisions = [] }, first) {
  const every = new Map([...asked, ...requests].map((one) => [one.id, one]));
  const known = new Set(decided.map(unnamed));
  const rows = [...decided, ...decisions.filter((one) => !known.has(unnamed(one)))];
  const isEarly = (one) => first === undefined || one.decided_on < first;
  return {
    asked: [...every.values()].sort((one, other) => (one.asked_on + one.id < other.asked_on + other.id ? -1 : 1)),
    decided: rows.map(({ id, ...one }) => (isEarly(one) || id === undefined ? one : { id, ...one })),
  };
}

const unnamed = ({ id, ...one }) => canonical(one);

/** How many of these rows there are in the window, of those that `told` counts: {meetings, loans, decided}. */
export function counted({ self, meetings, loans, queue }, told) {
  const since = self.since;
  const found = {
    meetings: () => daysOf(meetings.on).filter((day) => day >= 0).length, loans: () => loans.loans.filter((one) => one.lent_on >= since).length,
    decided: () => queue.decided.filter((one) => one.decided_on >= since).length,
  };
  return Object.fromEntries(Object.keys(told).map((name) => [name, found[name]()]));
}
