// Meetings that were not held: which days, and why. Each is a sheet of its own.

import { uuid5, uuid7 } from "../core/ids.js";
import { t } from "../core/words.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { button, check, empty, field, h, pills } from "./parts.js";
import * as session from "./session.js";
import { day, dayOfWeek } from "./shown.js";

export async function open(app, { group }) {
  const shown = await books.bookOf(group);
  const { missed } = books.calendarOf(shown);
  return { group, shown, days: missed, ticked: new Set(missed.length === 1 ? missed : []), why: "", other: "" };
}

const reasons = () => [t("Snow or rain"), t("Festival"), t("A death in the village"), t("Harvest"), t("Too few came")].map((one) => [one, one]);

export function view(app, state) {
  const set = (what) => {
    Object.assign(state, what);
    app.redraw();
  };
  const title = t("Meetings not held");
  if (!state.days.length) return { title, body: empty("success", t("No meeting is missing")) };
  const why = state.other.trim() || state.why;
  return {
    title, sub: h("bdi", null, state.shown.name),
    body: h("div", { class: "stack" },
      h("fieldset", { class: "card" }, h("legend", { class: "strong" }, t("On which days was no meeting held?")), state.days.map((one) => check(`${dayOfWeek(one)}, ${day(one)}`, state.ticked.has(one), (is) => {
        state.ticked[is ? "add" : "delete"](one);
        app.redraw();
      }, { key: one }))),
      h("h2", null, t("Why")), pills(t("Why"), reasons(), state.why, (said) => set({ why: said, other: "" })),
      field("other", t("Another reason"), state.other, (other) => set({ other }), { maxlength: 240 }),
      button(t("Mark as not held"), app.once(() => mark(app, state, why)), { kind: "big wide", disabled: !state.ticked.size || !why })),
  };
}

async function mark(app, state, why) {
  for (const on of [...state.ticked].sort()) await say(app, state.group, on, why);
  app.done(t("Marked as not held."));
}

/** One that came back with a reason is mended; two phones that say the same of a day say it under one id, the first time. */
async function say(app, group, on, why) {
  const { outbox } = app.session;
  const first = uuid5(group, `missed/${on}`);
  const refused = outbox.list().find((one) => one.state === "refused" && one.group === group && isOf(one, on));
  const id = refused?.id ?? (outbox.get(first) ? uuid7() : first);
  const said = { document: { id, on, kind: "missed", why }, sure: true, replaces: null, why: "" };
  if (!refused) return send(app, { id, kind: "close_meeting", group, said });
  await outbox.mend(id, said);
  session.forgetBook(group);
  return app.session.rhythm.now();
}

const isOf = ({ said }, on) => said?.document?.kind === "missed" && said.document.on === on;
