// Who came, what each saves, what each repays: the steps that go through the women one by one.

import { plural, t, tc } from "../core/words.js";
import { whole } from "../rules/allocation.js";
import { ATTENDANCE } from "../rules/codes.js";
import { BY_KEY } from "../rules/heads.js";
import * as expected from "../rules/expected.js";
import { amount, badge, check, empty, field, h, icon, labelled, pills, select, told } from "./parts.js";
import { day, money } from "./shown.js";
import * as writing from "./writing.js";

export const hers = () => [["cash", tc("money", "Cash")], ["bank", t("Bank or UPI, into the group's account")], ["set_off", t("Set off against her savings")]];
export const modes = () => [["cash", tc("money", "Cash")], ["bank", tc("money", "Bank")]];

export const awayBadge = ({ draft }, woman) => {
  const state = writing.stateOf(draft, woman);
  if (state === "absent") return badge("warn", t("absent"));
  return state === "on_leave" ? badge("warn", t("on leave")) : null;
};

/** Who brought, or took, the money of one who is away: asked once of her, for the whole meeting. */
export const whoCame = (does, woman, label, reasons) => (writing.isThere(does.draft, woman) ? null
  : field(`by ${woman} ${label}`, label, does.draft.by[woman], (typed) => does.change((draft) => { draft.by[woman] = typed; }), { on: reasons?.filter((one) => /^(by_whom|who_took)$/.test(one.code)), maxlength: 240 }));

export const card = (reasons, key, ...kids) => {
  const kind = reasons?.some((one) => one.severity === "refuse") ? "wrong" : reasons?.length ? "asked" : "";
  return h("section", { class: `card ${kind}`, key }, kids);
};

const notBy = (reasons) => reasons?.filter((one) => !/^(by_whom|who_took)$/.test(one.code));

function attendance(does) {
  const { draft, women, change, on } = does;
  const states = Object.entries(ATTENDANCE).map(([key, words]) => [key, t(words), key]);
  return [
    h("p", { class: "soft" }, t("Everybody is marked present. Tap only for those who are not.")),
    told(on("attendance")),
    h("div", { class: "stack" }, women.map(([woman, name]) => {
      const reasons = on(`attendance.${woman}`);
      return card(reasons, woman, h("h3", { class: "name" }, h("bdi", null, name)), told(reasons),
        pills(name, states, writing.stateOf(draft, woman), (state) => change((next) => writing.marked(next, woman, state)), "four"));
    })),
    select("president", t("Who presides today"), women.map(([woman, name]) => [woman, name]), draft.president, (woman) => change((next) => { next.president = woman || null; }), { blank: t("Choose"), on: on("president") }),
    draft.number > 1 && check(t("The last minutes were read out"), draft.minutes, (is) => change((next) => { next.minutes = is; })),
    ...["on", "number", "kind"].map((one) => told(on(one))),
  ];
}

// Savings --------------------------------------------------------------------------------------------------------------

function savings(does) {
  const { draft, known, women } = does;
  const usual = writing.savingsExpected(draft, known);
  const heads = writing.savingHeads(known);
  return [
    h("p", { class: "soft" }, usual.size ? t("The usual amount is filled in for who came. Change only what was different.") : t("Write what each woman saves today.")),
    h("div", { class: "stack" }, women.map(([woman, name]) => saver(does, woman, name, heads, usual))),
  ];
}

function saver(does, woman, name, heads, usual) {
  const { app, draft, known, change, on, isOpen, toggle } = does;
  const set = (head, what) => change((next) => { next.saved[`${woman} ${head}`] = { ...next.saved[`${woman} ${head}`], ...what }; });
  const said = (head) => draft.saved[`${woman} ${head}`]?.paise ?? usual.get(`${woman} ${head}`) ?? 0;
  const reasonsOf = (...names) => names.flatMap((one) => on(one) || []);
  const shown = [...heads.open, ...heads.folded.filter((head) => said(head) && !isOpen(`s ${woman}`))];
  const reasons = reasonsOf(...heads.open.concat(heads.folded).flatMap((head) => [`s ${woman} ${head}`, `w ${woman} ${head}`]));
  const has = [...known.facts.savings].reduce((sum, [key, paise]) => sum + (key.startsWith(`${woman} `) ? paise : 0), 0);
  const missed = writing.isThere(draft, woman) ? known.missed.get(woman) : null;
  const saves = shown.some((head) => said(head));
  const box = (head) => amount(app, { whose: name, label: t(BY_KEY[head].title), paise: said(head), usual: usual.get(`${woman} ${head}`) ?? 0, on: on(`s ${woman} ${head}`), onset: (paise) => set(head, { paise }), quick: quick(usual.get(`${woman} ${head}`), known.bylaws.savings.get(head)) });
  return card(reasons, woman,
    h("div", { class: "line" },
      h("h3", { class: "name" }, h("bdi", null, name), " ", awayBadge(does, woman), h("small", null, t("has %(paise)s", { paise: money(has) })),
        missed?.savings?.size > 0 && h("small", null, plural("with %(n)s meeting that she missed", "with %(n)s meetings that she missed", missed.meetings))),
      shown.length === 1 && box(shown[0]), dots(does, `s ${woman}`, t("Other saving, by bank, giving back"), name)),
    shown.length > 1 && h("div", { class: "two" }, shown.map((head) => labelled(app, { whose: name, label: t(BY_KEY[head].title), paise: said(head), usual: usual.get(`${woman} ${head}`) ?? 0, on: on(`s ${woman} ${head}`), onset: (paise) => set(head, { paise }) }))),
    told(notBy(shown.length === 1 ? reasons : reasonsOf(...heads.open.concat(heads.folded).map((head) => `w ${woman} ${head}`)))),
    (saves || reasons.some((one) => one.code === "by_whom")) && whoCame(does, woman, t("Who brought it"), reasons),
    behind(does, `s ${woman}`, t("Other saving, by bank, giving back"), () => otherSaving(does, woman, name, heads, said, set)),
  );
}

const quick = (usual, regular) => [...new Set([usual, regular].filter(Boolean))].map((paise) => [paise === usual ? t("as usual") : t("once"), paise]);

/** What is seldom needed of a woman stands behind three dots beside her amount, and is made only when it is opened. */
export const dots = (does, key, words, whose) => h("button", { type: "button", class: "tool", "aria-expanded": does.isOpen(key) ? "true" : "false", "aria-label": `${whose}: ${words}`, title: words, onclick: () => does.toggle(key) }, icon("more"));
export const behind = (does, key, words, inside) => does.isOpen(key) && h("div", { class: "more", key: `more ${key}` }, h("p", { class: "strong small" }, words), inside());

function otherSaving(does, woman, name, heads, said, set) {
  const { app, draft, known, change, on } = does;
  const hasOf = (head) => known.facts.savings.get(`${woman} ${head}`) ?? 0;
  const setBack = (head, what) => change((next) => { next.back[`${woman} ${head}`] = { mode: "cash", ...next.back[`${woman} ${head}`], ...what }; });
  const all = [...heads.open, ...heads.folded];
  const mode = all.map((head) => draft.saved[`${woman} ${head}`]?.mode).find(Boolean) || "cash";
  const back = all.concat([...known.facts.savings.keys()].filter((key) => key.startsWith(`${woman} `)).map((key) => key.slice(woman.length + 1))).filter((head, at, list) => list.indexOf(head) === at && (hasOf(head) || draft.back[`${woman} ${head}`]?.paise));
  const backMode = all.map((head) => draft.back[`${woman} ${head}`]?.mode).find(Boolean) || "cash";
  const gives = back.some((head) => draft.back[`${woman} ${head}`]?.paise);
  return [
    select(`sm ${woman}`, t("How it came"), hers(), mode, (value) => change((next) => { for (const head of all) if (said(head)) next.saved[`${woman} ${head}`] = { paise: said(head), ...next.saved[`${woman} ${head}`], mode: value }; })),
    h("div", { class: "two" }, heads.folded.map((head) => labelled(app, { whose: name, label: t(BY_KEY[head].title), paise: said(head), onset: (paise) => set(head, { paise }), quick: [] }))),
    back.length > 0 && h("h4", { class: "strong" }, t("Given back to her")),
    h("div", { class: "two" }, back.map((head) => labelled(app, { whose: name, label: `${t(BY_KEY[head].title)} · ${t("has %(paise)s", { paise: money(hasOf(head)) })}`, paise: draft.back[`${woman} ${head}`]?.paise || 0, on: on(`w ${woman} ${head}`), onset: (paise) => setBack(head, { paise }), quick: [[t("all"), hasOf(head)]] }))),
    gives && select(`wm ${woman}`, tc("money", "From"), hers(), backMode, (value) => back.forEach((head) => draft.back[`${woman} ${head}`]?.paise && setBack(head, { mode: value }))),
    gives && whoCame(does, woman, t("Who took it"), back.flatMap((head) => on(`w ${woman} ${head}`) || [])),
  ];
}

// Repayments -----------------------------------------------------------------------------------------------------------

const TITLES = { penalty: () => t("Penalty"), interest: () => t("Interest"), principal: () => t("Principal") };

function repayments(does) {
  const loans = writing.loansHere(does.known);
  if (!loans.length) return empty("success", t("No loan runs"), t("Nobody owes the group anything today. Go on to the next step."));
  return [
    h("p", { class: "soft" }, t("What is due is filled in. Write what she brought; it is divided in the order that the group agreed on.")),
    h("p", { class: "split" }, t("The group's order:"), does.known.bylaws.order.map((part, at) => h("span", { key: part }, h("b", null, `${at + 1}`), " ", TITLES[part]()))),
    h("div", { class: "stack" }, loans.map((loan) => payer(does, loan))),
  ];
}

function payer(does, loan) {
  const { app, draft, known, change, on } = does;
  const { uid, woman, lent_on: lentOn } = loan.loan;
  const name = expected.nameOf(known, loan);
  const usual = writing.dueOf(draft, loan);
  const said = draft.paid[uid] || {};
  const paise = said.paise ?? usual;
  const owed = expected.owedOf(loan);
  const split = said.parts || writing.dividedOf(known, loan, paise);
  const set = (what) => change((next) => { next.paid[uid] = { paise, ...next.paid[uid], ...what }; });
  const reasons = on(`r ${uid}`);
  const due = whole(loan.dueNow);
  const other = loan.offOn ? t("By bank") : t("By bank, or divide it otherwise");
  return card(reasons, uid,
    h("div", { class: "line" },
      h("h3", { class: "name" }, h("bdi", null, name), " ", awayBadge(does, woman)),
      amount(app, { whose: name, label: t("Repayments"), paise, usual, on: reasons, onset: (value) => change((next) => { next.paid[uid] = { mode: said.mode, by: said.by, paise: value }; }), quick: [...(due ? [[t("what is due"), due]] : []), ...(whole(owed) !== due ? [[t("all of it"), whole(owed)]] : [])] }), dots(does, `r ${uid}`, other, name)),
    h("p", { class: "soft small" }, loan.offOn ? t("%(paise)s written off on %(day)s; what she brings for it is recovered", { paise: money(loan.mayComeBack), day: day(loan.offOn) })
      : [t("owes %(paise)s since %(day)s", { paise: money(loan.owed), day: day(lentOn) }), " · ", due ? h("b", null, t("due today %(paise)s", { paise: money(due) })) : t("nothing due today"), " ",
        loan.daysLate > 0 && badge("bad", plural("%(days)s day late", "%(days)s days late", loan.daysLate))]),
    paise > 0 && !loan.offOn && h("p", { class: "split", "aria-live": "polite" }, Object.keys(TITLES).filter((part) => split[part]).map((part) => h("span", { key: part }, TITLES[part](), " ", h("b", null, money(split[part]))))),
    told(notBy(reasons)),
    paise > 0 && whoCame(does, woman, t("Who brought it"), reasons),
    behind(does, `r ${uid}`, other, () => [
      loan.run > 0 && h("p", { class: "small" }, t("%(paise)s of interest has run since it was last due", { paise: money(loan.run) }), " · ", t("%(paise)s repays all of it today", { paise: money(whole(owed)) })),
      select(`rm ${uid}`, t("How it came"), hers(), said.mode || "cash", (mode) => set({ mode })),
      !loan.offOn && h("div", { class: "two" }, Object.keys(TITLES).map((part) => labelled(app, { whose: name, label: TITLES[part](), paise: split[part] || 0, onset: (value) => {
        const parts = { penalty: split.penalty || 0, interest: split.interest || 0, principal: split.principal || 0, [part]: value };
        set({ parts, paise: whole({ over: 0, ...parts }) });
      }, quick: [[t("all"), owed[part]]] }))),
    ]),
  );
}

export const STEPS = { attendance, savings, repayments };
