// A call note by keys alone: Esc leaves the words for the chips, a number chooses one,
// Enter goes on, and the last Enter records. Every chip can be clicked or tabbed to as well.
"use strict";
(() => {
  // In this order; what else a note holds is known by itself or comes up seldom.
  const ORDER = ["kinds", "action", "standing", "age_group"];
  const groupOf = (input) => input.closest("fieldset");
  const inputs = (group) => [...group.querySelectorAll(".chips input")];
  const named = (form, name) => form.querySelector(`.chips input[name="${name}"]`);
  const enter = (form, name) => {
    const first = named(form, name);
    if (!first) return false;
    first.closest("details")?.setAttribute("open", "");
    const all = inputs(groupOf(first));
    (all.find((input) => input.checked && input.type === "radio") || first).focus();
    groupOf(first).scrollIntoView({ block: "nearest" });
    return true;
  };
  const onward = (form, name) => {
    const rest = ORDER.slice(ORDER.indexOf(name) + 1);
    if (!rest.some((next) => enter(form, next))) form.querySelector("[data-finish]").focus();
  };
  const choose = (input, form) => {
    // A chip already chosen of one-of-many says so again; of several it is taken back.
    if (!(input.type === "radio" && input.checked)) input.click();
    input.focus();
    if (input.type === "radio" && ORDER.includes(input.name)) onward(form, input.name);
  };
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form.call[data-draft]");
    if (!form || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("textarea[name=words]")) {
      if (event.key === "Escape" && !event.defaultPrevented && enter(form, ORDER[0])) event.preventDefault();
      return;
    }
    if (!event.target.matches(".chips input")) return;
    const { name } = event.target;
    if (event.key === "Escape") {
      event.preventDefault();
      form.querySelector("textarea[name=words]").focus();
    } else if (event.key === "Enter" && ORDER.includes(name)) {
      event.preventDefault();
      onward(form, name);
    } else if (/^[0-9]$/.test(event.key)) {
      const all = inputs(groupOf(event.target));
      // 0 is the chip without a code (あとで選ぶ), where there is one.
      const from = all[0]?.value === "" ? 0 : 1;
      const chosen = all[Number(event.key) - from];
      if (chosen) {
        event.preventDefault();
        choose(chosen, form);
      }
    }
  });
  for (const hint of document.querySelectorAll("[data-keys-hint]")) hint.hidden = false;
})();
