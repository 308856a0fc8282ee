// A checklist: the chosen answer is taken back by choosing it again, and one button answers with the usual answer what is left open.
let held = null;

document.addEventListener("pointerdown", (event) => {
  const radio = event.target.closest?.(".pill")?.querySelector("input");
  held = radio?.checked ? radio : null;
});

document.addEventListener("click", (event) => {
  const radio = event.target;
  if (radio instanceof HTMLInputElement && radio.type === "radio" && radio === held) {
    radio.checked = false;
    held = null;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const rest = radio.closest?.("[data-rest]");
  if (!rest) return;
  for (const row of rest.closest("[data-checklist]").querySelectorAll(".point")) {
    const usual = row.querySelector("[data-usual]");
    if (!usual || row.querySelector("input:checked:not([value=''])")) continue;
    usual.checked = true;
    usual.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

document.addEventListener("keydown", (event) => {
  if (!["Backspace", "Delete"].includes(event.key) || !event.target.matches?.(".pill input:checked")) return;
  event.preventDefault();
  event.target.checked = false;
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});
