// Runs before anything is drawn, so that a dark page never flashes white. Classic and tiny on purpose.
(function () {
  var root = document.documentElement;
  var choice = null;
  try {
    choice = localStorage.getItem("theme");
  } catch (error) {
    choice = null; // storage may be forbidden; then the device decides
  }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  root.classList.remove("no-script");
})();
