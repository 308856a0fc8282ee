// The switch between light, dark and “like the device”.
const device = matchMedia("(prefers-color-scheme: dark)");
const buttons = [...document.querySelectorAll("[data-theme-choice]")];

function stored() {
  try {
    return localStorage.getItem("theme") ?? "auto";
  } catch {
    return "auto";
  }
}

function apply(choice) {
  const dark = choice === "dark" || (choice !== "light" && device.matches);
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#111718" : "#f4f5f2");
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  document.dispatchEvent(new CustomEvent("theme:changed"));
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    const choice = button.dataset.themeChoice;
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // not kept, but applied
    }
    apply(choice);
  });
}
device.addEventListener("change", () => apply(stored()));
apply(stored());
