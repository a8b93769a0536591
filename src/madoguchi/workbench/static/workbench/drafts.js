// Drafts: htmx saves them; this says when that fails, and sends once, on Ctrl+Enter.
"use strict";
(() => {
  const draftOf = (event) => event.target.closest?.("form[data-draft]");
  const failed = (event) => {
    const form = draftOf(event);
    const said = form && document.querySelector(form.getAttribute("hx-target"));
    if (!said || form.dataset.sent) return;
    said.className = "saved failed";
    said.setAttribute("role", "alert");
    said.textContent = form.dataset.failed;
  };
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    // 404 and 409 bring their own sentence.
    if (status !== 404 && status !== 409) failed(event);
  });
  // What is being sent is not saved as a draft once more, and is sent only once.
  document.addEventListener("htmx:before:request", (event) => {
    if (draftOf(event)?.dataset.sent) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = draftOf(event);
    if (!form) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  document.addEventListener("keydown", (event) => {
    const form = draftOf(event);
    if (!form || event.key !== "Enter" || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.querySelector("[data-finish]").click();
    } else if (event.target.matches("input")) {
      // Enter in a field of one line would end the call.
      event.preventDefault();
    }
  });
  // What is saved of itself needs no button.
  for (const button of document.querySelectorAll("[data-without-scripts]")) button.hidden = true;
  // Go on where the words end.
  const begun = document.querySelector("form[data-draft] textarea[autofocus]");
  if (begun) {
    begun.focus();
    begun.setSelectionRange(begun.value.length, begun.value.length);
  }
})();
