// The grid editor of a policy: Esc leaves a row, picks write into cells, cells that cannot be read are marked.
const split = (text) => text.split(/[,，、]/).map((part) => part.trim()).filter((part) => part && part !== "-");

function inside(text) {
  const negated = /^(?:not|非)\s*[(（](.*)[)）]$/.exec(text.trim());
  return { parts: split(negated ? negated[1] : text), negated: Boolean(negated) };
}

function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// what is typed shows in the picks
function show(picks) {
  const field = document.getElementById(picks.dataset.picks);
  const { parts, negated } = inside(field.value);
  const negate = picks.querySelector("[data-negate]");
  if (negate) negate.checked = negated;
  for (const box of picks.querySelectorAll("[data-pick]")) {
    box.checked = picks.dataset.many === undefined ? field.value.trim() === box.dataset.pick : parts.includes(box.dataset.pick);
  }
}

// what is picked is written, in the order of the list; what was typed beside the list stays
function write(picks) {
  const field = document.getElementById(picks.dataset.picks);
  const boxes = [...picks.querySelectorAll("[data-pick]")];
  const picked = boxes.filter((box) => box.checked).map((box) => box.dataset.pick);
  if (picks.dataset.many === undefined) {
    field.value = picked[0] ?? "";
    picks.open = false;
    field.focus();
  } else {
    const offered = new Set(boxes.map((box) => box.dataset.pick));
    const all = [...inside(field.value).parts.filter((part) => !offered.has(part)), ...picked].join(", ");
    const isCondition = field.closest(".role-condition") !== null;
    field.value = picks.querySelector("[data-negate]")?.checked && all ? `not(${all})` : all || (isCondition ? "-" : "");
  }
  tell(field);
}

document.addEventListener("toggle", (event) => {
  const picks = event.target;
  if (!picks.matches?.("[data-picks]") || !picks.open) return;
  for (const other of document.querySelectorAll("[data-picks][open]")) if (other !== picks) other.open = false;
  show(picks);
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-pick], [data-negate]")) return;
  const picks = event.target.closest("[data-picks]");
  if (picks.dataset.many === undefined) {
    for (const box of picks.querySelectorAll("[data-pick]")) box.checked = box === event.target;
  }
  write(picks);
});

document.addEventListener("input", (event) => {
  const picks = event.target.closest?.("[data-cell]")?.querySelector("[data-picks][open]");
  if (picks && event.target.id === picks.dataset.picks) show(picks);
});

document.addEventListener("click", (event) => {
  for (const picks of document.querySelectorAll("[data-picks][open]")) if (!picks.contains(event.target)) picks.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const open = document.querySelector("[data-picks][open]");
  if (open) {
    open.open = false;
    document.getElementById(open.dataset.picks)?.focus();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  event.target.closest?.("[data-row-form]")?.querySelector("[data-leave]")?.click();
});

// a row is opened by two clicks anywhere in it
document.addEventListener("dblclick", (event) => {
  if (event.target.closest?.("a, button, input, select, textarea")) return;
  event.target.closest?.(".policy-grid tbody tr")?.querySelector("[data-row]")?.click();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.target;
  if (target.matches?.("[data-trial]")) {
    const form = target.closest("[data-row-form]");
    const troubled = new Set([...target.querySelectorAll("[data-trouble]")].map((each) => each.dataset.trouble));
    for (const cell of form.querySelectorAll("[data-cell]")) {
      const isWrong = troubled.has(cell.dataset.cell);
      cell.classList.toggle("is-troubled", isWrong);
      const field = cell.querySelector(".form-control, .form-select");
      if (field) field.setAttribute("aria-invalid", isWrong ? "true" : "false");
    }
    return;
  }
  const opened = document.querySelector("#grid [data-row-form]");
  if (opened && (target.id === "grid" || target.contains?.(opened)) && !opened.contains(document.activeElement)) {
    opened.scrollIntoView({ block: "nearest" });
    (opened.querySelector(".is-invalid") ?? opened.querySelector("form .form-control, form .form-select"))?.focus();
  }
});
