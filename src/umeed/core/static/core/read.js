// "Read to me": <button data-read="Whole sentences."> says them in the language it stands in; a second press stops.
// What it says when it can be stopped is in data-stop; where no voice knows the language, [data-none] beside it tells.
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

function voiceFor(language, known) {
  const spoken = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const fit = known.filter((voice) => spoken(voice).split("-")[0] === language);
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
  const known = await voices();
  if (reading !== now) return;
  const voice = voiceFor(language, known);
  const fail = () => {
    if (reading !== now) return;
    stop();
    if (told) told.textContent = told.dataset.none;
  };
  // A device that names no voices at all may still have one.
  if (!voice && known.length) return fail();
  const parts = sentences(button.dataset.read).map((words) => new SpeechSynthesisUtterance(words));
  if (!parts.length) return calmed();
  parts.at(-1).onend = () => {
    if (reading === now) calmed();
  };
  for (const part of parts) {
    part.lang = voice ? voice.lang : language;
    if (voice) part.voice = voice;
    part.onerror = fail;
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
