// One group: its next meeting, what is in the box, what is due this week, and the ways on.

import { plural, t } from "../core/words.js";
import { addDays, inOrder } from "../core/days.js";
import { breath } from "../core/dom.js";
import { whole } from "../rules/allocation.js";
import { loansOfWomen, nameOf } from "../rules/expected.js";
import { whole as ofDue } from "../rules/schedules.js";
import * as books from "./books.js";
import { badge, button, dayField, empty, h, notice, numberIn, pills, told, ways, wayTo } from "./parts.js";
import { begin } from "./meeting.js";
import { clock, onTheDay } from "./notices.js";
import { draftKey as cutOffKey } from "./cut_off_writing.js";
import * as drafts from "./drafts.js";
import { WHO_SAYS } from "./outbox.js";
import * as session from "./session.js";
import { day, money, when } from "./shown.js";
import * as writing from "./writing.js";

export async function open(app, { group }) {
  const book = await books.bookOf(group);
  const draft = await session.draft(group);
  const isCutOffHalf = Boolean(await session.draft(cutOffKey(group)));
  const state = { group, book, draft, isCutOffHalf };
  return book.hasBook ? { ...state, ...(await now(book)) } : state;
}

/** What stands today, of a book that is open. */
async function now(book) {
  await books.counted(book.book, session.today());
  const known = books.knownToday(book);
  await breath();
  return { calendar: books.calendarOf(book), known, dues: duesUntil(known, addDays(session.today(), 7)) };
}

export const duesInOrder = (one, two) => two.late - one.late || inOrder(one.on || "", two.on || "");

/** [{name, woman, paise, on, late}] of what women owe now or until a day: what is late first, then what is due now, then by its day. */
export function duesUntil(known, until) {
  return loansOfWomen(known).flatMap((loan) => {
    const due = whole(loan.dueNow);
    const next = loan.dueNext;
    const rows = due ? [{ on: null, paise: due, late: loan.daysLate }] : next && next.on <= until ? [{ on: next.on, paise: ofDue(next), late: 0 }] : [];
    return rows.map((one) => ({ ...one, name: nameOf(known, loan), woman: loan.loan.woman, loan: loan.loan.uid, owed: loan.owed }));
  }).sort(duesInOrder);
}

export function view(app, state) {
  const { book, group } = state;
  const title = h("bdi", null, book.name);
  const sub = book.self.village ? h("bdi", null, book.self.village) : null;
  if (!book.hasBook) return { title, sub, body: h("div", { class: "stack" }, empty("book", t("This group has no book yet"), t("A group with a past begins with a cut-off: what it has and owes on a day. The book of a new one is opened by the office; then you begin with its first meeting."), button(state.isCutOffHalf ? t("Go on writing the cut-off") : t("Write the cut-off"), () => app.go("cut_off", { group }), { kind: "big", pic: "scale" })), more(app, state)) };
  return { title, sub, body: h("div", { class: "stack" }, clock(app), meeting(app, state), clashes(book), figures(state), dues(app, state), more(app, state)) };
}

const clashes = (book) => (book.self.clashes?.length ? notice("warn", t("Two sheets for one meeting wait at the office"), h("p", null, t(WHO_SAYS))) : null);

function meeting(app, state) {
  const { calendar, draft, group } = state;
  if (draft) return h("section", { class: "card mark" }, h("h2", null, t("Meeting %(number)s is half written", { number: draft.number })), h("p", { class: "soft" }, day(draft.on)), button(t("Go on writing"), () => drafts.goOn(app, "meeting", group), { kind: "big wide", pic: "edit" }));
  const today = session.today();
  const number = calendar.lastNumber + 1;
  const said = calendar.next === today ? t("Meeting %(number)s is due today", { number }) : calendar.next < today ? t("Meeting %(number)s was due on %(day)s", { number, day: when(calendar.next, today) }) : t("Meeting %(number)s is due on %(day)s", { number, day: when(calendar.next, today) });
  return h("section", { class: "card mark" }, h("h2", null, said),
    calendar.missed.length > 0 && h("p", { class: "ask" }, plural("%(count)s meeting is missing before it", "%(count)s meetings are missing before it", calendar.missed.length)),
    button(t("Begin"), app.once(() => beginNow(app, state)), { kind: "big wide", pic: "next" }),
    h("div", { class: "row" }, button(t("Another day or number"), () => otherDay(app, state), { kind: "plain" }), calendar.missed.length > 0 && button(t("It was not held"), () => app.go("missed", { group }), { kind: "plain" })));
}

const nextOf = ({ calendar }) => ({ on: calendar.next < session.today() ? calendar.next : session.today(), number: calendar.lastNumber + 1, kind: "regular" });
const against = (state, said) => (said.on ? writing.whyNotThere(said, books.knownOn(state.book, said)) : []);

// The one that is due; where it cannot be on that day, one was held then already above all, the day is asked for first.
function beginNow(app, state) {
  const said = nextOf(state);
  if (against(state, said).some((one) => one.severity === "refuse")) return otherDay(app, state);
  return onTheDay(app, () => begin(app, state.group, said), () => otherDay(app, state));
}

// Day, number and kind, where they are not those that are due.
function otherDay(app, state) {
  const { group } = state;
  const said = nextOf(state);
  const held = { typedDays: {} };
  app.openSheet(() => {
    const wrong = against(state, said);
    const about = (field) => wrong.filter((one) => one.field === field);
    return h("div", { class: "stack" }, h("h2", { id: "sheet-title" }, t("Day and number")),
      dayField(held, "on", t("Held on"), said.on, (on) => {
        said.on = on;
        app.redraw();
      }, { on: about("on") }),
      h("div", { class: "field" }, h("label", { for: "number" }, t("Number of the meeting")), told(about("number")), h("input", { id: "number", inputmode: "numeric", value: String(said.number || ""), oninput: (event) => {
        said.number = numberIn(event.target.value.slice(0, 5)) || null;
        app.redraw();
      } })),
      pills(t("Kind"), [["regular", t("Regular meeting")], ["extra", t("Extra meeting")]], said.kind, (kind) => {
        said.kind = kind;
        app.redraw();
      }),
      button(t("Begin"), app.once(async () => {
        app.closeSheet();
        await begin(app, group, said);
      }), { kind: "big wide", disabled: !said.on || !said.number || wrong.some((one) => one.severity === "refuse") }));
  });
}

const figures = ({ known }) => h("dl", { class: "figures card", key: "figures" },
  h("div", null, h("dt", null, t("In the box")), h("dd", null, money(known.facts.cash))), h("div", null, h("dt", null, t("At the bank")), h("dd", null, money(known.facts.bank))),
  h("div", null, h("dt", null, t("Women")), h("dd", null, String(known.facts.members.size))), h("div", null, h("dt", null, t("Owed by women")), h("dd", null, money(loansOfWomen(known).reduce((sum, one) => sum + one.owed, 0)))));

function dues(app, { dues: rows, group }) {
  if (!rows.length) return null;
  return h("section", { class: "stack", key: "dues" }, h("h2", null, t("Due this week")), ways(rows.slice(0, 4).map((one) => dueRow(app, group, one))), rows.length > 4 && button(t("All that is due"), () => app.go("dues", { group }), { kind: "quiet wide" }));
}

export const dueRow = (app, group, one) => wayTo("repay", h("bdi", null, one.name), one.late ? plural("%(days)s day late", "%(days)s days late", one.late) : one.on ? t("due on %(day)s", { day: day(one.on) }) : t("due now"), () => app.go("woman", { group, woman: one.woman }), { key: one.loan, end: badge(one.late ? "bad" : "warn", money(one.paise)) });

const more = (app, { group, book, isCutOffHalf }) => ways(
  wayTo("people", t("Women"), t("what each has and owes; her passbook"), () => app.go("women", { group })),
  book.hasBook && wayTo("queue", t("Loan queue"), t("who asked first stands first"), () => app.go("queue", { group })),
  book.hasBook && wayTo("repay", t("All that is due"), null, () => app.go("dues", { group })),
  book.hasBook && wayTo("history", t("Meetings of the last year"), null, () => app.go("history", { group })),
  book.hasBook && wayTo("photo", t("Photo of a signed page"), null, () => app.go("photo", { group })),
  wayTo("add", t("A new woman comes to the group"), null, () => app.go("add_woman", { group })),
  (book.self.cut_off || isCutOffHalf) && wayTo("scale", t("Cut-off"), isCutOffHalf ? t("half written") : t("what its book began with"), () => app.go("cut_off", { group })));
