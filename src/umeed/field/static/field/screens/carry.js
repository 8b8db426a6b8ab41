// Sheets that leave without a network: one file for the block office, or a row of QR codes; and the answers that come back.

import { plural, t } from "../core/words.js";
import { carry, readAnswers } from "../store/device.js";
import { QR_LEVEL, piecesOf } from "../store/envelope.js";
import { qrOf, qrPath } from "../store/qr.js";
import { badge, button, check, h, notice } from "./parts.js";
import { titleOf } from "./outbox.js";

// Nobody holds a phone before a camera for longer.
const MOST_CODES = 150;

export async function open(app) {
  const waiting = app.session.outbox.waiting();
  return { waiting, chosen: new Set(waiting.map((one) => one.id)), made: null, given: new Set(), codes: null, at: 0 };
}

export function view(app, state) {
  return { title: t("Carry by hand"), body: h("div", { class: "stack", key: state.codes ? "codes" : "list" }, state.codes ? codes(app, state) : list(app, state)) };
}

const list = (app, state) => [
  h("p", null, t("The file is sealed: only the server can read it. It may be sent on by anybody, as a message or on a card, and loaded at the block office.")),
  state.waiting.length ? h("div", { class: "card" }, state.waiting.map((one) => check(titleOf(one), state.chosen.has(one.id), (is) => {
    state.chosen[is ? "add" : "delete"](one.id);
    Object.assign(state, { made: null, given: new Set() });
    app.redraw();
  }, { key: one.id }))) : notice("ok", t("Nothing waits to be sent")),
  state.chosen.size > 0 && (state.made?.length > 1 ? several(app, state) : h("div", { class: "stack", key: "one" }, waysOut(app, state, async () => made(app, state)))),
  h("h2", null, t("The office gave answers back?")),
  h("label", { class: "button quiet wide" }, t("Open the file with the answers"), h("input", { type: "file", class: "sr", accept: ".umeed", multiple: true, onchange: app.once((event) => answers(app, event)) })),
];

// Made once for what is chosen: the file and the codes carry the same. Null where it came to be several, which are shown first.
async function made(app, state) {
  state.made ||= await carry(app.session, [...state.chosen]);
  if (state.made.length === 1) return state.made[0];
  app.redraw();
  return null;
}

/** Both ways in which a file leaves the phone. */
const waysOut = (app, state, fileOf) => [
  button(t("Give the file"), app.once(async () => give(app, state, await fileOf())), { kind: "big wide", pic: "file" }),
  button(t("Show as QR codes"), app.once(async () => show(app, state, await fileOf())), { kind: "quiet wide", pic: "qr" }),
];

// More than an office takes at once: each file goes by itself, in any order.
const several = (app, state) => h("div", { class: "stack", key: "several" },
  notice("warn", plural("This is %(count)s file", "These are %(count)s files", state.made.length), h("p", null, t("It is too much for one. Give every one of them to the office; each gets answers of its own."))),
  state.made.map((file) => h("section", { class: "card stack", key: file.at },
    h("h2", null, fileCalled(file)),
    h("p", { class: "row" }, plural("%(count)s sheet", "%(count)s sheets", file.count), state.given.has(file.at) && badge("good", t("given"))),
    waysOut(app, state, async () => file))));

const fileCalled = ({ at, of }) => t("File %(at)s of %(of)s", { at, of });

function left(app, state, file, words) {
  state.given.add(file.at);
  app.tell(file.of > 1 ? `${fileCalled(file)}: ${words}` : words);
}

async function give(app, state, made) {
  if (!made) return undefined;
  const { bytes, name } = made;
  const file = new File([bytes], name, { type: "application/octet-stream" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: name });
      return left(app, state, made, t("The file was given. The sheets stay here until the server has answered."));
    } catch (error) {
      if (error.name === "AbortError") return undefined;
    }
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return left(app, state, made, t("The file lies among the downloads of this phone. The sheets stay here until the server has answered."));
}

async function show(app, state, file) {
  if (!file) return;
  const codes = await piecesOf(file.bytes);
  if (codes.length > MOST_CODES) return app.tell(t("This is too much for QR codes. Give it as a file, or choose fewer sheets."), "warn");
  Object.assign(state, { codes, shows: file, at: 0 });
  app.redraw();
}

function codes(app, state) {
  const { size, path } = qrPath(qrOf(state.codes[state.at], QR_LEVEL));
  const turn = (by) => () => {
    state.at = (state.at + by + state.codes.length) % state.codes.length;
    app.redraw();
  };
  return [
    state.shows.of > 1 && h("p", null, fileCalled(state.shows)),
    h("p", { role: "status", class: "strong" }, plural("Code %(at)s of %(count)s", "Code %(at)s of %(count)s", state.codes.length, { at: state.at + 1 })),
    h("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t("QR code") }, h("path", { d: path, fill: "#000" })),
    state.codes.length > 1 && h("div", { class: "two" }, button(t("Back"), turn(-1), { kind: "quiet" }), button(t("Next"), turn(1), {})),
    button(t("Done"), () => {
      state.given.add(state.shows.at);
      state.codes = null;
      app.redraw();
    }, { kind: "quiet wide" }),
  ];
}

async function answers(app, event) {
  const files = [...event.target.files];
  event.target.value = "";
  if (!files.length) return;
  const read = [];
  for (const file of files) read.push(await answersOf(app, file));
  const ours = read.filter(Boolean);
  const changed = new Set(ours.flat()).size;
  app.session.books.clear();
  Object.assign(app.state, await open(app));
  if (!ours.length) app.tell(t("This is no file with answers for this phone."), "refuse");
  else app.tell(changed ? plural("%(count)s answer was read", "%(count)s answers were read", changed) : t("Nothing new is in this file."));
}

// Ids of what a file changed; null of a file that is not for this phone.
async function answersOf(app, file) {
  try {
    return (await readAnswers(app.session, new Uint8Array(await file.arrayBuffer()))).map((record) => record.id);
  } catch (error) {
    console.warn(error);
    return null;
  }
}
