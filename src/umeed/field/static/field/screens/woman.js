// A woman: what she has and owes, her passbook of the window read aloud, and her profile.

import { passbook } from "../book/passbook.js";
import { inOrder } from "../core/days.js";
import { t } from "../core/words.js";
import { whole } from "../rules/allocation.js";
import { BY_KEY } from "../rules/heads.js";
import { readButton } from "./aloud.js";
import * as books from "./books.js";
import { isOnItsWay } from "./outbox.js";
import { badge, button, h, notice } from "./parts.js";
import { FIELDS, told as toldOf } from "./profile.js";
import { day, money } from "./shown.js";

export async function open(app, { group, woman }) {
  const shown = await books.bookOf(group);
  const she = shown.book.women.find((one) => one.id === woman);
  const state = { group, woman, shown, she };
  if (!shown.hasBook || !she) return { ...state, entries: [] };
  const known = books.knownToday(shown);
  return { ...state, known, loans: known.loans.filter((one) => one.loan.woman === woman), entries: entriesOf(shown.book, woman) };
}

/** [{on, lines: [[words, paise]], saved, owed, waits}] of her, the newest first: each sheet that says something of her, with what
    she has and owes after it. */
export function entriesOf(book, woman) {
  const { savings, loans, besides } = passbook(book, woman);
  const owed = new Map(loans.map((one) => [one.loan.n, one.opening]));
  let saved = [...savings.opening.values()].reduce((sum, paise) => sum + paise, 0);
  const rows = [...savings.rows, ...loans.flatMap((one) => one.rows.map((row) => ({ ...row, loan: one.loan.n }))), ...besides];
  const found = new Map();
  for (const row of rows.sort((one, two) => inOrder(one.on, two.on) || one.sheet - two.sheet)) {
    if (row.total !== undefined) saved = row.total;
    if (row.loan !== undefined) owed.set(row.loan, row.owed);
    const entry = found.get(row.sheet) || { on: row.on, lines: [] };
    found.set(row.sheet, { ...entry, lines: [...entry.lines, ...linesOf(row)], saved, owed: [...owed.values()].reduce((sum, paise) => sum + paise, 0), what: row.what || entry.what });
  }
  return [...found.values()].reverse();
}

function linesOf(row) {
  const said = (words, paise) => (paise ? [[row.what?.takesBack ? t("taken back: %(what)s", { what: words }) : words, Math.abs(paise)]] : []);
  if (row.total !== undefined) return [...row.paise].flatMap(([head, paise]) => said((paise < 0) !== !!row.what?.takesBack ? t("Given back: %(what)s", { what: t(BY_KEY[head].title) }) : t(BY_KEY[head].title), paise));
  if (row.head) return said(t(BY_KEY[row.head].title), row.paid || row.given);
  return [...said(t("Loan paid out"), row.lent), ...said(t("Principal"), row.repaid), ...said(t("Interest"), row.interest), ...said(t("Penalty"), row.penalty), ...said(t("Loan written off"), row.off), ...said(t("Recovered of loans written off"), row.back)];
}

const aloud = ({ she, known, woman, loans, entries }) => [
  `${she.name}.`, t("She has saved %(paise)s.", { paise: money(savedOf(known, woman)) }), owes(loans) ? t("She owes %(paise)s.", { paise: money(owes(loans)) }) : t("She owes nothing."),
  ...loans.map(dueSaid), ...entries.slice(0, 5).map((one) => `${day(one.on)}: ${one.lines.map(([words, paise]) => `${words} ${money(paise)}`).join(", ")}.`),
].filter(Boolean).join(" ");

const savedOf = (known, woman) => [...known.facts.savings].reduce((sum, [key, paise]) => sum + (key.startsWith(`${woman} `) ? paise : 0), 0);
const owes = (loans) => loans.reduce((sum, one) => sum + one.owed, 0);

function dueSaid(loan) {
  const now = whole(loan.dueNow);
  if (now) return t("Due now: %(paise)s.", { paise: money(now) });
  const next = loan.dueNext;
  return next ? t("Next due on %(day)s: %(paise)s.", { day: day(next.on), paise: money(next.principal + next.interest) }) : "";
}

export function view(app, state) {
  const { she, shown, group, woman, known, loans, entries } = state;
  if (!she) return { title: t("Woman"), body: notice("info", t("She is not on this phone.")) };
  return {
    title: h("bdi", null, she.name), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" },
      known && [
        h("dl", { class: "figures card" }, h("div", null, h("dt", null, t("Saved altogether")), h("dd", null, money(savedOf(known, woman)))), h("div", null, h("dt", null, t("Owes")), h("dd", null, money(owes(loans))))),
        h("div", { class: "row no-print" }, readButton(app, woman, () => aloud(state)), button(t("Print"), () => print(), { kind: "quiet", pic: "print" })),
        loans.map((one) => h("section", { class: "card", key: one.loan.uid }, h("div", { class: "line" }, h("h3", null, t("Loan of %(day)s, %(paise)s", { day: day(one.loan.lent_on), paise: money(one.cameWith) })), one.daysLate > 0 && badge("bad", t("late"))), h("p", null, t("owes %(paise)s", { paise: money(one.owed) }), " · ", dueSaid(one)))),
        h("h2", null, t("Passbook")),
        entries.length ? h("ol", { class: "stack" }, entries.slice(0, state.all ? undefined : 12).map((one, at) => entry(app, one, at))) : h("p", { class: "soft" }, t("Nothing is written of her yet.")),
        entries.length > 12 && !state.all && button(t("The whole year"), () => {
          state.all = true;
          app.redraw();
        }, { kind: "quiet wide no-print" }),
      ],
      h("h2", null, t("Profile")), profile(she),
      button(t("Correct her profile"), () => app.go("correct", { group, woman }), { kind: "quiet wide no-print", pic: "edit" })),
  };
}

const entry = (app, one, at) => h("li", { class: "card", key: at },
  h("div", { class: "line" }, h("b", null, day(one.on)), isOnItsWay(app, one.what?.command) && badge("warn", t("waits"))),
  one.lines.map(([words, paise], row) => h("div", { class: "line", key: row }, h("span", null, words), h("span", { class: "num" }, money(paise)))),
  h("p", { class: "soft small" }, t("has %(paise)s", { paise: money(one.saved) }), " · ", t("owes %(paise)s", { paise: money(one.owed) })));

function profile(she) {
  const rows = FIELDS.filter((one) => she.profile[one.name] !== undefined || she.covered.includes(one.name));
  return rows.length ? h("dl", { class: "figures card" }, rows.map((one) => h("div", { key: one.name }, h("dt", null, t(one.label)), h("dd", { class: "small" }, she.covered.includes(one.name) ? t("filled in, not shown") : h("bdi", null, toldOf(one, she.profile[one.name])))))) : h("p", { class: "soft" }, t("Nothing is written of her yet."));
}
