// The picks of a diagnosis: causes that usually belong to the ticked symptoms come into view, then remedies for the picked cause;
// the others wait behind one button. A similar case whose words are taken over brings its picks along.
const MANY = 8;

const picks = (form, name) => [...form.querySelectorAll(`input[name="${name}"]`)];
const chosen = (form, name) => picks(form, name).filter((box) => box.checked).map((box) => box.value);

function narrow(form, name) {
  const boxes = picks(form, name).filter((box) => box.dataset.narrowedBy);
  if (boxes.length <= MANY) return;
  const group = boxes[0].closest("fieldset");
  const before = chosen(form, boxes[0].dataset.narrowedBy);
  const fits = (box) => box.checked || box.dataset.of.split(" ").some((code) => before.includes(code));
  const isWhole = group.dataset.whole === "yes";
  for (const box of boxes) box.closest(".tile").hidden = !isWhole && !fits(box);
  let more = group.querySelector(".tiles-more");
  if (!more) {
    more = document.createElement("button");
    more.type = "button";
    more.className = "btn btn-secondary btn-sm tiles-more";
    more.textContent = boxes[0].dataset.more;
    more.addEventListener("click", () => {
      group.dataset.whole = "yes";
      narrow(form, name);
      boxes.find((box) => !box.checked && !box.closest(".tile").hidden)?.focus();
    });
    group.querySelector(".tiles").after(more);
  }
  more.hidden = isWhole;
}

function narrowAll(form) {
  for (const name of new Set([...form.querySelectorAll("input[data-narrowed-by]")].map((box) => box.name))) narrow(form, name);
}

const forms = new Set([...document.querySelectorAll("input[data-narrowed-by]")].map((box) => box.form));
for (const form of forms) {
  narrowAll(form);
  form.addEventListener("change", () => narrowAll(form));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-picks]");
  const form = button && document.getElementById(button.dataset.insert)?.form;
  if (!form) return;
  const fold = document.getElementById(button.dataset.insert).closest("details");
  if (fold) fold.open = true;
  document.getElementById(button.dataset.insert).focus();
  if (!button.dataset.picks) return;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.picks))) {
    if (chosen(form, name).length) continue; // what the technician picked himself stays
    const box = picks(form, name).find((each) => each.value === value);
    if (box) box.checked = true;
  }
  narrowAll(form);
});
