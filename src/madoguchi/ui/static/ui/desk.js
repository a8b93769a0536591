// Three small comforts of the desk. Every page works without them; htmx saves the drafts.
"use strict";
(() => {
  // data-key="Ctrl+Enter" on a link or a button: the key presses it. Shown beside it as <kbd>.
  const pressed = (event) =>
    [
      event.ctrlKey || event.metaKey ? "Ctrl" : "",
      event.altKey ? "Alt" : "",
      // Alt changes the letter on some keyboards; the key's place does not move.
      /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key,
    ]
      .filter(Boolean)
      .join("+");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat) return;
    const key = pressed(event);
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing && !key.includes("+")) return;
    for (const control of document.querySelectorAll("[data-key]")) {
      if (control.dataset.key === key && !control.disabled) {
        event.preventDefault();
        control.click();
        return;
      }
    }
  });
  // What opens below the menu closes by Escape, and by a press elsewhere.
  const close = (except) => {
    for (const opened of document.querySelectorAll(".more-rooms[open]")) {
      if (!opened.contains(except)) opened.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(null));
  // <time data-started="2025-11-25T14:19:31+09:00"> shows how long a call has lasted.
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-started]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.started)) / 1000));
      const said = `${Math.floor(seconds / 60)}分${String(seconds % 60).padStart(2, "0")}秒`;
      if (clock.textContent !== said) clock.textContent = said;
    }
  };
  tick();
  setInterval(tick, 1000);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
