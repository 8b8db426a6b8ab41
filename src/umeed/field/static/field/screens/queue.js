// The loan queue as every woman may see it: who asked first stands first, and every jump has its reason.

import { loanQueue } from "../book/queue.js";
import { listed, t } from "../core/words.js";
import { OUTCOME, PURPOSE } from "../rules/codes.js";
import { readButton } from "./aloud.js";
import * as books from "./books.js";
import { badge, button, empty, h } from "./parts.js";
import * as session from "./session.js";
import { day, money } from "./shown.js";

export async function open(app, { group }) {
  const shown = await books.bookOf(group);
  return { shown, ...loanQueue(shown.book, session.today()) };
}

const said = (one) => [t(PURPOSE[one.purpose] || PURPOSE.other), t("asked on %(day)s", { day: day(one.askedOn) }), one.promisedOn && t("promised for %(day)s", { day: day(one.promisedOn) }), one.reason].filter(Boolean).join(" · ");

export const view = (app, { shown, waiting, jumps }) => ({
  title: t("Loan queue"), sub: h("bdi", null, shown.name),
  body: h("div", { class: "stack" },
    waiting.length ? [
      h("div", { class: "row no-print" }, readButton(app, "queue", () => waiting.map((one) => `${one.place}. ${one.name}. ${money(one.paise)}. ${said(one)}.`).join("\n")), button(t("Print"), () => print(), { kind: "quiet", pic: "print" })),
      h("ol", { class: "stack" }, waiting.map((one) => h("li", { class: "card", key: one.request }, h("div", { class: "line" }, h("span", { class: "name" }, h("span", { class: "place" }, String(one.place)), h("bdi", null, one.name), h("small", null, said(one))), h("b", { class: "num" }, money(one.paise))), one.outcome && h("div", null, badge(one.outcome === "granted" ? "good" : "warn", t(OUTCOME[one.outcome])))))),
    ] : empty("queue", t("Nobody waits for a loan")),
    jumps.length > 0 && h("h2", null, t("Granted before others who waited")),
    jumps.map((one) => h("section", { class: "card", key: one.request }, h("p", { class: "strong" }, h("bdi", null, one.name), " ", money(one.paise)), h("p", { class: "small" }, t("on %(day)s, before %(names)s", { day: day(one.grantedOn), names: listed(one.before) })), one.reason && h("p", null, h("bdi", null, one.reason))))),
});
