// A woman who comes to the group: her name and the day are enough; more can be written now or later.

import { uuid7 } from "../core/ids.js";
import { t } from "../core/words.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { button, dayField, field, folded, h, notice, told } from "./parts.js";
import { FIELDS, asked } from "./profile.js";
import * as session from "./session.js";
import { reason } from "./shown.js";

const FIRST = ["name", "belonging_name", "relation", "born_on", "born_year"];

export async function open(app, { group, mends }) {
  const shown = await books.bookOf(group);
  const record = mends ? app.session.outbox.get(mends) : null;
  const said = record ? { ...record.said } : { woman: uuid7(), membership: uuid7(), group, joined_on: session.today() };
  return { group, shown, mends, said, reasons: record?.told.reasons || [], typedDays: {}, tried: false };
}

export function view(app, state) {
  const { shown, said, reasons, tried } = state;
  const set = (name) => (value) => {
    if (value === null || value === "") delete said[name];
    else said[name] = value;
    app.redraw();
  };
  const one = (name) => {
    const found = FIELDS.find((other) => other.name === name);
    return [told(reasons.filter((why) => why.field === name)), asked(state, found, said[name], set(name))];
  };
  const known = new Set([...FIELDS.map(({ name }) => name), "joined_on"]);
  return {
    title: t("A new woman comes to the group"), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" },
      reasons.length > 0 && notice("refuse", t("Why it was sent back"), reasons.filter((why) => !known.has(why.field)).map((why) => h("p", { key: why.code }, reason(why)))),
      tried && !said.name?.trim() && notice("refuse", t("The name is missing.")),
      tried && !said.born_on && !said.born_year && notice("refuse", t("Give the date of birth, or the year of birth.")),
      FIRST.map(one), dayField(state, "joined_on", t("Joined on"), said.joined_on, set("joined_on"), { on: reasons.filter((why) => why.field === "joined_on") }),
      field("head_name", t("Head of household"), said.head_name, set("head_name"), { maxlength: 120 }),
      folded(t("More about her"), false, FIELDS.filter(({ name }) => !FIRST.includes(name)).map(({ name }) => one(name)))),
    foot: h("div", { class: "ways" }, button(t("Save"), app.once(() => save(app, state)), { kind: "big wide" })),
  };
}

async function save(app, state) {
  const { group, said, mends } = state;
  if (!said.name?.trim() || !said.joined_on || !(said.born_on || said.born_year)) {
    state.tried = true;
    scrollTo(0, 0);
    return app.redraw();
  }
  const clean = { ...said, name: said.name.trim() };
  if (mends) await app.session.outbox.mend(mends, clean);
  else await send(app, { kind: "add_woman", group, said: clean });
  session.forgetBook(group);
  app.session.rhythm.now();
  return app.done(t("%(name)s is in the group. It goes up by itself.", { name: clean.name }));
}
