// A bookkeeper comes to this phone: her language, the code from the officer, a name for the phone, a PIN twice.

import { LANGUAGES, language, notSpoken, t } from "../core/words.js";
import { latinDigits } from "../core/digits.js";
import * as books from "./books.js";
import { button, field, h, icon, notice, pills } from "./parts.js";
import { pinPad, whyWeak } from "./pin_pad.js";
import { renewed } from "./renew.js";
import * as session from "./session.js";

// `anew`: she is here already and does not know her PIN any more.
export async function open(app, { anew = false } = {}) {
  return { step: anew ? "code" : "language", code: session.heldCode(), label: "", pin: "", wrong: "", anew, others: (await session.people()).length };
}

/** Asked when groups have come: they are listed for the first screen while others are still on their way. */
export const refresh = (app) => app.session && books.overview();

export function view(app, state) {
  return { title: t("Your books on this phone"), back: false, body: h("div", { class: "stack", key: state.step }, STEPS[state.step](app, state)) };
}

/** Which language the phone speaks; also on the screen of the PIN and in the settings. */
export const languages = (app) => pills(t("Language"), LANGUAGES.map(([key, name]) => [key, name]), language, app.once(async (key) => {
  await session.chooses(key);
  app.redraw();
}), "native");

const goTo = (app, state, step) => {
  Object.assign(state, { step, wrong: "" });
  app.redraw();
  scrollTo(0, 0);
};

const STEPS = {
  language: (app, state) => [
    h("h2", null, t("Which language do you read?")),
    notSpoken() && h("p", { class: "soft" }, t("Umeed does not speak %(language)s yet. This language is the nearest to it; another one can be chosen below.", { language: notSpoken() })),
    h("ul", { class: "many native" }, LANGUAGES.map(([key, name]) => h("li", { key, lang: key }, h("button", {
      type: "button", class: "way", "aria-pressed": key === language ? "true" : "false",
      onclick: app.once(async () => {
        if (await session.chooses(key)) goTo(app, state, "code");
      }),
    }, icon("language"), h("span", null, name), key === language && icon("check"))))),
    state.others > 0 && button(t("I am here already"), () => app.go("pin"), { kind: "quiet wide", pic: "person" }),
  ],
  code: (app, state) => [
    h("h2", null, t("The code from the block office")),
    h("p", { class: "soft" }, t("An officer makes it for you. It is good once, and needs the network once; after that everything works without.")),
    state.anew && notice("warn", null, h("p", null, t("You begin anew on this phone. What lies here under the PIN that you do not know stays closed, also what was not sent."))),
    state.wrong && notice("refuse", state.wrong),
    field("code", t("Code"), state.code, (typed) => { state.code = latinDigits(typed).toUpperCase(); }, { autocapitalize: "characters", spellcheck: "false", dir: "ltr", maxlength: 20 }),
    field("label", t("What is this phone called?"), state.label, (typed) => { state.label = typed; }, { hint: t("like “Rifat's phone”"), maxlength: 60 }),
    button(t("Next"), () => {
      if (!isCode(state.code)) state.wrong = t("Write the code as it was given to you.");
      else return state.pin ? enrol(app, state) : goTo(app, state, "pin"); // refused before: her PIN stands
      return app.redraw();
    }, { kind: "big wide" }),
  ],
  pin: (app, state) => [
    h("h2", null, t("Choose six digits")),
    h("p", { class: "soft" }, t("Your PIN opens your books on this phone. Tell it to nobody; nobody can look it up.")),
    state.wrong && notice("refuse", state.wrong),
    pinPad(app, state, (pin) => {
      state.wrong = whyWeak(pin);
      if (!state.wrong) {
        state.pin = pin;
        return goTo(app, state, "again");
      }
      return app.redraw();
    }),
  ],
  again: (app, state) => [
    h("h2", null, t("The same six digits again")),
    pinPad(app, state, (pin) => {
      if (pin === state.pin) return enrol(app, state);
      goTo(app, state, "pin");
      state.wrong = t("The two were not the same. Choose again.");
      return app.redraw();
    }),
  ],
  working: () => [h("div", { class: "splash" }, h("progress", null), h("p", null, t("Your books are coming to this phone …")))],
};

/** Whether enough was typed to be a code. */
export const isCode = (typed) => typed.replace(/[\s-]/g, "").length >= 4;

const REFUSED = (status) => {
  if (status === 429) return t("Too many codes were tried. Wait some minutes.");
  if (status >= 500) return t("The server has a problem. Try again in a while.");
  return t("This code is not known, was used, or is too old. Ask the office for a new one.");
};

/** Why a code was not taken, in words. */
export function whyNot(error) {
  const { answer, why } = error;
  if (why === "of_another" || answer?.status === 200) return t("This code was made for another person. Ask the block office for one of your own.");
  if (answer) return REFUSED(answer.status);
  console.warn(error);
  return error.constructor.name === "NoNetwork" ? t("There is no network. This one step needs it.") : t("This did not work. Try once more.");
}

async function enrol(app, state) {
  goTo(app, state, "working");
  import("./home.js").catch(() => {}); // while the network is waited for
  try {
    await session.enrol({ code: state.code.replace(/[\s-]/g, ""), pin: state.pin, label: state.label.trim() || t("Phone"), anew: state.anew });
    await somethingCame(app.session.sync);
    await app.home();
  } catch (error) {
    if (error.person) return comesBack(app, state, error.person);
    goTo(app, state, "code");
    state.wrong = whyNot(error);
    app.redraw();
  }
  return undefined;
}

// The first groups are here, or nothing comes: the others come while she looks at these. It talks already.
function somethingCame(sync) {
  let stop = null;
  const parts = new Promise((done) => { stop = sync.listen(({ event }) => event === "parts" && done()); });
  return Promise.race([parts, sync.session()]).finally(stop);
}

// She is on this phone already, with all that she wrote: no second person is made of her. Perhaps she has chosen the same digits again.
async function comesBack(app, state, person) {
  try {
    await session.unlock(person.id, state.pin);
  } catch (error) {
    console.warn(error);
    session.holdCode(state.code);
    return app.go("pin", { who: person.id, then: { name: "renew" } }, "stay");
  }
  try {
    return await renewed(app, state.code);
  } catch (error) {
    console.warn(error);
    session.holdCode(state.code);
    return app.go("renew", {}, "stay");
  }
}
