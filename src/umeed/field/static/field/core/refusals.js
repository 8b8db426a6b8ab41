// A refusal: the plain reason why something cannot be done, kept as data so that it is translated only when shown.
//
// Rules answer a list of them; an empty list means yes. It is what `as_dict` of kernel/refusals.py writes: {field,
// code, text, values, severity}, with `text` the English sentence and its %(name)s slots, and a day among the values as
// {day: "2026-04-01"}. `severity` "refuse" stops the action, "warn" only tells.

import { partsOf } from "./days.js";
import { N_ } from "./words.js";

const SLOT = /%\((\w+)\)s|%%/g;
// In a sentence written from right to left a date like 31-02-2026 would be shown with its parts turned round, and a
// name with a bracket torn apart: what is filled in stands by itself (Unicode's isolates, UAX 9).
const ARABIC = /[\u0600-\u06ff]/;
const ISOLATE = "\u2068";
const END = "\u2069";
// A day within a sentence, month by month, so that its month is said in the sentence's own language.
const DAYS = [
  N_("%(day)s Jan %(year)s"), N_("%(day)s Feb %(year)s"), N_("%(day)s Mar %(year)s"), N_("%(day)s Apr %(year)s"),
  N_("%(day)s May %(year)s"), N_("%(day)s Jun %(year)s"), N_("%(day)s Jul %(year)s"), N_("%(day)s Aug %(year)s"),
  N_("%(day)s Sep %(year)s"), N_("%(day)s Oct %(year)s"), N_("%(day)s Nov %(year)s"), N_("%(day)s Dec %(year)s"),
];
// What stands between the items of a list, as the catalogues keep it.
const CONTEXT = "between the items of a list\u0004";
const COMMA = ", ";

/** What is said in English when no reader's language is known. */
export const asIs = (text) => text;

/** One plain reason. Days among the values are given as `aDay`; of several names a list. */
export const refusal = (field, code, text, values = {}, severity = "refuse") =>
  ({ field, code, text, values, severity });

/** A reason that only tells. */
export const warning = (field, code, text, values = {}) => refusal(field, code, text, values, "warn");

/** A day as a value of a refusal. */
export const aDay = (day) => (day ? { day } : null);

/** The sentence about one, or that about any other number; both are whole and marked with N_. */
export const inNumber = (count, one, many) => (count === 1 ? one : many);

/** The same reason said about another field. */
export const on = (reason, field) => ({ ...reason, field });

/** The same reason as something to tell, not something that stops. */
export const asWarning = (reason) => ({ ...reason, severity: "warn" });

/** Those that stop the action, and those that only tell, in order. */
export const hard = (reasons) => reasons.filter((one) => one.severity === "refuse");
export const soft = (reasons) => reasons.filter((one) => one.severity === "warn");

/** Whether an answer is a refusal, where one stands in place of what was asked for. */
export const isRefusal = (answer) =>
  typeof answer === "object" && answer !== null && "severity" in answer && "code" in answer;

/** A day as sentences say it: 1 Feb 2016. */
export function saidDay(day, translate = asIs) {
  const [year, month, date] = partsOf(day);
  return filled(translate(DAYS[month - 1]), (name) => ({ day: date, year })[name]);
}

/** The sentence, translated and filled; a slot without a value stays visible as written. */
export function message(reason, translate = asIs) {
  const sentence = translate(reason.text);
  const isRightToLeft = ARABIC.test(sentence);
  return filled(sentence, (name) => {
    if (!Object.hasOwn(reason.values, name)) return undefined;
    const text = said(reason.values[name], translate);
    return isRightToLeft ? `${ISOLATE}${text}${END}` : text;
  });
}

function filled(sentence, valueOf) {
  return sentence.replace(SLOT, (slot, name) => (name === undefined ? "%" : String(valueOf(name) ?? slot)));
}

/** What fills a slot: a day as "1 Feb 2016", its month translated; a list in one line; anything else as text. */
function said(value, translate) {
  if (Array.isArray(value)) {
    const comma = translate(CONTEXT + COMMA);
    return value.map((one) => said(one, translate)).join(comma.includes(CONTEXT) ? COMMA : comma);
  }
  return value && typeof value === "object" && "day" in value ? saidDay(value.day, translate) : String(value);
}
