// What each step of a cut-off asks: the day, what is there, what was given to it, each woman, the group's loans, and the surplus that
// is said by her.

import { t } from "../core/words.js";
import { BY_KEY } from "../rules/heads.js";
import { lender, loanCard } from "./cut_off_loans.js";
import { sidesShown } from "./cut_off_standing.js";
import * as writing from "./cut_off_writing.js";
import { badge, button, check, dayField, empty, field, folded, h, icon, labelled, notice, pills, told, ways, wayTo, whole } from "./parts.js";
import { day, money, reason } from "./shown.js";
import { uuid7 } from "../core/ids.js";

export const titleOf = (step) => ({
  day: t("The day"), money: t("What is there"), given: t("What was given to it"), women: t("The women"), taken: t("The group's loans"), review: t("Check and post"),
})[step];

const GIVEN = () => ({
  rf_received: t("Revolving fund received"), rf_returned: t("Revolving fund returned"), cif_received: t("CIF received that stays here"), cif_returned: t("CIF returned"),
  vrf: t("Vulnerability reduction fund"), startup: t("Start-up grant"), other_grant: t("Other grant"), other_receipts: t("Other receipts until then"),
});

/** An amount of the draft with its label and reasons. */
const box = (does, { name, label, whose, paise, set }) => labelled(does.app, {
  whose, label, paise: paise || 0, on: does.on(name), quick: [], onset: (value) => does.change((next) => set(next, value)),
});

// The group ----------------------------------------------------------------------------------------------------------------

function theDay(does) {
  const { state, draft, change, on } = does;
  const dayOf = (name, label) => dayField(state, name, label, draft[name], (value) => change((next) => { next[name] = value; }), { on: on(name) });
  return [
    draft.mends && state.why?.length > 0 && notice("refuse", t("Why it was sent back"), state.why.map((one) => h("p", { key: `${one.code} ${one.field}` }, reason(one)))),
    h("p", { class: "soft" }, t("Choose a day after a meeting, when the cash was counted.")),
    dayOf("on", t("Day of the cut-off")),
    whole("meetings_held", t("Meetings held until then"), draft.meetings_held, (value) => change((next) => { next.meetings_held = value; }), { on: on("meetings_held") }),
    dayOf("last_meeting", t("Last meeting")),
    button(t("Put this cut-off away without posting it"), does.putAway, { kind: "plain wide" }),
  ];
}

const sum = (does, name, label) => box(does, { name, label, paise: does.draft.sums[name], set: (next, value) => { next.sums[name] = value; } });

function theMoney(does) {
  const { draft, known, shown, on } = does;
  const bodies = [...known.kinds];
  const held = (body, kind, what) => box(does, {
    name: `held ${body} ${what}`, label: `${t(BY_KEY[`${what}_with_${kind}`].title)}${bodies.length > 2 ? `: ${shown.bodyName(body)}` : ""}`, paise: draft.held[`${body} ${what}`],
    set: (next, value) => { next.held[`${body} ${what}`] = value; },
  });
  const lost = Object.keys(draft.held).filter((key) => draft.held[key] && !known.kinds.has(key.split(" ")[0]));
  return [
    h("p", { class: "soft" }, t("What was there at the end of that day. Leave empty what was not.")),
    h("div", { class: "two" }, writing.PLACES.map((name) => sum(does, name, t(BY_KEY[name].title)))),
    bodies.map(([body, kind]) => h("div", { class: "two", key: body }, ["saving", "share"].map((what) => held(body, kind, what)))),
    lost.map((key) => box(does, { name: `held ${key}`, label: shown.bodyName(key.split(" ")[0]), paise: draft.held[key], set: (next, value) => { next.held[key] = value; } })),
    told(on("held")),
  ];
}

const given = (does) => [
  h("p", { class: "soft" }, t("CIF that is paid back to the VO or CLF is a loan: write it among the loans that were taken.")),
  h("div", { class: "two" }, Object.entries(GIVEN()).map(([name, label]) => sum(does, name, label))),
];

// The women ----------------------------------------------------------------------------------------------------------------

const women = (does) => (does.draft.woman ? ofWoman(does, does.draft.woman) : everyWoman(does));

function everyWoman(does) {
  const { draft, known, on } = does;
  const every = writing.womenOf(draft, known);
  return [
    h("p", { class: "soft" }, draft.on ? t("Those who belonged on %(day)s, the day of the cut-off.", { day: day(draft.on) }) : t("Those who belong today: the day of the cut-off is not written yet.")),
    told(on("savings")), told(on("loans")),
    every.length > 0 ? ways(every.map((woman) => inList(does, woman)))
      : empty("people", t("Nobody belonged to the group on that day"), t("Write its members with the days on which they joined, or another day of the cut-off.")),
  ];
}

const SAVED = /^saving_/;

/** {saved, owes}: what is written of her so far. */
function sumsOf(draft, woman) {
  const hers = Object.entries(draft.women[woman] || {}).filter(([name]) => SAVED.test(name));
  const owes = draft.loans.filter((one) => one.woman === woman).reduce((all, one) => all + (one.outstanding || 0), 0);
  return { saved: hers.reduce((all, [, paise]) => all + (paise || 0), 0), owes };
}

function inList(does, woman) {
  const { draft, judged, state } = does;
  const { saved, owes } = sumsOf(draft, woman);
  const isTried = state.isTried || state.tried.has(`women ${woman}`);
  const isWrong = isTried && judged.stops.some((one) => one.woman === woman);
  const below = [saved > 0 && t("saved %(paise)s", { paise: money(saved) }), owes > 0 && t("owes %(paise)s", { paise: money(owes) })].filter(Boolean).join(" · ");
  return wayTo("person", h("bdi", null, does.name(woman)), below || null, () => does.go("women", woman), {
    key: woman, end: isWrong ? badge("bad", t("to be put right")) : isTried ? badge("good", icon("check", t("done"))) : null,
  });
}

function ofWoman(does, woman) {
  const { draft, known } = does;
  const hers = draft.women[woman] || {};
  const heads = writing.headsOf(known, hers);
  const every = writing.womenOf(draft, known);
  const loans = draft.loans.filter((one) => one.woman === woman);
  const hasMore = hers.attended || hers.closed_count || hers.closed_paise || does.on(`w ${woman} closed`);
  return [
    h("p", { class: "soft row apart" }, t("What she had saved until then, less what she took back."), every.length > 1 && badge("info", t("%(at)s of %(all)s", { at: every.indexOf(woman) + 1, all: every.length }))),
    h("div", { class: "two" }, heads.open.map((head) => saving(does, woman, head))),
    folded(t("Other savings, attendance, loans repaid"), Boolean(hasMore), ...otherOf(does, woman, hers, heads.folded)),
    h("h3", null, t("Her loans")), h("p", { class: "soft" }, t("Those that were not repaid on that day. What was repaid needs no card.")),
    loans.map((loan, at) => loanCard(does, loan, at + 1)),
    addLoan(does, loans.length, { woman }),
  ];
}

const set = (woman, name) => (next, value) => {
  next.women[woman] = { ...next.women[woman], [name]: value };
  if (!value) delete next.women[woman][name];
  if (!Object.keys(next.women[woman]).length) delete next.women[woman];
};

const saving = (does, woman, head) => box(does, { name: `w ${woman} ${head}`, whose: does.name(woman), label: t(BY_KEY[head].title), paise: does.draft.women[woman]?.[head], set: set(woman, head) });

function otherOf(does, woman, hers, heads) {
  const { change, on } = does;
  const count = (name, label, reasons) => whole(`${name} ${woman}`, label, hers[name], (value) => change((next) => set(woman, name)(next, value)), { on: reasons });
  return [
    heads.length > 0 && h("div", { class: "two" }, heads.map((head) => saving(does, woman, head))),
    count("attended", t("Meetings she came to"), on(`w ${woman} attended`)),
    count("closed_count", t("Loans she has repaid"), on(`w ${woman} closed`)),
    box(does, { name: "", whose: does.name(woman), label: t("What they came to"), paise: hers.closed_paise, set: set(woman, "closed_paise") }),
  ];
}

const addLoan = (does, count, about) => does.draft.loans.length < writing.MOST_LOANS && button(count ? t("One more loan") : t("Write a loan"), () => does.change((next) => {
  next.loans.push(writing.loanOf(does.known, { id: uuid7(), ...about }));
}), { kind: "quiet wide", pic: "add" });

// The group's loans ----------------------------------------------------------------------------------------------------------

function taken(does) {
  const { draft, change, on, known } = does;
  const loans = draft.loans.filter((one) => !writing.isHers(one));
  const kinds = new Set([...known.kinds.values()].map((kind) => `loan_from_${kind}`));
  const heads = writing.LENDERS.filter((head) => kinds.has(head) || draft.closed[head] || ["loan_from_bank", "loan_from_other"].includes(head));
  const setClosed = (head, what) => change((next) => { next.closed[head] = { ...next.closed[head], ...what }; });
  return [
    h("p", { class: "soft" }, t("Loans from a bank, a VO or CLF, or others, that were not repaid.")),
    loans.map((loan, at) => loanCard(does, loan, at + 1)),
    addLoan(does, loans.length, {}),
    folded(t("Loans repaid"), heads.some((head) => draft.closed[head]?.count || draft.closed[head]?.paise), ...heads.map((head) => h("div", { class: "two", key: head },
      whole(`c ${head}`, `${lender(head)}: ${t("Loans repaid")}`, draft.closed[head]?.count, (count) => setClosed(head, { count }), { on: on(`c ${head}`) }),
      box(does, { name: "", whose: lender(head), label: t("What they came to"), paise: draft.closed[head]?.paise, set: (next, paise) => { next.closed[head] = { ...next.closed[head], paise }; } })))),
  ];
}

// Both sides, and posting ------------------------------------------------------------------------------------------------------

function review(does) {
  const { draft, judged, change, on } = does;
  const { stops, asks, sides } = judged;
  return [
    h("p", { class: "soft" }, t("Both sides must come to the same. What is between them is shown and never filled in for you.")),
    stops.length > 0 && notice("refuse", t("What is still wrong"), stops.map((one) => h("div", { key: one.mark }, h("p", null, whoseIs(does, one), reason(one)), one.step !== "review" && wayBack(does, one)))),
    asks.length > 0 && notice("warn", t("Please look again at this"), asks.map((one) => h("div", { class: "stack stack-s", key: one.mark }, h("p", null, whoseIs(does, one), reason(one)),
      check(t("Yes, it is right"), draft.sure.includes(one.mark), (is) => change((next) => { next.sure = is ? [...next.sure, one.mark] : next.sure.filter((mark) => mark !== one.mark); })),
      one.step !== "review" && wayBack(does, one)))),
    sides && sidesShown(sides),
    surplus(does),
    draft.replaces && h("section", { class: "card" }, h("h3", null, t("Why it is corrected")), h("p", { class: "soft" }, t("The cut-off that stands is reversed and this one takes its place. Meetings held since stay as they are.")),
      field("why", t("Reason"), draft.why, (why) => change((next) => { next.why = why; }), { on: on("why"), maxlength: 240 })),
    !stops.length && notice("ok", null, h("p", null, t("After this it stands in the book. Somebody else then checks it beside the papers."))),
  ];
}

const wayBack = (does, one) => button(one.woman ? h("bdi", null, does.name(one.woman)) : titleOf(one.step), () => does.go(one.step, one.woman ?? null), { kind: "quiet", pic: "edit" });

/** Of a woman's reason her name stands on the way to it; of a loan that was taken who lent. */
function whoseIs(does, one) {
  const loan = one.loan && !one.woman ? does.draft.loans.find((other) => other.id === one.loan) : null;
  const name = loan && (does.known.kinds.has(loan.from) ? does.shown.bodyName(loan.from) : loan.lender);
  return name ? [h("bdi", null, name), ": "] : null;
}

function surplus(does) {
  const { draft, judged, change, on } = does;
  const apart = judged.sides?.difference;
  return h("section", { class: on("surplus")?.length ? "card wrong" : "card", key: "surplus" }, h("h3", null, t("What was earned before")),
    h("p", { class: "soft" }, t("What was earned from interest, fines and fees, less what it cost.")),
    apart ? h("p", null, t("Between the two sides there is %(paise)s. If it is known that this was earned, write the surplus; if not, look for what is missing.", { paise: money(apart) })) : null,
    pills(t("Surplus before the books began"), [["no", t("It was earned")], ["yes", t("It was lost")]], draft.isLoss ? "yes" : "no", (isLoss) => change((next) => { next.isLoss = isLoss === "yes"; })),
    box(does, { name: "surplus", label: t("Surplus before the books began"), paise: draft.surplus, set: (next, value) => { next.surplus = value; } }),
    field("surplus_why", t("How it came about"), draft.surplus_why, (words) => change((next) => { next.surplus_why = words; }), { on: on("surplus_why"), hint: t("Needed when it was lost."), maxlength: 240 }));
}

export const STEPS = { day: theDay, money: theMoney, given, women, taken, review };
