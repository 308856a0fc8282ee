// Messages rise at the corner. Good news leaves by itself; anything that asks for an act stays until it is closed.
const STAYS = new Set(["warning", "danger"]);
const SECONDS = 8;
const region = document.getElementById("toasts");
const words = document.getElementById("words")?.dataset ?? {};

function equip(toast) {
  if (toast.dataset.equipped) return;
  toast.dataset.equipped = "yes";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", words.close ?? "Close");
  close.textContent = "×";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  if (STAYS.has(toast.dataset.toast)) return;
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), SECONDS * 1000));
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

function show(tone, text) {
  const toast = document.createElement("div");
  toast.className = `toast-item tone-${tone}`;
  toast.dataset.toast = tone;
  const line = document.createElement("p");
  line.textContent = text;
  toast.append(line);
  region.append(toast);
}

if (region) {
  region.classList.add("is-floating");
  region.querySelectorAll("[data-toast]").forEach(equip);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement && node.dataset.toast) equip(node);
    }
  }).observe(region, { childList: true });
  // from the server, as HX-Trigger: {"toast": {"tone": "success", "text": "…"}}; from other behaviours, as an event
  document.addEventListener("toast", (event) => show(event.detail.tone ?? "info", event.detail.text));
}
