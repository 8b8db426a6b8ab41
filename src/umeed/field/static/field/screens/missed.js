// Meetings that were not held: which days, and why. Each is a sheet of its own.

import { uuid5 } from "../core/ids.js";
import { t } from "../core/words.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { button, check, empty, field, h, pills } from "./parts.js";
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
  for (const on of [...state.ticked].sort()) {
    const id = uuid5(state.group, `missed/${on}`);
    const known = app.session.outbox.get(id);
    if (!known) await send(app, { id, kind: "close_meeting", group: state.group, said: { document: { id, on, kind: "missed", why }, sure: true, replaces: null, why: "" } });
  }
  app.done(t("Marked as not held."));
}
