/* Passkeys: asks the browser for one and sends what it says, by the form that asked. */
(() => {
  "use strict";

  const options = async (form) => {
    const told = document.getElementById("passkey");
    if (told) return JSON.parse(told.textContent);
    const answer = await fetch(form.action, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    });
    return answer.json();
  };

  const credential = async (form) => {
    const told = await options(form);
    if (form.dataset.passkey !== "add") return webauthnJSON.get(told.request_options);
    const asked = told.creation_options;
    // It can be found by the browser alone: no name has to be typed.
    Object.assign(asked.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return webauthnJSON.create(asked);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || !window.webauthnJSON) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      const answer = form.querySelector("[name=credential]");
      event.preventDefault();
      const trouble = form.querySelector(".passkey-trouble");
      trouble.hidden = true;
      try {
        answer.value = JSON.stringify(await credential(form));
        form.submit(); // sends without asking here again
      } catch {
        trouble.hidden = false;
      }
    });
  }
})();
