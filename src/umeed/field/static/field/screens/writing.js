// The meeting that is being written: a draft of taps, the document that comes of it, what it comes to and what stands against it.
// Pure. A draft says only what differs from what is expected (rules/expected.js): who is marked late brings her fine by herself, and
// what was typed stays as it was typed. As books/pages/writing, which asks, fills in and questions the same.

import { once } from "../book/parts.js";
import { daysBetween } from "../core/days.js";
import { uuid5 } from "../core/ids.js";
import { refusal } from "../core/refusals.js";
import { rupees } from "../core/money.js";
import { N_ } from "../core/words.js";
import { allocatedInTurn, whole } from "../rules/allocation.js";
import { kept } from "../rules/bylaws.js";
import { read } from "../rules/documents.js";
import * as expected from "../rules/expected.js";
import { SAVINGS } from "../rules/heads.js";
import { isExplained } from "../rules/held.js";
import { whyNotClose } from "../rules/meetings.js";
import { placeOf } from "../rules/queue.js";
import { MOST_INSTALMENTS, loanTerms, schedule, whole as ofDue } from "../rules/schedules.js";
import { box, tallyOf } from "../rules/sums.js";
import { atHome, lost, whyLost } from "./placing.js";
import { whyNoRate } from "./rates.js";

export const STEPS = ["attendance", "savings", "repayments", "receipts", "loans", "payments", "bank", "agenda", "more", "count", "close"];
export const NOTES = [500, 200, 100, 50, 20, 10, 5, 2, 1];
const OVER = N_("%(paid)s is more than everything that is owed on this loan today, %(owed)s.");
const PARTS = N_("The parts come to %(parts)s, the whole is %(whole)s.");
const WHO = N_("Say which woman it is about.");
const HOW_MUCH = N_("Write how much she asks for.");
const WHAT_FOR = N_("Choose what the loan is for.");
const NOT_OPENED = N_("“%(step)s” was not opened: %(amount)s that is filled in there is not written in this meeting. Leave it out?");
const NO_INSTALMENTS = N_("Write in how many instalments it is repaid, from 1 to %(most)s.");
const NO_FIRST_DUE = N_("Write the day on which the first instalment is due.");
// On which step a part of the document is written.
const STEP_OF = {
  attendance: "attendance", president: "attendance", are_last_minutes_read: "attendance", on: "attendance", number: "attendance",
  kind: "attendance", place: "attendance", savings: "savings", withdrawals: "savings", repayments: "repayments", fines: "receipts",
  receipts: "receipts", arrived: "receipts", requests: "loans", decisions: "loans", lendings: "loans", payments: "payments",
  deposit: "bank", withdrawal: "bank", repaid: "bank", drawn: "bank", given: "bank", left: "bank", agenda: "agenda",
  counted: "count", difference_why: "count", difference: "count",
};

/** A meeting of which nothing is said yet. */
export const begun = ({ id, group, on, number, place = "", president = null, kind = "regular" }) => ({
  v: 1, id, group, on, number, kind, place, president, minutes: number > 1, replaces: null, mends: null, why: "",
  came: {}, by: {}, saved: {}, back: {}, paid: {}, fined: {}, fines: [], receipts: [], arrived: {}, requests: [], decisions: {}, lent: {},
  payments: [], deposit: 0, withdrawal: 0, repaid: {}, drawn: {}, given: {}, left: {}, agenda: [], notes: {}, counted: null,
  apart: null, whyApart: "", seen: [], sure: [], at: "attendance",
});

/** Null of who is not named by the document that is put right, and who belonged on its day: she is asked about. */
export const stateOf = (draft, woman) => draft.came[woman] || (draft.named && !draft.named.includes(woman) ? null : "present");
/** Marks on a draft whether she came. */
export function marked(draft, woman, state) {
  if (state === "present" && (!draft.named || draft.named.includes(woman))) delete draft.came[woman];
  else draft.came[woman] = state;
}
export const isThere = (draft, woman) => ["present", "late"].includes(stateOf(draft, woman));
const attendanceOf = (draft, known) => Object.fromEntries([...known.facts.members.keys()].map((woman) => [woman, stateOf(draft, woman)]).filter(([, state]) => state));
const isSeen = (draft, step) => draft.seen.includes(step);
const usually = (mode) => ({ mode: mode || "cash" });
// Who brought it, or took it along, is said of who is away.
const away = (draft, woman, by) => {
  const name = (by ?? draft.by[woman] ?? "").trim();
  return name && !isThere(draft, woman) ? { by: name } : {};
};

/** Map {"woman head": paise} of the savings that are filled in, whether the step was opened or not. */
export const savingsExpected = (draft, known) => expected.savingsOf(known, attendanceOf(draft, known), draft.kind);

function savingsOf(draft, known, add) {
  const usual = isSeen(draft, "savings") ? savingsExpected(draft, known) : new Map();
  for (const woman of known.facts.members.keys()) {
    for (const { key: head } of SAVINGS) {
      const key = `${woman} ${head}`;
      const { paise = usual.get(key) ?? 0, mode, by } = draft.saved[key] || {};
      if (paise) add("savings", `s ${key}`, { woman, head, paise, ...usually(mode), ...away(draft, woman, by) });
      const back = draft.back[key];
      if (back?.paise) {
        const took = (back.mode || "cash") === "cash" ? away(draft, woman, back.by) : {};
        add("withdrawals", `w ${key}`, { woman, head, paise: back.paise, mode: back.mode || "cash", ...took });
      }
    }
  }
}

/** Loans that run, then those that were written off: what she brings for one is recovered. Put in order once for a meeting. */
export const loansHere = once((known) => [...expected.loansOfWomen(known), ...expected.loansOff(known)]);

/** What is filled in for a loan: what is due, of who came. */
export const dueOf = (draft, loan) => (!loan.offOn && isThere(draft, loan.loan.woman) ? whole(loan.dueNow) : 0);

/** What a payment on a loan is for, in the group's own order. */
export const dividedOf = (known, loan, paise) =>
  allocatedInTurn(paise, { due: loan.dueNow, owed: expected.owedOf(loan), order: known.bylaws.order });

function repaymentsOf(draft, known, add, wrong) {
  for (const loan of loansHere(known)) {
    const { uid, woman } = loan.loan;
    const usual = isSeen(draft, "repayments") ? dueOf(draft, loan) : 0;
    const { paise = usual, parts, mode, by } = draft.paid[uid] || {};
    if (!paise) continue;
    const { over, ...split } = parts ? { over: 0, penalty: 0, interest: 0, principal: 0, ...parts } : dividedOf(known, loan, paise);
    // What is too much stands with the principal, so that sums and box say it too.
    const said = { penalty: split.penalty, interest: split.interest, principal: split.principal + over };
    if (over) wrong.push(refusal(`r ${uid}`, "more_than_all", OVER, { paid: rupees(paise), owed: rupees(whole(expected.owedOf(loan))) }));
    else if (parts && whole(split) !== paise) wrong.push(refusal(`r ${uid}`, "parts_differ", PARTS, { parts: rupees(whole(split)), whole: rupees(paise) }));
    add("repayments", `r ${uid}`, { loan: uid, ...said, ...usually(mode), ...away(draft, woman, by) });
  }
}

/** [[woman, why, paise]] of the fines that are filled in. */
export const finesExpected = (draft, known) => expected.finesOf(known, attendanceOf(draft, known));
export const noted = (draft, known) => expected.notedOf(known, attendanceOf(draft, known));

function receiptsOf(draft, known, add, wrong) {
  if (isSeen(draft, "receipts")) {
    for (const [woman, why, usual] of finesExpected(draft, known)) {
      const { paise = usual, mode, by } = draft.fined[`${woman} ${why}`] || {};
      if (paise) add("fines", `f ${woman} ${why}`, { woman, why, paise, ...usually(mode), ...away(draft, woman, by) });
    }
  }
  draft.fines.forEach((one, at) => {
    if (one.paise && !one.woman) wrong.push(refusal(`f ${at}`, "woman", WHO));
    else if (one.paise) add("fines", `f ${at}`, { woman: one.woman, why: one.why || "other", paise: one.paise, ...usually(one.mode), ...away(draft, one.woman, one.by), ...note(one) });
  });
  draft.receipts.forEach((one, at) => {
    if (one.paise) add("receipts", `c ${at}`, { head: one.head, paise: one.paise, mode: one.mode || "cash", ...note(one) });
  });
  for (const body of known.facts.onTheWay.keys()) {
    for (const mode of ["cash", "bank"]) {
      const paise = draft.arrived[`${body} ${mode}`];
      if (paise) add("arrived", `a ${body} ${mode}`, { body, paise, mode });
    }
  }
}

const note = (one) => (one.note?.trim() ? { note: one.note.trim() } : {});

/** The loan queue of this meeting: [{id, woman, paise, askedOn, purpose, instalments, note, promisedOn, row}], first come first;
    `row` is its place in the draft when it is asked today. `known.asked` is a Map {id: request} of the book's queue. */
export function queueOf(draft, known) {
  const today = new Set(draft.requests.map((one) => one.id));
  const earlier = [...known.facts.requests].filter(([id, one]) => !one.granted && !today.has(id)).map(([id, one]) => ({
    id, woman: one.who, paise: one.paise, askedOn: one.askedOn, promisedOn: one.promisedOn, purpose: "other", ...known.asked?.get(id), row: null,
  }));
  const mine = draft.requests.map((one, row) => ({ ...one, askedOn: draft.on, promisedOn: null, row }));
  const place = (one) => placeOf(one.askedOn, one.id);
  return [...earlier, ...mine].sort((one, two) => (place(one) < place(two) ? -1 : 1));
}

/** Loans that are granted, today or earlier, and not paid out; `paise` is what was granted. */
export function grantedOf(draft, known) {
  const found = [];
  for (const [id, one] of known.facts.requests) {
    const now = draft.decisions[id];
    if (known.facts.builtOn.has(id) || (now && now.outcome !== "granted")) continue;
    const paise = now ? now.paise || one.paise : one.granted;
    if (paise) found.push({ id, woman: one.who, paise, askedOn: one.askedOn, purpose: "other", ...known.asked?.get(id), isToday: !!now });
  }
  for (const one of draft.requests) {
    const now = draft.decisions[one.id];
    if (!known.facts.builtOn.has(one.id) && now?.outcome === "granted") found.push({ ...one, askedOn: draft.on, paise: now.paise || one.paise, isToday: true });
  }
  return found;
}

/** The terms of a loan that is paid out: those of the group's rules, and what was said otherwise. */
export function termsOf(draft, known, asked) {
  const { bylaws } = known;
  const said = draft.lent[asked.id] || {};
  const usual = {
    isOn: asked.isToday, paise: asked.paise, mode: "cash", source: "own", method: bylaws.method, rate: bylaws.rateBpAYear,
    frequency: bylaws.frequency, instalments: asked.instalments || bylaws.instalments, firstDue: expected.firstDue(known, draft.on),
  };
  return { ...usual, ...said };
}

/** How many instalments a number is; null where it is none. */
export const instalmentsIn = (number) => (number >= 1 && number <= MOST_INSTALMENTS ? number : null);

/** The reasons against what was typed for the instalments and their first day, where it is nothing that can be counted with. */
function whyNoTerms({ method, instalments, firstDue }, field) {
  const of = (about, words, values) => ({ ...refusal(field, `no_${about}`, words, values), about, step: "loans" });
  return [
    ...(method !== "bullet" && !instalments ? [of("instalments", NO_INSTALMENTS, { most: MOST_INSTALMENTS })] : []),
    ...(firstDue ? [] : [of("first_due", NO_FIRST_DUE)]),
  ];
}

/** The instalments of a loan under its terms; none while they are no terms. */
export function duesOf(draft, known, terms) {
  const { rounding, multiple } = known.bylaws;
  if (!terms.paise || terms.rate === null || whyNoTerms(terms).length || daysBetween(draft.on, terms.firstDue) <= 0) return [];
  return schedule(loanTerms({
    principal: terms.paise, rateBpAYear: terms.rate, method: terms.method, firstDue: terms.firstDue, lentOn: draft.on, rounding, multiple,
    instalments: terms.method === "bullet" ? 1 : terms.instalments, frequency: terms.frequency,
  }));
}

function loansOf(draft, known, add, wrong) {
  draft.requests.forEach(({ id, woman, paise, purpose, instalments, note: words }, at) => {
    const missing = [[woman, WHO], [paise, HOW_MUCH], [purpose, WHAT_FOR]].find(([said]) => !said);
    if (missing) return void wrong.push(refusal(`q ${at}`, "missing", missing[1]));
    const more = { ...(instalments ? { instalments } : {}), ...(words?.trim() ? { note: words.trim() } : {}) };
    add("requests", `q ${at}`, { id, woman, paise, purpose, ...more });
  });
  for (const one of queueOf(draft, known).filter((other) => other.woman && other.paise)) {
    const said = draft.decisions[one.id];
    if (said?.outcome) add("decisions", `d ${one.id}`, decisionOf(draft, one.id, said));
  }
  for (const asked of grantedOf(draft, known)) {
    const terms = termsOf(draft, known, asked);
    if (!terms.isOn) continue;
    wrong.push(...whyNoRate(terms, "month", `l ${asked.id}`).map((one) => ({ ...one, about: "rate_bp_a_year", step: "loans" })), ...whyNoTerms(terms, `l ${asked.id}`));
    add("lendings", `l ${asked.id}`, {
      loan: terms.loan || asked.loan || loanId(draft, asked.id), woman: asked.woman, request: asked.id, purpose: asked.purpose, paise: terms.paise,
      instalments: terms.method === "bullet" ? 1 : terms.instalments, first_due: terms.firstDue, rate_bp_a_year: terms.rate,
      method: terms.method, frequency: terms.frequency, mode: terms.mode, source: terms.source,
      ...(terms.mode === "cash" ? away(draft, asked.woman, terms.by) : {}),
    });
  }
}

// The same ids however often the document is made, as the server's own pages make them.
const loanId = (draft, request) => uuid5(draft.id, `loan/${request}`);

function decisionOf(draft, request, { id = uuid5(draft.id, `decision/${request}`), outcome, paise, way = "all", voted, promised_on, jump_why, why }) {
  const said = {
    paise: outcome === "granted" ? paise : null, promised_on: outcome === "deferred" ? promised_on : null,
    jump_why: jump_why?.trim(), why: why?.trim(), voted: way === "named" ? voted || [] : null,
  };
  return { id, request, outcome, way, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value?.length || value > 0)) };
}

function paymentsOf(draft, known, add) {
  draft.payments.forEach((one, at) => {
    if (!one.paise) return;
    const about = known.facts.aboutWoman.has(one.head) && one.woman ? { woman: one.woman } : {};
    const took = about.woman && (one.mode || "cash") === "cash" ? away(draft, one.woman, one.by) : {};
    add("payments", `p ${at}`, { head: one.head, paise: one.paise, mode: one.mode || "cash", ...about, ...took, ...note(one) });
  });
}

/** Map {loan: {principal, interest, mode}} of what is due to banks, VO and CLF: a bank's leaves the account, others' the box while
    it holds enough. `cash` is in the box before. */
export function repaidExpected(known, cash) {
  let left = cash;
  const found = new Map();
  for (const one of expected.loansTaken(known)) {
    const sum = ofDue(one.toPay);
    const isByBank = one.loan.head === "loan_from_bank" || sum > left;
    left -= isByBank ? 0 : sum;
    found.set(one.loan.uid, { principal: one.toPay.principal, interest: one.toPay.interest, mode: isByBank ? "bank" : "cash" });
  }
  return found;
}

function bankOf(draft, known, add, cash) {
  const usual = repaidExpected(known, cash);
  for (const { loan, offOn } of [...expected.loansTaken(known), ...expected.loansTakenOff(known)]) {
    const filled = isSeen(draft, "bank") && !offOn ? usual.get(loan.uid) : { principal: 0, interest: 0, mode: usual.get(loan.uid)?.mode || "cash" };
    const { principal, interest, mode } = { ...filled, ...draft.repaid[loan.uid] };
    if (principal || interest) add("repaid", `t ${loan.uid}`, { loan: loan.uid, principal, interest, mode });
    const drawn = draft.drawn[loan.uid];
    if (drawn?.paise) add("drawn", `cc ${loan.uid}`, { loan: loan.uid, paise: drawn.paise, mode: drawn.mode || "bank" });
  }
  for (const body of known.bodies.keys()) {
    for (const what of ["saving", "share", "fee"]) {
      const { paise = 0, mode = "cash" } = draft.given[`${body} ${what}`] || {};
      if (paise) add("given", `g ${body} ${what}`, { body, what, paise, mode });
    }
  }
  for (const [body, waits] of known.facts.countedThere) {
    const { paise = isSeen(draft, "bank") ? waits : 0, mode = "cash" } = draft.left[body] || {};
    if (paise) add("left", `left ${body}`, { body, paise, mode });
  }
}

/** {document, where, wrong}: what is sent, where each of its lines is on the screen ({"savings.3": "s woman head"}), and what cannot
    stand before any rule is asked. */
export function documentOf(written, known) {
  const draft = atHome(written, known);
  const document = {
    id: draft.id, on: draft.on, number: draft.number, kind: draft.kind, place: draft.place, president: draft.president,
    attendance: attendanceOf(draft, known), are_last_minutes_read: !!draft.minutes && draft.number > 1,
    savings: [], withdrawals: [], repayments: [], fines: [], receipts: [], arrived: [], requests: [], decisions: [], lendings: [],
    payments: [], deposit: draft.deposit, withdrawal: draft.withdrawal, repaid: [], drawn: [], given: [], left: [],
    agenda: draft.agenda.filter((one) => one.topic?.trim() || one.decided?.trim()).map(itemOf), counted: null, difference_why: "", difference: null,
  };
  const where = {};
  const wrong = [];
  const add = (part, name, line) => {
    where[`${part}.${document[part].length}`] = name;
    document[part].push(line);
  };
  savingsOf(draft, known, add);
  repaymentsOf(draft, known, add, wrong);
  receiptsOf(draft, known, add, wrong);
  loansOf(draft, known, add, wrong);
  paymentsOf(draft, known, add);
  const before = tallyOf({ ...document, deposit: 0, withdrawal: 0 });
  bankOf(draft, known, add, box(before, known.facts.cash));
  counting(draft, document, box(tallyOf(document), known.facts.cash));
  return { document, where, wrong };
}

const itemOf = ({ topic = "", decided = "" }) => ({ topic: (topic.trim() || decided.trim().split("\n")[0]).slice(0, topic.trim() ? 120 : 60), decided: decided.trim() });

export const notesSum = (draft) => NOTES.reduce((sum, one) => sum + one * 100 * (draft.notes[one] || 0), 0);
export const hasNotes = (draft) => NOTES.some((one) => draft.notes[one]);

function counting(draft, document, must) {
  document.counted = hasNotes(draft) ? notesSum(draft) : draft.counted;
  const apart = document.counted === null ? 0 : document.counted - must;
  // The words of another difference are asked for anew.
  if (apart && draft.whyApart.trim() && draft.apart === apart) Object.assign(document, { difference_why: draft.whyApart.trim(), difference: apart });
}

/** All that a screen needs of a draft: {document, tally, box, bank, apart, stops, asks, on}: `on` is {name: [reasons]} by the place on
    the screen; each reason has the `step` where it is put right. */
export function judged(draft, known, titleOf = (step) => step) {
  const { document, where, wrong } = documentOf(draft, known);
  const { document: plain, reasons: unread } = read(document);
  const gone = lost(atHome(draft, known), known);
  wrong.push(...whyLost(gone));
  const tally = tallyOf(document);
  const said = plain ? whyNotClose(plain, known.facts, tally) : unread;
  const own = new Set(wrong.map((one) => one.field));
  const reasons = [...wrong, ...said.map((one) => placed(one, where)).filter((one) => !own.has(one.field)), ...notOpened(draft, known, titleOf)]
    .map((one) => ({ ...one, step: one.step || stepOf(one, where), mark: markOf(one) }));
  const must = box(tally, known.facts.cash);
  const on = {};
  for (const one of reasons) (on[one.field] ||= []).push(one);
  return {
    document, tally, lost: gone, box: must, bank: known.facts.bank + tally.bankIn - tally.bankOut, on, reasons,
    apart: document.counted === null ? null : document.counted - must, isExplained: isExplained(document, (document.counted ?? must) - must),
    stops: reasons.filter((one) => one.severity === "refuse"), asks: reasons.filter((one) => one.severity === "warn"),
  };
}

function placed(one, where) {
  const [part, at, ...rest] = String(one.field || "").split(".");
  const name = where[`${part}.${at}`];
  return name ? { ...one, field: name, part, about: rest.join(".") } : { ...one, part };
}

const stepOf = (one) => STEP_OF[one.part || String(one.field || "").split(/[. ]/)[0]] || { r: "repayments", f: "receipts", q: "loans" }[String(one.field || "")[0]] || "attendance";

/** What tells one reason from another: a yes to it is a yes to these words. */
export const markOf = (one) => `${one.code} ${one.field} ${JSON.stringify(one.values || {})}`;

// What a step would bring of itself and nobody has opened is asked about.
function notOpened(draft, known, titleOf) {
  const sums = { savings: ["savings"], repayments: ["repayments"], receipts: ["fines"], bank: ["repaid", "left"] };
  const unseen = Object.entries(sums).filter(([step]) => !isSeen(draft, step));
  if (!unseen.length) return [];
  const whole = documentOf({ ...draft, seen: STEPS }, known).document;
  return unseen.flatMap(([step, parts]) => {
    const paise = parts.flatMap((part) => whole[part]).reduce((sum, one) => sum + (one.paise || 0) + (one.penalty || 0) + (one.interest || 0) + (one.principal || 0), 0);
    if (!paise) return [];
    return [{ ...refusal(`${step} `, "not_opened", NOT_OPENED, { step: titleOf(step), amount: rupees(paise) }, "warn"), step }];
  });
}

/** What stands against the day and the number themselves. */
export function whyNotThere({ on, number, kind }, known) {
  const { document: plain, reasons } = read({ id: "00000000-0000-7000-8000-000000000000", on, number, kind, counted: 0 });
  if (!plain) return reasons;
  return whyNotClose(plain, known.facts, tallyOf(plain)).filter((one) => ["on", "number", "kind"].includes(one.field));
}

/** The steps that an ordinary meeting goes through: what nothing is expected of is reached from “Anything else?”. */
export function way(draft, known) {
  const has = {
    repayments: loansHere(known).length > 0,
    receipts: finesExpected(draft, known).length > 0 || known.facts.onTheWay.size > 0 || draft.fines.length > 0 || draft.receipts.length > 0,
    loans: queueOf(draft, known).length > 0 || grantedOf(draft, known).length > 0,
    payments: draft.payments.length > 0,
    bank: expected.loansTaken(known).some((one) => ofDue(one.toPay)) || known.facts.countedThere.size > 0 || draft.deposit > 0 || draft.withdrawal > 0,
    agenda: draft.agenda.length > 0,
  };
  return STEPS.filter((step) => has[step] ?? true);
}

/** Heads of saving that stand on a woman's line, and those that are folded away. */
export function savingHeads(known) {
  const heads = kept(known.bylaws);
  const open = heads.filter((head) => known.bylaws.savings.get(head) || heads.length === 1);
  return { open: open.length ? open : heads.slice(0, 1), folded: heads.filter((head) => !(open.length ? open : heads.slice(0, 1)).includes(head)) };
}

/** A draft out of a document that was sent, to be mended or corrected: what it says stands as it was typed. */
export function draftOf(document, { group, replaces = null, mends = null, why = "", reopens = false }) {
  const draft = {
    ...begun({ id: document.id, group, on: document.on, number: document.number, place: document.place, president: document.president, kind: document.kind }),
    replaces, mends, why, reopens, named: Object.keys(document.attendance || {}), came: Object.fromEntries(Object.entries(document.attendance || {}).filter(([, state]) => state !== "present")),
    minutes: !!document.are_last_minutes_read, seen: STEPS.filter((step) => !["more", "close"].includes(step)), at: "close",
    requests: document.requests || [], receipts: document.receipts || [], payments: document.payments || [], agenda: document.agenda || [],
    deposit: document.deposit || 0, withdrawal: document.withdrawal || 0, counted: document.counted ?? null,
    whyApart: document.difference_why || "", apart: document.difference ?? null, fines: document.fines || [], isAsSaid: true,
  };
  const sum = (one) => (one.penalty || 0) + (one.interest || 0) + (one.principal || 0);
  for (const one of document.savings || []) draft.saved[`${one.woman} ${one.head}`] = one;
  for (const one of document.withdrawals || []) draft.back[`${one.woman} ${one.head}`] = one;
  for (const one of document.repayments || []) draft.paid[one.loan] = { paise: sum(one), parts: { penalty: one.penalty || 0, interest: one.interest || 0, principal: one.principal || 0 }, mode: one.mode, by: one.by };
  for (const one of document.arrived || []) draft.arrived[`${one.body} ${one.mode || "cash"}`] = one.paise;
  for (const one of document.decisions || []) draft.decisions[one.request] = one;
  for (const { request, loan, rate_bp_a_year: rate, first_due: firstDue, ...one } of document.lendings || []) draft.lent[request || loan] = { ...one, loan, rate, firstDue, isOn: true };
  for (const one of document.repaid || []) draft.repaid[one.loan] = { principal: one.principal || 0, interest: one.interest || 0, mode: one.mode || "cash" };
  for (const one of document.drawn || []) draft.drawn[one.loan] = one;
  for (const one of document.given || []) draft.given[`${one.body} ${one.what}`] = one;
  for (const one of document.left || []) draft.left[one.body] = one;
  return draft;
}

/** A draft that says nothing by itself any more: what was expected and not sent stays away. For `draftOf`, once the book is known. */
export function nothingOfItself(draft, known) {
  Object.assign(draft, atHome(draft, known));
  const all = { ...draft, seen: STEPS };
  // Whatever is said yet of who is asked about, it brings no money by itself.
  const unsaid = [...known.facts.members.keys()].filter((woman) => !stateOf(draft, woman));
  for (const state of unsaid.length ? ["present", "late", "absent"] : []) {
    const said = { ...all, came: { ...draft.came, ...Object.fromEntries(unsaid.map((woman) => [woman, state])) } };
    for (const [woman, why] of finesExpected(said, known)) draft.fined[`${woman} ${why}`] ||= { paise: 0 };
    for (const key of savingsExpected(said, known).keys()) draft.saved[key] ||= { paise: 0 };
  }
  for (const key of savingsExpected(all, known).keys()) draft.saved[key] ||= { paise: 0 };
  for (const { loan } of loansHere(known)) draft.paid[loan.uid] ||= { paise: 0 };
  for (const [woman, why] of finesExpected(all, known)) draft.fined[`${woman} ${why}`] ||= { paise: 0 };
  for (const { loan } of expected.loansTaken(known)) draft.repaid[loan.uid] ||= { principal: 0, interest: 0, mode: "cash" };
  for (const body of known.facts.countedThere.keys()) draft.left[body] ||= { paise: 0 };
  for (const { id } of grantedOf(draft, known)) draft.lent[id] ||= { isOn: false };
  delete draft.isAsSaid;
  return draft;
}
