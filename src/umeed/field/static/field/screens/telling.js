// A meeting in plain lines, in the order in which it was held: read out before it is closed, and ever after. As books/pages/telling.py.

import { listed, pluralc, t } from "../core/words.js";
import { ATTENDANCE, DECIDING, METHOD, OUTCOME, PURPOSE } from "../rules/codes.js";
import { BY_KEY } from "../rules/heads.js";
import { day, money } from "./shown.js";

const joined = (parts) => parts.filter(Boolean).join(" · ");
const title = (head) => t(BY_KEY[head].title);
const through = (note, mode) => joined([note, { bank: t("through the bank"), set_off: t("set off against her savings") }[mode] || ""]);
const broughtBy = (name) => (name ? t("brought by %(name)s", { name }) : "");
const takenBy = (name) => (name ? t("taken along by %(name)s", { name }) : "");
const inOrder = (one, two) => one[0].localeCompare(two[0]);

/** [{key, title, lines: [[what, note, paise | null]], total | null}]: sections that say something. `names` {woman(id), loan(uid),
    body(id), request(id), isOff(uid)}. `document` as `read` answers it or as it was sent. */
export function sections(document, names) {
  const of = (part) => document[part] || [];
  const all = [
    ["attendance", t("Who came"), who(document, names)],
    ["savings", t("Savings"), saved(of("savings"), names).sort(inOrder)],
    ["savings", t("Savings given back"), of("withdrawals").map((one) => [names.woman(one.woman), through(joined([title(one.head), takenBy(one.by)]), one.mode), one.paise])],
    ["repayments", t("Repayments"), of("repayments").filter((one) => !names.isOff?.(one.loan)).map((one) => [names.loan(one.loan), through(parts(one), one.mode), paid(one)]).sort(inOrder)],
    ["repayments", t("Recovered of loans written off"), of("repayments").filter((one) => names.isOff?.(one.loan)).map((one) => [names.loan(one.loan), through(broughtBy(one.by), one.mode), paid(one)])],
    ["receipts", t("Fines"), of("fines").map((one) => [names.woman(one.woman), through(joined([{ late: t("Came late"), absent: t("Was absent") }[one.why], one.note, broughtBy(one.by)]), one.mode), one.paise])],
    ["receipts", t("Other receipts"), [...of("receipts").map((one) => [title(one.head), through(one.note, one.mode), one.paise]),
      ...of("arrived").map((one) => [t("Arrived from %(name)s", { name: names.body(one.body) }), through("", one.mode), one.paise])]],
    ["loans", t("Loans asked for"), of("requests").map((one) => [names.woman(one.woman), joined([money(one.paise), t(PURPOSE[one.purpose] || PURPOSE.other), one.note]), null])],
    ["loans", t("Decisions on loans"), of("decisions").map((one) => [names.woman(names.request(one.request)), decided(one, names), null])],
    ["loans", t("Loans paid out"), of("lendings").map((one) => [names.woman(one.woman), through(joined([terms(one), takenBy(one.by)]), one.mode), one.paise])],
    ["payments", t("Other payments"), of("payments").map((one) => [title(one.head), through(joined([one.woman && names.woman(one.woman), one.note, takenBy(one.by)]), one.mode), one.paise])],
    ["bank", t("Bank"), [...(document.deposit ? [[t("Taken to the bank"), "", document.deposit]] : []), ...(document.withdrawal ? [[t("Brought from the bank"), "", document.withdrawal]] : [])], true],
    ["bank", t("Drawn from the cash credit"), of("drawn").map((one) => [names.loan(one.loan), through("", one.mode), one.paise])],
    ["bank", t("Paid to VO, CLF and banks"), [...of("repaid").map((one) => [names.loan(one.loan), through(joined([t("Loan repaid"), parts(one)]), one.mode), (one.principal || 0) + (one.interest || 0)]),
      ...of("given").map((one) => [names.body(one.body), through({ saving: t("Saving"), share: t("Share capital") }[one.what] || t("Fee"), one.mode), one.paise]),
      ...of("left").map((one) => [names.body(one.body), through(t("was counted there before"), one.mode), one.paise])]],
    ["agenda", t("What was decided"), of("agenda").map((one) => [one.topic, one.decided, null])],
  ];
  return all.filter(([, , lines]) => lines.length).map(([key, name, lines, isBothWays]) => ({
    key, title: name, lines, total: isBothWays || lines.every(([, , paise]) => paise === null) ? null : lines.reduce((sum, [, , paise]) => sum + paise, 0),
  }));
}

const paid = (one) => (one.penalty || 0) + (one.interest || 0) + (one.principal || 0);
const parts = (one) => joined([...[["penalty", t("Penalty")], ["interest", t("Interest")], ["principal", t("Principal")]].filter(([key]) => one[key]).map(([key, name]) => `${name} ${money(one[key])}`), broughtBy(one.by)]);

function who(document, names) {
  const lines = Object.entries(ATTENDANCE).map(([state, words]) => [words, Object.keys(document.attendance).filter((woman) => document.attendance[woman] === state).map(names.woman).sort()])
    .filter(([, women]) => women.length).map(([words, women]) => [`${t(words)}: ${women.length}`, listed(women), null]);
  if (document.president) lines.push([t("Presided"), names.woman(document.president), null]);
  if (document.are_last_minutes_read) lines.push([t("The last minutes were read out"), "", null]);
  return lines;
}

function saved(savings, names) {
  const hers = new Map();
  for (const one of savings) hers.set(one.woman, [...(hers.get(one.woman) || []), one]);
  return [...hers].map(([woman, all]) => [
    names.woman(woman),
    joined([...all.map((one) => title(one.head) + (all.length > 1 ? ` ${money(one.paise)}` : "")), broughtBy(all.find((one) => one.by)?.by), ...new Set(all.map((one) => through("", one.mode)))]),
    all.reduce((sum, one) => sum + one.paise, 0),
  ]);
}

const decided = (one, names) => joined([
  t(OUTCOME[one.outcome]), one.paise ? money(one.paise) : "", [t(DECIDING[one.way || "all"]), listed((one.voted || []).map(names.woman).sort())].filter(Boolean).join(": "),
  one.promised_on ? t("promised for %(day)s", { day: day(one.promised_on) }) : "", one.why, one.jump_why,
]);

const terms = (one) => joined([
  t("%(rate)s a month", { rate: `${Number((one.rate_bp_a_year / 1200).toFixed(4))}%` }),
  pluralc("instalments", "%(count)s instalment", "%(count)s instalments", one.instalments), t(METHOD[one.method]),
]);

/** The same in sentences to be read out. */
export const aloud = (told) => told.map(({ title: name, lines, total }) => `${name}. ${lines.map(([what, note, paise]) => [what, note, paise === null ? "" : money(paise)].filter(Boolean).join(", ")).join(". ")}. ${total === null ? "" : `${t("Together")} ${money(total)}.`}`).join("\n");
