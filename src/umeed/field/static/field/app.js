// The phone begins here: which screen is shown, the frame around it, sheets that come up from below, what the back button does.
// The address stays /field/ whatever is shown: where one is lies in the history of the browser, as ids, and is nobody else's.

import { beforePaint, breath, h, icon, later, render } from "./core/dom.js";
import { languageHere, lettersOfNames, speak, t } from "./core/words.js";
import { hush } from "./screens/aloud.js";
import * as session from "./screens/session.js";

const VERSION = document.documentElement.dataset.version;
const root = document.getElementById("app");
const below = document.getElementById("sheets");
const live = document.getElementById("told");
// What may be opened before a PIN was given.
const OPEN = new Set(["enrol", "pin"]);
let screen = null;
const due = new Set();
let sheets = 0;
let opener = null;
let parting = "";

export const app = {
  version: VERSION, here: { name: "", args: {} }, state: {}, session: null, sheet: null, told: null, update: null, install: null,
  go, back, done, home: () => go("home", {}, "home"), redraw, redrawSheet, drawn, openSheet, closeSheet, tell, once, locked, failed, refreshed,
};

// What is drawn is drawn once, when the tap that asks for it has ended: a thumb waits for the longer of the two, not for both.
function soon(draw) {
  if (!due.size) later(drawDue);
  due.add(draw);
}

function drawDue() {
  const now = [...due];
  due.clear();
  for (const draw of now) draw();
}

/** Shows the screen again, and the sheet above it. */
function redraw() {
  soon(drawScreen);
  soon(drawSheet);
}

/** Shows what lies above the screen again, where nothing else has changed. */
function redrawSheet() {
  soon(drawSheet);
}

/** Does something with what was asked to be drawn, just before it is painted. */
function drawn(work) {
  soon(() => beforePaint(work));
}

function drawScreen() {
  if (!screen) return;
  if (!root.said) root.replaceChildren();
  const said = screen.view(app, app.state, app.here.args);
  // The browser keeps it in its history, for whoever takes up the phone: a title that is marked up is somebody's name.
  document.title = typeof said.title === "string" ? `${said.title} · Umeed` : "Umeed";
  render(root, [header(said), said.steps, h("main", { id: "main", key: `main ${app.here.name}` }, notice(), said.body), said.foot && h("footer", { class: "foot no-print" }, said.foot)]);
}

function drawSheet() {
  render(below, app.sheet ? [h("dialog", { key: sheets, "aria-labelledby": "sheet-title", ref: shown, oncancel: closed, onclick: beside }, app.sheet())] : []);
}

function header({ title, sub, back: isBack = true, tools }) {
  const first = isBack && app.session
    ? h("button", { class: "tool", type: "button", "aria-label": t("Back"), onclick: back }, icon("back"))
    : h("img", { src: "/static/field/logo.svg", alt: "", width: 36, height: 36 });
  return h("header", { class: "top", key: "top" }, h("div", { class: "top-in" }, first, h("h1", { tabindex: "-1" }, title, sub && h("small", null, sub)), tools));
}

function notice() {
  if (!app.told) return null;
  const { kind, text } = app.told;
  return h("div", { class: `notice ${kind}`, key: "told" }, icon(kind === "ok" ? "success" : kind === "refuse" ? "refuse" : "info"), h("div", null, h("p", null, text)));
}

/** A line that stands above the screen until the next one, and is said to who listens. */
function tell(text, kind = "ok") {
  app.told = text ? { text, kind } : null;
  live.textContent = text || "";
  redraw();
}

// Sheets ---------------------------------------------------------------------------------------------------------------

/** Brings up what `view` says; it is asked anew at every change. */
function openSheet(view) {
  sheets += 1;
  if (!app.sheet) opener = document.activeElement;
  app.sheet = view;
  redrawSheet();
}

function closeSheet() {
  app.sheet = null;
  redrawSheet();
  drawn(giveBack);
}

// What opened a sheet has the focus again when it goes; where that is gone itself, the title.
function giveBack() {
  if (app.sheet || !opener || document.activeElement !== document.body) return;
  const last = opener.isConnected && opener !== document.body ? opener : root.querySelector("h1");
  opener = null;
  last?.focus({ preventScroll: true });
}

const shown = (dialog) => beforePaint(() => dialog.isConnected && !dialog.open && dialog.showModal());

function closed(event) {
  event.preventDefault();
  closeSheet();
}

const beside = (event) => event.target.tagName === "DIALOG" && closeSheet();

// Where one is ---------------------------------------------------------------------------------------------------------

const depth = () => history.state?.depth || 0;

async function go(name, args = {}, how = "push") {
  hush();
  const wanted = !app.session && !OPEN.has(name) ? await session.firstScreen() : name;
  const next = await import(`./screens/${wanted}.js`);
  const here = { name: wanted, args: wanted === name ? args : { then: { name, args } } };
  const state = next.open ? await next.open(app, here.args) : {};
  await breath(); // what is counted for a screen is one piece of work, what is drawn of it another: a thumb waits for the longer one
  screen = next;
  Object.assign(app, { here, state, sheet: null });
  app.told = null;
  if (how === "push" && depth() < 50) history.pushState({ name, args, depth: depth() + 1 }, "");
  else history.replaceState({ name, args, depth: how === "home" ? 0 : depth() }, "");
  if (parting) tell(parting);
  parting = "";
  drawScreen();
  drawSheet();
  beforePaint(() => {
    scrollTo(0, 0);
    root.querySelector("h1")?.focus({ preventScroll: true });
  });
}

/** The screen before; from the first one nowhere. A screen may keep one back. */
function back() {
  if (screen?.leave && screen.leave(app, app.state) === false) return;
  if (depth() > 0) history.back();
  else app.home();
}

/** Something was kept: back to the screen before, which says so. */
function done(words) {
  parting = words;
  if (depth() > 0) history.back();
  else go("home", {}, "home").catch(failed);
}

addEventListener("popstate", (event) => {
  if (app.sheet) {
    closeSheet();
    history.pushState({ ...app.here, depth: depth() + 1 }, "");
    return;
  }
  const { name = "home", args = {} } = event.state || {};
  go(name, args, "stay").catch(failed);
});

/** The bookkeeper is out: her key is forgotten, what she wrote is not. */
function locked() {
  const then = { name: app.here.name, args: app.here.args };
  session.close(app);
  return go(then.name, then.args, "stay");
}

let isStale = false;
let isRefreshing = false;

/** Something new is known: the screen that is shown asks for it again, but a meeting that is being written is left alone. Of
    many groups that come one after the other it asks once when it can, not once for each. */
async function refreshed() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isStale) {
      isStale = false;
      const here = screen;
      if (here?.refresh) await here.refresh(app, app.state, app.here.args);
      if (here === screen) redraw();
      await breath();
    }
  } finally {
    isRefreshing = false;
  }
}

/** A handler that does nothing while it is at work: a second press of the same thumb is none. */
function once(work) {
  let isBusy = false;
  return async (...given) => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work(...given);
    } catch (error) {
      failed(error);
    } finally {
      isBusy = false;
    }
  };
}

function failed(error) {
  console.error(error);
  if (app.session?.lastWords) session.sayCleared();
  else tell(error?.constructor?.name === "StoreFull" ? t("This phone has no room left. Delete photos or videos, then try again. Nothing is lost.")
    : t("This did not work. What you wrote is kept. Try once more."), "refuse");
}

addEventListener("unhandledrejection", (event) => failed(event.reason));

// The shell itself -----------------------------------------------------------------------------------------------------

async function install() {
  if (!navigator.serviceWorker) return;
  const worker = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
  const waits = () => {
    if (!worker.waiting || !navigator.serviceWorker.controller) return;
    app.update = () => worker.waiting.postMessage("use the new version");
    redraw();
  };
  worker.addEventListener("updatefound", () => worker.installing?.addEventListener("statechange", waits));
  waits();
  let hasTaken = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!navigator.serviceWorker.controller) return; // the browser has deleted it: what waits is in this page only
    if (hasTaken) location.reload();
    hasTaken = true;
  });
  hasTaken = !!navigator.serviceWorker.controller;
  setInterval(() => navigator.onLine && worker.update().catch(() => {}), 3600e3);
}

// The browser offers to install the app: Today asks her, until it is installed.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  app.install = async () => {
    app.install = null;
    await event.prompt();
    redraw();
  };
  redraw();
});

addEventListener("appinstalled", () => {
  app.install = null;
  redraw();
});

async function begin() {
  await Promise.all([speak(languageHere()), lettersOfNames()]);
  await session.begin(app);
  const { name = "home", args = {} } = history.state || {};
  await go(name, args, "stay");
}

begin().catch(failed);
install().catch(() => {});
