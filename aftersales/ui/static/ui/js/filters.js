// Filters act as soon as one is chosen; without script their button does it.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-auto-submit]");
  if (form) form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (event.target.dataset.autoSubmit === undefined) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true; // short addresses
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-auto-submit] :disabled")) field.disabled = false;
});
