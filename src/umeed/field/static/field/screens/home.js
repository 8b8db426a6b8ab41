// Today: first what must be done, then who meets, then all groups. What waits to be sent is always said. Of many groups some are drawn:
// each row costs a thumb two milliseconds, on this screen and on the way to the next.

import { inOrder } from "../core/days.js";
import { plural, t } from "../core/words.js";
import { plainText } from "../core/digits.js";
import * as books from "./books.js";
import * as drafts from "./drafts.js";
import { ofThisPhone } from "./notices.js";
import { WHO_SAYS } from "./outbox.js";
import { badge, button, empty, field, h, icon, notice, tool, ways, wayTo } from "./parts.js";
import * as session from "./session.js";
import { day, dayOfWeek, moment, when } from "./shown.js";

const MANY = 8;
/** So many rows of a list are drawn at first, and as many more each time she wants them. */
const DUE_AT_ONCE = 15;
const AT_ONCE = 30;

export async function open(app) {
  return { ...(await known()), sought: "", due: DUE_AT_ONCE, all: AT_ONCE };
}

async function known() {
  const groups = await books.overview();
  groups.sort((one, two) => one.name.localeCompare(two.name));
  const half = (await session.drafts()).map(([key, one]) => ({ ...one, key }));
  return { groups, drafts: new Map(half.filter((one) => one.at).map((one) => [one.group, one])), cutOffs: half.filter((one) => one.kind === "cut_off") };
}

/** Asked by the session when something new is known. */
export async function refresh(app, state) {
  Object.assign(state, await known());
}

export function view(app, state) {
  const { name } = app.session.sync.meta;
  return {
    title: t("Today"), sub: `${dayOfWeek(session.today())}, ${day(session.today())}`, back: false,
    tools: [tool("send", t("Sheets"), () => app.go("outbox")), tool("settings", t("Settings"), () => app.go("settings"))],
    body: h("div", { class: "stack" }, name && h("p", { class: "soft" }, h("bdi", null, name)), todo(app, state), coming(app), sending(app), isLong(state) && search(app, state), meeting(app, state), every(app, state)),
  };
}

// Her first groups are here, and she may begin with them; or some are here, and the network went.
const isComing = ({ session: { sync } }) => sync.isTalking && !sync.meta.synced_at;
const isHalf = ({ session: { sync, kept } }) => !sync.meta.synced_at && sync.status.isOnline === false && kept.groups().length > 0;

function coming(app) {
  const words = t("Your books are coming to this phone …");
  if (isComing(app)) return h("div", { key: "coming", class: "stack stack-s coming" }, h("progress", null), h("p", { class: "soft" }, words));
  return isHalf(app) && h("div", { key: "half" }, notice("info", words, h("p", null, t("No network. It goes by itself when there is one."))));
}

const nameOf = (state, group) => h("bdi", null, state.groups.find((one) => one.group === group)?.name);

function todo(app, state) {
  const { outbox } = app.session;
  const { refused, conflicts, held, stuck } = outbox.counts();
  const rows = [
    refused > 0 && wayTo("refuse", plural("%(count)s sheet was sent back: mend it", "%(count)s sheets were sent back: mend them", refused), t("The reasons stand beside it"), () => app.go("outbox"), { key: "refused" }),
    stuck > 0 && wayTo("warn", plural("%(count)s sheet does not go on by itself", "%(count)s sheets do not go on by themselves", stuck), t("Mend it, or put it away"), () => app.go("outbox"), { key: "stuck" }),
    ...[...state.drafts].map(([group, draft]) => wayTo("edit", t("Go on writing meeting %(number)s", { number: draft.number }), nameOf(state, group), () => drafts.goOn(app, "meeting", group), { key: group })),
    ...state.cutOffs.map(({ group, key }) => wayTo("scale", t("Go on writing the cut-off"), nameOf(state, group), () => drafts.goOn(app, "cut_off", group, key), { key: `cut_off ${group}` })),
    conflicts > 0 && wayTo("warn", plural("%(count)s sheet stands against another one", "%(count)s sheets stand against others", conflicts), t(WHO_SAYS), () => app.go("outbox"), { key: "conflict" }),
    held > 0 && wayTo("lock", plural("%(count)s sheet waits for the block officer", "%(count)s sheets wait for the block officer", held), null, () => app.go("outbox"), { key: "held" }),
  ];
  return [
    ofThisPhone(app),
    app.update && h("div", { key: "update" }, notice("info", t("A new version is ready"), button(t("Use it now"), app.update, { kind: "quiet" }))),
    app.install && h("div", { key: "install" }, notice("info", t("Put Umeed on the first screen of this phone"), h("p", null, t("Then it opens like every app, and the phone does not clear it when room is short.")), button(t("Install"), app.once(app.install), { kind: "quiet" }))),
    rows.some(Boolean) && h("section", { class: "stack", key: "todo" }, h("h2", null, t("To be done first")), ways(rows)),
  ];
}

function sending(app) {
  const { waiting, sending: now, lastSyncedAt, isOnline } = app.session.sync.status;
  if (!waiting && isOnline !== false) return null;
  const how = now ? t("Sending …") : isOnline === false ? t("No network. It goes by itself when there is one.") : lastSyncedAt ? t("Last sent %(when)s", { when: moment(lastSyncedAt) }) : "";
  return ways(wayTo("send", waiting ? plural("%(count)s sheet waits to be sent", "%(count)s sheets wait to be sent", waiting) : t("Everything was sent"), how, () => app.go("outbox"), { key: "sending" }));
}

// Who meets today comes first, then who should have met, the longest ago first. Whoever seeks a group wants that one.
function meeting(app, state) {
  const today = session.today();
  const rank = (one) => (one.next === today ? "" : one.next);
  const due = state.groups.filter((one) => one.next && one.next <= today && !state.drafts.has(one.group)).sort((one, two) => inOrder(rank(one), rank(two)));
  if (!due.length || state.sought) return null;
  const rest = due.length - state.due;
  return h("section", { class: "stack", key: "due" }, h("h2", null, t("Meetings")), ways(due.slice(0, state.due).map((one) => groupRow(app, one, today))),
    rest > 0 && more(app, plural("%(count)s more meeting is due", "%(count)s more meetings are due", rest), () => {
      state.due += DUE_AT_ONCE;
    }));
}

const more = (app, words, show) => button(words, () => {
  show();
  app.redraw();
}, { kind: "quiet wide", pic: "down" });

function groupRow(app, one, today) {
  const say = !one.hasBook ? t("No book yet") : one.next === today ? t("Meeting %(number)s is due today", { number: one.lastNumber + 1 }) : one.next < today ? t("Meeting %(number)s was due on %(day)s", { number: one.lastNumber + 1, day: when(one.next, today) }) : t("Next meeting: %(day)s", { day: when(one.next, today) });
  const end = one.next === today ? badge("info", t("today")) : one.missed.length ? badge("warn", plural("%(count)s missing", "%(count)s missing", one.missed.length)) : null;
  return wayTo("group", h("bdi", null, one.name), say, () => app.go("group", { group: one.group }), { key: one.group, end, "data-group": one.group });
}

// Of so many that she seeks one before she reads them, the field stands above.
const isLong = ({ groups }) => groups.length > AT_ONCE;

const search = (app, state) => field("sought", t("Search"), state.sought, (sought) => {
  Object.assign(state, { sought, all: AT_ONCE });
  app.redraw();
}, { kind: "search" });

function every(app, state) {
  const today = session.today();
  const folded = (text) => plainText(text).toLowerCase();
  const found = state.groups.filter((one) => folded(`${one.name} ${one.village}`).includes(folded(state.sought)));
  if (!state.groups.length) return isComing(app) ? null : empty("group", t("No group is on this phone"), t("Groups come with the next sending, when the office has given them to you."), button(t("Ask now"), app.once(() => app.session.rhythm.now()), { kind: "quiet" }));
  return h("section", { class: "stack", key: "all" }, h("h2", null, t("All groups")),
    state.groups.length > MANY && !isLong(state) && search(app, state),
    found.length ? ways(found.slice(0, state.all).map((one) => groupRow(app, one, today))) : h("p", { class: "row" }, icon("search"), t("No group of this name")),
    found.length > state.all && more(app, `${t("More")} · ${t("%(at)s of %(all)s", { at: state.all, all: found.length })}`, () => {
      state.all += AT_ONCE;
    }));
}
