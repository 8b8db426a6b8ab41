// The cut-off of a group with a past: what it has and owes on a day, woman by woman. Both sides stand below as they are written; what is
// between them is never filled in by the phone.

import { addDays } from "../core/days.js";
import { uuid7 } from "../core/ids.js";
import { plural, t } from "../core/words.js";
import { bodiesOf, membersOf } from "../book/facts.js";
import { bylawsOn } from "../book/loans.js";
import { PURPOSE } from "../rules/codes.js";
import { read } from "../rules/cutoffDocuments.js";
import { sidesOf } from "../rules/cutoffSums.js";
import { factsOf, whyNotCutOff } from "../rules/cutoffs.js";
import { BY_KEY, SAVINGS } from "../rules/heads.js";
import { MOST_INSTALMENTS } from "../rules/schedules.js";
import * as books from "./books.js";
import { amount, button, check, dayField, field, folded, h, labelled, notice, select, told, whole } from "./parts.js";
import { send } from "./commands.js";
import * as session from "./session.js";
import { money, reason } from "./shown.js";

const PLACES = ["cash", "bank", "fixed_deposit"];
const FUNDS = [["rf_received", "revolving_fund"], ["cif_received", "cif"], ["vrf", "vrf"], ["startup", "startup"], ["other_grant", "other_grant"]];
const key = (group) => `cut-off ${group}`;

export async function open(app, { group, mends }) {
  const shown = await books.bookOf(group);
  const kept = await app.session.store.get("drafts", key(group));
  const record = mends ? app.session.outbox.get(mends) : null;
  const said = kept || (record ? record.said.document : { id: uuid7(), on: addDays(session.today(), -1), meetings_held: 0, cash: 0, bank: 0, savings: [], loans: [], held: [] });
  return { group, shown, mends, said, reasons: record?.told.reasons || [], sure: new Set(), tried: false, typedDays: {} };
}

/** {document, stops, asks, sides}: what comes of what was written. */
function judged({ said, shown }) {
  const { book } = shown;
  const bodies = new Map([...bodiesOf(book, said.on)].map(([body, [kind]]) => [body, kind]));
  const members = membersOf(book, said.on);
  const { document, reasons } = read(said);
  const sides = document && sidesOf(document, bodies);
  const facts = factsOf({
    today: session.today(), formedOn: book.own.formed_on, members, present: [...members.keys()], bodies, charges: bylawsOn(book, said.on).rateBpAYear,
    meetingsAYear: { weekly: 52, fortnightly: 26, monthly: 12 }[book.own.frequency] ?? 52,
  });
  const found = document ? whyNotCutOff(document, facts, sides) : reasons;
  return { members, bodies, sides, stops: found.filter((one) => one.severity === "refuse"), asks: found.filter((one) => one.severity === "warn") };
}

export function view(app, state) {
  const { shown, said, tried } = state;
  const found = judged(state);
  const on = (path) => (tried ? [...found.stops, ...state.reasons].filter((one) => one.field === path) : []);
  const change = (write) => {
    write(said);
    state.reasons = [];
    app.session.store.write([["put", "drafts", key(state.group), said]]).catch(app.failed);
    app.redraw();
  };
  const does = { app, state, said, on, change, ...found };
  return {
    title: t("Cut-off"), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" },
      state.reasons.length > 0 && notice("refuse", t("Why it was sent back"), state.reasons.map((one, at) => h("p", { key: at }, reason(one)))),
      tried && found.stops.length > 0 && notice("refuse", plural("Look at one place before going on", "Look at %(count)s places before going on", found.stops.length), found.stops.slice(0, 6).map((one, at) => h("p", { key: at }, reason(one)))),
      then(does), places(does), h("h2", null, t("Women")), [...found.members].map(([woman, name]) => hers(does, woman, name)), taken(does), funds(does), above(does), ending(does)),
    foot: [sums(found), h("div", { class: "ways" }, button(t("Post the cut-off"), app.once(() => post(app, state, found)), { kind: "big wide" }))],
  };
}

const then = ({ state, said, on, change }) => h("section", { class: "card" },
  dayField(state, "on", t("As on"), said.on, (day) => day && change((next) => { next.on = day; }), { on: on("on") }),
  whole("meetings_held", t("Meetings held until then"), said.meetings_held || null, (count) => change((next) => { next.meetings_held = count || 0; }), { on: on("meetings_held") }),
  dayField(state, "last_meeting", t("The last meeting"), said.last_meeting, (day) => change((next) => { next.last_meeting = day; }), { on: on("last_meeting") }));

const money1 = ({ app, said, on, change }, name, label) => labelled(app, { label, paise: said[name] || 0, on: on(name), quick: [], onset: (paise) => change((next) => { next[name] = paise; }) });

const places = (does) => h("section", { class: "card" }, h("h2", null, t("What the group has")), h("div", { class: "two" }, PLACES.map((name) => money1(does, name, t(BY_KEY[name].title)))));

const funds = (does) => h("section", { class: "card" }, folded(t("Grants that the group received"), FUNDS.some(([name]) => does.said[name]), h("div", { class: "two" }, FUNDS.map(([name, head]) => money1(does, name, t(BY_KEY[head].title))))));

function hers(does, woman, name) {
  const { app, said, on, change } = does;
  const heads = SAVINGS.filter((head) => ["saving_compulsory", "saving_optional"].includes(head.key) || said.savings.some((one) => one.woman === woman && one.head === head.key));
  const saved = (head) => said.savings.find((one) => one.woman === woman && one.head === head)?.paise || 0;
  const set = (head, paise) => change((next) => { next.savings = [...next.savings.filter((one) => one.woman !== woman || one.head !== head), ...(paise ? [{ woman, head, paise }] : [])]; });
  const mine = said.loans.map((one, at) => [one, at]).filter(([one]) => one.woman === woman);
  return h("section", { class: "card", key: woman }, h("h3", null, h("bdi", null, name)),
    h("div", { class: "two" }, heads.map((head) => labelled(app, { whose: name, label: t(head.title), paise: saved(head.key), quick: [], onset: (paise) => set(head.key, paise) }))),
    mine.map(([one, at]) => loanFields(does, one, at, name)),
    button(t("She owes a loan"), () => change((next) => { next.loans.push(loanOf(does, { woman, head: "loan_to_member" })); }), { kind: "plain", pic: "add" }), told(on(`savings.${woman}`)));
}

/** A loan as it is usual in this group; what only she knows is asked. */
function loanOf({ state, said }, about) {
  const rules = bylawsOn(state.shown.book, said.on);
  const isHers = about.head === "loan_to_member";
  return { loan: uuid7(), lent_on: said.on, lent: 0, outstanding: 0, rate_bp_a_year: isHers ? rules.rateBpAYear : 1200, method: isHers ? rules.method : "balance", frequency: isHers ? rules.frequency : "monthly", instalments: 0, next_due: null, ...about };
}

function loanFields(does, one, at, whose) {
  const { app, state, on, change } = does;
  const set = (what) => change((next) => Object.assign(next.loans[at], what));
  const path = (name) => on(`loans.${at}.${name}`);
  const late = one.overdue?.[0];
  const setLate = (what) => set({ overdue: [{ on: late?.on || one.lent_on, principal: 0, interest: 0, ...late, ...what }].filter((part) => part.principal || part.interest) });
  return h("div", { class: "more", key: one.loan },
    h("div", { class: "two" }, labelled(app, { whose, label: t("Was lent"), paise: one.lent, on: path("lent"), quick: [], onset: (lent) => set({ lent }) }), labelled(app, { whose, label: t("Still owes (principal)"), paise: one.outstanding, on: path("outstanding"), quick: one.lent ? [[t("all"), one.lent]] : [], onset: (outstanding) => set({ outstanding }) })),
    dayField(state, `lent ${at}`, t("Lent on"), one.lent_on, (day) => day && set({ lent_on: day }), { on: path("lent_on") }),
    whole(`left ${at}`, t("Instalments left"), one.instalments || null, (count) => set({ instalments: Math.min(count || 0, MOST_INSTALMENTS) }), { on: path("instalments") }),
    dayField(state, `next ${at}`, t("Next instalment due"), one.next_due, (day) => set({ next_due: day }), { on: path("next_due") }),
    field(`rate ${at}`, one.woman ? t("Per cent a month") : t("Per cent a year"), String(Number((one.rate_bp_a_year / (one.woman ? 1200 : 100)).toFixed(4))), (typed) => typed && set({ rate_bp_a_year: Math.round(Number(typed.replace(/[^\d.]/g, "")) * (one.woman ? 1200 : 100)) }), { inputmode: "decimal", dir: "ltr", on: path("rate_bp_a_year") }),
    one.woman && select(`for ${at}`, t("What for"), Object.entries(PURPOSE).map(([code, words]) => [code, t(words)]), one.purpose || "", (purpose) => set({ purpose }), { blank: "–" }),
    folded(t("Something of it is overdue"), !!late, h("div", { class: "two" }, labelled(app, { whose, label: t("Principal overdue"), paise: late?.principal || 0, quick: [], onset: (principal) => setLate({ principal }) }), labelled(app, { whose, label: t("Interest overdue"), paise: late?.interest || 0, quick: [], onset: (interest) => setLate({ interest }) })), dayField(state, `late ${at}`, t("Since"), late?.on, (day) => day && late && setLate({ on: day }))),
    button(t("Take this line out"), () => change((next) => { next.loans.splice(at, 1); }), { kind: "plain", pic: "close" }));
}

function taken(does) {
  const { app, said, change, bodies, state } = does;
  const mine = said.loans.map((one, at) => [one, at]).filter(([one]) => one.head !== "loan_to_member");
  const lenders = [["loan_from_bank", t("Loan from a bank"), null], ...[...bodies].map(([body, kind]) => [kind === "vo" ? "loan_from_vo" : "loan_from_clf", state.shown.bodyName(body), body]), ["loan_from_other", t("Loan from others"), null]];
  return h("section", { class: "card" }, h("h2", null, t("What the group owes")), mine.map(([one, at]) => h("div", { key: one.loan }, h("h3", null, t(BY_KEY[one.head].title), one.body ? ` · ${state.shown.bodyName(one.body)}` : ""),
    !one.body && field(`lender ${at}`, t("Who lent it"), one.lender, (lender) => change((next) => { next.loans[at].lender = lender; }), { maxlength: 120, on: does.on(`loans.${at}.lender`) }), loanFields(does, one, at, t(BY_KEY[one.head].title)))),
  h("div", { class: "stack" }, lenders.map(([head, words, body]) => button(words, () => change((next) => { next.loans.push(loanOf(does, { head, ...(body ? { body, source: "cif" } : {}) })); }), { kind: "quiet", pic: "add", key: `${head} ${body}` }))));
}

function above(does) {
  const { app, said, change, bodies, state } = does;
  if (!bodies.size) return null;
  const has = (body, what) => said.held?.find((one) => one.body === body && one.what === what)?.paise || 0;
  const set = (body, what, paise) => change((next) => { next.held = [...(next.held || []).filter((one) => one.body !== body || one.what !== what), ...(paise ? [{ body, what, paise }] : [])]; });
  return h("section", { class: "card" }, folded(t("What lies with the VO and CLF"), said.held?.length > 0, [...bodies.keys()].map((body) => h("div", { key: body }, h("p", { class: "strong" }, h("bdi", null, state.shown.bodyName(body))),
    h("div", { class: "two" }, [["saving", t("Saving")], ["share", t("Share capital")]].map(([what, label]) => labelled(app, { whose: state.shown.bodyName(body), label, paise: has(body, what), quick: [], onset: (paise) => set(body, what, paise) })))))));
}

function ending(does) {
  const { app, said, change, on, sides, asks, state } = does;
  const apart = sides ? sides.difference : 0;
  return h("section", { class: "card mark" }, h("h2", null, t("What was earned before")),
    h("p", { class: "soft" }, t("Interest and fines less costs, from the beginning until then. Say it from the registers; the phone does not make it up.")),
    h("div", { class: "line" }, h("span", { class: "strong" }, (said.surplus ?? 0) < 0 ? t("Lost") : t("Earned")), amount(app, { label: t("Earned"), paise: Math.abs(said.surplus || 0), on: on("surplus"), quick: apart ? [[t("what is between"), Math.abs((said.surplus || 0) + apart)]] : [], onset: (paise) => change((next) => { next.surplus = (next.surplus ?? 0) < 0 ? -paise : paise; }) })),
    check(t("It lost money"), (said.surplus ?? 0) < 0, (is) => change((next) => { next.surplus = is ? -Math.abs(next.surplus || 0) || -1 : Math.abs(next.surplus || 0); })),
    (said.surplus ?? 0) < 0 && field("surplus_why", t("How it was lost"), said.surplus_why, (why) => change((next) => { next.surplus_why = why; }), { maxlength: 240, on: on("surplus_why") }),
    asks.length > 0 && state.tried && notice("warn", t("Is this right?"), asks.map((one, at) => check(reason(one), state.sure.has(one.code + one.field), (is) => {
      state.sure[is ? "add" : "delete"](one.code + one.field);
      app.redraw();
    }, { key: at }))));
}

function sums({ sides }) {
  if (!sides) return null;
  const apart = sides.difference;
  return h("dl", { class: "sums" }, h("div", null, h("dt", null, t("The group has")), h("dd", null, money(sides.hasAll))), h("div", null, h("dt", null, t("It holds for others, and earned")), h("dd", { class: apart ? "bad" : "good" }, money(sides.holdsAll))));
}

async function post(app, state, { stops, asks }) {
  const { group, said, mends } = state;
  state.tried = true;
  if (stops.length) return app.tell(plural("Look at one place before going on", "Look at %(count)s places before going on", stops.length), "refuse");
  if (asks.some((one) => !state.sure.has(one.code + one.field))) return app.tell(t("Tick each question that is right, or change what is not."), "warn");
  const command = { document: said, sure: asks.length > 0 };
  if (mends) {
    await app.session.outbox.mend(mends, command);
    await app.session.store.write([["delete", "drafts", key(group)]]);
  } else await send(app, { id: said.id, kind: "write_cut_off", group, said: command }, [["delete", "drafts", key(group)]]);
  session.forgetBook(group);
  app.session.rhythm.now();
  await app.go("group", { group }, "stay");
  return app.tell(t("The cut-off is kept on this phone and goes up by itself."));
}
