// All that women owe now or within a month, the latest first.

import { addDays } from "../core/days.js";
import { t } from "../core/words.js";
import * as books from "./books.js";
import { dueRow, duesUntil } from "./group.js";
import { empty, h, ways } from "./parts.js";
import * as session from "./session.js";

export async function open(app, { group }) {
  const shown = await books.bookOf(group);
  return { group, shown, rows: duesUntil(books.knownToday(shown), addDays(session.today(), 31)) };
}

export const view = (app, { group, shown, rows }) => ({
  title: t("All that is due"), sub: h("bdi", null, shown.name),
  body: rows.length ? ways(rows.map((one) => dueRow(app, group, one))) : empty("success", t("Nothing is due within a month")),
});
