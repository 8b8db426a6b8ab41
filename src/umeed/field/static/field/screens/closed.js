// The meeting is closed: it is kept on this phone and on its way. Slips, the photo of the page, the next group.

import { plural, t } from "../core/words.js";
import { button, h, icon, notice, ways, wayTo } from "./parts.js";
import { fellOut, isInBook, stateOf, whatNow } from "./outbox.js";
import * as books from "./books.js";
import * as session from "./session.js";

export async function open(app, { group, meeting }) {
  const shown = await books.bookOf(group);
  const today = session.today();
  const next = (await books.overview()).filter((one) => one.group !== group && one.next && one.next <= today);
  return { group, meeting, shown, next };
}

// Only what is on its way or received stands in the book: of the rest it is said what became of it, as among the sheets.
function became(app, record) {
  if (!isInBook(record)) return fellOut(app, record);
  const isWell = !record || ["waiting", "accepted"].includes(record.state);
  return [
    h("div", { class: "empty" }, icon(isWell ? "success" : "warn"), h("h2", null, isWell ? t("The meeting is closed. Everything stands in the book.") : t("The meeting is closed. It does not stand in the book yet.")), record && stateOf(app, record)),
    record?.state === "waiting" && notice("info", null, h("p", null, goesUp())),
    !isWell && h("section", { class: "card asked" }, whatNow(app, record), ways(wayTo("send", t("Sheets"), null, () => app.go("outbox")))),
  ];
}

// Where the browser can, it goes up while the app is closed, too (sw.js).
const goesUp = () => ("SyncManager" in window ? t("It is kept on this phone, and goes up by itself when there is a network.")
  : t("It is kept on this phone. It goes up when there is a network, while this app is open and unlocked."));

export function view(app, state) {
  const { shown, group, meeting, next } = state;
  const record = app.session.outbox.get(meeting);
  return {
    title: h("bdi", null, shown.name),
    body: h("div", { class: "stack" },
      became(app, record),
      ways(
        isInBook(record) && wayTo("print", t("A slip for each woman"), t("print, or read aloud"), () => app.go("slips", { group, meeting })),
        isInBook(record) && wayTo("photo", t("Photo of the signed page"), null, () => app.go("photo", { group, meeting })),
        wayTo("group", t("To the group"), null, () => app.go("group", { group })),
      ),
      next.length > 0 ? button(plural("%(count)s more meeting is due", "%(count)s more meetings are due", next.length), app.home, { kind: "big wide", pic: "next" }) : button(t("To today"), app.home, { kind: "big wide", pic: "home" })),
  };
}
