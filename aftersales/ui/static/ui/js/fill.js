// Buttons that write into fields: data-insert="id" adds the button's words, data-fill='{"id": "value"}' sets several fields.
function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const inserter = event.target.closest?.("[data-insert]");
  if (inserter) {
    const field = document.getElementById(inserter.dataset.insert);
    if (!field) return;
    const words = inserter.dataset.words ?? inserter.textContent.trim();
    const written = field.value.trimEnd();
    const joint = written && (field.tagName === "TEXTAREA" ? "\n" : " ");
    if (!written.split("\n").includes(words)) field.value = written + joint + words;
    tell(field);
    field.focus();
    return;
  }
  const filler = event.target.closest?.("[data-fill]");
  if (!filler) return;
  event.preventDefault();
  let last;
  for (const [id, value] of Object.entries(JSON.parse(filler.dataset.fill))) {
    const field = document.getElementById(id);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    last = field;
  }
  last?.focus();
});
