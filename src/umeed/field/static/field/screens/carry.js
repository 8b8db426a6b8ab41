// Sheets that leave without a network: one file for the block office, or a row of QR codes; and the answers that come back.

import { plural, t } from "../core/words.js";
import { carry, readAnswers } from "../store/device.js";
import { piecesOf } from "../store/envelope.js";
import { qrOf, qrPath } from "../store/qr.js";
import { button, check, h, notice } from "./parts.js";
import * as session from "./session.js";
import { titleOf } from "./outbox.js";

export async function open(app) {
  const waiting = app.session.outbox.waiting();
  return { waiting, chosen: new Set(waiting.map((one) => one.id)), made: null, codes: null, at: 0 };
}

export function view(app, state) {
  return { title: t("Carry by hand"), body: h("div", { class: "stack", key: state.codes ? "codes" : "list" }, state.codes ? codes(app, state) : list(app, state)) };
}

const list = (app, state) => [
  h("p", null, t("The file is sealed: only the server can read it. It may be sent on by anybody, as a message or on a card, and loaded at the block office.")),
  state.waiting.length ? h("div", { class: "card" }, state.waiting.map((one) => check(titleOf(one), state.chosen.has(one.id), (is) => {
    state.chosen[is ? "add" : "delete"](one.id);
    state.made = null;
    app.redraw();
  }, { key: one.id }))) : notice("ok", t("Nothing waits to be sent")),
  state.chosen.size > 0 && h("div", { class: "stack" }, button(t("Give the file"), app.once(() => give(app, state)), { kind: "big wide", pic: "file" }), button(t("Show as QR codes"), app.once(() => show(app, state)), { kind: "quiet wide", pic: "qr" })),
  h("h2", null, t("The office gave answers back?")),
  h("label", { class: "button quiet wide" }, t("Open the file with the answers"), h("input", { type: "file", class: "sr", accept: ".umeed", onchange: app.once((event) => answers(app, event)) })),
];

// Made once for what is chosen: the file and the codes carry the same.
const made = async (app, state) => {
  state.made ||= await carry(app.session, [...state.chosen]);
  return state.made;
};

async function give(app, state) {
  const { bytes, name } = await made(app, state);
  const file = new File([bytes], name, { type: "application/octet-stream" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: name });
      return app.tell(t("The file was given. The sheets stay here until the server has answered."));
    } catch (error) {
      if (error.name === "AbortError") return undefined;
    }
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return app.tell(t("The file lies among the downloads of this phone. The sheets stay here until the server has answered."));
}

async function show(app, state) {
  const { bytes } = await made(app, state);
  state.codes = await piecesOf(bytes);
  state.at = 0;
  app.redraw();
}

function codes(app, state) {
  const { size, path } = qrPath(qrOf(state.codes[state.at], "L"));
  const turn = (by) => () => {
    state.at = (state.at + by + state.codes.length) % state.codes.length;
    app.redraw();
  };
  return [
    h("p", { role: "status", class: "strong" }, plural("Code %(at)s of %(count)s", "Code %(at)s of %(count)s", state.codes.length, { at: state.at + 1 })),
    h("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t("QR code") }, h("path", { d: path, fill: "#000" })),
    state.codes.length > 1 && h("div", { class: "two" }, button(t("Back"), turn(-1), { kind: "quiet" }), button(t("Next"), turn(1), {})),
    button(t("Done"), () => {
      state.codes = null;
      app.redraw();
    }, { kind: "quiet wide" }),
  ];
}

async function answers(app, event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    const changed = await readAnswers(app.session, new Uint8Array(await file.arrayBuffer()));
    app.session.books.clear();
    Object.assign(app.state, await open(app));
    app.tell(changed.length ? plural("%(count)s answer was read", "%(count)s answers were read", changed.length) : t("Nothing new is in this file."));
  } catch (error) {
    console.warn(error);
    app.tell(t("This is no file with answers for this phone."), "refuse");
  }
}
