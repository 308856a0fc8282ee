// A button with data-confirm asks once more before it acts. Without script the server's own page is the safeguard.
const words = document.getElementById("words")?.dataset ?? {};
let dialog;

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "dialog dialog-confirm";
  dialog.setAttribute("aria-labelledby", "confirm-question");
  const question = document.createElement("p");
  question.id = "confirm-question";
  question.className = "dialog-body";
  const foot = document.createElement("form");
  foot.method = "dialog";
  foot.className = "dialog-foot";
  const no = document.createElement("button");
  no.className = "btn btn-secondary";
  no.value = "no";
  no.textContent = words.cancel ?? "Cancel";
  no.autofocus = true;
  const yes = document.createElement("button");
  yes.value = "yes";
  yes.textContent = words.confirm ?? "OK";
  foot.append(no, yes);
  dialog.append(question, foot);
  document.body.append(dialog);
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button || button.dataset.confirmed || button.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    if (!dialog) build();
    dialog.querySelector("p").textContent = button.dataset.confirm;
    const yes = dialog.querySelector('[value="yes"]');
    yes.className = `btn ${button.classList.contains("btn-danger") ? "btn-danger" : "btn-primary"}`;
    dialog.returnValue = "";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        button.dataset.confirmed = "yes";
        button.click();
        delete button.dataset.confirmed;
      },
      { once: true },
    );
    dialog.showModal();
  },
  true,
);
