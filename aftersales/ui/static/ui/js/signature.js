// Signing on the screen: pointer strokes become paths on the sheet and JSON in the hidden input. One pointer at a time, so that the
// palm beside a pen writes nothing.
const SVG = "http://www.w3.org/2000/svg";
const NEAR = 3; // closer points than this say nothing new

class Sheet {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.svg = box.querySelector("svg");
    this.ink = box.querySelector("[data-ink]");
    this.clear = box.querySelector("[data-clear]");
    this.strokes = read(this.input.value);
    this.left = Number(box.dataset.mostPoints) - this.strokes.flat().length;
    this.pointer = null;
    this.svg.addEventListener("pointerdown", (event) => this.begin(event));
    this.svg.addEventListener("pointermove", (event) => this.go(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) this.svg.addEventListener(name, (event) => this.end(event));
    this.clear.addEventListener("click", () => this.wipe());
  }

  place(event) {
    const { width, height } = this.svg.viewBox.baseVal;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [Math.round(Math.min(Math.max(point.x, 0), width)), Math.round(Math.min(Math.max(point.y, 0), height))];
  }

  begin(event) {
    if (this.pointer !== null || event.button !== 0 || this.left < 2 || this.strokes.length >= Number(this.box.dataset.mostStrokes)) return;
    event.preventDefault();
    this.pointer = event.pointerId;
    this.svg.setPointerCapture(event.pointerId);
    this.path = this.ink.appendChild(document.createElementNS(SVG, "path"));
    this.stroke = [this.place(event)];
    this.draw();
  }

  go(event) {
    if (event.pointerId !== this.pointer) return;
    const moved = event.getCoalescedEvents?.() ?? [];
    for (const each of moved.length ? moved : [event]) {
      const [x, y] = this.place(each);
      const [lastX, lastY] = this.stroke.at(-1);
      if (Math.hypot(x - lastX, y - lastY) >= NEAR && this.stroke.length < this.left) this.stroke.push([x, y]);
    }
    this.draw();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.strokes.push(this.stroke);
    this.left -= this.stroke.length;
    this.write();
  }

  draw() {
    const points = this.stroke.map((point) => point.join(" "));
    this.path.setAttribute("d", `M${points[0]}L${(points.length > 1 ? points.slice(1) : points).join("L")}`);
  }

  wipe() {
    this.strokes = [];
    this.left = Number(this.box.dataset.mostPoints);
    this.ink.replaceChildren();
    this.write();
  }

  write() {
    this.input.value = this.strokes.length ? JSON.stringify(this.strokes) : "";
    this.clear.disabled = this.strokes.length === 0;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function read(json) {
  try {
    return JSON.parse(json || "[]");
  } catch {
    return [];
  }
}

function start(root) {
  for (const box of root.querySelectorAll?.("[data-signature]:not([data-ready])") ?? []) {
    box.dataset.ready = "yes";
    new Sheet(box);
  }
}

start(document);
document.addEventListener("htmx:afterSettle", () => start(document));
