// A woman's profile corrected. Only what was changed travels, with the revision that was seen: whoever changed another field of hers
// meanwhile keeps it too.

import { t } from "../core/words.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { button, h, notice, told } from "./parts.js";
import { FIELDS, asked } from "./profile.js";
import * as session from "./session.js";
import { reason } from "./shown.js";

export async function open(app, { group, woman, mends }) {
  const shown = await books.bookOf(group);
  const she = shown.book.women.find((one) => one.id === woman);
  const record = mends ? app.session.outbox.get(mends) : null;
  return { group, shown, she, mends, changes: { ...(record?.said.changes || {}) }, reasons: record?.told.reasons || [], typedDays: {} };
}

export function view(app, state) {
  const { she, shown, changes, reasons } = state;
  if (!she) return { title: t("Woman"), body: notice("info", t("She is not on this phone.")) };
  const of = (one) => (one.name in changes ? changes[one.name] : one.name === "name" ? she.profile.name ?? she.name : she.profile[one.name]);
  const set = (one) => (value) => {
    const was = one.name === "name" ? she.profile.name ?? she.name : she.profile[one.name];
    if ((value ?? null) === (was ?? null) && !she.covered.includes(one.name)) delete changes[one.name];
    else changes[one.name] = value;
    app.redraw();
  };
  const general = reasons.filter((one) => !FIELDS.some(({ name }) => name === one.field));
  return {
    title: t("Correct her profile"), sub: h("bdi", null, `${she.name} · ${shown.name}`),
    body: h("div", { class: "stack" }, reasons.length > 0 && notice("refuse", t("Why it was sent back"), general.map((one) => h("p", { key: one.code }, reason(one)))),
      FIELDS.map((one) => [told(reasons.filter((why) => why.field === one.name)), asked(state, one, of(one), set(one), { isCovered: she.covered.includes(one.name) })])),
    foot: h("div", { class: "ways" }, button(t("Save"), app.once(() => save(app, state)), { kind: "big wide", disabled: !Object.keys(changes).length || !(changes.name ?? "x") })),
  };
}

async function save(app, { group, she, changes, mends }) {
  const said = { woman: she.id, revision: she.revision, changes };
  if (mends) await app.session.outbox.mend(mends, said);
  else await send(app, { kind: "correct_woman", group, said });
  session.forgetBook(group);
  app.session.rhythm.now();
  app.done(t("It is kept on this phone and goes up by itself."));
}
