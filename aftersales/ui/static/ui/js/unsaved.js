// Leaving a form marked data-unsaved with something written in it asks first.
const touched = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.unsaved !== undefined) touched.add(form);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) touched.delete(event.target);
});
// A form sent by htmx is done with once its answer is taken in; one that came back refused still holds what was written.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.target.closest?.("form");
  if (form && event.detail.xhr.status < 400) touched.delete(form);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest?.("form[data-unsaved]");
  if (form?.querySelector("[role=alert]")) touched.add(form);
});
window.addEventListener("beforeunload", (event) => {
  if ([...touched].some((form) => form.isConnected)) event.preventDefault();
});
