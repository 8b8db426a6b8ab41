// A woman who comes to the group: her name and the day are enough; more can be written now or later.

import { uuid7 } from "../core/ids.js";
import { refusal } from "../core/refusals.js";
import { N_, t } from "../core/words.js";
import { whyNotJoin, whyNotPerson, whyNotWoman } from "../rules/women.js";
import { sayAgain } from "./again.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { dayField, field, folded, h } from "./parts.js";
import { FIELDS, above, against, asked, beside, mayBeKept, saveButton, tidied } from "./profile.js";
import * as session from "./session.js";

const FIRST = ["name", "belonging_name", "relation", "born_on", "born_year"];
const MISSING = N_("This is missing.");
const BESIDE = new Set(["woman", "membership", "group", "joined_on", "head_name", "house", "poverty"]);

export async function open(app, { group, mends }) {
  const shown = await books.bookOf(group);
  const record = mends ? app.session.outbox.get(mends) : null;
  const said = record ? { ...record.said } : { woman: uuid7(), membership: uuid7(), group, joined_on: session.today() };
  const sent = record?.told.reasons || [];
  return { group, shown, mends, said, sent, touched: new Set(), typedDays: {}, tried: sent.length > 0 };
}

/** What stands against her. */
function reasonsOf(state) {
  const { said, shown } = state;
  const today = session.today();
  const hers = whyNotWoman(said, today);
  const joins = said.joined_on ? whyNotJoin(said, { today, formedOn: shown.self.formed_on }) : [refusal("joined_on", "missing", MISSING)];
  // A birth that cannot be is said once.
  const isBirthWrong = hers.some((one) => /^born_/.test(one.field));
  return against(state, [...hers, ...joins.filter((one) => !isBirthWrong || one.field === "joined_on"), ...whyNotPerson(said.head_name?.trim(), "head_name")], ["born_on", "joined_on"]);
}

export function view(app, state) {
  const { shown, said } = state;
  const own = reasonsOf(state);
  const on = beside(state, own);
  const set = (name) => (value) => {
    if (value === null || value === "") delete said[name];
    else said[name] = value;
    state.touched.add(name);
    app.redraw();
  };
  const one = (name) => asked(state, FIELDS.find((other) => other.name === name), said[name], set(name), { on: on(name) });
  const more = FIELDS.map(({ name }) => name).filter((name) => !FIRST.includes(name));
  state.isOpen ||= more.some((name) => on(name).length > 0);
  return {
    title: t("A new woman comes to the group"), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" }, above(state, own),
      FIRST.map(one), dayField(state, "joined_on", t("Joined on"), said.joined_on, set("joined_on"), { on: on("joined_on") }),
      field("head_name", t("Name of the head of her household"), said.head_name, set("head_name"), { maxlength: 120, on: on("head_name") }),
      folded(t("More about her"), state.isOpen, more.map(one))),
    foot: saveButton(app, () => save(app, state)),
  };
}

async function save(app, state) {
  const { group, said, mends } = state;
  if (!mayBeKept(app, state, reasonsOf(state))) return undefined;
  const clean = tidied(said);
  if (mends) await sayAgain(app, mends, clean, (was) => corrected(app, group, was, clean));
  else await send(app, { kind: "add_woman", group, said: clean });
  session.forgetBook(group);
  app.session.rhythm.now();
  return app.done(t("%(name)s is in the group. It goes up by itself.", { name: clean.name }));
}

// The office has her as she was written first: what differs is corrected.
function corrected(app, group, was, clean) {
  const names = [...new Set([...Object.keys(was), ...Object.keys(clean)])].filter((name) => !BESIDE.has(name));
  const changes = Object.fromEntries(names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(clean[name])).map((name) => [name, clean[name] ?? null]));
  return Object.keys(changes).length ? send(app, { kind: "correct_woman", group, said: { woman: clean.woman, revision: 1, changes } }) : null;
}
