// A new code for a phone that the server does not know any more, or that the office ended: all that is on it stays hers.

import { latinDigits } from "../core/digits.js";
import { t } from "../core/words.js";
import { isCode, whyNot } from "./enrol.js";
import { button, field, h, notice } from "./parts.js";
import * as session from "./session.js";

export async function open() {
  return { code: session.heldCode(), wrong: "", isBusy: false };
}

export function view(app, state) {
  return {
    title: t("A new code"),
    body: h("div", { class: "stack" },
      h("p", null, t("With a new code from the block office the server knows this phone again. All that is here stays: your groups, what waits, what is half written.")),
      state.wrong && h("div", { key: "wrong" }, notice("refuse", state.wrong)),
      field("code", t("Code"), state.code, (typed) => { state.code = latinDigits(typed).toUpperCase(); }, { autocapitalize: "characters", spellcheck: "false", dir: "ltr", maxlength: 20 }),
      state.isBusy ? h("p", { role: "status" }, t("The server is asked …")) : button(t("Go on"), app.once(() => taken(app, state)), { kind: "big wide" })),
  };
}

async function taken(app, state) {
  Object.assign(state, { wrong: isCode(state.code) ? "" : t("Write the code as it was given to you."), isBusy: isCode(state.code) });
  app.redraw();
  if (state.wrong) return;
  try {
    await renewed(app, state.code);
  } catch (error) {
    state.wrong = whyNot(error);
  } finally {
    state.isBusy = false;
    app.redraw();
  }
}

/** The code of who is at work is taken, what waits goes up, and the first screen says how that went. */
export async function renewed(app, code) {
  const { ok } = await session.renew(code.replace(/[\s-]/g, ""));
  await app.home();
  const isAll = ok && !app.session.outbox.waiting().length;
  app.tell(isAll ? t("The server knows this phone again. Everything was sent.") : t("The server knows this phone again. What waits goes up by itself."));
}
