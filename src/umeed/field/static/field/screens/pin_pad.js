// Six digits with one thumb. They are not kept in the page longer than it takes to try them.

import { plainNumber } from "../core/digits.js";
import { t } from "../core/words.js";
import { h, icon } from "./parts.js";

const LONG = 6;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"];

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
