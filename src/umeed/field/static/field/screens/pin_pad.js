// Six digits with one thumb. They are not kept in the page longer than it takes to try them.

import { plainNumber } from "../core/digits.js";
import { t } from "../core/words.js";
import { h, icon } from "./parts.js";

const LONG = 6;
// The rows, columns and slants of the pad, as a thumb goes over them.
const WAYS = ["123", "456", "789", "147", "258", "369", "159", "357"];
const WALKS = new Set([...WAYS, ...WAYS.map((way) => [...way].reverse().join(""))]);
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"];

// What whoever shares the phone tries first: one step again and again (111111, 123456, 246802), a piece again (1212, 123123), pairs,
// the same from both ends, two ways over the pad.
function isPlain(pin) {
  const digits = [...pin];
  const steps = digits.slice(1).map((digit, at) => (digit - digits[at] + 10) % 10);
  const isAgain = (size) => pin === pin.slice(0, size).repeat(LONG / size);
  const isPairs = [0, 2, 4].every((at) => digits[at] === digits[at + 1]);
  const isMirror = pin === [...digits].reverse().join("");
  return steps.every((step) => step === steps[0]) || isAgain(2) || isAgain(3) || isPairs || isMirror || (WALKS.has(pin.slice(0, 3)) && WALKS.has(pin.slice(3)));
}

/** Why these six digits are no PIN, in words; "" where they are one. `now`: the PIN that is to be changed. */
export function whyWeak(pin, now = "") {
  if (pin === now) return t("This is the PIN that you have now. Choose another one.");
  return isPlain(pin) ? t("This is too easy to guess. Choose others.") : "";
}

/** `state.typed` is what was pressed so far; `done` gets all six. */
export function pinPad(app, state, done, isOff = false) {
  const typed = state.typed || "";
  const put = (key) => {
    if (isOff || state.isBusy) return;
    const now = state.typed || "";
    state.typed = key === "erase" ? now.slice(0, -1) : (now + key).slice(0, LONG);
    const pin = state.typed;
    if (pin.length === LONG) {
      state.typed = "";
      done(pin);
    }
    app.redraw();
  };
  const onkeydown = (event) => {
    const key = event.key === "Backspace" ? "erase" : plainNumber(event.key);
    if (!/^(\d|erase)$/.test(key)) return;
    event.preventDefault();
    put(key);
  };
  return h("div", { class: "pin stack", role: "group", "aria-label": t("PIN"), tabindex: "-1", onkeydown, ref: (node) => node.focus({ preventScroll: true }) },
    h("p", { class: "sr", role: "status" }, t("%(count)s of six digits", { count: typed.length })),
    h("div", { class: "dots", "aria-hidden": "true" }, Array.from({ length: LONG }, (_, at) => h("i", { key: at, class: at < typed.length ? "on" : "" }))),
    h("div", { class: "pad" }, KEYS.map((key) => (key ? h("button", { type: "button", class: "key", key, disabled: isOff, onclick: () => put(key), "aria-label": key === "erase" ? t("Erase") : null }, key === "erase" ? icon("erase") : key) : h("span", { key: "none" })))));
}
