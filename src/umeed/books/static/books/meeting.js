// Sums while one types, and what was typed kept over a lost session. Every page works without this file.

const form = document.querySelector("form[data-meeting]");
// More is a slip of the finger (rules/sheets.py), and wider than any page.
const MOST = 1e15;
const LATIN = { 0x0660: 0x30, 0x06f0: 0x30, 0x0966: 0x30 };
// As kernel/digits.py has them: what the keyboards of Urdu and Arabic set between thousands and before the paise.
const SIGNS = { "٬": ",", "،": ",", "٫": "." };

// The full stop of an Urdu keyboard, where the point was meant: between two digits.
const STOP = /(\d)۔(?=\d)/g;

// As kernel/money.py reads it: commas only where a grouping puts them.
const AMOUNT = /^(\d+|\d{1,2}(,\d{2})*,\d{3}|\d{1,3}(,\d{3})+)(\.\d{0,2})?$/;

/** Paise of an amount as people write it; 0 when it cannot be read (the server says why). */
export function paise(text) {
  const latin = [...(text || "")].map((sign) => {
    const code = sign.codePointAt(0);
    for (const [zero, to] of Object.entries(LATIN)) {
      if (code >= Number(zero) && code < Number(zero) + 10) return String.fromCodePoint(code - Number(zero) + to);
    }
    return SIGNS[sign] || sign;
  }).join("").replace(STOP, "$1.").replace(/[₹\s\u200e\u200f\u202a-\u202e\u2066-\u2069]|rs\.?/gi, "").replace(/\/-$/, "");
  const value = AMOUNT.test(latin) ? Math.round(Number(latin.replace(/,/g, "")) * 100) : 0;
  return value <= MOST ? value : 0;
}

/** ₹ 12,34,567, paise only where there are some, as the server writes it. */
export function rupees(value) {
  const size = Math.abs(Math.round(value));
  const whole = String(Math.floor(size / 100));
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+(?!\d))/g, ",");
  const text = (head ? `${head},` : "") + whole.slice(-3);
  const part = size % 100 ? `.${String(size % 100).padStart(2, "0")}` : "";
  const said = `${value < 0 ? "-" : ""}₹\u00a0${text}${part}`;
  return document.documentElement.dir === "rtl" ? `\u2066${said}\u2069` : said;
}

function counts(input) {
  const mode = input.dataset.mode && document.getElementById(input.dataset.mode);
  const tick = input.dataset.tick && document.getElementById(input.dataset.tick);
  return { isCash: !mode || mode.value === "cash", isOn: !tick || tick.checked };
}

function sums() {
  let page = 0;
  let cash = 0;
  for (const input of form.querySelectorAll("[data-cash]")) {
    const { isCash, isOn } = counts(input);
    if (!isOn) continue;
    const moved = paise(input.value) * Number(input.dataset.cash);
    page += moved;
    if (isCash) cash += moved;
  }
  const shown = form.querySelector("[data-page-sum]");
  if (shown && form.querySelector("[data-cash]")) shown.textContent = rupees(page);
  const box = form.querySelector("[data-box]");
  if (!box || !form.querySelector("[data-cash]")) return;
  const left = Number(box.dataset.box) + cash;
  box.textContent = rupees(left);
  form.querySelector("[data-short]").hidden = left >= 0;
}

/** One amount over penalty, interest and principal: what is due first, then the rest, both in the group's order, as
    rules/allocation.py does it. */
function divide(loan) {
  let left = paise(loan.querySelector("[name$='-total']").value);
  loan.querySelector(".meeting-split").hidden = left === 0;
  const taken = { penalty: 0, interest: 0, principal: 0 };
  const due = (part) => Number(loan.dataset[`due${part[0].toUpperCase()}${part.slice(1)}`]);
  for (const most of [due, (part) => Number(loan.dataset[part]) - due(part)]) {
    for (const part of loan.dataset.order.split(" ")) {
      const now = Math.min(left, Math.max(0, most(part)));
      taken[part] += now;
      left -= now;
    }
  }
  for (const part of Object.keys(taken)) {
    const own = paise(loan.querySelector(`details [name$='-${part}']`)?.value);
    loan.querySelector(`[data-part="${part}"]`).textContent = rupees(own || taken[part]);
  }
}

/** Who divides it by hand writes each part: together they are the amount. */
function together(input) {
  const loan = input.closest("details")?.closest("[data-loan]");
  if (!loan || !/-(penalty|interest|principal)$/.test(input.name)) return;
  const whole = [...loan.querySelectorAll("details input[inputmode]")].reduce((sum, part) => sum + paise(part.value), 0);
  loan.querySelector("[name$='-total']").value = whole ? String(whole / 100) : "";
}

function count() {
  const must = form.querySelector("[data-must]");
  if (!must) return;
  const notes = [...form.querySelectorAll("[data-note]")];
  const byNotes = notes.reduce((sum, note) => sum + Number(note.dataset.note) * paise(note.value), 0);
  const typed = form.querySelector("[name=counted]").value.trim();
  const isCounted = byNotes > 0 || typed !== "";
  const counted = byNotes || paise(typed);
  const apart = counted - Number(must.dataset.must);
  must.querySelector("[data-counted]").textContent = isCounted ? rupees(counted) : "–";
  const verdict = must.querySelector("[data-verdict]");
  verdict.textContent = !isCounted ? "" : apart === 0 ? verdict.dataset.right
    : `${rupees(Math.abs(apart))} ${apart > 0 ? verdict.dataset.more : verdict.dataset.less}`;
  verdict.className = `meeting-verdict ${apart === 0 ? "right" : "wrong"}`;
  const why = form.querySelector("[data-difference]");
  if (why) why.hidden = !isCounted || apart === 0;
}

// Who brought the money of one who is away is asked only when there is money.
function brought() {
  for (const by of form.querySelectorAll("[data-if-any]")) {
    const amounts = by.closest(".meeting-row").querySelectorAll("[data-cash='1']");
    const has = [...amounts].some((input) => input.value.trim() !== "");
    by.hidden = !has && !by.querySelector(".error");
  }
}

// Of a put-right, what will be posted is read before it is: each amount that is no longer as it was written.
function differs() {
  const list = form.querySelector("[data-differs]");
  if (!list) return;
  const changed = [...form.querySelectorAll("[data-was]")].map((row) => [row, row.querySelector("input[inputmode]")])
    .filter(([row, input]) => paise(input.value) !== Number(row.dataset.was));
  list.replaceChildren(...changed.map(([row, input]) => {
    const item = document.createElement("li");
    // What cannot be read stands as it was typed.
    const now = paise(input.value) || /^\W*[0٠۰०]*\W*$/u.test(input.value) ? rupees(paise(input.value)) : `“${input.value}”`;
    const said = list.dataset.text.replace("{now}", () => now).replace("{was}", rupees(Number(row.dataset.was)));
    item.textContent = `${input.labels[0].textContent.replace(/\s+/g, " ").trim()}: ${said}`;
    return item;
  }));
  list.parentElement.hidden = changed.length === 0;
}

function recount() {
  sums();
  differs();
  form.querySelectorAll("[data-loan]").forEach(divide);
  count();
  brought();
}

// What was typed is kept in this tab until the server has it: a lost session loses nothing. Nobody else's comes back.
const KEY = `umeed-meeting ${form?.dataset.meeting} ${location.pathname}`;

function fields() {
  return [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "seen", "go", "sure"].includes(one.name) && one.type !== "hidden");
}

function keep() {
  const typed = fields().map((one) => [one.name, /checkbox|radio/.test(one.type) ? `${one.value} ${one.checked}` : one.value]);
  sessionStorage.setItem(KEY, JSON.stringify({ seen: form.elements.seen.value, typed }));
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("umeed-meeting ")) sessionStorage.removeItem(key);
  // Only onto the very page it was typed on, with or without reasons: what the server has got is seen otherwise.
  if (!kept || kept.seen !== form.elements.seen.value) return;
  const now = fields();
  if (now.length !== kept.typed.length) return;
  let isOther = false;
  kept.typed.forEach(([name, value], at) => {
    const one = now[at];
    if (one.name !== name) return;
    const before = /checkbox|radio/.test(one.type) ? `${one.value} ${one.checked}` : one.value;
    if (before === value) return;
    isOther = true;
    one.closest(".field, .field-check")?.classList.add("brought-back");
    // What was typed where nothing is seen is unfolded.
    if (one.type === "text" && one.value !== value) one.closest("details")?.setAttribute("open", "");
    if (/checkbox|radio/.test(one.type)) one.checked = value === `${one.value} true`;
    else one.value = value;
  });
  // The net may be cut once more.
  keep();
  // Nothing comes back without a word: it may have been left there on purpose.
  document.querySelector("[data-brought-back]").hidden = !isOther;
}

function throwAway() {
  sessionStorage.removeItem(KEY);
  form.reset();
  form.querySelectorAll(".brought-back").forEach((one) => one.classList.remove("brought-back"));
  document.querySelector("[data-brought-back]").hidden = true;
  recount();
}

if (form) {
  bringBack();
  form.addEventListener("input", (event) => { together(event.target); recount(); keep(); });
  form.addEventListener("change", recount);
  document.querySelector("[data-throw-away]").addEventListener("click", throwAway);
  form.querySelector("[data-leave]")?.addEventListener("click", () => sessionStorage.removeItem(KEY));
  // A second press while the first is on its way does nothing.
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
    setTimeout(() => { isSent = false; }, 4000);
  });
  addEventListener("pageshow", () => { isSent = false; });
  recount();
}
document.querySelector(".meeting-steps [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
