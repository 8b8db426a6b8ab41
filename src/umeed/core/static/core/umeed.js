// Niceties only: every page and every form works without this file.

const root = document.documentElement;

// The theme changes without reloading the page; the same form is then sent in the background.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("form[data-theme-form]") || !button) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set(button.name, button.value);
  if (button.value === "auto") delete root.dataset.theme;
  else root.dataset.theme = button.value;
  for (const other of document.querySelectorAll("form[data-theme-form] button")) {
    other.setAttribute("aria-pressed", String(other.value === button.value));
  }
  fetch(form.action, { method: "POST", body, credentials: "same-origin" });
});

// <button data-confirm="Plain question" data-cancel="Keep it"> asks before its form is sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.sure) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const words = document.createElement("p");
  words.id = "confirm-words";
  words.textContent = button.dataset.confirm;
  dialog.setAttribute("aria-labelledby", words.id);
  const row = document.createElement("div");
  row.className = "row";
  const yes = document.createElement("button");
  yes.className = button.className;
  yes.textContent = button.textContent.trim();
  const no = document.createElement("button");
  no.className = "button button-quiet";
  no.textContent = button.dataset.cancel || "×";
  row.append(yes, no);
  dialog.className = "stack";
  dialog.append(words, row);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    button.dataset.sure = "yes";
    dialog.close();
    button.click();
    delete button.dataset.sure;
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
});

// A filter bar sends itself when a choice changes; its button stays for everybody else.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) form.requestSubmit();
});

// <button data-copy="text"> puts the text on the clipboard and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
  const told = button.querySelector("[data-copied]") || button;
  told.textContent = button.dataset.done || "✓";
});

// An open menu closes with Escape or a press outside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
