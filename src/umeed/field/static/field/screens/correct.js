// A woman's profile corrected. Only what was changed travels, with the revision that was seen: whoever changed another field of hers
// meanwhile keeps it too.

import { warning } from "../core/refusals.js";
import { N_, t } from "../core/words.js";
import { whyNotIfsc, whyNotWoman, whyTooYoung } from "../rules/women.js";
import { sayAgain } from "./again.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { h, notice } from "./parts.js";
import { FIELDS, above, against, asked, beside, mayBeKept, saveButton, tidied, told } from "./profile.js";
import * as session from "./session.js";

const STANDS = N_("What stands there now: %(what)s");

export async function open(app, { group, woman, mends }) {
  const shown = await books.bookOf(group);
  // What is mended stands in no book while it is written anew.
  const book = mends ? await books.without(group, mends) : shown.book;
  const she = book.women.find((one) => one.id === (book.kept.get(woman) ?? woman));
  const record = mends ? app.session.outbox.get(mends) : null;
  const sent = record?.told.reasons || [];
  const revision = Math.max(she?.revision ?? 0, record?.told.with?.revision ?? 0);
  const { stands = {} } = record?.told.with ?? {};
  return { group, shown, she, mends, revision, stands, changes: { ...(record?.said.changes || {}) }, sent, touched: new Set(), typedDays: {}, tried: sent.length > 0 };
}

const nameOf = (she) => she.profile.name ?? she.name;

/** What stands against her as she would be. What was wrong before and is not touched keeps nothing back. */
function reasonsOf(state) {
  const { she, changes } = state;
  const today = session.today();
  const was = { ...she.profile, name: nameOf(she) };
  const now = { ...was, ...changes };
  if (changes.born_on && !("born_year" in changes)) now.born_year = Number(changes.born_on.slice(0, 4));
  const old = new Set(whyNotWoman(was, today).map((one) => `${one.field} ${one.code}`));
  const isOld = (one) => !(one.field in changes) && (old.has(`${one.field} ${one.code}`) || she.covered.includes(one.field));
  const isBorn = "born_on" in changes || "born_year" in changes;
  const young = isBorn ? whyTooYoung(now, she.during.map(([from]) => from).filter(Boolean)) : [];
  const code = changes.ifsc && !changes.account_number && she.covered.includes("account_number") ? whyNotIfsc(changes.ifsc) : [];
  return against(state, [...whyNotWoman(now, today).filter((one) => !isOld(one)), ...young, ...code]);
}

export function view(app, state) {
  const { she, shown, changes } = state;
  if (!she) return { title: t("Woman"), body: notice("info", t("She is not on this phone.")) };
  const own = reasonsOf(state);
  const on = beside(state, own);
  // What somebody else wrote there meanwhile, told by the server.
  const now = (one) => (one.name in state.stands ? [warning(one.name, "stands", STANDS, { what: state.stands[one.name] ? told(one, state.stands[one.name]) : "–" })] : []);
  const wasOf = (one) => (one.name === "name" ? nameOf(she) : she.profile[one.name]);
  const of = (one) => (one.name in changes ? changes[one.name] : wasOf(one));
  const set = (one) => (value) => {
    if ((value ?? null) === (wasOf(one) ?? null) && !she.covered.includes(one.name)) delete changes[one.name];
    else changes[one.name] = value;
    state.touched.add(one.name);
    app.redraw();
  };
  return {
    title: t("Correct her profile"), sub: h("bdi", null, `${she.name} · ${shown.name}`),
    body: h("div", { class: "stack" }, above(state, own),
      FIELDS.map((one) => asked(state, one, of(one), set(one), { on: [...on(one.name), ...now(one)], isCovered: she.covered.includes(one.name) }))),
    foot: saveButton(app, () => save(app, state), { disabled: !Object.keys(changes).length }),
  };
}

async function save(app, state) {
  const { group, she, changes, mends, revision } = state;
  if (!mayBeKept(app, state, reasonsOf(state))) return undefined;
  const said = { woman: she.id, revision, changes: tidied(changes) };
  const anew = () => send(app, { kind: "correct_woman", group, said });
  if (mends) await sayAgain(app, mends, said, anew);
  else await anew();
  session.forgetBook(group);
  app.session.rhythm.now();
  return app.done(t("It is kept on this phone and goes up by itself."));
}
