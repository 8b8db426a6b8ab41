// What stands above everything on the first screen: the server does not know this phone, has lost what it had, takes no photos now, does not
// agree with the phone, or the phone's clock is wrong.

import { plural, t } from "../core/words.js";
import { notBefore } from "./outbox.js";
import { ask, button, h, notice } from "./parts.js";
import * as session from "./session.js";
import { day, dayOfWeek } from "./shown.js";

export const ofThisPhone = (app) => [unknown(app), lost(app), pictures(app), differs(app), clock(app)];

function unknown(app) {
  const { isEnded } = app.session.sync.status;
  if (!isEnded && !app.session.isUnknown) return null;
  return h("div", { key: "unknown" }, notice("refuse", isEnded ? t("This phone was signed out by the office") : t("The server does not know this phone any more"),
    h("p", null, isEnded ? t("What waits here is still delivered. Ask the office for a new code.") : t("Ask the office for a new code. Nothing here is lost: what waits goes up as soon as you have typed it.")),
    button(t("Type the new code"), () => app.go("renew"), { kind: "quiet wide", pic: "key" })));
}

// It was put back to a day before it had them, and only the receipts are left here.
function lost(app) {
  const count = app.session.outbox.lost().length;
  return count > 0 && h("div", { key: "lost" }, notice("refuse", plural("The office has lost %(count)s sheet that it had received", "The office has lost %(count)s sheets that it had received", count),
    button(t("See what you can do"), () => app.go("outbox"), { kind: "quiet wide", pic: "send" })));
}

function pictures(app) {
  const { count, until } = app.session.sync.status.pictures;
  return count > 0 && until && h("div", { key: "pictures" }, notice("warn", plural("%(count)s photo waits to be sent", "%(count)s photos wait to be sent", count), h("p", null, notBefore(until))));
}

// All of these groups came anew, and still they are not what the server says of them.
function differs(app) {
  const found = app.session.kept.differing();
  if (!found.length) return null;
  const nameOf = (group) => app.session.books.get(session.listed(group))?.row.name;
  const since = found.map(([, day]) => day).sort()[0];
  return h("div", { key: "differs" }, notice("warn", plural("This phone and the server do not agree on %(count)s group", "This phone and the server do not agree on %(count)s groups", found.length),
    h("p", { class: "strong" }, found.map(([group]) => nameOf(group)).filter(Boolean).map((name, at) => [at > 0 && " · ", h("bdi", null, name)])),
    h("p", null, t("Since %(day)s, though all was fetched anew. What you write is kept and sent as ever. What this phone shows of it may be wrong: compare with the register before you count, and tell the block office.", { day: day(since) })),
    button(t("Fetch it once more"), app.once(() => {
      app.session.kept.again();
      return app.session.rhythm.now();
    }), { kind: "quiet wide", pic: "send" })));
}

/** What is to be said of the phone's clock; null where it may be believed. */
export function clock(app) {
  const about = SAID[session.doubt()]?.(app);
  return about && h("div", { key: "clock" }, about);
}

const toDo = () => h("p", null, t("Let the phone take date and time from the network: that is in its own settings. Until then look at the day of each meeting."));

const isIt = () => t("Is it %(weekday)s, %(day)s today?", { weekday: dayOfWeek(session.today()), day: day(session.today()) });
const sinceWhen = (app) => t("This phone spoke with the server last on %(day)s. Should its clock have gone wrong since, nobody has seen it.", { day: day(app.session.sync.meta.today) });

/** Does what rests on today's date; where nobody knows any more whether the clock is right she is asked before, and may go the way `other`. */
export function onTheDay(app, work, other) {
  if (session.doubt() !== "long") return work();
  const sure = app.once(async () => {
    await session.isSureOfClock();
    await work();
  });
  return ask(app, isIt(), sinceWhen(app), [[t("Yes, it is"), "big", sure], [t("Another day or number"), "quiet", other]]);
}

const SAID = {
  wrong: ({ session: { clock: { ahead } } }) => notice("warn", t("The clock of this phone is wrong"),
    h("p", null, ahead > 0 ? plural("When it last spoke with the server it was %(count)s day ahead.", "When it last spoke with the server it was %(count)s days ahead.", ahead)
      : plural("When it last spoke with the server it was %(count)s day behind.", "When it last spoke with the server it was %(count)s days behind.", -ahead)), toDo()),
  back: ({ session: { sync } }) => notice("warn", t("The clock of this phone is wrong"), h("p", null, t("It was set back: the server has said %(day)s already.", { day: day(sync.meta.today) })), toDo()),
  long: (app) => notice("warn", isIt(), h("p", null, sinceWhen(app)),
    button(t("Yes, it is"), app.once(async () => {
      await session.isSureOfClock();
      app.redraw();
    }), { kind: "quiet wide", pic: "check" }), toDo()),
};
