// Marking a drawing: a tap takes the place, a button says what is wrong there. The list of marks stands below in words.
const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 20;
const RING = [[0, 0], [0, -12], [12, 0], [0, 12], [-12, 0], [0, -26], [26, 0], [0, 26], [-26, 0]]; // where a finger may have meant

class Drawing {
  constructor(box) {
    this.input = box.querySelector("input[type=hidden]");
    this.sheet = box.querySelector("[data-sheet]");
    this.layer = box.querySelector("[data-marks]");
    this.list = box.querySelector("[data-list]");
    this.place = box.querySelector("[data-place]");
    this.note = box.querySelector("[data-note]");
    this.kinds = [...box.querySelectorAll("[data-kind]")];
    this.marks = read(this.input.value);
    this.at = null;
    this.sheet.addEventListener("click", (event) => this.take(event));
    this.place.addEventListener("change", (event) => {
      event.stopPropagation();
      this.at = null;
      this.show();
    });
    for (const button of this.kinds) button.addEventListener("click", () => this.add(button.value));
    this.show();
  }

  take(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.sheet.getScreenCTM().inverse());
    const { width, height } = this.sheet.viewBox.baseVal;
    const area = meant(event.clientX, event.clientY, this.sheet);
    if (!area) return;
    this.place.value = area.dataset.area;
    this.at = [clamp(point.x, width), clamp(point.y, height)];
    this.show();
    this.kinds[0].focus({ preventScroll: true });
  }

  add(kind) {
    const chosen = this.place.selectedOptions[0];
    if (!chosen?.value) return;
    const [x, y] = this.at ?? [Number(chosen.dataset.x), Number(chosen.dataset.y)];
    this.marks.push({ area: chosen.value, x, y, kind, note: this.note.value.trim() });
    this.at = null;
    this.place.value = this.note.value = "";
    this.write();
    this.place.focus({ preventScroll: true });
  }

  drop(place) {
    this.marks.splice(place, 1);
    this.write();
    (this.list.querySelectorAll("button")[Math.max(0, place - 1)] ?? this.place).focus({ preventScroll: true });
  }

  write() {
    this.input.value = JSON.stringify(this.marks);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
  }

  show() {
    for (const button of this.kinds) button.disabled = !this.place.value;
    for (const area of this.sheet.querySelectorAll("[data-area]")) area.classList.toggle("is-chosen", area.dataset.area === this.place.value);
    const drawn = this.marks.map((mark, place) => circle(mark.x, mark.y, String(place + 1)));
    if (this.at) drawn.push(circle(...this.at, "?", "is-open"));
    this.layer.replaceChildren(...drawn);
    this.list.replaceChildren(...this.marks.map((mark, place) => this.line(mark, place)));
  }

  line(mark, place) {
    const line = document.createElement("li");
    const words = line.appendChild(document.createElement("span"));
    words.appendChild(document.createElement("b")).textContent = this.nameOf(mark.area);
    words.append(` ${this.kinds.find((button) => button.value === mark.kind)?.textContent ?? mark.kind}${mark.note ? ` · ${mark.note}` : ""}`);
    const button = line.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "btn btn-ghost btn-sm";
    button.textContent = this.list.dataset.remove;
    button.setAttribute("aria-label", `${this.list.dataset.remove} ${place + 1}: ${words.textContent}`);
    button.addEventListener("click", () => this.drop(place));
    return line;
  }

  nameOf(area) {
    return [...this.place.options].find((option) => option.value === area)?.textContent ?? area;
  }
}

function meant(x, y, sheet) {
  for (const [dx, dy] of RING) {
    const area = document.elementFromPoint(x + dx, y + dy)?.closest?.("[data-area]");
    if (area && sheet.contains(area)) return area;
  }
  return null;
}

function circle(x, y, words, look) {
  const group = document.createElementNS(SVG, "g");
  if (look) group.setAttribute("class", look);
  const round = group.appendChild(document.createElementNS(SVG, "circle"));
  const text = group.appendChild(document.createElementNS(SVG, "text"));
  for (const [name, value] of [["cx", x], ["cy", y], ["r", RADIUS]]) round.setAttribute(name, value);
  for (const [name, value] of [["x", x], ["y", y], ["dy", 9]]) text.setAttribute(name, value);
  text.textContent = words;
  return group;
}

function clamp(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most));
}

function read(json) {
  try {
    const marks = JSON.parse(json || "[]");
    return Array.isArray(marks) ? marks : [];
  } catch {
    return [];
  }
}

// On a phone the sheet is folded away until it is wanted, unless something is marked or wrong; without scripts it stays open.
const narrow = matchMedia("(width <= 40rem)");

function fold(root) {
  for (const part of root.querySelectorAll("details[data-fold-narrow]:not([data-ready])")) {
    part.dataset.ready = "yes";
    const marked = [...part.querySelectorAll("[data-drawing] input[type=hidden]")].some((input) => read(input.value).length);
    if (narrow.matches && !marked && !part.querySelector("[aria-invalid=true], .is-invalid")) part.open = false;
  }
}

narrow.addEventListener("change", () => {
  if (!narrow.matches) for (const part of document.querySelectorAll("details[data-fold-narrow]")) part.open = true;
});

function start(root) {
  fold(root);
  for (const box of root.querySelectorAll("[data-drawing]:not([data-ready])")) {
    box.dataset.ready = "yes";
    new Drawing(box);
  }
}

start(document);
document.addEventListener("htmx:afterSettle", () => start(document));
