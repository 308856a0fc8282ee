// A form that has been sent is not sent again. Its one-time key stays the same, so a resend after a lost answer is the same act.
const words = document.getElementById("words")?.dataset ?? {};
const buttonsOf = (form) => [...form.querySelectorAll('button[type="submit"], button:not([type])')];

function hold(form, pressed) {
  form.dataset.busy = "yes";
  form.setAttribute("aria-busy", "true");
  // after this turn, so that the pressed button's own name and value are still sent
  setTimeout(() => {
    for (const button of buttonsOf(form)) button.disabled = true;
    if (pressed) {
      pressed.classList.add("is-busy");
      pressed.setAttribute("aria-label", `${pressed.textContent.trim()} · ${words.busy ?? ""}`);
    }
  }, 0);
}

function release(form) {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const button of buttonsOf(form)) {
    button.disabled = false;
    if (button.classList.contains("is-busy")) button.removeAttribute("aria-label");
    button.classList.remove("is-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  hold(form, event.submitter);
  if (form.dataset.download !== undefined) setTimeout(() => again(form), 3000);
});

// A form that fetches a file leaves its page standing: a little later it may be sent anew, as a new act.
function again(form) {
  release(form);
  renew(form);
  const menu = form.closest("details[data-menu]");
  if (menu) menu.open = false;
}

function renew(form) {
  const key = form.elements.namedItem("_once");
  if (key instanceof HTMLInputElement) {
    key.value = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replaceAll("+", "-").replaceAll("/", "_");
  }
  delete form.dataset.sent;
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});

// Back from the next page: the form may be used again, and what is changed now is a new act with a new key.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-busy]")) release(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.sent || form.dataset.busy) return;
  renew(form);
});
