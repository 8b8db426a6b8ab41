// The card of a loan in a cut-off: a woman's, or one that the group took; what of it is overdue, part by part, and how the rest is repaid.

import { t } from "../core/words.js";
import { INSTALMENTS, METHOD, PART_MONTH, PURPOSE, SOURCE } from "../rules/codes.js";
import { MOST_INSTALMENTS } from "../rules/schedules.js";
import * as writing from "./cut_off_writing.js";
import { button, check, dayField, field, h, labelled, select, told, whole } from "./parts.js";
import { rateShown, rateTyped } from "./rates.js";

const options = (codes) => Object.entries(codes).map(([key, words]) => [key, t(words)]);

export const lender = (head) => ({ loan_from_bank: t("Bank"), loan_from_vo: t("VO"), loan_from_clf: t("CLF"), loan_from_other: t("Others") })[head];

/** What its fields work with. `about(name)` are the reasons that stand on one of them; what is written makes it hers: what the card has
    no field for goes. */
function workOn(does, loan) {
  const all = does.on(`l ${loan.id}`) || [];
  const fields = new Set();
  return {
    ...does, loan,
    about: (name) => {
      fields.add(name);
      return all.filter((one) => one.about === name);
    },
    /** Those that stand beside no field. */
    rest: () => all.filter((one) => !fields.has(one.about)),
    set: (what) => does.change((next) => {
      const mine = next.loans.find((one) => one.id === loan.id);
      delete mine.said;
      Object.assign(mine, typeof what === "function" ? what(mine) : what);
    }),
  };
}

export function loanCard(does, loan, number) {
  const work = workOn(does, loan);
  const isHers = writing.isHers(loan);
  const inside = [isHers ? null : fromWhom(work), lent(work), overdue(work), terms(work), isHers ? uses(work) : null];
  const reasons = work.rest();
  const isWrong = (does.on(`l ${loan.id}`) || []).some((one) => one.severity === "refuse");
  return h("section", { class: isWrong ? "card wrong" : "card", key: loan.id },
    h("div", { class: "line" }, h("h4", { class: "strong" }, t("Loan %(number)s", { number })), button(t("Leave this one out"), () => does.change((next) => { next.loans = next.loans.filter((one) => one.id !== loan.id); }), { kind: "plain" })),
    told(reasons), inside);
}

const amountOf = (work, name, label) => labelled(work.app, {
  label, paise: work.loan[name] || 0, on: work.about(name), quick: name === "outstanding" && work.loan.lent ? [[t("all of it"), work.loan.lent]] : [],
  onset: (paise) => work.set({ [name]: paise }),
});

const dayOf = (work, name, label, hint) => dayField(work.state, `${name} ${work.loan.id}`, label, work.loan[name], (value) => work.set({ [name]: value }), { on: work.about(name), hint });

function fromWhom(work) {
  const { loan, known, shown, set, about } = work;
  const isOther = ["", "bank", "other"].includes(loan.from);
  const whom = [["bank", t("Bank")], ...[...known.kinds.keys()].map((body) => [body, shown.bodyName(body)]), ["other", t("Others")]];
  return [
    select(`from ${loan.id}`, t("From whom"), whom, loan.from, (from) => set({ from, head: writing.headOf(from, known) }), { blank: t("Choose"), on: about("body") }),
    isOther && field(`lender ${loan.id}`, t("Bank and branch, or who else lent"), loan.lender, (typed) => set({ lender: typed }), { on: about("lender"), maxlength: 120 }),
    field(`number ${loan.id}`, t("Number of the sanction or account"), loan.number, (typed) => set({ number: typed }), { on: about("number"), hint: t("Of an account number only the last four digits are kept."), maxlength: 40 }),
    select(`source ${loan.id}`, t("What it is"), [["", t("Loan")], ["cif", t("Community investment fund")]], loan.source, (source) => set({ source }), { on: about("source") }),
    ["", "bank"].includes(loan.from) && check(t("Cash credit"), loan.is_cash_credit, (is) => set({ is_cash_credit: is })), told(about("is_cash_credit")),
    loan.is_cash_credit && amountOf(work, "limit", t("Limit of the cash credit")),
  ];
}

const lent = (work) => [
  dayOf(work, "lent_on", t("Lent on")),
  h("div", { class: "two" }, amountOf(work, "lent", t("Lent")), amountOf(work, "outstanding", t("Principal still owed"))),
  h("p", { class: "soft small" }, t("Principal still owed"), ": ", t("With what is overdue of it.")),
];

/** What was due and not paid, by day, the oldest first. */
function overdue(work) {
  const { app, state, loan, set, about } = work;
  const part = (at, what) => set((mine) => ({ overdue: mine.overdue.map((one, row) => (row === at ? { ...one, ...what } : one)) }));
  return h("div", { class: "stack", key: "overdue" },
    loan.overdue.map((one, at) => h("fieldset", { class: "stack", key: `overdue ${at}` }, h("legend", { class: "strong small" }, t("Overdue")), told(about(`overdue.${at}`)),
      dayField(state, `overdue ${at} ${loan.id}`, t("Overdue since"), one.on, (on) => part(at, { on }), { on: about(`overdue.${at}.on`) }),
      h("div", { class: "two" },
        labelled(app, { label: t("Of it overdue"), paise: one.principal, on: about(`overdue.${at}.principal`), quick: [], onset: (principal) => part(at, { principal }) }),
        labelled(app, { label: t("Interest overdue"), paise: one.interest, on: about(`overdue.${at}.interest`), quick: [], onset: (interest) => part(at, { interest }) })),
      button(t("Take this line out"), () => {
        state.typedDays = {};
        set((mine) => ({ overdue: mine.overdue.filter((_, row) => row !== at) }));
      }, { kind: "plain", pic: "close" }))),
    loan.overdue.length ? null : told(about("overdue.0.principal")),
    button(loan.overdue.length ? t("Overdue since another day too") : t("Something of it is overdue"), () => set((mine) => ({ overdue: [...mine.overdue, { on: null, principal: 0, interest: 0 }] })), { kind: "quiet", pic: "late" }));
}

function terms(work) {
  const { loan, set, about } = work;
  const isHers = writing.isHers(loan);
  return [
    field(`rate ${loan.id}`, isHers ? t("Interest, per cent a month") : t("Interest, per cent a year"), rateShown(loan, writing.unitOf(loan)), (typed) => set((mine) => rateTyped(typed, writing.unitOf(mine))), { on: about("rate_bp_a_year"), inputmode: "decimal", dir: "ltr", maxlength: 12 }),
    select(`method ${loan.id}`, t("How interest is counted"), options(METHOD), loan.method, (method) => set({ method }), { on: about("method") }),
    !isHers && select(`part ${loan.id}`, t("Interest for a month that is not over"), options(PART_MONTH), loan.part_month, (kind) => set({ part_month: kind }), { on: about("part_month") }),
    select(`frequency ${loan.id}`, t("Repaid"), options(INSTALMENTS), loan.frequency, (frequency) => set({ frequency }), { on: about("frequency") }),
    whole(`instalments ${loan.id}`, t("Instalments left"), loan.instalments, (count) => set({ instalments: count && Math.min(count, MOST_INSTALMENTS) }), { on: about("instalments"), hint: t("Not needed when all of it is overdue.") }),
    dayOf(work, "next_due", t("Next instalment due"), t("Not needed when all of it is overdue.")),
    told(about("plan")),
  ];
}

const uses = ({ loan, set, about }) => [
  select(`source ${loan.id}`, t("Lent out of"), options(SOURCE), loan.source, (source) => set({ source }), { on: about("source") }),
  select(`purpose ${loan.id}`, t("Purpose"), options(PURPOSE), loan.purpose, (purpose) => set({ purpose }), { blank: t("Not recorded"), on: about("purpose") }),
];
