// Says what became of a passkey when the browser, the device or the person did not give one.
// The words stand in the page, in her language (access/parts/passkey_trouble.html); django-allauth's script asks for the
// passkey and tells by an event what it ran into.

const troubles = [...document.querySelectorAll("[data-passkey-trouble]")];

// Browsers do not tell turning back, waiting too long and having none apart, lest an address could be sounded out.
const KINDS = {
  NotAllowedError: "stopped", AbortError: "stopped", OperationError: "stopped",
  ConstraintError: "stopped", NotSupportedError: "stopped",
  InvalidStateError: "known", SecurityError: "address",
};

// What stands in the way before anything is asked for, or nothing.
function obstacle() {
  if (!window.isSecureContext) return "address";
  return window.PublicKeyCredential && navigator.credentials ? "" : "none";
}

function tell(kind) {
  for (const trouble of troubles) trouble.hidden = trouble.dataset.passkeyTrouble !== kind;
  const told = troubles.find((trouble) => !trouble.hidden);
  told?.focus({ preventScroll: true });
  told?.scrollIntoView({ block: "center" }); // clear of the bar at the foot of a phone
}

document.addEventListener("allauth.error", (event) => {
  if (!event.detail.tags.includes("webauthn") || !troubles.length) return;
  event.preventDefault();
  tell(KINDS[event.detail.exception?.name] || "failed");
});

// A new try starts with a clean page, and only where it can succeed.
document.addEventListener("click", (event) => {
  if (!troubles.length || !event.target.closest("#passkey_login, [data-passkey]")) return;
  tell(obstacle());
  if (!obstacle()) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
