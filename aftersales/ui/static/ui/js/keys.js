// “/” or F2 goes to the search box, Ctrl+Enter sends the form one is writing in.
const isWriting = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "F2" || (event.key === "/" && plain && !isWriting(event.target))) {
    const box = document.querySelector("[data-global-search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('button[type="submit"], button:not([type]), input[type="submit"]') ?? undefined);
  }
});
