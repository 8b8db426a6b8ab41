// What screens are made of: buttons, ways, notices, fields, the pad for amounts. Each says its words and what it does.

import { h, icon } from "../core/dom.js";
import { isDay } from "../core/days.js";
import { plainNumber } from "../core/digits.js";
import { isPaise, paiseFromRupees } from "../core/money.js";
import { t } from "../core/words.js";
import { day, dayOfWeek, money, reason } from "./shown.js";

export { h, icon };

export const button = (words, onclick, { kind = "", pic, ...more } = {}) =>
  h("button", { type: "button", class: `button ${kind}`, onclick, ...more }, pic && icon(pic), h("span", null, words));

/** A row that leads on: a picture, what it is, a line below it. */
export const wayTo = (pic, title, below, onclick, { end, ...more } = {}) =>
  h("button", { type: "button", class: "way", onclick, ...more }, pic && icon(pic), h("span", null, title, below && h("small", null, below)), end, icon("next"));

export const ways = (...rows) => h("ul", { class: "many" }, rows.flat(Infinity).filter(Boolean).map((one) => h("li", { key: one.key }, one)));

export const notice = (kind, title, ...kids) =>
  h("div", { class: `notice ${kind}`, ...(kind === "refuse" ? { role: "alert" } : {}) }, icon({ ok: "success", warn: "warn", refuse: "refuse" }[kind] || "info"), h("div", null, title && h("p", { class: "strong" }, title), kids));

export const badge = (kind, words) => h("span", { class: `badge is-${kind}` }, words);

export const empty = (pic, title, words, ...kids) => h("div", { class: "empty" }, icon(pic), h("h2", null, title), words && h("p", { class: "soft" }, words), kids);

/** A tool of the bar above: a picture alone, said to who listens. */
export const tool = (pic, words, onclick, more = {}) => h("button", { type: "button", class: "tool", "aria-label": words, title: words, onclick, ...more }, icon(pic));

/** Why something cannot stay so, and what is asked about it, beside it. With a key: it comes and goes while she types in what stands next
    to it, which must stay where it is. */
export function told(reasons, id) {
  if (!reasons?.length) return null;
  return h("div", { class: "stack stack-s", id, key: id ?? "told" }, reasons.map((one) => h("p", { class: one.severity === "warn" ? "asks" : "error" }, icon(one.severity === "warn" ? "info" : "warn"), h("span", null, reason(one)))));
}

/** A text, number or day. `on` are reasons that stand on it. */
export function field(id, label, value, onchange, { kind = "text", on, hint, ...more } = {}) {
  const isLong = kind === "long";
  return h("div", { class: on?.length ? "field wrong" : "field", key: id },
    h("label", { for: id }, label, hint && h("span", { class: "soft small" }, ` ${hint}`)),
    told(on, `${id}-told`),
    h(isLong ? "textarea" : "input", {
      id, value: value ?? "", autocomplete: "off", ...(isLong ? { rows: 2 } : { type: kind }),
      ...(on?.length ? { "aria-invalid": "true", "aria-describedby": `${id}-told` } : {}), ...more,
      oninput: (event) => onchange(event.target.value),
    }));
}

export const whole = (id, label, value, onchange, more = {}) =>
  field(id, label, value ?? "", (typed) => onchange(numberIn(typed)), { inputmode: "numeric", ...more });

/** The whole number that was typed with digits of any script; null of none. */
export function numberIn(typed) {
  const digits = plainNumber(typed).replace(/\D/g, "");
  return digits ? Number(digits.slice(0, 9)) : null;
}

/** One of several, from a list. `options` [[value, words]]. */
export const select = (id, label, options, value, onpick, { on, blank } = {}) =>
  h("div", { class: on?.length ? "field wrong" : "field", key: id }, h("label", { for: id }, label), told(on, `${id}-told`),
    h("select", { id, value: value ?? "", onchange: (event) => onpick(event.target.value), ...(on?.length ? { "aria-invalid": "true", "aria-describedby": `${id}-told` } : {}) },
      blank !== undefined && h("option", { value: "", selected: !value }, blank), options.map(([key, words]) => h("option", { value: key, key, selected: key === value }, words))));

/** One of a few, all in sight. `options` [[value, words, class]]. */
export const pills = (label, options, value, onpick, kind = "") =>
  h("div", { class: `pills ${kind}`, role: "group", "aria-label": label }, options.map(([key, words, look = ""]) =>
    h("button", { type: "button", key, class: `pill ${look}`, "aria-pressed": key === value ? "true" : "false", onclick: () => onpick(key) }, words)));

export const check = (words, isOn, onpick, more = {}) =>
  h("label", { class: "check", ...more }, h("input", { type: "checkbox", checked: !!isOn, onchange: (event) => onpick(event.target.checked) }), h("span", null, words));

/** What is folded away until somebody wants it. */
export const folded = (words, isOpen, ...kids) =>
  h("details", { ...(isOpen ? { open: true } : {}) }, h("summary", null, icon("down"), words), h("div", { class: "stack" }, kids));

/** An amount: pressed, the pad comes up. `usual` is what is expected; another is marked. */
export function amount(app, { whose = "", label, paise, usual, on, onset, quick }) {
  const isOther = usual !== undefined && paise !== usual;
  const kind = on?.some((one) => one.severity === "refuse") ? "wrong" : isOther ? "other" : paise ? "" : "none";
  const name = [whose, label].filter(Boolean).join(": ");
  return h("button", { type: "button", class: `amount ${kind}`, "aria-label": `${name}, ${money(paise || 0)}`, onclick: () => pad(app, { title: name, paise, onset, quick: quick ?? (usual ? [[t("as usual"), usual]] : []) }) }, paise ? money(paise) : h("bdi", { dir: "ltr" }, "₹ –"));
}

/** An amount with its label above it. */
export const labelled = (app, options) =>
  h("div", { class: options.on?.length ? "field wrong" : "field" }, h("span", { class: "strong small" }, options.label), told(options.on), amount(app, options));

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "erase"];

/** Big keys for an amount in rupees. Digits of every script may be typed too. `quick` [[words, paise]]. */
export function pad(app, { title, paise, onset, quick = [] }) {
  let typed = paise ? String(paise / 100) : "";
  let isFresh = true;
  const put = (key) => {
    if (key === "erase") typed = isFresh ? "" : typed.slice(0, -1);
    else if (key === ".") typed = (isFresh ? "0" : typed || "0").replace(/\.?$/, (end, at, all) => (all.includes(".") ? end : "."));
    else typed = /\.\d\d$/.test(isFresh ? "" : typed) ? typed : ((isFresh ? "" : typed) + key).replace(/^0+(?=\d)/, "").slice(0, 13);
    isFresh = false;
    app.redrawSheet();
  };
  const done = (value) => {
    app.closeSheet();
    onset(value);
  };
  const read = () => {
    const found = paiseFromRupees(typed || "0");
    return isPaise(found) ? found : 0;
  };
  const onkeydown = (event) => {
    const key = plainNumber(event.key);
    if (/^\d$/.test(key) || key === ".") put(key);
    else if (event.key === "Backspace") put("erase");
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON") done(read());
    else return;
    event.preventDefault();
  };
  app.openSheet(() => h("div", { class: "stack", onkeydown },
    h("h2", { id: "sheet-title" }, title),
    h("output", { class: "screen", tabindex: "0", autofocus: true, "aria-live": "polite" }, `₹ ${typed || "0"}`),
    h("div", { class: "row" }, quick.map(([words, value]) => button(`${words} ${money(value)}`, () => done(value), { kind: "quiet", key: words })), button(t("nothing"), () => done(0), { kind: "quiet" })),
    h("div", { class: "pad" }, KEYS.map((key) => h("button", { type: "button", class: "key", key, onclick: () => put(key), "aria-label": key === "erase" ? t("Erase") : null }, key === "erase" ? icon("erase") : key))),
    h("div", { class: "ways" }, button(t("Done"), () => done(read()), { kind: "big wide", pic: "check" }))));
}

/** A question with its answers: [[words, kind, do]]. */
export function ask(app, title, words, answers) {
  app.openSheet(() => h("div", { class: "stack" }, h("h2", { id: "sheet-title" }, title), words && h("p", null, words),
    answers.map(([said, kind, doit]) => button(said, () => {
      app.closeSheet();
      doit?.();
    }, { kind: `wide ${kind}`, key: said }))));
}

/** A day, typed day first (25-01-2016) in digits of any script, as in every form of the house: the browser's own box shows days in the
    order of the phone. What was read stands below it. `onset` gets the day, or null. */
export function dayField(state, id, label, value, onset, { on, hint } = {}) {
  const typed = state.typedDays ||= {};
  const shown = typed[id] ?? (value ? value.split("-").reverse().join("-") : "");
  const read = dayTyped(shown);
  return h("div", { key: id, class: "stack stack-s" },
    field(id, label, shown, (text) => {
      typed[id] = text;
      onset(dayTyped(text));
    }, { on: on?.length ? on : null, hint: hint || t("day first, like 25-01-2016"), inputmode: "numeric", dir: "ltr", maxlength: 12 }),
    h("span", { class: "soft small" }, read ? `${dayOfWeek(read)}, ${day(read)}` : shown ? t("This is no day.") : ""));
}

export function dayTyped(text) {
  const found = /^(\d{1,2})\D?(\d{1,2})\D?(\d{4})$/.exec(plainNumber(text));
  if (!found) return null;
  const read = `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}`;
  return isDay(read) ? read : null;
}
