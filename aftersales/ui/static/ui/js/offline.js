// Sends what was kept without a connection, in its order, and shows what is left and why.
import { contents, drop, list, note, setFact } from "./kept.js";

const words = document.getElementById("words")?.dataset ?? {};
const board = document.querySelector("[data-kept]");
const person = document.body.dataset.person ?? "";
let isSending = false;
let isUntouched = true;
document.addEventListener("input", () => (isUntouched = false));

// The form's address is shown by the words on its button and its page.
document.addEventListener("submit", (event) => {
  const title = [event.submitter?.textContent.trim(), document.title].filter(Boolean).join(" · ");
  setFact("sending", { url: event.target.action, title }).catch(() => {});
});

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary btn-sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

async function show() {
  const forms = (await list()).filter((form) => form.person === person || !person);
  board.hidden = forms.length === 0;
  board.querySelector("[data-kept-list]").replaceChildren(
    ...forms.map((form) => {
      const line = document.createElement("li");
      const title = document.createElement("strong");
      title.textContent = form.title;
      const when = document.createElement("span");
      when.className = "text-quiet";
      when.textContent = ` ${new Date(form.at).toLocaleString(document.documentElement.lang)} ${form.problem}`;
      line.append(title, when, " ");
      if (form.problem) line.append(button(words.discard ?? "×", () => drop(form.id).then(show)));
      return line;
    }),
  );
  return forms;
}

// What became of it: an empty word when it was done, undefined when it has to wait, else why it was refused.
async function send(form) {
  const data = await contents(form);
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  if (token) data.set("csrfmiddlewaretoken", token);
  let answer;
  try {
    answer = await fetch(form.url, { method: "POST", body: data, credentials: "same-origin" });
  } catch {
    return undefined;
  }
  if (answer.status >= 500 || new URL(answer.url).pathname.includes("/login/")) return undefined;
  if (answer.ok) return "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector("[data-refusal], .alert.tone-danger, .invalid-feedback") ?? page.querySelector("main h1");
  return said?.textContent.trim().replace(/\s+/g, " ") || String(answer.status);
}

async function sendAll() {
  if (isSending || !person || !navigator.onLine) return;
  isSending = true;
  let done = 0;
  try {
    for (const form of await show()) {
      if (form.problem) continue;
      const problem = await send(form);
      if (problem === undefined) break;
      if (problem) await note(form, problem);
      else {
        await drop(form.id);
        done += 1;
      }
    }
  } finally {
    isSending = false;
  }
  await show();
  if (!done) return;
  if (isUntouched) {
    sessionStorage.setItem("sent", String(done)); // the page is old now: told after it is drawn anew
    window.location.reload();
  } else tell(done);
}

const tell = (done) =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { tone: "success", text: `${words.sent ?? ""} ${done}` } }));

if ("serviceWorker" in navigator && board) {
  navigator.serviceWorker.register("/service-worker.js", { type: "module", scope: "/" }).catch(() => {});
  if (person) setFact("person", person).catch(() => {});
  window.addEventListener("online", sendAll);
  board.querySelector("[data-kept-send]")?.addEventListener("click", () => (person ? sendAll() : window.location.assign("/")));
  show().then(sendAll).catch(() => {});
  const before = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  if (before) setTimeout(tell, 0, before);
}
