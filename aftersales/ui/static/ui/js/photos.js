// Photos are shown before they are sent, and large when they are clicked.
const words = document.getElementById("words")?.dataset ?? {};

// A form that came back keeps its photos (hx-preserve), and shows them again.
document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("input[data-preview]").forEach(showChosen));
document.addEventListener("change", (event) => showChosen(event.target));

function showChosen(input) {
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || input.dataset.preview === undefined) return;
  const shelf = input.closest(".field")?.querySelector("[data-previews]");
  if (!shelf) return;
  shelf.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  shelf.replaceChildren(...[...input.files].map((file) => preview(file, input)));
}

function preview(file, input) {
  const figure = document.createElement("figure");
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    figure.append(image);
  }
  const caption = document.createElement("figcaption");
  caption.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = "×";
  drop.setAttribute("aria-label", `${words.remove ?? "remove"} ${file.name}`);
  drop.addEventListener("click", () => {
    const rest = new DataTransfer();
    for (const other of input.files) if (other !== file) rest.items.add(other);
    input.files = rest.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  figure.append(caption, drop);
  return figure;
}

let box;
let links = [];
let index = 0;

function show(position) {
  index = (position + links.length) % links.length;
  const link = links[index];
  box.querySelector("img").src = link.href;
  box.querySelector("img").alt = link.querySelector("img")?.alt ?? "";
  box.querySelector("figcaption").textContent = link.dataset.caption || `${index + 1} / ${links.length}`;
  box.querySelectorAll("[data-turn]").forEach((button) => (button.hidden = links.length < 2));
}

function button(className, text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.setAttribute("aria-label", label ?? text);
  made.addEventListener("click", act);
  return made;
}

function build() {
  box = document.createElement("dialog");
  box.className = "lightbox";
  const figure = document.createElement("figure");
  figure.append(document.createElement("img"), document.createElement("figcaption"));
  const back = button("lightbox-turn is-back", "‹", words.previous, () => show(index - 1));
  const on = button("lightbox-turn is-on", "›", words.next, () => show(index + 1));
  back.dataset.turn = on.dataset.turn = "";
  box.append(figure, back, on, button("lightbox-close", "×", words.close, () => box.close()));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(index - 1);
    if (event.key === "ArrowRight") show(index + 1);
  });
  document.body.append(box);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!box) build();
  links = [...link.closest("[data-lightbox]").querySelectorAll("a")];
  show(links.indexOf(link));
  box.showModal();
});
