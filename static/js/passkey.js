// Passkeys: on a form[data-passkey] the browser is asked to "make" or to "use" one, and what it says is sent with the form.
// data-passkey-options names the JSON on the page that says what to ask; without it the form's own address is asked for that.
// A browser without passkeys, or a page not opened by https, is never shown the form (or told so, where it is the only way).
const known = Boolean(window.PublicKeyCredential && window.webauthnJSON);

async function options(form) {
  const on = document.getElementById(form.dataset.passkeyOptions ?? "");
  if (on) return JSON.parse(on.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function credential(form) {
  const asked = await options(form);
  return form.dataset.passkey === "make" ? window.webauthnJSON.create(asked.creation_options) : window.webauthnJSON.get(asked.request_options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-passkey-failed]");
  const none = form.querySelector("[data-passkey-none]");
  if (known) {
    form.hidden = false;
    form.querySelector("[type=submit]").disabled = false; // before this file was there, it would have sent nothing
  } else if (none) none.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!known || form.dataset.asking) return;
    form.dataset.asking = "1";
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await credential(form));
      form.submit();
    } catch {
      failed.hidden = false; // stopped by the person, no passkey here, or no connection
    } finally {
      delete form.dataset.asking;
    }
  });
}
