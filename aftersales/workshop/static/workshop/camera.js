// Reading a QR code or barcode with the phone's camera, where the browser can; the text box works everywhere.
const form = document.querySelector("[data-scan-form]");
const opener = form?.querySelector("[data-camera]");
const view = document.querySelector("[data-camera-view]");
const canRead = "BarcodeDetector" in globalThis && navigator.mediaDevices?.getUserMedia;

if (opener && view && canRead) {
  opener.hidden = false;
  const video = view.querySelector("video");
  let stream;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    view.hidden = true;
    opener.focus();
  };

  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!found) {
      setTimeout(look, 150, detector);
      return;
    }
    stop();
    form.elements.q.value = found.rawValue;
    form.requestSubmit();
  };

  opener.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      opener.hidden = true; // no camera, or not allowed: typing is left
      form.elements.q.focus();
      return;
    }
    view.hidden = false;
    video.srcObject = stream;
    await video.play();
    look(new globalThis.BarcodeDetector());
  });
  view.querySelector("[data-camera-stop]").addEventListener("click", stop);
}
