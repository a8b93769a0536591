// Empties the page at once and leaves it. Without this script the control is a plain link.
"use strict";
(() => {
  const control = document.querySelector("[data-exit]");
  const leave = () => {
    const away = control.href;
    document.documentElement.replaceChildren();
    location.replace(away);
  };
  if (control) {
    control.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    // Three times Shift within three seconds does the same, save while somebody types:
    // there Shift may belong to the input method.
    let presses = [];
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.key !== "Shift" || typing) {
        presses = [];
        return;
      }
      if (event.repeat) return;
      presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
      if (presses.length === 3) leave();
    });
  }
  // A page that the browser kept for its Back button is asked for anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
