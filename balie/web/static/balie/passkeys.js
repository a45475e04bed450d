/* Keys and passkeys: asks the browser for one and sends what it answers with the form. Nothing else needs this file. */
(() => {
  "use strict";

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  /* What the server says is JSON; a browser wants some of it as bytes. */
  function asked(deed, options) {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (deed === "create") {
      key.user = { ...key.user, id: bytes(key.user.id) };
      key.excludeCredentials = withBytes(key.excludeCredentials);
    } else {
      key.allowCredentials = withBytes(key.allowCredentials);
    }
    return { publicKey: key };
  }

  function answered(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const problem = form.querySelector(".passkey-problem");
    const say = (what) => {
      problem.textContent = what;
      problem.hidden = false;
    };
    form.addEventListener("submit", async (event) => {
      const field = form.elements.credential;
      if (field.value) return;
      event.preventDefault();
      problem.hidden = true;
      if (!window.PublicKeyCredential || !navigator.credentials) {
        say(problem.dataset.missing);
        return;
      }
      const deed = form.dataset.passkey;
      try {
        const found = await navigator.credentials[deed](asked(deed, JSON.parse(form.dataset.options)));
        field.value = JSON.stringify(answered(found));
      } catch (refused) {
        say(problem.dataset.refused);
        return;
      }
      form.submit();
    });
  });
})();
