// Passkeys: the server's question goes to the device, the device's answer goes into the form. Encoding: webauthn-json.js.
const codec = window.webauthnJSON;

async function question(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`passkey question: ${response.status}`);
  return response.json();
}

function asPasskey(creation, isPasswordless) {
  const wanted = creation.publicKey.authenticatorSelection;
  wanted.residentKey = isPasswordless ? "required" : "discouraged";
  wanted.requireResidentKey = isPasswordless;
  if (isPasswordless) wanted.userVerification = "required";
  return creation;
}

async function answer(form) {
  const asked = await question(form);
  if (!asked.creation_options) return codec.get(asked.request_options);
  return codec.create(asPasskey(asked.creation_options, form.elements.passwordless?.checked ?? false));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!codec || !window.PublicKeyCredential) {
    form.querySelector("[data-passkey-unknown]").hidden = false;
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = form.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
