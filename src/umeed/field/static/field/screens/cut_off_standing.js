// A cut-off that stands: what it came to, and why it cannot be corrected on this phone.

import { bodiesOf, isMonthClosed } from "../book/facts.js";
import { t } from "../core/words.js";
import { read } from "../rules/cutoffDocuments.js";
import { sidesOf } from "../rules/cutoffSums.js";
import { BY_KEY } from "../rules/heads.js";
import { h } from "./parts.js";
import { money } from "./shown.js";

/** Both sides line by line. `sides` as `sidesOf` answers. */
export function sidesShown({ has, holds, hasAll, holdsAll }) {
  const side = (title, amounts, total) => h("section", { class: "card", key: title }, h("h3", null, title),
    h("ul", { class: "stack stack-s" }, [...amounts].map(([head, paise]) => line(head, t(BY_KEY[head].title), paise)), line("all", t("Together"), total, "strong")));
  return [side(t("What is there"), has, hasAll), side(t("Whose it is"), holds, holdsAll)];
}

const line = (key, words, paise, look = "") => h("li", { class: `line ${look}`, key }, h("span", null, words), h("span", { class: "num" }, money(paise)));

/** Both sides of a document that was accepted, or waits. */
export function sidesOfStanding(book, on, said) {
  const kinds = new Map([...bodiesOf(book, on)].map(([body, [kind]]) => [body, kind]));
  return sidesOf(read(said).document, kinds);
}

/** Why the cut-off that stands is not corrected here: each a sentence. */
export function whyNotHere(book) {
  const { on, said } = book.own.cut_off;
  if (isMonthClosed(book, on)) return [t("Its month is closed: what was written of it stays. What was wrong is put right in an open month, by what it differs, on the web.")];
  if (on < book.since) return [t("It lies before the year that this phone keeps, and what moved on its loans since is not known here: it is corrected on the web.")];
  return said ? [] : [t("What it says line by line is not on this phone: it is corrected on the web.")];
}
