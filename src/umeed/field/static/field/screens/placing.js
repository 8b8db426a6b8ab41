// What was written of a woman, or on a loan, and finds no place in the book of now: her record was merged into another meanwhile, she
// left, the loan is repaid or taken back. A merged record is followed; of anything else the bookkeeper says what becomes of it. Pure.

import { refusal } from "../core/refusals.js";
import { rupees } from "../core/money.js";
import { N_ } from "../core/words.js";
import * as expected from "../rules/expected.js";

const GONE = N_("%(name)s does not belong to the group on this day, and %(amount)s stands under her name. Say what becomes of it.");
const GONE_UNPAID = N_("%(name)s does not belong to the group on this day. Say what becomes of what was marked of her.");
const LOAN_OF = N_("The loan of %(name)s does not run on this day, and %(amount)s stands on it. Say what becomes of it.");
const LOAN = N_("A loan does not run on this day, and %(amount)s stands on it. Say what becomes of it.");
// Parts of a draft by "woman what", by woman, and by loan.
const BY_HEAD = ["saved", "back", "fined"];
const BY_WOMAN = ["came", "by"];
const BY_LOAN = ["paid", "repaid", "drawn"];
const LISTS = ["fines", "receipts", "requests", "payments"];
/** Of the key "woman what" of a draft. */
export const whoOf = (key) => key.split(" ")[0];
/** Of the same key. */
export const whatIn = (key) => key.slice(whoOf(key).length + 1);
export const sumOf = (one) => one.paise ?? (one.principal || 0) + (one.interest || 0);

/** The draft with every woman under the record that is kept of her; the very same where none was merged. */
export function atHome(draft, { kept }) {
  if (!kept?.size || !isElsewhere(draft, kept)) return draft;
  const of = (woman) => kept.get(woman) ?? woman;
  const next = { ...draft, president: of(draft.president), by: Object.fromEntries(Object.entries(draft.by).map(([woman, name]) => [of(woman), name])) };
  Object.assign(next, attended(draft, of));
  for (const part of BY_HEAD) next[part] = together(draft[part], of);
  for (const part of LISTS) next[part] = draft[part].map((one) => (one.woman ? { ...one, woman: of(one.woman) } : one));
  next.decisions = Object.fromEntries(Object.entries(draft.decisions).map(([id, one]) => [id, one.voted ? { ...one, voted: [...new Set(one.voted.map(of))] } : one]));
  return next;
}

function isElsewhere(draft, kept) {
  const keys = [...BY_HEAD, ...BY_WOMAN].flatMap((part) => Object.keys(draft[part]).map(whoOf));
  const lines = LISTS.flatMap((part) => draft[part].map((one) => one.woman));
  const voted = Object.values(draft.decisions).flatMap((one) => one.voted || []);
  return [...keys, ...lines, ...voted, ...(draft.named || []), draft.president].some((woman) => kept.has(woman));
}

/** {came, named}. Of two records of one woman of which two things are said, nothing is: it is asked. */
function attended(draft, of) {
  const state = (woman) => draft.came[woman] || "present";
  const women = [...new Set([...(draft.named || []), ...Object.keys(draft.came)])];
  const said = Map.groupBy ? Map.groupBy(women, of) : grouped(women, of);
  const isTwofold = (woman) => new Set((said.get(woman) || []).map(state)).size > 1;
  const came = Object.fromEntries(women.filter((woman) => draft.came[woman] && !isTwofold(of(woman))).map((woman) => [of(woman), state(woman)]));
  return draft.named ? { came, named: [...said.keys()].filter((woman) => !isTwofold(woman)) } : { came };
}

function grouped(women, of) {
  const found = new Map();
  for (const woman of women) found.set(of(woman), [...(found.get(of(woman)) || []), woman]);
  return found;
}

/** Amounts by "woman what", those of one woman added up where they came alike; what came otherwise stays apart, to be asked about. */
function together(lines, of) {
  const next = {};
  for (const [key, one] of Object.entries(lines)) {
    const there = `${of(whoOf(key))} ${whatIn(key)}`;
    const isAlike = !next[there]?.paise || !one.paise || (next[there].mode || "cash") === (one.mode || "cash");
    if (isAlike) next[there] = { ...(one.paise ? { ...next[there], ...one } : { ...one, ...next[there] }), paise: (next[there]?.paise || 0) + (one.paise || 0) };
    else next[key] = one;
  }
  return next;
}

/** What finds no place: [{id, woman | loan, name, paise, came, lines: [[part, key, one]]}]. */
export function lost(draft, known) {
  const women = new Map();
  const isHere = (woman) => known.facts.members.has(woman);
  const of = (woman) => {
    if (!women.has(woman)) women.set(woman, { id: woman, woman, name: nameOf(known, woman), paise: 0, came: null, lines: [] });
    return women.get(woman);
  };
  for (const part of BY_HEAD) {
    for (const [key, one] of Object.entries(draft[part])) {
      if (!one?.paise || isHere(whoOf(key))) continue;
      const found = of(whoOf(key));
      found.lines.push([part, key, one]);
      found.paise += one.paise;
    }
  }
  for (const [woman, state] of Object.entries(draft.came)) if (state !== "present" && !isHere(woman)) of(woman).came = state;
  return [...women.values(), ...lostLoans(draft, known)];
}

function lostLoans(draft, known) {
  const here = {
    paid: () => [...expected.loansOfWomen(known), ...expected.loansOff(known)], repaid: () => [...expected.loansTaken(known), ...expected.loansTakenOff(known)],
    drawn: () => expected.loansTaken(known),
  };
  return BY_LOAN.flatMap((part) => {
    const said = Object.entries(draft[part]).filter(([, one]) => one && sumOf(one));
    if (!said.length) return [];
    const running = new Set(here[part]().map((one) => one.loan.uid));
    return said.filter(([loan]) => !running.has(loan)).map(([loan, one]) => {
      const woman = known.lentTo?.get(loan);
      return { id: loan, loan, name: woman ? nameOf(known, woman) : "", paise: sumOf(one), came: null, lines: [[part, loan, one]] };
    });
  });
}

const nameOf = ({ facts, kept }, woman) => facts.called.get(kept?.get(woman) ?? woman) ?? facts.called.get(woman) ?? "?";

/** Each as a reason against closing, under “who came”, where the cards stand. */
export const whyLost = (all) => all.map(({ id, loan, name, paise }) => {
  const text = loan ? (name ? LOAN_OF : LOAN) : paise ? GONE : GONE_UNPAID;
  return { ...refusal(`gone ${id}`, "gone", text, { ...(name ? { name } : {}), ...(paise ? { amount: rupees(paise) } : {}) }), step: "attendance" };
});

/** Takes it out of the draft; `to`: it is another woman's, and stands with what is written of her. */
export function placed(draft, one, to = null) {
  for (const [part, key, line] of one.lines) {
    delete draft[part][key];
    if (!to) continue;
    const there = `${to} ${whatIn(key)}`;
    draft[part][there] = { ...line, paise: line.paise + (draft[part][there]?.paise || 0) };
  }
  if (one.came && to && !draft.came[to]) draft.came[to] = one.came;
  if (one.woman) {
    delete draft.came[one.woman];
    delete draft.by[one.woman];
  }
}

/** Whether it may be another woman's: amounts that came in two ways are not made one. */
export const isFree = (draft, { lines }, to) => lines.every(([part, key, line]) => {
  const there = draft[part][`${to} ${whatIn(key)}`];
  return !there?.paise || (there.mode || "cash") === (line.mode || "cash");
});
