// A meeting as it is written: one document. Amounts are whole paise, ids lower-case UUIDs, days 'YYYY-MM-DD'.
//
// The same fields, bounds and reasons as books/meetings/documents.py, in the same order and with the same paths. It is
// stricter than the server in what no phone writes: a number as text, a day as a number, a truth as 0 or 1.

import { isDay } from "../core/days.js";
import { grouped } from "../core/money.js";
import { refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import * as codes from "./codes.js";
import { SAVINGS } from "./heads.js";
import { MOST_INSTALMENTS } from "./schedules.js";

export const MOST_PAISE = 1e15;

// What a receipt or a payment may stand under; what has its own step (savings, loans, bank, bodies) is not among them.
export const RECEIPTS = [
  "interest_from_bank", "interest_subvention", "resource_fee", "service_cost", "award", "other_receipt",
  "revolving_fund", "cif", "vrf", "startup", "other_grant", "fixed_deposit", "insurance_policy",
];
export const PAYMENTS = [
  "rent", "meeting_cost", "fee_to_member", "fee_to_cadre", "fee_to_bookkeeper", "travel", "premium", "premium_new",
  "vrf_to_member", "bank_charge", "interest_to_member", "other_payment", "fixed_deposit", "insurance_policy",
];

const MISSING = N_("This is missing.");
const NOT_AN_AMOUNT = N_("This is no amount that a book can hold: whole paise, not negative.");
const TOO_LARGE = N_("This is more than any book here can hold.");
const MORE = N_("This is more than %(most)s.");
const LESS = N_("This is less than %(least)s.");
const BELOW = N_("This is less than nothing.");
const NOTHING = N_("This is nothing, or less than nothing.");
const NOT_OFFERED = N_("This is none of the choices.");
const TOO_LONG = N_("This is longer than %(most)s letters.");
const UNREAD = N_("This cannot be read.");
const UNKNOWN = N_("This is no part of it.");

// A reader takes what is said and its path, adds its reasons to a list, and answers what it read.
export const unread = (path, reasons) => void reasons.push(refusal(path, "unread", UNREAD));
export const below = (path, step) => (path === "" ? String(step) : `${path}.${step}`);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID in one spelling, or null. */
export function plainUuid(said) {
  if (typeof said !== "string") return null;
  const text = said.toLowerCase().replace(/^urn:uuid:(.{36})$/, "$1").replace(/^\{(.{36})\}$/, "$1");
  if (UUID.test(text)) return text;
  if (!/^[0-9a-f]{32}$/.test(text)) return null;
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function uuid(said, path, reasons) {
  const plain = plainUuid(said);
  return plain === null ? unread(path, reasons) : plain;
}

export const day = (said, path, reasons) => (isDay(said) ? said : unread(path, reasons));
export const truth = (said, path, reasons) => (typeof said === "boolean" ? said : unread(path, reasons));

/** A whole number: of money, or counted. What is wrong with it is said in words that fit its bounds. */
export function whole({ least = null, most = null, isAboveNothing = false } = {}) {
  return (said, path, reasons) => {
    const wrong = whyNotWhole(said, least, most, isAboveNothing);
    return wrong === null ? said : void reasons.push(refusal(path, "not_an_amount", ...wrong));
  };
}

function whyNotWhole(said, least, most, isAboveNothing) {
  if (!Number.isInteger(said)) return [NOT_AN_AMOUNT];
  if (most !== null && said > most) return most === MOST_PAISE ? [TOO_LARGE] : [MORE, { most: grouped(most) }];
  if (isAboveNothing && said <= 0) return [NOTHING];
  if (least !== null && said < least) return least === 0 ? [BELOW] : [LESS, { least: grouped(least) }];
  return null;
}

export const amount = whole({ most: MOST_PAISE, isAboveNothing: true });
export const amountOrNothing = whole({ least: 0, most: MOST_PAISE });
const instalments = whole({ least: 1, most: MOST_INSTALMENTS });

/** Text of at most so many letters, counted as Python counts them. */
export function text(most, least = 0) {
  return (said, path, reasons) => {
    if (typeof said !== "string" || /\p{Surrogate}/u.test(said)) return unread(path, reasons);
    const letters = [...said].length;
    if (letters > most) return void reasons.push(refusal(path, "too_long", TOO_LONG, { most }));
    return letters < least ? unread(path, reasons) : said;
  };
}

export const note = text(240);

export function oneOf(choices) {
  return (said, path, reasons) =>
    choices.includes(said) ? said : void reasons.push(refusal(path, "not_offered", NOT_OFFERED));
}

export const among = (list) => oneOf(Object.keys(list));
export const orNone = (reader) => (said, path, reasons) => (said === null ? null : reader(said, path, reasons));

export function each(reader) {
  return (said, path, reasons) =>
    Array.isArray(said) ? said.map((one, at) => reader(one, below(path, at), reasons)) : unread(path, reasons);
}

export const isMapping = (said) => typeof said === "object" && said !== null && !Array.isArray(said);

const isPlain = (usual) => typeof usual !== "object" || usual === null;

/** Fields as [name, reader] where they must be said, or [name, reader, what holds when nothing is said]. */
export function parts(...fields) {
  const names = new Set(fields.map(([name]) => name));
  return (said, path, reasons) => {
    if (!isMapping(said)) return unread(path, reasons);
    const whole = {};
    for (const [name, reader, usual] of fields) {
      if (Object.hasOwn(said, name)) whole[name] = reader(said[name], below(path, name), reasons);
      else if (usual === undefined) reasons.push(refusal(below(path, name), "missing", MISSING));
      else whole[name] = isPlain(usual) ? usual : structuredClone(usual);
    }
    for (const name of Object.keys(said)) {
      if (!names.has(name)) reasons.push(refusal(below(path, name), "unknown", UNKNOWN));
    }
    return whole;
  };
}

function attendance(said, path, reasons) {
  if (!isMapping(said)) return unread(path, reasons);
  const state = among(codes.ATTENDANCE);
  return Object.fromEntries(Object.entries(said).map(([who, how]) => {
    const at = below(path, who);
    return [uuid(who, below(at, "[key]"), reasons), state(how, at, reasons)];
  }));
}

const mode = oneOf(["cash", "bank"]);
// What is hers may also be set off: neither box nor bank moves, and what is taken from her savings pays for it.
const hers = oneOf(["cash", "bank", "set_off"]);
export const savingHead = oneOf(SAVINGS.map((head) => head.key));

// `by` names who brought it for her when she is away, or took it along.
const saved = parts(
  ["woman", uuid], ["head", savingHead], ["paise", amount], ["mode", hers, "cash"], ["by", note, ""],
);
const repayment = parts(
  ["loan", uuid], ["penalty", amountOrNothing, 0], ["interest", amountOrNothing, 0], ["principal", amountOrNothing, 0],
  ["mode", hers, "cash"], ["by", note, ""],
);
const fine = parts(
  ["woman", uuid], ["why", oneOf(["late", "absent", "other"])], ["paise", amount], ["mode", hers, "cash"],
  ["note", note, ""], ["by", note, ""],
);
const moved = parts(
  ["head", text(Infinity)], ["paise", amount], ["mode", mode, "cash"],
  ["woman", orNone(uuid), null], ["note", note, ""], ["by", note, ""],
);
const request = parts(
  ["id", uuid], ["woman", uuid], ["paise", amount], ["purpose", among(codes.PURPOSE)],
  ["instalments", orNone(instalments), null], ["note", note, ""],
);
const decision = parts(
  ["id", uuid], ["request", uuid], ["outcome", among(codes.OUTCOME)], ["paise", orNone(amount), null],
  ["way", among(codes.DECIDING), "all"], ["voted", each(uuid), []], ["promised_on", orNone(day), null],
  ["jump_why", note, ""], ["why", note, ""],
);
const lending = parts(
  ["loan", uuid], ["woman", uuid], ["paise", amount], ["request", orNone(uuid), null], ["mode", mode, "cash"],
  ["source", among(codes.SOURCE), "own"], ["purpose", among(codes.PURPOSE), "other"],
  ["rate_bp_a_year", whole({ least: 0, most: 10_000 })], ["method", among(codes.METHOD)],
  ["frequency", among(codes.INSTALMENTS), "monthly"], ["instalments", instalments], ["first_due", day],
  ["by", note, ""],
);
const repaid = parts(
  ["loan", uuid], ["principal", amountOrNothing, 0], ["interest", amountOrNothing, 0], ["mode", mode, "cash"],
);
const drawn = parts(["loan", uuid], ["paise", amount], ["mode", mode, "cash"]);
const given = parts(
  ["body", uuid], ["what", oneOf(["saving", "share", "fee"])], ["paise", amount], ["mode", mode, "cash"],
);
const sent = parts(["body", uuid], ["paise", amount], ["mode", mode, "cash"]);
const item = parts(["topic", text(120, 1)], ["decided", text(1000), ""]);

const meeting = parts(
  ["id", uuid], ["number", orNone(whole({ least: 1, most: 10_000 })), null], ["on", day],
  ["kind", oneOf(["regular", "extra", "missed"]), "regular"], ["place", text(120), ""],
  ["president", orNone(uuid), null], ["why", note, ""], ["attendance", attendance, {}],
  ["receipts", each(moved), []], ["arrived", each(sent), []], ["decisions", each(decision), []],
  ["payments", each(moved), []], ["deposit", amountOrNothing, 0], ["withdrawal", amountOrNothing, 0],
  ["repaid", each(repaid), []], ["drawn", each(drawn), []], ["given", each(given), []], ["agenda", each(item), []],
  ["counted", orNone(amountOrNothing), null], ["difference_why", note, ""],
  // What the reason is about: counted less what had to be there. A difference that changed since is asked about anew.
  ["difference", orNone(whole()), null],
  ["are_last_minutes_read", truth, false], ["savings", each(saved), []], ["withdrawals", each(saved), []],
  ["repayments", each(repayment), []], ["fines", each(fine), []], ["requests", each(request), []],
  ["lendings", each(lending), []], ["left", each(sent), []],
);

/** {document, reasons}: the whole document with all that it leaves out, or null and every reason why it is none. */
export function read(said) {
  const reasons = [];
  const whole = meeting(said, "", reasons);
  return { document: reasons.length ? null : whole, reasons };
}

/** What a part of a document comes to: of repayments all that they are for. */
export function paiseOf(one) {
  return one.paise ?? (one.penalty ?? 0) + one.interest + one.principal;
}

const INK = /[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Whether more than white space is written, as Python's `strip` sees it. */
export const isSaid = (text) => INK.test(text);

/** Whether the woman was there. */
export function came(document, who) {
  return document.attendance[who] === "present" || document.attendance[who] === "late";
}

/** Everybody whom a document names, but by loans. */
export function womenOf(document) {
  const named = ["savings", "withdrawals", "fines", "receipts", "requests", "lendings", "payments"]
    .flatMap((part) => document[part].map((one) => one.woman));
  const present = [...Object.keys(document.attendance), document.president];
  return new Set([...named, ...present].filter((woman) => woman !== null));
}
