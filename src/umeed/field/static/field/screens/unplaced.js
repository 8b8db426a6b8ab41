// What finds no place in the book of now, on the screen: a card for each, until the bookkeeper has said what becomes of it.

import { t, tc } from "../core/words.js";
import { ATTENDANCE } from "../rules/codes.js";
import { BY_KEY } from "../rules/heads.js";
import { button, h, select, told } from "./parts.js";
import { isFree, placed, sumOf, whatIn } from "./placing.js";
import { money } from "./shown.js";

/** A card for each: what stands there, and what becomes of it. */
export const cards = ({ draft, judged, women, change }) => judged.lost.map((one) => h("section", { class: "card wrong", key: `gone ${one.id}` },
  told(judged.on[`gone ${one.id}`]),
  h("ul", { class: "stack stack-s" }, one.came && h("li", { key: "came" }, t(ATTENDANCE[one.came])),
    one.lines.map(([part, key, line]) => h("li", { class: "line", key: `${part} ${key}` }, h("span", null, whatOf(part, key), " · ", modeOf(line)), h("b", { class: "num" }, money(sumOf(line)))))),
  one.woman && select(`gone ${one.id}`, t("It is another woman's: whose?"), women.filter(([woman]) => isFree(draft, one, woman)), "", (to) => to && change((next) => placed(next, one, to)), { blank: t("Choose") }),
  button(t("Leave it out of this meeting"), () => change((next) => placed(next, one)), { kind: "quiet" })));

const whatOf = (part, key) => {
  const what = whatIn(key);
  if (part === "saved") return t(BY_KEY[what].title);
  if (part === "back") return t("Given back: %(what)s", { what: t(BY_KEY[what].title) });
  return part === "fined" ? t("Fine") : part === "drawn" ? t("Drawn from the cash credit") : t("Repayments");
};

const modeOf = ({ mode }) => (mode === "bank" ? tc("money", "Bank") : mode === "set_off" ? t("Set off against her savings") : tc("money", "Cash"));
