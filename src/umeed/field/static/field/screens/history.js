// The meetings of the last year; one that is still told word for word opens.

import { history } from "../book/history.js";
import { plural, t } from "../core/words.js";
import { MEETING_KIND } from "../rules/codes.js";
import * as books from "./books.js";
import { isOnItsWay } from "./outbox.js";
import { badge, empty, h, ways, wayTo } from "./parts.js";
import { day, money } from "./shown.js";

export async function open(app, { group }) {
  const shown = await books.bookOf(group);
  return { group, shown, rows: history(shown.book) };
}

export function view(app, { group, shown, rows }) {
  return {
    title: t("Meetings of the last year"), sub: h("bdi", null, shown.name),
    body: rows.length ? ways(rows.map((one, at) => row(app, group, one, at))) : empty("history", t("No meeting stands in the book yet")),
  };
}

function row(app, group, one, at) {
  const came = Object.values(one.attendance).filter((state) => state === "present" || state === "late").length;
  const title = one.kind === "missed" ? `${day(one.on)} · ${t(MEETING_KIND.missed)}` : t("Meeting %(number)s · %(day)s", { number: one.number ?? "–", day: day(one.on) });
  const say = one.kind === "missed" ? one.said?.why : [plural("%(count)s came", "%(count)s came", came), one.counted !== null ? `${t("counted")} ${money(one.counted)}` : ""].filter(Boolean).join(" · ");
  const end = isOnItsWay(app, one.command) ? badge("warn", t("waits")) : null;
  return wayTo("history", title, say, () => app.go("held", { group, meeting: one.id, number: one.number, on: one.on }), { key: at, end });
}
