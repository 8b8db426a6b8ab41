// Money in whole paise and counts as India writes them: 12,34,567; Latin digits in every language. As kernel/money.py.

import { plainNumber } from "./digits.js";
import { refusal } from "./refusals.js";
import { N_ } from "./words.js";

const MOST_LETTERS = 100;
const NUMBER = /^(\d*)(?:\.(\d*))?$/;
const LAKH_GROUPS = /^\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d*)?$/;
const THOUSAND_GROUPS = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const SIGNS = /^(?:₹|rs\.?|inr|re\.?)\s*|\s*(?:\/-|\/=)$|\s*(?:₹|rs\.?|inr)$/giu;

const NOT_MONEY = N_("“%(written)s” is not an amount in rupees. Write it like 12,34,567.50.");
const PART_OF_A_PAISA = N_("“%(written)s” has more than two decimals. An amount is in rupees and whole paise.");

/** A whole number in lakh grouping: 1234567 → '12,34,567'. */
export function grouped(n) {
  const digits = BigInt(n).toString().replace("-", "");
  const head = digits.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ",");
  return `${n < 0 ? "-" : ""}${head ? `${head},` : ""}${digits.slice(-3)}`;
}

/** Paise as rupees: 123456750 → '₹12,34,567.50'; whole rupees without '.00' unless `alwaysPaise`. */
export function rupees(paise, { sign = "₹", alwaysPaise = false } = {}) {
  const size = BigInt(paise) < 0n ? -BigInt(paise) : BigInt(paise);
  const part = size % 100n;
  const said = part || alwaysPaise ? `.${String(part).padStart(2, "0")}` : "";
  return `${paise < 0 ? "-" : ""}${sign}${grouped(size / 100n)}${said}`;
}

/** {isBelow, whole, part}: the digits before and behind the point that a text writes out, or null: commas only where a
 *  grouping puts them. */
function numberIn(written) {
  let text = written;
  let isBelow = text.startsWith("-") || (text.startsWith("(") && text.endsWith(")"));
  text = text.startsWith("(") ? text.replace(/^[()]+|[()]+$/g, "") : text.replace(/^-/, "");
  for (let bare = text.trim().replace(SIGNS, ""); bare !== text; bare = text.trim().replace(SIGNS, "")) text = bare;
  if (text.startsWith("-") && !isBelow) [isBelow, text] = [true, text.slice(1)];
  if (text.includes(",")) {
    if (!LAKH_GROUPS.test(text) && !THOUSAND_GROUPS.test(text)) return null;
    text = text.replaceAll(",", "");
  }
  const found = NUMBER.exec(text);
  if (!found || !(found[1] || found[2])) return null;
  return { isBelow, whole: found[1] || "0", part: found[2] || "" };
}

/** The same of a number: at the 15 digits that a spreadsheet shows. */
function digitsOf(value) {
  if (!Number.isFinite(value)) return null;
  const text = Number.isInteger(value) ? BigInt(value).toString() : value.toPrecision(15);
  const [, below, whole, part, power] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  const zeros = "0".repeat(Math.abs(Number(power ?? 0)));
  // Only what lies near nothing is written with a power here, and that below nought.
  return power ? { isBelow: !!below, whole: "0", part: zeros.slice(1) + whole + (part ?? "") }
    : { isBelow: !!below, whole, part: part ?? "" };
}

/** The exact paise of an amount in rupees as people write it, or the refusal that says why not.
 *
 *  Text ('₹ 12,34,567.50', 'Rs. 500/-', '(1,200)' for minus) and whole numbers are exact. More than two decimals are
 *  refused, never rounded. What no book can hold is read too: rules say that it is too large. */
export function paiseFromRupees(value, { field = null } = {}) {
  const text = value === null || value === undefined || typeof value === "boolean" ? "" : String(value);
  const written = [...text].slice(0, 60).join("");
  const isShort = [...text].length <= MOST_LETTERS;
  const read = typeof value === "number" ? digitsOf(value) : isShort ? numberIn(plainNumber(text)) : null;
  if (!read) return refusal(field, "not_an_amount", NOT_MONEY, { written });
  const part = read.part.replace(/0+$/, "");
  if (part.length > 2) return refusal(field, "part_of_a_paisa", PART_OF_A_PAISA, { written });
  const paise = Number(BigInt(read.whole + part.padEnd(2, "0")));
  return read.isBelow && paise ? -paise : paise;
}

/** Whether what `paiseFromRupees` answered is an amount. */
export const isPaise = (read) => typeof read === "number";
