// Today: first what must be done, then who meets, then all groups. What waits to be sent is always said.

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

export async function open(app) {
  return { ...(await known()), sought: "" };
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
    body: h("div", { class: "stack" }, name && h("p", { class: "soft" }, h("bdi", null, name)), todo(app, state), sending(app), meeting(app, state), every(app, state)),
  };
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

function meeting(app, state) {
  const today = session.today();
  const due = state.groups.filter((one) => one.next && one.next <= today && !state.drafts.has(one.group)).sort((one, two) => (one.next < two.next ? -1 : 1));
  if (!due.length) return null;
  return h("section", { class: "stack", key: "due" }, h("h2", null, t("Meetings")), ways(due.map((one) => groupRow(app, one, today))));
}

function groupRow(app, one, today) {
  const say = !one.hasBook ? t("No book yet") : one.next === today ? t("Meeting %(number)s is due today", { number: one.lastNumber + 1 }) : one.next < today ? t("Meeting %(number)s was due on %(day)s", { number: one.lastNumber + 1, day: when(one.next, today) }) : t("Next meeting: %(day)s", { day: when(one.next, today) });
  const end = one.next === today ? badge("info", t("today")) : one.missed.length ? badge("warn", plural("%(count)s missing", "%(count)s missing", one.missed.length)) : null;
  return wayTo("group", h("bdi", null, one.name), say, () => app.go("group", { group: one.group }), { key: one.group, end, "data-group": one.group });
}

function every(app, state) {
  const today = session.today();
  const folded = (text) => plainText(text).toLowerCase();
  const found = state.groups.filter((one) => folded(`${one.name} ${one.village}`).includes(folded(state.sought)));
  if (!state.groups.length) return empty("group", t("No group is on this phone"), t("Groups come with the next sending, when the office has given them to you."), button(t("Ask now"), app.once(() => app.session.rhythm.now()), { kind: "quiet" }));
  return h("section", { class: "stack", key: "all" }, h("h2", null, t("All groups")),
    state.groups.length > MANY && field("sought", t("Search"), state.sought, (sought) => {
      state.sought = sought;
      app.redraw();
    }, { kind: "search" }),
    found.length ? ways(found.slice(0, 60).map((one) => groupRow(app, one, today))) : h("p", { class: "row" }, icon("search"), t("No group of this name")));
}
