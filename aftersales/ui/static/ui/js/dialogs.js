// data-dialog="id" opens that <dialog>; a click beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
  } else if (event.target instanceof HTMLDialogElement) {
    event.target.close();
  }
});
