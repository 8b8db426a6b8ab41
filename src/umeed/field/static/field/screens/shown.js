// Amounts, days and reasons as a person reads them, in the language that is spoken.

import { rupees } from "../core/money.js";
import { partsOf } from "../core/days.js";
import { message } from "../core/refusals.js";
import { language, listed, ltr, t, translated } from "../core/words.js";

/** Paise as pages write them: ₹ 12,34,567, paise only where there are some. */
export const money = (paise) => (paise === null || paise === undefined ? "–" : ltr(rupees(paise, { sign: "₹\u00a0" })));

/** The sentence of a refusal. */
export const reason = (one) => message({ values: {}, ...one }, translated);

const LOCALES = { en: "en-IN", hi: "hi-IN-u-nu-latn", ur: "ur-u-nu-latn" };
const made = new Map();

function said(day, style) {
  const name = `${language} ${JSON.stringify(style)}`;
  if (!made.has(name)) made.set(name, new Intl.DateTimeFormat(LOCALES[language] || "en-IN", { ...style, timeZone: "UTC" }));
  const [year, month, date] = partsOf(day);
  const parts = made.get(name).formatToParts(new Date(Date.UTC(year, month - 1, date)));
  return Object.fromEntries(parts.map((one) => [one.type, one.value]));
}

/** 21 Nov 2026; the month whole outside English, where nobody shortens it. `isShort`: without the year. */
export function day(iso, isShort = false) {
  if (!iso) return "–";
  const parts = said(iso, { day: "numeric", month: language === "en" ? "short" : "long", year: "numeric" });
  return [parts.day, parts.month.replace(/^Sept$/, "Sep"), isShort ? "" : parts.year].filter(Boolean).join(" ");
}

/** The day of the week of a day. */
export const dayOfWeek = (iso) => said(iso, { weekday: "long" }).weekday;

/** A day as one speaks of it from today. */
export function when(iso, today) {
  if (iso === today) return t("today");
  return listed([dayOfWeek(iso), day(iso, iso.slice(0, 4) === today.slice(0, 4))]);
}

/** A moment (milliseconds, or as JSON writes it) as "21 Nov 2026, 14:05", by this phone's clock. */
export function moment(at) {
  if (!at) return "–";
  const then = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  const iso = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  return listed([day(iso), ltr(`${two(then.getHours())}:${two(then.getMinutes())}`)]);
}
