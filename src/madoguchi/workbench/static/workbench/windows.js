// 窓口を探す inside a note: opens with its button, inserts where the cursor was. htmx searches.
"use strict";
(() => {
  const words = (form) => form.querySelector("textarea[name=words]");
  const open = (button) => {
    const panel = document.getElementById(button.dataset.find);
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    const input = panel.querySelector("input[type=search]");
    input.focus();
    input.select();
    input.dispatchEvent(new Event("opened"));
  };
  const close = (panel) => {
    panel.hidden = true;
    document.querySelector(`[data-find="${panel.id}"]`).setAttribute("aria-expanded", "false");
    words(panel.closest("form")).focus();
  };
  const tick = (input) => {
    if (!input || input.checked) return;
    input.checked = true;
  };
  const insert = (button) => {
    const form = button.closest("form");
    const panel = button.closest("[data-referred]");
    const text = words(form);
    const at = text.selectionEnd;
    const before = text.value.slice(0, at);
    const line = `${before && !before.endsWith("\n") ? "\n" : ""}${button.dataset.intoNote}\n`;
    text.setRangeText(line, at, at, "end");
    tick(form.querySelector(`[name=referred_to][value="${button.dataset.window}"]`));
    // 他機関紹介 is proposed where nothing was chosen yet; the adviser may change it.
    if (!form.querySelector("[name=action]:checked")?.value)
      tick(form.querySelector(`[name=action][value="${panel.dataset.referred}"]`));
    close(panel);
    // What is inserted is saved as if it had been typed.
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const button of document.querySelectorAll("[data-find]")) {
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", button.dataset.find);
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-find]");
    if (opener) {
      event.preventDefault();
      open(opener);
    }
    const chosen = event.target.closest("[data-into-note]");
    if (chosen) insert(chosen);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.("[data-referred]");
    if (!panel || event.isComposing) return;
    if (event.key === "Escape") close(panel);
    // Enter takes the first that was found, once it is what was asked for.
    if (event.key === "Enter" && event.target.matches("input[type=search]")) {
      event.preventDefault();
      const found = panel.querySelector("[data-for]");
      if (found?.dataset.for === event.target.value.slice(0, 40)) found.querySelector("button")?.click();
    }
  });
})();
