// A meeting that was closed, read out; slips, and putting it right where it may still be.

import { partsOf } from "../book/history.js";
import { t } from "../core/words.js";
import { uuid7 } from "../core/ids.js";
import { read } from "../rules/documents.js";
import { BY_KEY } from "../rules/heads.js";
import * as books from "./books.js";
import { aloud, sections } from "./telling.js";
import { readButton } from "./aloud.js";
import { canReopen, fellOut, isInBook, mend, notYet, stateOf } from "./outbox.js";
import { section } from "./meeting_end.js";
import { button, field, h, notice } from "./parts.js";
import { send } from "./commands.js";
import * as session from "./session.js";
import { day, money } from "./shown.js";
import { draftOf } from "./writing.js";

export async function open(app, { group, meeting, number, on }) {
  const shown = await books.bookOf(group);
  const { book } = shown;
  const held = book.meetings.find((one) => (meeting ? one.id === meeting : one.number === number && one.on === on && !one.isGone));
  const loans = new Map(book.loans.map((one) => [one.uid, one.woman ? shown.womanName(one.woman) : one.called || shown.bodyName(one.body)]));
  const asked = new Map(book.asked.map((one) => [one.id, one.woman]));
  const names = { woman: shown.womanName, loan: (uid) => loans.get(uid) ?? "?", body: shown.bodyName, request: (id) => asked.get(id) };
  return { group, shown, held, meeting, draft: await session.draft(group), told: held?.said?.attendance ? sections(read(held.said).document ?? held.said, names) : held && held.kind !== "missed" ? sumsOf(shown, held) : [] };
}

// Of a meeting that is no longer told word for word: who came, and what the book says of it.
function sumsOf(shown, held) {
  const titles = {
    savings: t("Savings"), withdrawals: t("Savings given back"), repayments: t("Repayments"), fines: t("Fines"), lendings: t("Loans paid out"), repaid: t("Paid to VO, CLF and banks"),
    drawn: t("Drawn from the cash credit"), between: t("Bank, VO and CLF"), receipts: t("Other receipts"), payments: t("Other payments"), difference: t("Why it is different"),
  };
  const who = sections({ attendance: held.attendance, president: held.president }, { woman: shown.womanName });
  const written = [...partsOf(shown.book, held)].filter(([part]) => titles[part]).map(([part, lines]) => {
    const sums = new Map();
    for (const line of lines) {
      const name = line.woman ? shown.womanName(line.woman) : line.body ? shown.bodyName(line.body) : t(BY_KEY[line.head].title);
      sums.set(name, (sums.get(name) || 0) + Math.abs(line.amount));
    }
    const rows = [...sums].map(([name, paise]) => [name, "", paise]).sort((one, two) => one[0].localeCompare(two[0]));
    return { key: part, title: titles[part], lines: rows, total: rows.reduce((sum, [, , paise]) => sum + paise, 0) };
  });
  return [...who, ...written];
}

export function view(app, state) {
  const { held, shown, told, group } = state;
  const record = app.session.outbox.get(held?.command || held?.id || state.meeting);
  if (!isInBook(record)) return { title: t("Meeting"), sub: h("bdi", null, shown.name), body: h("div", { class: "stack" }, fellOut(app, record)) };
  if (!held) return { title: t("Meeting"), body: notice("info", t("This meeting is no longer on the phone.")) };
  const waits = record && record.state !== "accepted";
  return {
    title: held.kind === "missed" ? t("Not held: %(day)s", { day: day(held.on) }) : t("Meeting %(number)s · %(day)s", { number: held.number ?? "–", day: day(held.on) }), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" },
      record && stateOf(app, record), notYet(record),
      held.kind !== "missed" && h("p", { class: "strong" }, `${t("Counted")}: ${money(held.counted)}`),
      told.length > 0 && h("div", { class: "row no-print" }, readButton(app, "held", () => aloud(told)), held.said && button(t("Slips"), () => app.go("slips", { group, meeting: held.id }), { kind: "quiet", pic: "print" })),
      held.kind === "missed" && h("p", null, t("This meeting was not held."), " ", h("bdi", null, held.said?.why)),
      told.map((one, at) => section(one, at)),
      !held.said && notice("info", null, h("p", null, t("What was written in it is at the office; the phone keeps the last ones only."))),
      held.said && waits && held.kind !== "missed" && (canReopen(app, record) ? button(t("Open this meeting again"), app.once(() => mend(app, record)), { kind: "quiet wide", pic: "edit" }) : notice("info", null, h("p", null, record.state === "held" ? t("It can be put right when the block officer has let it in.") : t("It can be put right when the office has received it.")))),
      held.said && !waits && !held.isGone && h("div", { class: "stack no-print" }, held.kind !== "missed" && button(t("Put this meeting right"), () => why(app, state, true), { kind: "quiet wide", pic: "edit" }), button(t("Take this meeting back"), () => why(app, state, false), { kind: "danger wide", pic: "undo" }))),
  };
}

// A correction writes the meeting anew, with the reason; taking back leaves nothing of it. The first one stays to be read.
function why(app, state, isRight) {
  const said = { why: "" };
  app.openSheet(() => h("div", { class: "stack" }, h("h2", { id: "sheet-title" }, isRight ? t("Put this meeting right") : t("Take this meeting back")),
    isRight && state.draft && notice("warn", t("Another meeting of this group is half written"), h("p", null, t("Close it or put it away first."))),
    field("why", t("Why"), said.why, (typed) => {
      said.why = typed;
      app.redraw();
    }, { maxlength: 240 }),
    button(isRight ? t("Go on") : t("Take it back"), app.once(() => (isRight ? putRight(app, state, said.why.trim()) : takeBack(app, state, said.why.trim()))), { kind: "big wide", disabled: !said.why.trim() || (isRight && !!state.draft) })));
}

async function putRight(app, { held, group }, reason) {
  const draft = draftOf({ ...held.said, id: uuid7() }, { group, replaces: held.id, why: reason });
  await session.keepDraft(group, draft);
  await app.go("meeting", { group });
}

async function takeBack(app, { held, group }, reason) {
  await send(app, { kind: "take_back_meeting", group, said: { meeting: held.id, why: reason } });
  app.done(t("The meeting is taken back. It goes up by itself."));
}
