// The loan queue in the meeting: who asked first stands first; what is decided; what is paid out, on which terms, due when.

import { plural, t, tc } from "../core/words.js";
import { uuid7 } from "../core/ids.js";
import { DECIDING, INSTALMENTS, METHOD, OUTCOME, PURPOSE, SOURCE } from "../rules/codes.js";
import { MOST_INSTALMENTS, whole as ofDue } from "../rules/schedules.js";
import { amount, button, check, dayField, empty, field, h, labelled, numberIn, pills, select, told, whole } from "./parts.js";
import { awayBadge, behind, card, modes, whoCame } from "./meeting_women.js";
import { takeOut } from "./meeting_money.js";
import { rateShown, rateTyped } from "./rates.js";
import { day, money } from "./shown.js";
import * as writing from "./writing.js";

const options = (codes) => Object.entries(codes).map(([key, words]) => [key, t(words)]);

function loans(does) {
  const { draft, known, change } = does;
  const queue = writing.queueOf(draft, known);
  const granted = writing.grantedOf(draft, known).filter((one) => !queue.some((other) => other.id === one.id));
  return [
    queue.length > 0 && h("p", { class: "soft" }, t("Who asked first stands first. Decide today or leave it for another day.")),
    h("ol", { class: "stack" }, queue.map((one, at) => h("li", { key: one.id }, inQueue(does, one, at + 1)))),
    granted.length > 0 && h("h3", null, t("Granted earlier, not paid out")),
    granted.map((one) => card(null, `g ${one.id}`, whose(does, one), payOut(does, one))),
    !queue.length && !granted.length && empty("queue", t("Nobody waits for a loan")),
    told(does.on("lendings")),
    button(t("A woman asks for a loan"), () => change((next) => {
      const id = uuid7();
      next.requests.push({ id, woman: "", paise: 0, purpose: "" });
      does.state.open.add(`q ${id}`);
    }), { kind: "quiet wide", pic: "add" }),
  ];
}

const whose = (does, one, place) => h("div", { class: "line" },
  h("h3", { class: "name" }, place && h("span", { class: "place" }, String(place)), h("bdi", null, does.name(one.woman)), " ", awayBadge(does, one.woman),
    h("small", null, one.purpose ? t(PURPOSE[one.purpose] || PURPOSE.other) : "", " · ", one.row === null || one.row === undefined ? t("asked on %(day)s", { day: day(one.askedOn) }) : t("asked today"),
      one.promisedOn ? ` · ${t("promised for %(day)s", { day: day(one.promisedOn) })}` : "", one.note ? [" · ", h("bdi", null, one.note)] : "")),
  h("b", { class: "num" }, money(one.paise)));

function inQueue(does, one, place) {
  const { draft, known, change, on } = does;
  if (one.row !== null && !(one.woman && one.paise && one.purpose && !does.isOpen(`q ${one.id}`))) return asking(does, one);
  const said = draft.decisions[one.id] || {};
  const set = (what) => change((next) => { next.decisions[one.id] = { ...next.decisions[one.id], ...what }; });
  const reasons = [...(on(`d ${one.id}`) || []), ...(one.row !== null ? on(`q ${one.row}`) || [] : [])];
  const granted = writing.grantedOf(draft, known).find((other) => other.id === one.id);
  return card(reasons, one.id, whose(does, one, place), told(reasons),
    !said.outcome && h("p", { class: "soft small" }, tc("loan", "Not decided today")),
    pills(tc("loan", "Decision"), [["granted", t(OUTCOME.granted), "present"], ["deferred", t(OUTCOME.deferred), "late"], ["refused", t(OUTCOME.refused), "absent"]], said.outcome || "", (outcome) => change((next) => {
      if (outcome !== said.outcome) next.decisions[one.id] = { ...next.decisions[one.id], outcome };
      else delete next.decisions[one.id];
    })),
    (said.outcome === "deferred" || said.outcome === "refused") && field(`dw ${one.id}`, t("Reason, said to her"), said.why, (why) => set({ why }), { maxlength: 240 }),
    said.outcome === "deferred" && dayField(does.state, `dp ${one.id}`, t("Promised for"), said.promised_on, (promised_on) => set({ promised_on })),
    reasons.some((reason) => reason.code === "before_others" || reason.about === "jump_why") || said.jump_why ? field(`dj ${one.id}`, t("Why before those who asked earlier"), said.jump_why, (jump_why) => set({ jump_why }), { maxlength: 240 }) : null,
    granted && payOut(does, granted),
    said.outcome && button(t("Amount, reason, how it was decided"), () => does.toggle(`d ${one.id}`), { kind: "plain", "aria-expanded": does.isOpen(`d ${one.id}`) ? "true" : "false" }),
    said.outcome && behind(does, `d ${one.id}`, t("Amount, reason, how it was decided"), () => decided(does, one, said, set)),
    one.row !== null && button(t("Change what was asked"), () => does.toggle(`q ${one.id}`), { kind: "plain", pic: "edit" }));
}

function asking(does, one) {
  const { app, women, change, on } = does;
  const set = (what) => change((next) => Object.assign(next.requests[one.row], what));
  const reasons = on(`q ${one.row}`);
  const isWhole = one.woman && one.paise && one.purpose;
  return card(reasons, one.id, h("h3", null, t("Who asks for a loan today?")), told(reasons),
    select(`qw ${one.id}`, t("Which woman"), women, one.woman, (woman) => set({ woman }), { blank: t("Choose") }),
    h("div", { class: "line" }, h("span", { class: "strong" }, t("How much")), amount(app, { label: t("How much"), paise: one.paise, onset: (paise) => set({ paise }), quick: [] })),
    select(`qp ${one.id}`, t("What for"), options(PURPOSE).filter(([key]) => key !== "onlending"), one.purpose, (purpose) => set({ purpose }), { blank: t("Choose") }),
    whole(`qi ${one.id}`, t("Instalments wished"), one.instalments, (instalments) => set({ instalments: instalments ? Math.min(instalments, MOST_INSTALMENTS) : null }), { hint: t("optional") }),
    field(`qn ${one.id}`, t("Note"), one.note, (note) => set({ note }), { hint: t("optional"), maxlength: 240 }),
    h("div", { class: "row" },
      isWhole && button(t("Put her in the queue"), () => does.isOpen(`q ${one.id}`) && does.toggle(`q ${one.id}`), { pic: "check" }),
      isWhole && button(t("All agreed: granted today"), () => change((next) => {
        next.decisions[one.id] = { outcome: "granted" };
        does.state.open.delete(`q ${one.id}`);
      }), { kind: "quiet" }),
      takeOut(t("Take this line out"), () => change((next) => {
        next.requests.splice(one.row, 1);
        delete next.decisions[one.id];
        delete next.lent[one.id];
      }))));
}

function decided(does, one, said, set) {
  const { app, women, draft } = does;
  const there = women.filter(([woman]) => writing.isThere(draft, woman) || said.voted?.includes(woman));
  return [
    said.outcome === "granted" && labelled(app, { label: t("Granted amount, if less"), paise: said.paise || 0, onset: (paise) => set({ paise: paise || null }), quick: [[t("as asked"), one.paise]] }),
    said.outcome === "granted" && field(`dw ${one.id}`, t("Reason, said to her"), said.why, (why) => set({ why }), { maxlength: 240 }),
    field(`dj2 ${one.id}`, t("Why before those who asked earlier"), said.jump_why, (jump_why) => set({ jump_why }), { maxlength: 240 }),
    select(`dy ${one.id}`, t("How it was decided"), options(DECIDING), said.way || "all", (way) => set({ way })),
    said.way === "named" && h("fieldset", null, h("legend", { class: "strong" }, t("Those who decided")), there.map(([woman, name]) =>
      check(h("bdi", null, name), said.voted?.includes(woman), (is) => set({ voted: is ? [...(said.voted || []), woman] : said.voted.filter((other) => other !== woman) }), { key: woman }))),
    pills(tc("loan", "Decision"), [["withdrawn", t(OUTCOME.withdrawn)]], said.outcome, (outcome) => set({ outcome })),
  ];
}

function payOut(does, asked) {
  const { app, draft, known, change, on } = does;
  const terms = writing.termsOf(draft, known, asked);
  const set = (what) => change((next) => { next.lent[asked.id] = { ...next.lent[asked.id], ...what }; });
  const reasons = terms.isOn ? on(`l ${asked.id}`) : null;
  const dues = terms.isOn ? writing.duesOf(draft, known, terms) : [];
  return h("div", { class: "stack", key: `l ${asked.id}` },
    h("div", { class: "line" }, check(t("Paid out today"), terms.isOn, (isOn) => set({ isOn })), terms.isOn && amount(app, { whose: does.name(asked.woman), label: t("Loans paid out"), paise: terms.paise, usual: asked.paise, on: reasons, onset: (paise) => set({ paise }) })),
    told(reasons?.filter((one) => one.code !== "who_took")),
    dues.length > 0 && h("p", { class: "small" }, plural("Due on %(day)s: %(first)s, with %(interest)s of interest.", "%(n)s instalments, the first of %(first)s on %(day)s. Altogether %(whole)s, of it %(interest)s interest.", dues.length, {
      first: money(ofDue(dues[0])), day: day(dues[0].on), whole: money(dues.reduce((sum, one) => sum + ofDue(one), 0)), interest: money(dues.reduce((sum, one) => sum + one.interest, 0)),
    })),
    terms.isOn && terms.mode === "cash" && whoCame(does, asked.woman, t("Who took it"), reasons),
    terms.isOn && button(t("Terms"), () => does.toggle(`l ${asked.id}`), { kind: "plain", "aria-expanded": does.isOpen(`l ${asked.id}`) ? "true" : "false" }),
    terms.isOn && behind(does, `l ${asked.id}`, t("Terms"), () => termsFields(does, asked, terms, set, reasons)));
}

function termsFields(does, asked, terms, set, reasons) {
  const about = (name) => reasons?.filter((one) => one.about === name);
  return [
    select(`lm ${asked.id}`, tc("money", "From"), modes(), terms.mode, (mode) => set({ mode })),
    field(`lr ${asked.id}`, t("Per cent a month"), rateShown(terms, "month"), (typed) => set(rateTyped(typed, "month")), { inputmode: "decimal", dir: "ltr", maxlength: 12, on: about("rate_bp_a_year") }),
    select(`lh ${asked.id}`, t("How interest is counted"), options(METHOD), terms.method, (method) => set({ method })),
    field(`li ${asked.id}`, t("Instalments"), terms.typedInstalments ?? terms.instalments, (typed) => set({ typedInstalments: typed, instalments: writing.instalmentsIn(numberIn(typed)) }), { inputmode: "numeric", on: about("instalments") }),
    select(`lf ${asked.id}`, tc("loan", "Repaid"), options(INSTALMENTS), terms.frequency, (frequency) => set({ frequency })),
    dayField(does.state, `ld ${asked.id}`, t("First instalment due"), terms.firstDue, (firstDue) => set({ firstDue }), { on: about("first_due") }),
    select(`ls ${asked.id}`, t("Out of which fund"), options(SOURCE), terms.source, (source) => set({ source })),
  ];
}

export const STEPS = { loans };
