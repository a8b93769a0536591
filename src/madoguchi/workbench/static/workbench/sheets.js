// The handbook beside a draft: `/` and letters bring a text, a button brings cases alike.
// Texts come filled from the server; nothing that was written leaves in an address.
"use strict";
(() => {
  // Drafts, and the line of a talk.
  const HOLDS = "form[data-draft], form[data-talk]";
  const CALL = /(^|\s)[/／]([^\s/／]{0,20})$/u;
  let asked = 0;
  const wordsOf = (form) => form.querySelector("textarea[name=words]");
  const panelOf = (form) => form.querySelector("[data-sheets-here]");
  const expand = (form, state) => {
    for (const button of form.querySelectorAll("[data-sheets]")) button.setAttribute("aria-expanded", state);
  };
  const close = (form) => {
    asked += 1;
    panelOf(form).hidden = true;
    panelOf(form).replaceChildren();
    expand(form, "false");
  };
  const open = async (form, address) => {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error" });
    } catch {
      return false;
    }
    const text = answer.ok ? await answer.text() : "";
    if (mine !== asked || !answer.ok) return false;
    panelOf(form).innerHTML = text;
    panelOf(form).hidden = false;
    expand(form, "true");
    return true;
  };
  const texts = (form) => form.querySelector('[data-sheets][value="texts"]').dataset.sheets;
  const insert = (button) => {
    const form = button.closest("form");
    const box = wordsOf(form);
    const at = box.selectionEnd;
    const call = CALL.exec(box.value.slice(0, at));
    const from = call ? at - call[2].length - 1 : at;
    box.setRangeText(button.dataset.text, from, at, "end");
    close(form);
    box.focus();
    // What is inserted is saved as if it had been typed.
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(`:is(${HOLDS}) textarea[name=words]`) || event.isComposing) return;
    const form = event.target.form;
    const call = CALL.exec(event.target.value.slice(0, event.target.selectionEnd));
    if (call) open(form, `${texts(form)}?q=${encodeURIComponent(call[2])}`);
    else if (panelOf(form)?.querySelector("[data-text]")) close(form);
  });
  document.addEventListener("click", async (event) => {
    const chosen = event.target.closest("[data-text]");
    if (chosen) insert(chosen);
    const opener = event.target.closest("[data-sheets]");
    if (!opener) return;
    event.preventDefault();
    const form = opener.form;
    if (await open(form, opener.dataset.sheets)) panelOf(form).querySelector("button")?.focus();
  });
  // Before keys.js and the forms hear of it: the list is what Enter and Escape are for now.
  document.addEventListener(
    "keydown",
    (event) => {
      const form = event.target.closest?.(HOLDS);
      if (!form || event.isComposing || panelOf(form)?.hidden !== false) return;
      const buttons = [...panelOf(form).querySelectorAll("[data-text]")];
      const at = buttons.indexOf(event.target);
      const inWords = event.target === wordsOf(form);
      const take = () => {
        event.preventDefault();
        event.stopPropagation();
      };
      if (event.key === "Escape") {
        take();
        close(form);
        wordsOf(form).focus();
      } else if (event.key === "Enter" && inWords && buttons[0] && !event.ctrlKey) {
        if (!CALL.test(event.target.value.slice(0, event.target.selectionEnd))) return;
        take();
        insert(buttons[0]);
      } else if (event.key === "ArrowDown" && (inWords || at >= 0) && buttons[at + 1]) {
        take();
        buttons[at + 1].focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        take();
        (buttons[at - 1] || wordsOf(form)).focus();
      }
    },
    true,
  );
  // What has no page of its own needs this script.
  for (const button of document.querySelectorAll("[data-sheets][hidden]")) button.hidden = false;
})();
