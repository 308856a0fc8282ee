// How htmx behaves in this house: one-time keys on every POST, refusals as messages, whole pages opened as pages.
const words = document.getElementById("words")?.dataset ?? {};
const toast = (tone, text) => document.dispatchEvent(new CustomEvent("toast", { detail: { tone, text } }));

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, parameters } = event.detail;
  if (verb !== "get" && !parameters.has("_once")) parameters.set("_once", newKey());
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  const answer = detail.serverResponse ?? "";
  if (/^\s*(<!doctype|<html)/i.test(answer)) {
    // a whole page where a part was expected: signed out meanwhile, or a page of its own
    detail.shouldSwap = false;
    if (detail.xhr.status < 500) window.location.assign(detail.xhr.responseURL || window.location.href);
  } else if (answer.includes("data-refusal")) {
    detail.shouldSwap = true;
    detail.target = document.getElementById("toasts");
    detail.swapOverride = "beforeend";
    detail.selectOverride = undefined;
  }
});

document.addEventListener("htmx:responseError", () => toast("danger", words.failed));
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast("danger", words.offline));

document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.("[data-focus]")?.focus());
document.querySelector("body:not(.is-gallery) [data-focus]")?.focus();
