// What was talked about, what else there is, the cash on the table, and the whole meeting read out before it closes.

import { plural, t } from "../core/words.js";
import { readButton } from "./aloud.js";
import { amount, button, check, field, h, icon, notice, numberIn, told, tool } from "./parts.js";
import { takeOut } from "./meeting_money.js";
import { money, reason } from "./shown.js";
import { pictureOf, titleOf } from "./steps.js";
import { aloud, sections } from "./telling.js";
import * as expected from "../rules/expected.js";
import * as writing from "./writing.js";

function agenda(does) {
  const { draft, change } = does;
  const rows = draft.agenda.length ? draft.agenda : [{ topic: "", decided: "" }];
  const set = (at, what) => change((next) => { next.agenda[at] = { ...rows[at], ...next.agenda[at], ...what }; });
  return [
    h("p", { class: "soft" }, t("Social matters, plans, who goes to the VO: one line each.")),
    h("div", { class: "stack" }, rows.map((one, at) => h("section", { class: "card", key: at },
      field(`it ${at}`, t("What was talked about"), one.topic, (topic) => set(at, { topic }), { maxlength: 120 }),
      field(`id ${at}`, t("What was decided"), one.decided, (decided) => set(at, { decided }), { kind: "long", maxlength: 1000 }),
      rows.length > 1 && takeOut(t("Take this line out"), () => change((next) => { next.agenda.splice(at, 1); }))))),
    button(t("Another line"), () => change((next) => { next.agenda = [...rows, { topic: "", decided: "" }]; }), { kind: "quiet", pic: "add" }),
  ];
}

/** What nothing is expected of: one tap each, for who needs it. */
function more(does) {
  const { document } = does.judged;
  const sum = (...parts) => parts.flatMap((part) => document[part]).reduce((all, one) => all + (one.paise || 0) + (one.principal || 0) + (one.interest || 0), 0);
  const tiles = [
    ["loans", t("A loan is asked for or paid out"), document.lendings.length || document.requests.length ? money(sum("lendings")) : ""],
    ["receipts", t("A fine, or other money came in"), sum("fines", "receipts", "arrived") ? money(sum("fines", "receipts", "arrived")) : ""],
    ["payments", t("The group paid for something"), sum("payments") ? money(sum("payments")) : ""],
    ["bank", t("Money to the bank, VO or CLF, or from there"), document.deposit || document.withdrawal || sum("repaid", "given", "left", "drawn") ? money(document.deposit + document.withdrawal + sum("repaid", "given", "left", "drawn")) : ""],
    ["agenda", t("Something was talked about and decided"), document.agenda.length ? plural("%(count)s line", "%(count)s lines", document.agenda.length) : ""],
  ];
  return [
    h("p", { class: "soft" }, t("Tap what happened too. If nothing else did, go on.")),
    h("div", { class: "tiles" }, tiles.map(([step, words, has]) => h("button", { type: "button", key: step, class: `tile ${has ? "has" : ""}`, onclick: () => does.go(step) }, icon(pictureOf(step)), h("span", null, words), has && h("b", null, has)))),
  ];
}

function count(does) {
  const { app, draft, judged, change, on } = does;
  const { box: must, document } = judged;
  const counted = document.counted;
  const agrees = counted !== null && judged.apart === 0;
  const reasons = [...(on("counted") || []), ...(on("withdrawal") || [])];
  return [
    h("section", { class: "card", key: "must" },
      h("div", { class: "line" }, h("span", null, t("By the book the box must hold")), h("b", { class: "figure" }, money(must))),
      h("div", { class: "line" }, h("span", null, t("Counted")), h("b", { class: "figure" }, counted === null ? "–" : money(counted))),
      agrees && h("p", { class: "good strong row", role: "status" }, icon("success"), h("span", null, t("It agrees."))),
      counted !== null && !agrees && h("p", { class: "error", role: "status" }, icon("warn"), h("span", null, apart(judged.apart)))),
    told(reasons.filter((one) => one.code !== "difference")),
    !agrees && must >= 0 && button(t("It agrees: %(paise)s is there", { paise: money(must) }), () => change((next) => Object.assign(next, { counted: must, notes: {}, whyApart: "", apart: null })), { kind: "big wide", pic: "check" }),
    counted !== null && !agrees && field("why", t("Why it is different"), draft.apart === judged.apart ? draft.whyApart : "", (whyApart) => change((next) => Object.assign(next, { whyApart, apart: judged.apart })), { on: on("difference_why"), maxlength: 240 }),
    h("h3", null, t("Or count the notes and coins")),
    h("div", { class: "notes two" }, writing.NOTES.map((one) => h("div", { class: "field", key: one }, h("label", { for: `n ${one}` }, h("bdi", { dir: "ltr" }, `₹ ${one}`)),
      h("input", { id: `n ${one}`, inputmode: "numeric", autocomplete: "off", placeholder: "0", value: draft.notes[one] ? String(draft.notes[one]) : "", oninput: (event) => change((next) => {
        const how = numberIn(event.target.value);
        if (how) next.notes[one] = Math.min(how, 100_000);
        else delete next.notes[one];
      }) })))),
    h("div", { class: "line" }, h("span", { class: "strong" }, t("Total counted")), amount(app, { label: t("Total counted"), paise: counted || 0, onset: (paise) => change((next) => Object.assign(next, { counted: paise, notes: {} })), quick: [] })),
  ];
}

const apart = (paise) => (paise > 0 ? t("There is %(paise)s more than the book says.", { paise: money(paise) }) : t("There is %(paise)s less than the book says.", { paise: money(-paise) }));

function close(does) {
  const { draft, known, judged } = does;
  const { stops, asks, tally, document } = judged;
  const loans = new Map([...known.loans, ...known.off].map((one) => [one.loan.uid, one.loan.woman ? expected.nameOf(known, one) : one.loan.called || does.book.bodyName(one.loan.body)]));
  const whoAsked = new Map([...[...known.facts.requests].map(([id, one]) => [id, one.who]), ...draft.requests.map((one) => [one.id, one.woman])]);
  const off = new Set(known.off.map((one) => one.loan.uid));
  const told = sections(document, { woman: does.name, loan: (uid) => loans.get(uid) ?? "?", body: does.book.bodyName, request: (id) => whoAsked.get(id), isOff: (uid) => off.has(uid) });
  const came = does.women.filter(([woman]) => writing.isThere(draft, woman)).length;
  const all = t("%(came)s of %(all)s women came.", { came, all: does.women.length });
  return [
    stops.length > 0 && notice("refuse", plural("One thing stands against closing", "%(count)s things stand against closing", stops.length), grouped(stops).map(({ one, rest }) => h("div", { class: "stack stack-s", key: one.mark }, h("p", null, reason(one), rest > 0 && ` ${plural("and %(count)s more like it", "and %(count)s more like it", rest)}`), button(titleOf(one.step), () => does.go(one.step), { kind: "quiet", pic: pictureOf(one.step) })))),
    draft.mends && mended(does),
    asks.length > 0 && notice("warn", t("Is this right?"), asks.map((one) => h("div", { class: "stack stack-s", key: one.mark }, h("p", null, reason(one)),
      check(t("Yes, it is right"), draft.sure.includes(one.mark), (is) => does.change((next) => { next.sure = is ? [...next.sure, one.mark] : next.sure.filter((mark) => mark !== one.mark); })),
      button(titleOf(one.step), () => does.go(one.step), { kind: "plain", pic: pictureOf(one.step) })))),
    !stops.length && !asks.length && (judged.apart ? notice("warn", null, h("p", null, t("The cash is another sum than the book says, and it is said why. Read it out, then close."))) : notice("ok", null, h("p", null, t("Everything agrees. Read it out, then close the meeting.")))),
    h("div", { class: "row apart" }, h("p", { class: "strong" }, all), readButton(does.app, "meeting", () => `${all}\n${aloud(told)}\n${t("In the box now")} ${money(judged.box)}.`)),
    tallied(known, tally, judged),
    judged.apart ? h("p", null, apart(judged.apart), " ", h("bdi", null, document.difference_why)) : null,
    told.map((one, at) => section(one, at, () => does.go(one.key))),
    button(t("Put this meeting away without closing it"), does.putAway, { kind: "plain wide" }),
  ];
}

const mended = (does) => (does.state.why?.length ? notice("refuse", t("Why it was sent back"), does.state.why.map((one) => h("p", { key: one.code + one.field }, reason(one)))) : null);

/** Of many reasons of one kind on one step the first is told, with how many more there are. */
function grouped(reasons) {
  const found = new Map();
  for (const one of reasons) {
    const key = `${one.step} ${one.code}`;
    const there = found.get(key);
    if (there) there.rest += 1;
    else found.set(key, { one, rest: 0 });
  }
  return [...found.values()];
}

/** What the money came to. */
function tallied(known, tally, judged) {
  const rows = [[t("Before"), known.facts.cash, known.facts.bank], [t("Came in"), tally.cashIn, tally.bankIn], [t("Went out"), tally.cashOut, tally.bankOut]];
  return h("table", { class: "table", key: "tally" },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, t("Money")), h("th", { scope: "col", class: "num" }, t("Box")), h("th", { scope: "col", class: "num" }, t("Bank")))),
    h("tbody", null, rows.map(([words, cash, bank]) => h("tr", { key: words }, h("th", { scope: "row" }, words), h("td", { class: "num" }, money(cash)), h("td", { class: "num" }, money(bank))))),
    h("tfoot", null, h("tr", null, h("th", { scope: "row" }, t("Must be there")), h("td", { class: "num" }, money(judged.box)), h("td", { class: "num" }, money(judged.bank)))));
}

/** What is noted of most lines alike. */
function usualNote(lines) {
  const counts = new Map();
  for (const [, note] of lines) counts.set(note, (counts.get(note) || 0) + 1);
  const [note, count] = [...counts].sort((one, two) => two[1] - one[1])[0];
  return count > 1 && count * 2 > lines.length ? note : "";
}

/** One part of a meeting, read out: also of one that was closed long ago. What is noted of most alike stands once. */
export function section({ key, title, lines, total }, at, change) {
  const alike = usualNote(lines);
  return h("section", { class: "card", key: `${key} ${at}` },
    h("div", { class: "line" }, h("h3", { class: "name" }, title, alike && h("small", null, h("bdi", null, alike))), total !== null && h("b", { class: "num" }, money(total)), change && tool("edit", `${t("Change")}: ${title}`, change)),
    h("ul", { class: "stack stack-s" }, lines.map(([what, note, paise], row) => h("li", { class: "line", key: row }, h("span", null, h("bdi", null, what), note && note !== alike && h("small", { class: "soft" }, " ", h("bdi", null, note))), paise !== null && h("span", { class: "num" }, money(paise))))));
}

export const STEPS = { agenda, more, count, close };
