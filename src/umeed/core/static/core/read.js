// "Read to me": <button data-read="Whole sentences."> says them in the language it stands in; a second press stops.
// What it says when it can be stopped is in data-stop; where no voice knows the language, [data-none] beside it tells. Only by a voice that
// lies on the device: another one sends what it reads, names and amounts, to its maker. As field/static/field/screens/aloud.js, which a
// phone keeps for itself.
const speech = window.speechSynthesis;
let reading = null;

function calmed() {
  if (!reading) return;
  reading.word.textContent = reading.was;
  reading = null;
}

function stop() {
  speech.cancel();
  calmed();
}

// Some browsers know their voices only a moment after they are asked.
function voices() {
  if (speech.getVoices().length) return Promise.resolve(speech.getVoices());
  return new Promise((found) => {
    const late = () => found(speech.getVoices());
    speech.addEventListener("voiceschanged", late, { once: true });
    setTimeout(late, 1500);
  });
}

// Of the voices that a browser knows the one that reads here; undefined where there is none on the device.
function voiceFor(language, known) {
  const spoken = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const fit = known.filter((voice) => voice.localService === true && spoken(voice).split("-")[0] === language);
  return fit.find((voice) => spoken(voice) === `${language}-in`) || fit[0];
}

// A sentence at a time: some browsers fall silent in the middle of a long text.
const sentences = (words) => words.match(/[^\s].*?(?:[.!?।۔](?=\s)|$)/gms) || [];

async function read(button) {
  const now = { button, word: button.querySelector("[data-word]") || button };
  now.was = now.word.textContent;
  reading = now;
  now.word.textContent = button.dataset.stop || now.was;
  const told = button.parentElement.querySelector("[data-none]");
  if (told) told.textContent = "";
  const language = button.closest("[lang]").lang.split("-")[0];
  const voice = voiceFor(language, await voices());
  if (reading !== now) return;
  const fail = () => {
    if (reading !== now) return;
    stop();
    if (told) told.textContent = told.dataset.none;
  };
  if (!voice) return fail(); // a browser that names none would choose by itself, and perhaps one of the net
  const parts = sentences(button.dataset.read).map((words) => new SpeechSynthesisUtterance(words));
  if (!parts.length) return calmed();
  parts.at(-1).onend = () => {
    if (reading === now) calmed();
  };
  for (const part of parts) {
    Object.assign(part, { lang: voice.lang, voice, onerror: fail });
    speech.speak(part);
  }
}

if (speech) {
  document.documentElement.dataset.voice = "";
  speech.getVoices();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-read]");
    if (!button) return;
    const again = reading && reading.button === button;
    stop();
    if (!again) read(button);
  });
  addEventListener("pagehide", stop);
}
