// The cut-off of a group on the phone: its steps above, both sides of the balance below, what is asked between. Every tap is kept
// before the next one; undo takes it back. Without a draft: what stands, or the way to begin.

import { hasBook, meetingsIn } from "../book/cutOffFacts.js";
import { foldAll } from "../book/fold.js";
import { openBook } from "../book/parts.js";
import { uuid7 } from "../core/ids.js";
import { plural, t } from "../core/words.js";
import { FROM_MEETING_ONE, whyTooLate } from "../rules/cutoffs.js";
import * as books from "./books.js";
import { standsOn } from "./commands.js";
import { STEPS, titleOf } from "./cut_off_steps.js";
import { sidesOfStanding, sidesShown, whyNotHere } from "./cut_off_standing.js";
import * as writing from "./cut_off_writing.js";
import * as drafts from "./drafts.js";
import { stateOf } from "./outbox.js";
import { ask, button, h, icon, notice, tool } from "./parts.js";
import * as session from "./session.js";
import { day, money, reason } from "./shown.js";

const PICTURES = { day: "today", money: "coin", given: "repay", women: "people", taken: "bank", review: "check" };
// What was not said yet is no mistake until she goes on.
const UNSAID = new Set([
  "missing", "next_due", "instalments", "lender_needed", "nothing_lent", "nothing_owed", "body_needed", "overdue_nothing", "few_meetings",
  "unsaved", "uneven", "nothing", "no_reason", "loss_why",
]);

let begun = null;

export async function open(app, { group, mends = null }) {
  const shown = await books.bookOf(group);
  const { outbox } = app.session;
  const [key, fresh] = [writing.draftKey(group), taken(group)];
  const there = await drafts.opened(key, fresh);
  const mended = mends && there.draft?.mends !== mends ? outbox.get(mends) : null;
  // What waits to be mended stands above what was begun since: that is kept, and found again when this one is put away.
  const isInTheWay = Boolean(mended && there.draft);
  const draft = mended && !there.draft ? toMend(mended) : there.draft;
  const sent = outbox.list().filter((one) => one.group === group && one.kind === "write_cut_off");
  const book = draft ? await bookWithout(app, shown.book, draft.id) : shown.book;
  const state = { ...there, group, shown, book, draft, sent, isInTheWay, open: new Set(), tried: new Set(draft?.tried), isTried: Boolean(draft?.mends) };
  if (fresh) drafts.keep(app, state, key);
  if (draft?.mends) state.why = outbox.get(draft.mends)?.told?.reasons ?? [];
  if (draft) judge(state);
  return state;
}

const toMend = ({ id, group, said }) => writing.draftOf(said.document, { id, group, replaces: said.replaces ?? null, mends: id, why: said.why ?? "" });

/** The draft that was begun a moment ago: it is opened while it is kept. */
function taken(group) {
  const draft = begun?.group === group ? begun : null;
  begun = null;
  return draft;
}

/** What was answered is shown; what is being written is left alone, unless it mends what needs no mending any more. */
export async function refresh(app, state, args) {
  const isOver = drafts.isOver(app, state.draft);
  if (state.draft && !isOver) return;
  if (isOver) {
    await drafts.ended(state);
    await session.dropDraft(writing.draftKey(state.group));
  }
  Object.assign(state, await open(app, { group: args.group }));
}

/** The book as if this cut-off were not in it: one that waits behind what was refused is folded in already. */
async function bookWithout(app, book, id) {
  if (!book.folded.has(id)) return book;
  const { kept, outbox } = app.session;
  return foldAll(openBook(await kept.parts(book.id)), outbox.unfolded(book.id).filter((one) => one.id !== id));
}

function judge(state) {
  state.known = writing.knownOf(state.book, state.draft, session.today());
  state.judged = writing.judged(state.draft, state.known);
}

/** What a step works with: the draft to be read, `change` to write on it, what the rules say, and whom ids mean. */
function work(app, state) {
  const { draft, known, judged, shown } = state;
  const isTried = (one) => state.isTried || state.tried.has(one.woman ? `women ${one.woman}` : one.step);
  return {
    app, state, draft, known, judged, shown,
    /** Writes on a copy: the one before is kept for undo. */
    change: (write) => changed(app, state, write),
    /** Reasons beside a field, all of them at once; what was only not said yet once she has gone on. */
    on: (name) => judged.on[name]?.filter((one) => !UNSAID.has(one.code) || isTried(one)),
    name: (woman) => known.members.get(woman) ?? shown.womanName(woman),
    isOpen: (key) => state.open.has(key),
    toggle: (key) => {
      if (!state.open.delete(key)) state.open.add(key);
      app.redraw();
    },
    go: (step, woman = null) => goTo(app, state, step, woman),
    putAway: () => putAway(app, state),
  };
}

function changed(app, state, write) {
  took(app, state, drafts.written(state, write));
}

function took(app, state, draft) {
  state.draft = draft;
  drafts.keep(app, state, writing.draftKey(state.group));
  judge(state);
  app.told = null;
  app.redraw();
}

function undo(app, state) {
  const before = drafts.stepBack(state);
  if (!before) return;
  state.typedDays = {};
  took(app, state, before);
}

function goTo(app, state, step, woman = null) {
  state.tried.add(hereOf(state.draft));
  took(app, state, { ...state.draft, step, woman, tried: [...state.tried] });
  app.drawn(() => {
    scrollTo(0, 0);
    document.querySelector("main h2")?.focus({ preventScroll: true });
  });
}

const hereOf = ({ step, woman }) => (woman ? `women ${woman}` : step);

/** Step by step, and woman by woman: behind the last one come the group's loans. */
function beside(state, by) {
  const { step, woman } = state.draft;
  if (step === "women" && (woman || by > 0)) {
    const women = writing.womenOf(state.draft, state.known);
    const at = woman ? women.indexOf(woman) + by : 0;
    if (at < 0) return ["women", null];
    if (at < women.length) return ["women", women[at]];
  }
  return [writing.STEPS[writing.STEPS.indexOf(step) + by], null];
}

function next(app, state) {
  const { step, woman } = state.draft;
  const here = state.judged.stops.filter((one) => one.step === step && (one.woman ?? null) === woman);
  state.tried.add(hereOf(state.draft));
  if (!here.length) return goTo(app, state, ...beside(state, 1));
  app.tell(plural("Look at one place before going on", "Look at %(count)s places before going on", here.length), "refuse");
  return app.drawn(() => document.querySelector("main .error")?.scrollIntoView({ block: "center" }));
}

export function view(app, state) {
  const { draft, shown } = state;
  const title = h("bdi", null, shown.name);
  if (!draft) return { title, sub: t("Cut-off"), body: h("div", { class: "stack" }, standing(app, state)) };
  const does = work(app, state);
  const isLast = draft.step === "review";
  return {
    title, sub: draft.on ? [t("Cut-off"), " · ", day(draft.on)] : t("Cut-off"),
    tools: tool("undo", t("Take the last tap back"), () => undo(app, state), { disabled: !state.past.length }),
    steps: bar(app, state),
    body: h("div", { class: "stack", key: hereOf(draft) }, inTheWay(state), h("h2", { tabindex: "-1" }, draft.woman ? h("bdi", null, does.name(draft.woman)) : titleOf(draft.step)), STEPS[draft.step](does)),
    foot: [sums(state), h("div", { class: "ways" },
      draft.step !== "day" && button(t("Back"), () => goTo(app, state, ...beside(state, -1)), { kind: "quiet" }),
      isLast ? button(t("Post the cut-off"), app.once(() => post(app, state)), { kind: "big", "aria-disabled": state.judged.stops.length > 0 })
        : button(t("Next"), () => next(app, state), { kind: "big" }))],
  };
}

const inTheWay = ({ isInTheWay }) => isInTheWay && notice("warn", t("Another cut-off of this group is half written. Post it or put it away first."));

function bar(app, state) {
  const { draft, judged } = state;
  const wrong = new Set(judged.stops.map((one) => one.step));
  return h("nav", { class: "steps", key: "steps", "aria-label": t("Parts of the cut-off") }, writing.STEPS.map((step) => {
    const isDone = state.isTried || state.tried.has(step);
    const isWrong = isDone && wrong.has(step);
    const said = isWrong ? `${titleOf(step)} (${t("to be put right")})` : isDone ? `${titleOf(step)} (${t("done")})` : titleOf(step);
    return h("button", {
      type: "button", key: step, class: `step ${isWrong ? "wrong" : isDone ? "done" : ""}`, "aria-label": said, title: titleOf(step),
      "aria-current": step === draft.step ? "step" : null, onclick: () => goTo(app, state, step),
    }, icon(isWrong ? "warn" : PICTURES[step]));
  }));
}

/** Both sides, always in sight. What is between them is shown and never filled in for her. */
function sums({ judged: { sides } }) {
  const apart = sides?.difference;
  const row = (words, paise, look = "") => h("div", { key: words }, h("dt", null, words), h("dd", { class: look }, sides ? money(paise) : "–"));
  return h("dl", { class: "sums" }, row(t("What is there"), sides?.hasAll), row(t("Named for it"), sides?.holdsAll), row(t("Between them"), apart, apart === 0 ? "good" : "bad"));
}

// Posting ----------------------------------------------------------------------------------------------------------------

async function post(app, state) {
  const { draft, judged } = state;
  state.isTried = true;
  if (judged.stops.length) return app.tell(plural("One thing stands against posting", "%(count)s things stand against posting", judged.stops.length), "refuse");
  if (judged.asks.some((one) => !draft.sure.includes(one.mark))) return app.tell(t("Tick each question that is right, or change what is not."), "warn");
  await drafts.ended(state);
  try {
    await sent(app, draft, { document: judged.document, sure: judged.asks.length > 0, replaces: draft.replaces, why: draft.replaces ? draft.why.trim() : "" });
  } catch (error) {
    drafts.goesOn(app, state, writing.draftKey(draft.group));
    throw error;
  }
  session.forgetBook(draft.group);
  app.session.rhythm.now();
  return app.go("cut_off", { group: draft.group }, "replace");
}

// The command and the end of the draft are one write: a phone that dies between them does not exist.
async function sent(app, draft, said) {
  const { outbox } = app.session;
  const over = [["delete", "drafts", writing.draftKey(draft.group)]];
  if (draft.mends) return outbox.mend(draft.mends, said, over);
  const command = { id: draft.id, kind: "write_cut_off", group: draft.group, said };
  return outbox.add({ ...command, after: standsOn(outbox, command) }, over);
}

function putAway(app, state) {
  ask(app, t("Put this cut-off away?"), t("What was typed is given up. Go on?"), [
    [t("Yes, put it away"), "danger", app.once(async () => {
      await drafts.ended(state);
      await session.dropDraft(writing.draftKey(state.group));
      await app.go("group", { group: state.group }, "replace");
    })],
    [t("Go on writing"), "quiet"],
  ]);
}

// Without a draft ----------------------------------------------------------------------------------------------------------

function standing(app, state) {
  const { shown, sent: commands, group } = state;
  const { book } = shown;
  const waits = commands.filter((one) => !["accepted", "aside", "put_away"].includes(one.state));
  const stands = book.own.cut_off;
  return [
    waits.map((one) => h("section", { class: "card", key: one.id }, h("h2", null, one.said.replaces ? t("The correction of the cut-off") : t("The cut-off")), stateOf(app, one), button(t("Sheets"), () => app.go("outbox"), { kind: "plain", pic: "send" }))),
    stands ? ofStanding(app, state, waits) : waits.length ? null : toBegin(app, state),
    button(t("To the group"), () => app.go("group", { group }), { kind: "quiet wide", pic: "group" }),
  ];
}

function ofStanding(app, state, waits) {
  const { shown, group } = state;
  const stands = shown.book.own.cut_off;
  const said = stands.said ?? state.sent.find((one) => one.id === stands.id)?.said?.document;
  const why = waits.length ? [t("It can be corrected here when the office has received what waits.")] : whyNotHere(shown.book);
  return [
    h("h2", null, t("The cut-off of %(day)s", { day: day(stands.on) })), said && sidesShown(sidesOfStanding(shown.book, stands.on, said)),
    why.length ? notice("info", t("It is not corrected here"), why.map((words) => h("p", { key: words }, words)))
      : button(t("Correct it"), app.once(() => begin(app, group, writing.draftOf(stands.said, { id: uuid7(), group, replaces: stands.id }))), { kind: "quiet wide", pic: "edit" }),
  ];
}

function toBegin(app, { shown, group }) {
  const late = hasBook(shown.book) ? whyTooLate(meetingsIn(shown.book)) : [];
  return h("section", { class: "card mark" }, h("h2", null, t("A group with a past")),
    h("p", null, t("Its book begins with a cut-off: what the group had on a day, what each woman had saved and owed, and whose the rest is. Choose a day after a meeting, when the cash was counted.")),
    h("p", { class: "soft" }, t("A group with fewer than %(count)s meetings may begin with its first one; all of them are then written.", { count: FROM_MEETING_ONE })),
    late.length > 0 ? late.map((one) => h("p", { class: "strong", key: one.code }, reason(one)))
      : button(t("Write the cut-off"), app.once(() => begin(app, group, writing.begun({ id: uuid7(), group }))), { kind: "big wide", pic: "scale" }));
}

async function begin(app, group, draft) {
  begun = draft;
  await app.go("cut_off", { group }, "replace");
}
