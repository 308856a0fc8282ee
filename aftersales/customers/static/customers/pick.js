// A pick list under the boxes of a form: choosing a line fills the boxes it names, changing a filled box by hand undoes the choice.
const IDS = { customer_id: ["phone", "name", "customer_name"], unit_id: ["serial", "plate"] };
const formOf = (element) => element.closest("form");

// The first box after the list that still waits to be filled.
function nextEmpty(form, shelf) {
  const isAfter = (box) => shelf.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...(form?.elements ?? [])].find(
    (box) => isAfter(box) && box.matches("input[type=text], input[type=number], textarea") && box.value === "" && box.offsetParent,
  );
}

function choose(button) {
  const form = formOf(button);
  const shelf = button.closest("[data-picks]").parentElement;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.pick))) {
    const box = form?.elements.namedItem(name);
    if (!box || typeof box.value !== "string") continue;
    if (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === String(value))) continue;
    box.value = value;
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  }
  nextEmpty(form, shelf)?.focus();
  shelf.replaceChildren();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-pick]");
  if (button) choose(button);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  for (const [id, names] of Object.entries(IDS)) {
    const hidden = form.elements.namedItem(id);
    if (hidden?.type === "hidden" && names.includes(event.target.name)) hidden.value = "";
  }
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[data-pick]");
  if (button && event.key === "Escape") {
    button.closest("[data-picks]").parentElement.replaceChildren();
  } else if (button && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    (event.key === "ArrowDown" ? button.nextElementSibling : button.previousElementSibling)?.focus();
  } else if (event.key === "ArrowDown" && event.target instanceof HTMLInputElement && !event.target.list) {
    const first = event.target.closest(".card, form")?.querySelector("[data-pick]");
    if (first) {
      event.preventDefault();
      first.focus();
    }
  }
});
