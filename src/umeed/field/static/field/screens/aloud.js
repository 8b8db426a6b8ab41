// "Read to me": whole sentences said in the language of the phone; a second press stops. As core/static/core/read.js. Only by a voice
// that lies on the phone: another one sends what it reads, names and amounts, to its maker.

import { h, icon } from "../core/dom.js";
import { language, t } from "../core/words.js";

const speech = window.speechSynthesis;
let reading = null;

const sentences = (words) => words.match(/[^\s].*?(?:[.!?।۔:](?=\s)|$)/gms) || [];

// Some browsers know their voices only a moment after they are asked.
function voices() {
  if (speech.getVoices().length) return Promise.resolve(speech.getVoices());
  return new Promise((found) => {
    const late = () => found(speech.getVoices());
    speech.addEventListener("voiceschanged", late, { once: true });
    setTimeout(late, 1500);
  });
}

/** Of the voices that a browser knows the one that reads here; undefined where there is none on the phone. */
export function voiceFor(known) {
  const spoken = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const fit = known.filter((voice) => voice.localService === true && spoken(voice).split("-")[0] === language);
  return fit.find((voice) => spoken(voice) === `${language}-in`) || fit[0];
}

export function hush() {
  speech?.cancel();
  reading = null;
}

async function read(app, id, words) {
  if (reading === id) {
    hush();
    return app.redraw();
  }
  hush();
  reading = id;
  app.redraw();
  const voice = voiceFor(await voices());
  const fail = () => {
    if (reading !== id) return;
    hush();
    app.tell(t("This phone has no voice for this language."), "warn");
  };
  if (!voice) return fail();
  const parts = sentences(words).map((one) => new SpeechSynthesisUtterance(one));
  if (!parts.length) return hush();
  parts.at(-1).onend = () => {
    if (reading === id) reading = null;
    app.redraw();
  };
  for (const part of parts) {
    Object.assign(part, { lang: voice.lang, voice });
    part.onerror = fail;
    speech.speak(part);
  }
}

/** The button that reads `words()` out; nothing where the phone cannot speak. */
export const readButton = (app, id, words, label = t("Read to me")) => (speech
  ? h("button", { type: "button", class: "button quiet no-print", key: `read ${id}`, "aria-pressed": reading === id ? "true" : "false", onclick: () => read(app, id, words()) }, icon(reading === id ? "close" : "sound"), h("span", null, reading === id ? t("Stop") : label))
  : null);

/** The same as a picture alone, where several stand under each other. */
export const readTool = (app, id, words, whose) => (speech
  ? h("button", { type: "button", class: "tool no-print", "aria-pressed": reading === id ? "true" : "false", "aria-label": `${whose}: ${reading === id ? t("Stop") : t("Read to me")}`, onclick: () => read(app, id, words()) }, icon(reading === id ? "close" : "sound"))
  : null);
