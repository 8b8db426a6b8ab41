// What each woman takes home from a meeting: what she paid and was given, what she has and owes now. Printed, or read to her.

import { savingsOf } from "../book/balances.js";
import { runningLoans } from "../book/loans.js";
import { earliest } from "../core/days.js";
import { t } from "../core/words.js";
import { whole } from "../rules/allocation.js";
import { read } from "../rules/documents.js";
import { BY_KEY } from "../rules/heads.js";
import * as books from "./books.js";
import { readTool } from "./aloud.js";
import { fellOut, isInBook, notYet } from "./outbox.js";
import { button, h, notice } from "./parts.js";
import { day, money } from "./shown.js";

export async function open(app, { group, meeting }) {
  const shown = await books.bookOf(group);
  const held = shown.book.meetings.find((one) => one.id === meeting);
  return { group, shown, held, meeting, slips: held?.said ? slipsOf(shown, held) : [] };
}

/** [{woman, name, paid: [[words, paise]], given, saved, owed, now, next: {on, paise}}] of all whom a meeting names, by name. `now`: what she
    was to pay by then and has not. */
export function slipsOf({ book, womanName }, { said: told, on }) {
  const said = read(told).document;
  const savings = savingsOf(book, on);
  const loans = runningLoans(book, on);
  const whose = new Map(book.loans.map((loan) => [loan.uid, loan.woman]));
  return Object.keys(said.attendance).map((woman) => {
    const hers = (one) => one.woman === woman;
    const paid = [
      ...said.savings.filter(hers).map((one) => [t(BY_KEY[one.head].title), one.paise]),
      ...said.repayments.filter((one) => whose.get(one.loan) === woman).flatMap((one) => [[t("Penalty"), one.penalty], [t("Interest"), one.interest], [t("Principal"), one.principal]]),
      ...said.fines.filter(hers).map((one) => [t("Fine"), one.paise]),
    ].filter(([, paise]) => paise);
    const given = [
      ...said.withdrawals.filter(hers).map((one) => [t("Savings given back"), one.paise]), ...said.lendings.filter(hers).map((one) => [t("Loan paid out"), one.paise]),
      ...said.payments.filter(hers).map((one) => [t(BY_KEY[one.head].title), one.paise]),
    ];
    const saved = [...savings].reduce((sum, [key, paise]) => sum + (key.startsWith(`${woman} `) ? paise : 0), 0);
    const mine = loans.filter((one) => one.loan.way === "given" && one.loan.woman === woman && !one.offOn);
    const sum = (paise) => mine.reduce((all, one) => all + paise(one), 0);
    return {
      woman, name: womanName(woman), state: said.attendance[woman], paid, given, saved, owed: sum((one) => one.owed), now: sum((one) => whole(one.dueNow)), next: nextOf(mine),
    };
  }).sort((one, two) => one.name.localeCompare(two.name));
}

// What all her loans ask for together on the first day on which one of them does; null when nothing is to come.
function nextOf(loans) {
  const next = loans.map((one) => one.dueNext).filter(Boolean);
  const on = earliest(next.map((one) => one.on));
  return on && { on, paise: next.filter((one) => one.on === on).reduce((sum, one) => sum + one.principal + one.interest, 0) };
}

const dues = ({ now, next }) => [
  now && t("Due now: %(paise)s.", { paise: money(now) }), next && t("Next due on %(day)s: %(paise)s.", { day: day(next.on), paise: money(next.paise) }),
].filter(Boolean);

/** A slip in sentences. */
export const sentences = (one) => [
  `${one.name}.`, ...one.paid.map(([words, paise]) => `${words}: ${money(paise)}.`), ...one.given.map(([words, paise]) => `${words}: ${money(paise)}.`),
  t("She has saved %(paise)s.", { paise: money(one.saved) }), one.owed ? t("She owes %(paise)s.", { paise: money(one.owed) }) : t("She owes nothing."),
  ...dues(one),
].join(" ");

export const slip = (app, one, head) => h("section", { class: "card slip", key: one.woman },
  h("div", { class: "line" }, h("h3", { class: "name" }, h("bdi", null, one.name), head && h("small", null, head)), readTool(app, one.woman, () => sentences(one), one.name)),
  rows(one.paid, t("Paid")), rows(one.given, t("Was given")),
  h("dl", { class: "figures" }, h("div", null, h("dt", null, t("Saved altogether")), h("dd", null, money(one.saved))), h("div", null, h("dt", null, t("Owes")), h("dd", null, money(one.owed)))),
  dues(one).map((words) => h("p", { class: "small", key: words }, words)));

const rows = (list, title) => list.length > 0 && h("ul", { class: "stack stack-s", "aria-label": title }, list.map(([words, paise], at) => h("li", { class: "line", key: at }, h("span", null, words), h("b", { class: "num" }, money(paise)))));

export function view(app, state) {
  const { shown, held, slips } = state;
  const record = app.session.outbox.get(held?.command || state.meeting);
  if (!isInBook(record)) return { title: t("Slips"), body: h("div", { class: "stack" }, fellOut(app, record)) };
  if (!held?.said) return { title: t("Slips"), body: notice("info", t("What was written in this meeting is no longer on the phone. The office can print its slips.")) };
  const head = t("Meeting %(number)s · %(day)s", { number: held.number, day: day(held.on) });
  return {
    title: t("Slips"), sub: head,
    body: h("div", { class: "stack" }, h("p", { class: "strong" }, h("bdi", null, shown.name)), notYet(record),
      h("div", { class: "row no-print" }, button(t("Print"), () => print(), { pic: "print", kind: "quiet" })), slips.map((one) => slip(app, one, head))),
  };
}
