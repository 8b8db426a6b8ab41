// What is half written, a meeting or a cut-off: it changes tap by tap, every tap is kept before the next one, and the last ones can
// be taken back, also when the phone was killed between. A screen's `state` has {draft, past, kept}: `past` are the steps back, each
// with what the draft said there before; `kept` resolves when all of it is on the phone.

import { t } from "../core/words.js";
import { FINAL } from "../store/outbox.js";
import { ask } from "./parts.js";
import * as session from "./session.js";

const MOST_STEPS = 60;
// So many steps back survive a kill: each tap writes them all.
const KEPT_STEPS = 20;

/** {draft, past, kept} of what lies under a key, or with a draft that is begun now. */
export async function opened(key, begun = null) {
  const { past = [], ...there } = begun ?? (await session.draft(key)) ?? {};
  return { draft: there.id ? there : null, past, kept: Promise.resolve(), isClosed: false };
}

/** Opens what is half written on its screen. What does not open any more she may put away; nothing else is kept from her by it. */
export async function goOn(app, screen, group, key = group) {
  try {
    await app.go(screen, { group });
  } catch (error) {
    console.error(error);
    await app.home();
    ask(app, t("This half-written sheet does not open"), t("Show this phone to the office if you can. When you put it away, what you wrote on it is gone; the book stays as it is."), [
      [t("Keep it"), "quiet"],
      [t("Yes, put it away"), "danger", app.once(async () => {
        await session.dropDraft(key);
        await app.home();
      })],
    ]);
  }
}

/** Whether it mends a sheet that was received after all, or that a person has settled. */
export const isOver = (app, draft) => FINAL.has(app.session.outbox.get(draft?.mends)?.state);

/** Writes on a copy; what it changes is a step that can be taken back, and with it `where`, parts that say where she was. The draft as it
    is now. */
export function written(state, write, where = []) {
  const next = structuredClone(state.draft);
  write(next);
  state.past = [...state.past.slice(1 - MOST_STEPS), changedIn(state.draft, next, where)];
  return next;
}

/** Of the parts of a draft that are another now, what they were. */
function changedIn(before, now, where) {
  const isOther = (name) => where.includes(name) || JSON.stringify(before[name]) !== JSON.stringify(now[name]);
  return Object.fromEntries(Object.keys({ ...before, ...now }).filter(isOther).map((name) => [name, before[name]]));
}

/** The draft before the last step; null where there is none. */
export function stepBack(state) {
  if (!state.past.length) return null;
  const before = state.past.at(-1);
  state.past = state.past.slice(0, -1);
  return { ...state.draft, ...before };
}

/** Keeps the draft under a key. The write begins at once, in the tap that asks for it; while one is under way the last word waits for
    it, so that nothing older lands after it. */
export function keep(app, state, key) {
  if (state.isClosed) return;
  state.isDue = true;
  if (!state.isKeeping) state.kept = keeping(app, state, key);
}

async function keeping(app, state, key) {
  state.isKeeping = true;
  try {
    while (state.isDue && !state.isClosed) {
      state.isDue = false;
      await session.keepDraft(key, { ...state.draft, past: state.past.slice(-KEPT_STEPS) });
    }
  } catch (error) {
    app.failed(error);
  } finally {
    state.isKeeping = false;
  }
}

/** Nothing more of it is kept: it is closed, or put away. */
export async function ended(state) {
  state.isClosed = true;
  await state.kept;
}

/** It was not closed after all. */
export function goesOn(app, state, key) {
  state.isClosed = false;
  keep(app, state, key);
}
