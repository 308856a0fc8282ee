// A scanner ends what it reads with Enter. In a box marked data-scan that moves on to the next box and never sends a half form.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (!(box instanceof HTMLInputElement) || box.dataset.scan === undefined) return;
  event.preventDefault();
  box.value = box.value.trim();
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.dispatchEvent(new CustomEvent("scanned", { bubbles: true }));
  const stops = [...(box.form?.elements ?? [])].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && !one.readOnly && one.type !== "hidden" && one.tagName !== "FIELDSET" && one.offsetParent,
  );
  const next = stops[stops.indexOf(box) + 1];
  next?.focus();
  next?.select?.();
});
