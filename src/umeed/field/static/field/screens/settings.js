// Language, PIN, room on the phone, version, and leaving this phone.

import { t } from "../core/words.js";
import { room } from "../store/db.js";
import { StillHere, leaving, signOut } from "../store/device.js";
import { languages } from "./enrol.js";
import { pinPad, whyWeak } from "./pin_pad.js";
import { button, h, notice, ways, wayTo } from "./parts.js";
import * as session from "./session.js";
import { moment } from "./shown.js";

export async function open() {
  return { room: await room().catch(() => null), step: null, typed: "", old: "", next: "", wrong: "" };
}

export function view(app, state) {
  const { sync, device } = app.session;
  if (state.step) return { title: t("Change the PIN"), body: h("div", { class: "stack", key: state.step }, changing(app, state)) };
  const megabytes = (bytes) => Math.max(1, Math.round(bytes / 1048576));
  return {
    title: t("Settings"),
    body: h("div", { class: "stack" },
      h("h2", null, t("Language")), languages(app),
      ways(
        wayTo("key", t("Change the PIN"), null, () => {
          state.step = "old";
          app.redraw();
        }),
        wayTo("lock", t("Lock now"), t("the PIN opens it again"), () => app.locked()),
        wayTo("file", t("Carry by hand"), t("file or QR codes for the block office"), () => app.go("carry")),
        wayTo("phone", t("Type a new code"), t("when the office gave you one for this phone"), () => app.go("renew")),
        wayTo("out", t("Sign out of this phone"), t("all of yours is deleted here"), app.once(() => out(app))),
      ),
      h("dl", { class: "figures card" },
        h("div", null, h("dt", null, t("Bookkeeper")), h("dd", null, h("bdi", null, sync.meta.name || device.name))),
        h("div", null, h("dt", null, t("Last sent")), h("dd", null, moment(sync.meta.synced_at))),
        state.room && h("div", null, h("dt", null, t("Room used")), h("dd", null, t("%(size)s MB", { size: megabytes(state.room.usage) }))),
        h("div", null, h("dt", null, t("Version")), h("dd", null, h("bdi", { dir: "ltr" }, app.version)))),
      state.room && !state.room.isPersistent && notice("info", null, h("p", null, t("Put Umeed on the first screen of this phone (“Install app” in the browser's menu): then the phone does not clear it when room is short."))),
      app.update && button(t("Use the new version now"), app.update, { kind: "quiet wide" })),
  };
}

const TITLES = { old: () => t("Your PIN now"), next: () => t("The new PIN, six digits"), again: () => t("The new PIN again") };

function changing(app, state) {
  return [
    h("h2", null, TITLES[state.step]()), state.wrong && notice("refuse", state.wrong),
    pinPad(app, state, async (pin) => {
      if (state.step === "old") Object.assign(state, { old: pin, step: "next", wrong: "" });
      else if (state.step === "next") chosen(state, pin);
      else if (pin !== state.next) Object.assign(state, { step: "next", wrong: t("The two were not the same. Choose again.") });
      else await changed(app, state);
      app.redraw();
    }),
    button(t("Not now"), () => {
      state.step = null;
      app.redraw();
    }, { kind: "plain wide" }),
  ];
}

function chosen(state, pin) {
  const wrong = whyWeak(pin, state.old);
  Object.assign(state, wrong ? { wrong } : { next: pin, step: "again", wrong });
}

async function changed(app, state) {
  try {
    await app.session.vault.changePin(state.old, state.next);
    Object.assign(state, { step: null, old: "", next: "" });
    app.tell(t("The PIN is changed."));
  } catch (error) {
    if (error.constructor.name !== "WrongPin") throw error;
    Object.assign(state, { step: "old", wrong: t("This PIN does not open it.") });
  }
}

// Nothing that is only here is deleted: she is told what stands in the way.
async function out(app) {
  const counts = await leaving(app.session);
  app.openSheet(() => h("div", { class: "stack" }, h("h2", { id: "sheet-title" }, t("Sign out of this phone")),
    counts.unsent > 0 ? notice("refuse", t("Something here was not sent yet"), h("p", null, t("Send it, or carry it by hand, first. Until then you cannot sign out."))) : h("p", null, t("Your groups and all that was received are deleted from this phone. At the office nothing changes.")),
    (counts.carried > 0 || counts.refused > 0 || counts.drafts > 0) && notice("warn", null, h("p", null, t("Sheets that were sent back, carried without an answer, or half written are deleted too."))),
    counts.unsent === 0 && button(t("Yes, sign out and delete"), app.once(async () => {
      const { session: mine } = app;
      app.closeSheet();
      mine.stopListening();
      mine.rhythm.stop();
      try {
        await signOut(mine, { isSure: true, net: mine.sync.net });
      } catch (error) {
        if (error instanceof StillHere) return app.tell(t("Something here was not sent yet"), "refuse");
        throw error;
      }
      app.session = null;
      return app.go(await session.firstScreen(), {}, "home");
    }), { kind: "danger wide" }),
    button(t("Stay"), app.closeSheet, { kind: "quiet wide" })));
}
