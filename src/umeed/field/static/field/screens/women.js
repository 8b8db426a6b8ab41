// The women of a group, with what each has and owes.

import { t } from "../core/words.js";
import { loansOfWomen } from "../rules/expected.js";
import * as books from "./books.js";
import * as session from "./session.js";
import { button, h, ways, wayTo } from "./parts.js";
import { money } from "./shown.js";

export async function open(app, { group }) {
  const shown = await books.bookOf(group);
  return { group, shown, rows: rowsOf(shown) };
}

function rowsOf(shown) {
  const today = session.today();
  const here = shown.book.women.filter((one) => !one.kept && one.during.some(([from, until]) => (!from || from <= today) && (!until || today < until)));
  if (!shown.hasBook) return here.map((one) => ({ ...one, saved: 0, owed: 0 }));
  const known = books.knownToday(shown);
  const owed = new Map();
  for (const one of loansOfWomen(known)) owed.set(one.loan.woman, (owed.get(one.loan.woman) || 0) + one.owed);
  const saved = (woman) => [...known.facts.savings].reduce((sum, [key, paise]) => sum + (key.startsWith(`${woman} `) ? paise : 0), 0);
  return here.map((one) => ({ ...one, saved: saved(one.id), owed: owed.get(one.id) || 0 }));
}

export const view = (app, { group, shown, rows }) => ({
  title: t("Women"), sub: h("bdi", null, shown.name),
  body: h("div", { class: "stack" }, ways(rows.map((one) => wayTo("person", h("bdi", null, one.name), shown.hasBook ? `${t("has %(paise)s", { paise: money(one.saved) })}${one.owed ? ` · ${t("owes %(paise)s", { paise: money(one.owed) })}` : ""}` : null, () => app.go("woman", { group, woman: one.id }), { key: one.id }))),
    button(t("A new woman comes to the group"), () => app.go("add_woman", { group }), { kind: "quiet wide", pic: "add" })),
});
