// Fines and other receipts, other payments, and what goes to the bank and to those above: money that is not a woman's saving or loan.

import { listed, plural, t, tc } from "../core/words.js";
import { PAYMENTS, RECEIPTS } from "../rules/documents.js";
import * as expected from "../rules/expected.js";
import { BY_KEY } from "../rules/heads.js";
import { amount, badge, button, empty, field, folded, h, labelled, pills, select, told } from "./parts.js";
import { card, hers, modes, whoCame } from "./meeting_women.js";
import { day, money } from "./shown.js";
import * as writing from "./writing.js";

const whyFined = () => [["late", t("Came late")], ["absent", t("Was absent")], ["other", tc("fine", "Something else")]];
const modePills = (label, mode, onpick) => pills(label, modes(), mode || "cash", onpick);

function receipts(does) {
  const { draft, known, change } = does;
  const fines = writing.finesExpected(draft, known);
  const waits = writing.noted(draft, known);
  return [
    [...known.facts.onTheWay].map(([body, sent]) => arrived(does, body, sent)),
    h("h3", null, t("Fines")),
    h("p", { class: "soft" }, fines.length ? t("Fines that the group's rules ask for are filled in.") : t("No fine is due by the group's rules.")),
    waits.length > 0 && h("p", { class: "soft" }, t("Who is absent brings nothing today. When she comes again it is filled in:"), " ", listed(waits.map(([woman, paise]) => `${does.name(woman)} ${money(paise)}`))),
    fines.map(([woman, why, usual]) => fine(does, woman, why, usual)), draft.fines.map((one, at) => otherFine(does, one, at)),
    button(t("Another fine"), () => change((next) => { next.fines.push({ woman: "", why: "other", paise: 0 }); }), { kind: "quiet", pic: "add" }),
    h("h3", null, t("Other receipts")),
    moves(does, "receipts", "c", RECEIPTS),
  ];
}

function arrived(does, body, sent) {
  const { app, draft, change, on } = does;
  const name = does.book.bodyName(body);
  const box = (mode, label) => labelled(app, { whose: name, label, paise: draft.arrived[`${body} ${mode}`] || 0, on: on(`a ${body} ${mode}`), quick: [[t("all"), sent]], onset: (paise) => change((next) => { next.arrived[`${body} ${mode}`] = paise; }) });
  return h("section", { class: "card mark", key: `a ${body}` }, h("h3", null, t("%(name)s sent %(paise)s", { name, paise: money(sent) })),
    h("p", { class: "soft" }, t("Count it into the box when it is there, or leave it empty: it stays on the way.")),
    h("div", { class: "two" }, box("cash", t("Counted into the box")), box("bank", t("Seen at the bank"))));
}

function fine(does, woman, why, usual) {
  const { app, draft, change, on } = does;
  const key = `${woman} ${why}`;
  const said = draft.fined[key] || {};
  const paise = said.paise ?? usual;
  const reasons = on(`f ${key}`);
  return card(reasons, key, h("div", { class: "line" }, h("h4", { class: "name" }, h("bdi", null, does.name(woman)), h("small", null, why === "late" ? t("Came late") : t("Was absent"))),
    amount(app, { whose: does.name(woman), label: t("Fine"), paise, usual, on: reasons, onset: (value) => change((next) => { next.fined[key] = { ...said, paise: value }; }) })), told(reasons));
}

function otherFine(does, one, at) {
  const { app, women, change, on } = does;
  const set = (what) => change((next) => Object.assign(next.fines[at], what));
  const reasons = on(`f ${at}`);
  return card(reasons, `fine ${at}`,
    select(`fw ${at}`, t("Which woman"), women, one.woman, (woman) => set({ woman }), { blank: t("Choose") }),
    select(`fy ${at}`, t("Why"), whyFined(), one.why, (why) => set({ why })),
    h("div", { class: "line" }, h("span", { class: "strong" }, t("Amount")), amount(app, { label: t("Fine"), paise: one.paise, on: reasons, onset: (paise) => set({ paise }) })),
    told(reasons),
    one.woman && whoCame(does, one.woman, t("Who brought it"), reasons),
    field(`fn ${at}`, t("Note"), one.note, (note) => set({ note }), { maxlength: 240 }),
    select(`fm ${at}`, t("How it came"), hers(), one.mode || "cash", (mode) => set({ mode })),
    takeOut(t("Take this line out"), () => change((next) => { next.fines.splice(at, 1); })));
}

export const takeOut = (words, onclick) => button(words, onclick, { kind: "plain", pic: "close" });

/** Lines of receipts or payments: what for, how much, cash or bank. */
function moves(does, part, prefix, heads) {
  const { app, draft, known, women, change, on } = does;
  const set = (at, what) => change((next) => Object.assign(next[part][at], what));
  return [
    draft[part].map((one, at) => {
      const reasons = on(`${prefix} ${at}`);
      const isHers = known.facts.aboutWoman.has(one.head);
      return card(reasons, `${prefix} ${at}`,
        select(`${prefix}h ${at}`, t("What for"), heads.map((key) => [key, t(BY_KEY[key].title)]), one.head, (head) => set(at, { head, woman: null })),
        isHers && select(`${prefix}w ${at}`, t("Which woman"), women, one.woman, (woman) => set(at, { woman: woman || null }), { blank: t("Choose") }),
        h("div", { class: "line" }, h("span", { class: "strong" }, t("Amount")), amount(app, { label: t(BY_KEY[one.head].title), paise: one.paise, on: reasons, onset: (paise) => set(at, { paise }) })),
        told(reasons),
        modePills(t("Cash or bank"), one.mode, (mode) => set(at, { mode })),
        part === "payments" && isHers && one.woman && whoCame(does, one.woman, t("Who took it"), reasons),
        field(`${prefix}n ${at}`, t("Note"), one.note, (note) => set(at, { note }), { maxlength: 240 }),
        takeOut(t("Take this line out"), () => change((next) => { next[part].splice(at, 1); })));
    }),
    button(part === "payments" ? t("The group paid for something") : t("The group received something"), () => change((next) => { next[part].push({ head: heads[0], paise: 0, mode: "cash" }); }), { kind: "quiet", pic: "add" }),
  ];
}

const payments = (does) => [
  h("p", { class: "soft" }, t("Rent, fees, travel and whatever else the group paid today.")), moves(does, "payments", "p", PAYMENTS),
];

// Bank -----------------------------------------------------------------------------------------------------------------

function bank(does) {
  const { app, draft, known, change, on } = does;
  const loans = expected.loansTaken(known);
  const usual = writing.repaidExpected(known, does.judged.box);
  const box = (name, label, quick) => labelled(app, { label, paise: draft[name], on: on(name), quick, onset: (paise) => change((next) => { next[name] = paise; }) });
  return [
    h("section", { class: "card", key: "bank" }, h("h3", { class: "name" }, t("Bank"), h("small", null, t("%(paise)s at the bank before the meeting", { paise: money(known.facts.bank) }))),
      h("div", { class: "two" }, box("deposit", t("Taken to the bank"), does.judged.box > 0 ? [[t("all of the box"), does.judged.box + draft.deposit]] : []), box("withdrawal", t("Brought from the bank"), []))),
    [...known.facts.countedThere].map(([body, waits]) => leftThere(does, body, waits)),
    loans.length > 0 && h("h3", null, loans.some((one) => one.loan.is_cash_credit) ? t("What is repaid, and drawn") : t("What is repaid")),
    loans.map((loan) => repaid(does, loan, usual.get(loan.loan.uid))),
    expected.loansTakenOff(known).map((loan) => recovered(does, loan)),
    [...known.bodies].map(([body]) => given(does, body)),
    !loans.length && !known.bodies.size && h("p", { class: "soft" }, t("The group owes nothing to a bank, VO or CLF.")),
  ];
}

function leftThere(does, body, waits) {
  const { app, draft, change, on } = does;
  const name = does.book.bodyName(body);
  const said = { paise: waits, mode: "cash", ...draft.left[body] };
  const set = (what) => change((next) => { next.left[body] = { ...said, ...what }; });
  return h("section", { class: "card mark", key: `left ${body}` }, h("h3", null, t("%(name)s has counted %(paise)s from this group", { name, paise: money(waits) })),
    h("p", { class: "soft" }, t("It stands in both books as repaid or given. Say here that it left the box or the bank; do not write it below once more.")),
    labelled(app, { whose: name, label: t("Left"), paise: said.paise, usual: waits, on: on(`left ${body}`), onset: (paise) => set({ paise }) }),
    modePills(tc("money", "From"), said.mode, (mode) => set({ mode })));
}

function repaid(does, loan, usual) {
  const { app, draft, change, on } = does;
  const { uid } = loan.loan;
  const said = { ...usual, ...draft.repaid[uid] };
  const set = (what) => change((next) => { next.repaid[uid] = { ...said, ...what }; });
  const reasons = on(`t ${uid}`);
  const whose = loan.loan.body ? does.book.bodyName(loan.loan.body) : "";
  const name = [whose, loan.loan.called].filter(Boolean).join(" · ");
  const part = (key, label, all) => labelled(app, { whose: name, label, paise: said[key], usual: usual[key], onset: (paise) => set({ [key]: paise }), quick: [...(usual[key] ? [[t("what is due"), usual[key]]] : []), ...(all > usual[key] ? [[t("all of it"), all]] : [])] });
  return card(reasons, `t ${uid}`, h("h4", { class: "name" }, h("bdi", null, name), h("small", null, t("%(paise)s owed", { paise: money(loan.owed) })),
    loan.run > 0 && h("small", null, t("%(paise)s of interest has run since it was last due", { paise: money(loan.run) })), loan.daysLate > 0 && badge("bad", plural("%(days)s day late", "%(days)s days late", loan.daysLate))),
    h("div", { class: "two" }, part("principal", t("Principal"), loan.owed), part("interest", t("Interest"), loan.toPayAll?.interest || 0)), told(reasons),
    modePills(tc("money", "From"), said.mode, (mode) => set({ mode })),
    loan.loan.is_cash_credit && !loan.isEnded && drawing(does, loan, name));
}

function drawing(does, loan, name) {
  const { app, draft, change, on } = does;
  const { uid } = loan.loan;
  const said = { paise: 0, mode: "bank", ...draft.drawn[uid] };
  const set = (what) => change((next) => { next.drawn[uid] = { ...said, ...what }; });
  return h("div", { class: "stack" }, h("p", { class: "soft" }, loan.limit ? t("Limit of the cash credit %(limit)s: %(left)s are left to be drawn.", { limit: money(loan.limit), left: money(loan.left) }) : t("The limit of this cash credit is not known.")),
    labelled(app, { whose: name, label: t("Drawn from the cash credit"), paise: said.paise, on: on(`cc ${uid}`), onset: (paise) => set({ paise }) }), told(on(`cc ${uid}`)),
    said.paise > 0 && modePills(t("Into"), said.mode, (mode) => set({ mode })));
}

function recovered(does, loan) {
  const { app, draft, change, on } = does;
  const { uid } = loan.loan;
  const said = { principal: 0, interest: 0, mode: "cash", ...draft.repaid[uid] };
  const set = (what) => change((next) => { next.repaid[uid] = { ...said, ...what }; });
  const name = (loan.loan.body && does.book.bodyName(loan.loan.body)) || loan.loan.called;
  return card(on(`t ${uid}`), `t ${uid}`, h("h4", { class: "name" }, h("bdi", null, name)),
    h("p", { class: "soft" }, t("Written off on %(day)s. %(paise)s of it may still be brought; it stands in both books.", { day: day(loan.offOn), paise: money(loan.mayComeBack) })),
    labelled(app, { whose: name, label: t("Brought of it"), paise: said.principal, onset: (principal) => set({ principal }), quick: [[t("all"), loan.mayComeBack]] }), told(on(`t ${uid}`)),
    said.principal > 0 && modePills(tc("money", "From"), said.mode, (mode) => set({ mode })));
}

function given(does, body) {
  const { app, draft, change, on } = does;
  const name = does.book.bodyName(body);
  const rows = [["saving", t("Saving")], ["share", t("Share capital")], ["fee", t("Fee")]];
  const set = (what, said) => change((next) => { next.given[`${body} ${what}`] = { mode: "cash", ...next.given[`${body} ${what}`], ...said }; });
  const isOpen = rows.some(([what]) => draft.given[`${body} ${what}`]?.paise);
  return h("div", { class: "card", key: `g ${body}` }, folded(`${name}: ${t("saving, share, fee")}`, isOpen, rows.map(([what, label]) => {
    const said = draft.given[`${body} ${what}`] || {};
    return h("div", { class: "stack stack-s", key: what }, labelled(app, { whose: name, label, paise: said.paise || 0, on: on(`g ${body} ${what}`), onset: (paise) => set(what, { paise }) }), said.paise > 0 && modePills(tc("money", "From"), said.mode, (mode) => set(what, { mode })));
  })));
}

export const STEPS = { receipts, payments, bank };
