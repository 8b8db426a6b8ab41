// The meeting: the steps above, the box below, what is asked between. What a tap says is being kept before it is drawn; undo takes it back.

import { plural, t } from "../core/words.js";
import { beforePaint, breath } from "../core/dom.js";
import { uuid7 } from "../core/ids.js";
import * as books from "./books.js";
import { standsOn } from "./commands.js";
import * as drafts from "./drafts.js";
import { STEPS as WOMEN } from "./meeting_women.js";
import { STEPS as MONEY } from "./meeting_money.js";
import { STEPS as LOANS } from "./meeting_loans.js";
import { STEPS as END } from "./meeting_end.js";
import { ask, button, h, icon, notice, tool } from "./parts.js";
import { atHome } from "./placing.js";
import * as session from "./session.js";
import { day, money } from "./shown.js";
import { pictureOf, titleOf } from "./steps.js";
import { cards } from "./unplaced.js";
import * as writing from "./writing.js";

// What was not said yet is no mistake until she goes on.
const UNSAID = new Set(["by_whom", "who_took", "count", "difference", "no_president", "voted", "jump", "why_refused", "missing", "woman"]);
const STEPS = { ...WOMEN, ...MONEY, ...LOANS, ...END };
let begun = null;

export async function open(app, { group }) {
  const fresh = taken(group);
  const state = { group, book: await books.bookOf(group), open: new Set(), ...(await drafts.opened(group, fresh)) };
  if (!state.draft) return state;
  if (fresh) drafts.keep(app, state, group);
  const draft = { ...state.draft, number: await books.numberOf(state.draft) };
  const known = await books.known(group, draft);
  await breath();
  if (draft.isAsSaid) writing.nothingOfItself(draft, known);
  Object.assign(draft, atHome(draft, known));
  Object.assign(state, { draft, known, tried: new Set(draft.mends ? writing.STEPS : []) });
  seen(state, draft.at);
  judge(state);
  return state;
}

/** A meeting that is written is left alone, unless it mends what needs no mending any more. */
export async function refresh(app, state, args) {
  if (!drafts.isOver(app, state.draft)) return;
  await drafts.ended(state);
  const next = session.putsRight(state.draft, app.session.outbox.get(state.draft.mends));
  await (next ? session.keepDraft(state.group, next) : session.dropDraft(state.group));
  Object.assign(state, await open(app, args));
  app.tell(next ? t("The office has received this meeting meanwhile: what you write now puts it right.") : t("This sheet was received or settled meanwhile: there is nothing to mend."), "info");
}

/** The draft that was begun a moment ago: it is opened while it is kept. */
function taken(group) {
  const draft = begun?.group === group ? begun : null;
  begun = null;
  return draft;
}

const seen = (state, step) => {
  if (!state.draft.seen.includes(step)) state.draft.seen = [...state.draft.seen, step];
};

/** What a step works with: the draft to be read, `change` to write on it, what the rules say, and whom ids mean. */
function work(app, state) {
  const { draft, known, judged } = state;
  return {
    app, state, draft, known, judged, book: state.book,
    /** Writes on a copy: the one before is kept for undo. */
    change: (write) => changed(app, state, write),
    /** Reasons beside a field, once the step was left or something was typed there. */
    on: (name) => (state.tried.has(draft.at) ? judged.on[name] : judged.on[name]?.filter((one) => !UNSAID.has(one.code))),
    name: (woman) => known.facts.members.get(woman) ?? known.facts.called.get(woman) ?? "?",
    women: [...known.facts.members],
    isOpen: (key) => state.open.has(key),
    toggle: (key) => {
      if (!state.open.delete(key)) state.open.add(key);
      app.redraw();
    },
    go: (step) => goTo(app, state, step),
    putAway: () => putAway(app, state),
  };
}

function changed(app, state, write) {
  took(app, state, drafts.written(state, write, ["at"]));
}

function took(app, state, draft) {
  state.draft = draft;
  drafts.keep(app, state, state.group);
  judge(state);
  app.told = null;
  app.redraw();
}

function judge(state) {
  state.judged = writing.judged(state.draft, state.known, titleOf);
}

function undo(app, state) {
  const before = drafts.stepBack(state);
  if (before) took(app, state, { ...before, seen: state.draft.seen });
}

function goTo(app, state, step) {
  state.tried.add(state.draft.at);
  state.draft = { ...state.draft, at: step };
  seen(state, step);
  took(app, state, state.draft);
  app.drawn(() => {
    scrollTo(0, 0);
    document.querySelector("main h2")?.focus({ preventScroll: true });
  });
}

const beside = (state, by) => {
  const steps = writing.way(state.draft, state.known);
  const at = steps.indexOf(state.draft.at);
  if (at >= 0) return steps[at + by];
  // A step that was opened from “Anything else?” leads back there.
  return "more";
};

function next(app, state) {
  const here = state.judged.stops.filter((one) => one.step === state.draft.at);
  state.tried.add(state.draft.at);
  if (here.length) {
    app.tell(plural("Look at one place before going on", "Look at %(count)s places before going on", here.length), "refuse");
    app.drawn(() => document.querySelector("main .error")?.scrollIntoView({ block: "center" }));
    return;
  }
  goTo(app, state, beside(state, 1));
}

export function view(app, state) {
  const { draft, book } = state;
  const title = h("bdi", null, book.name);
  if (!draft) return { title, body: nothing(app, state) };
  const does = work(app, state);
  const isLast = draft.at === "close";
  return {
    title, sub: t("Meeting %(number)s · %(day)s", { number: draft.number, day: day(draft.on) }),
    tools: tool("undo", t("Take the last tap back"), () => undo(app, state), { disabled: !state.past.length }),
    steps: bar(app, state),
    body: h("div", { class: "stack", key: draft.at }, h("h2", { tabindex: "-1" }, titleOf(draft.at)), cards(does), STEPS[draft.at](does)),
    foot: [sums(state), h("div", { class: "ways" },
      draft.at !== "attendance" && button(t("Back"), () => goTo(app, state, beside(state, -1)), { kind: "quiet" }),
      isLast ? button(draft.replaces ? t("Close the correction") : t("Close the meeting"), app.once(() => close(app, state)), { kind: "big", "aria-disabled": state.judged.stops.length > 0 })
        : button(t("Next"), () => next(app, state), { kind: "big" }))],
  };
}

const nothing = (app, state) => [
  notice("info", t("No meeting is being written here.")),
  button(t("To the group"), () => app.go("group", { group: state.group }, "stay"), { kind: "wide" }),
];

function bar(app, state) {
  const { draft, known, judged } = state;
  const wrong = new Set(judged.stops.map((one) => one.step));
  return h("nav", { class: "steps", key: "steps", "aria-label": t("Steps of the meeting") }, writing.way(draft, known).map((step) => {
    const isHere = step === draft.at;
    const isDone = state.tried.has(step) && draft.seen.includes(step);
    const isWrong = isDone && wrong.has(step);
    const said = isWrong ? `${titleOf(step)} (${t("to be put right")})` : isDone ? `${titleOf(step)} (${t("done")})` : titleOf(step);
    return h("button", {
      type: "button", key: step, class: `step ${isWrong ? "wrong" : isDone ? "done" : ""}`, "aria-label": said, title: titleOf(step),
      "aria-current": isHere ? "step" : null, ref: isHere ? inSight : null, onclick: () => goTo(app, state, step),
    }, icon(isWrong ? "warn" : pictureOf(step)));
  }));
}

const inSight = (node) => beforePaint(() => node.scrollIntoView({ block: "nearest", inline: "center" }));

function sums({ judged, known, draft }) {
  const isShort = judged.box < 0;
  const first = { bank: [t("At the bank now"), judged.bank], close: [t("Counted"), judged.document.counted] }[draft.at] || [t("In the box before"), known.facts.cash];
  return h("dl", { class: "sums" },
    h("div", null, h("dt", null, first[0]), h("dd", null, money(first[1]))),
    h("div", null, h("dt", null, t("In the box now")), h("dd", { class: isShort ? "bad" : "", id: "box" }, money(judged.box)),
      isShort && h("dd", { class: "error" }, icon("warn"), t("There is not that much in the box."))));
}

// Closing --------------------------------------------------------------------------------------------------------------

async function close(app, state) {
  const { draft, judged, known } = state;
  state.tried = new Set(writing.STEPS);
  if (judged.stops.length) return app.tell(plural("One thing stands against closing", "%(count)s things stand against closing", judged.stops.length), "refuse");
  if (judged.asks.some((one) => !draft.sure.includes(one.mark))) return app.tell(t("Tick each question that is right, or change what is not."), "warn");
  await drafts.ended(state);
  try {
    const document = { ...judged.document, number: await books.numberOf(draft) };
    await sent(app, state, { document, sure: judged.asks.length > 0, replaces: draft.replaces, why: draft.why });
  } catch (error) {
    drafts.goesOn(app, state, state.group);
    if (error.constructor.name === "NotNow") return app.tell(t("It can be put right when the office has received it."), "warn");
    throw error;
  }
  session.forgetBook(draft.group);
  app.session.rhythm.now();
  return app.go("closed", { group: draft.group, meeting: draft.id, came: known.facts.members.size }, "replace");
}

// The command and the end of the draft are one write: a phone that dies between them does not exist.
async function sent(app, { draft }, said) {
  const { outbox } = app.session;
  const over = [["delete", "drafts", draft.group]];
  if (draft.mends) return outbox.mend(draft.mends, said, over);
  const command = { id: draft.id, kind: "close_meeting", group: draft.group, said };
  return outbox.add({ ...command, after: standsOn(outbox, command) }, over);
}

// A meeting that was begun by mistake.
function putAway(app, state) {
  ask(app, t("Put this meeting away?"), t("Nothing of it stands in the book. What you wrote on it is gone."), [
    [t("Yes, put it away"), "danger", app.once(async () => {
      await drafts.ended(state);
      await session.dropDraft(state.group);
      await app.go("group", { group: state.group }, "replace");
    })],
    [t("Go on writing"), "quiet"],
  ]);
}

/** Begins a meeting of a group and opens it. */
export async function begin(app, group, { on, number, kind = "regular" }) {
  const book = await books.bookOf(group);
  begun = writing.begun({ id: uuid7(), group, on, number, kind, place: book.self.meeting_place || "", president: await books.president(group, on) });
  await app.go("meeting", { group });
}
