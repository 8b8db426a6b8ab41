// Who is it? And her PIN. Several may use one phone; none sees another's books.

import { plural, t } from "../core/words.js";
import { languages } from "./enrol.js";
import { h, notice, ways, wayTo, button } from "./parts.js";
import { pinPad } from "./pin_pad.js";
import * as session from "./session.js";
import { waitFor } from "../store/device.js";

export async function open(app, args) {
  const people = await session.people();
  const asked = args.who || localStorage.getItem("umeed-field-last");
  const last = people.find((one) => one.id === asked);
  const who = last || (people.length === 1 ? people[0] : null);
  return { people, who, typed: "", wrong: "", until: who ? Date.now() + (await waitFor(who.id)) : 0, then: args.then, comesBack: !!args.who, isBusy: false };
}

export function view(app, state) {
  const { who, people } = state;
  return { title: "Umeed", back: false, body: h("div", { class: "stack" }, languages(app), who ? asked(app, state) : listed(app, state), people.length === 0 && h("p", null, t("Nobody's books are on this phone yet."))) };
}

const listed = (app, state) => [
  h("h2", null, t("Who are you?")),
  ways(state.people.map((one) => wayTo("person", h("bdi", null, one.name), null, app.once(async () => {
    Object.assign(state, { who: one, wrong: "", until: Date.now() + (await waitFor(one.id)) });
    app.redraw();
    tick(app, state);
  }), { key: one.id }))),
  button(t("Somebody else comes to this phone"), () => app.go("enrol"), { kind: "quiet wide", pic: "add" }),
];

function asked(app, state) {
  const left = Math.ceil((state.until - Date.now()) / 1000);
  if (left > 0) tick(app, state);
  return [
    h("h2", { key: "who" }, h("bdi", null, state.who.name)),
    state.comesBack && h("p", { key: "back" }, t("You are on this phone already, with all that you wrote. Type the PIN that you chose then; the new code is taken after it.")),
    state.wrong && h("div", { key: "wrong" }, notice("refuse", state.wrong)),
    left > 0 && h("div", { key: "wait" }, notice("warn", plural("Wait %(count)s second, then try again.", "Wait %(count)s seconds, then try again.", left))),
    h("p", { class: "soft", key: "say" }, state.isBusy ? t("Opening …") : t("Your PIN, six digits")),
    h("div", { key: "pad" }, pinPad(app, state, (pin) => tried(app, state, pin), left > 0)),
    h("p", { class: "soft small", key: "forgotten" }, t("Forgotten? Ask the office for a new code. What was not sent from here cannot be opened.")),
    state.comesBack && h("div", { key: "anew" }, button(t("I do not know this PIN any more"), () => app.go("enrol", { anew: true }, "stay"), { kind: "plain wide" })),
    h("div", { key: "other" }, button(t("Somebody else"), () => {
      Object.assign(state, { who: null, wrong: "", typed: "", comesBack: false });
      app.redraw();
    }, { kind: "plain wide" })),
  ];
}

function tick(app, state) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => app.state === state && app.redraw(), 1000);
}

// Where she was. What cannot be opened there must not keep her out of all the rest.
async function onward(app, { name = "home", args = {} }) {
  try {
    await app.go(name === "pin" || name === "enrol" ? "home" : name, args, "stay");
  } catch (error) {
    console.error(error);
    await app.home();
    app.tell(t("What was open here before could not be opened again. It is kept."), "warn");
  }
}

async function tried(app, state, pin) {
  Object.assign(state, { isBusy: true, wrong: "" });
  app.redraw();
  try {
    await session.unlock(state.who.id, pin);
    localStorage.setItem("umeed-field-last", state.who.id);
    await onward(app, state.then || {});
  } catch (error) {
    const kind = error.constructor.name;
    if (kind === "WrongPin") Object.assign(state, { wrong: [t("This PIN does not open it."), error.left > 0 && ` ${plural("%(count)s more try, then you must wait.", "%(count)s more tries, then you must wait.", error.left)}`], until: Date.now() + error.waitMs });
    else if (kind === "OpenElsewhere") state.wrong = t("Your books are open in another window. Close it first.");
    else throw error;
  } finally {
    state.isBusy = false;
    app.redraw();
  }
}
