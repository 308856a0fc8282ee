// Cards are drawn into another column, or moved with the arrow keys; what opens is the act that leads there, never a silent change.
const dialog = document.getElementById("move");
const columns = [...document.querySelectorAll("[data-phase]")];
let drawn;

const columnOf = (card) => card.closest("[data-phase]");

async function open(card, phase) {
  const address = card.dataset.move + (phase ? `?phase=${encodeURIComponent(phase)}` : "");
  await htmx.ajax("GET", address, { target: "#move-body", swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("#move-body :is(input:not([type=hidden]), select, textarea, button, a)")?.focus();
}

document.addEventListener("dragstart", (event) => {
  drawn = event.target.closest?.("[data-move]");
  if (!drawn) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", drawn.dataset.move);
  drawn.classList.add("is-drawn");
});

document.addEventListener("dragend", () => {
  drawn?.classList.remove("is-drawn");
  for (const column of columns) column.classList.remove("is-over");
  drawn = undefined;
});

for (const column of columns) {
  column.addEventListener("dragover", (event) => {
    if (!drawn || columnOf(drawn) === column) return;
    event.preventDefault();
    column.classList.add("is-over");
  });
  column.addEventListener("dragleave", (event) => {
    if (!column.contains(event.relatedTarget)) column.classList.remove("is-over");
  });
  column.addEventListener("drop", (event) => {
    if (!drawn) return;
    event.preventDefault();
    open(drawn, column.dataset.phase);
  });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-move-open]");
  if (!opener) return;
  event.preventDefault();
  open(opener.closest("[data-move]"));
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-move]");
  if (!card || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  const place = columns.indexOf(columnOf(card));
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const beside = columns[place + (event.key === "ArrowRight" ? 1 : -1)];
    if (!beside) return;
    event.preventDefault();
    open(card, beside.dataset.phase);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const cards = [...columnOf(card).querySelectorAll("[data-move]")];
    const next = cards[cards.indexOf(card) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.querySelector("a")?.focus();
  }
});
