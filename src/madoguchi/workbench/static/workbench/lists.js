// Lists by keys alone, for who wishes: Alt+L leads into a list of the page; there ↓ or j and
// ↑ or k go from line to line, Home and End to its ends, and Enter opens, as on any link.
// Outside a list, while somebody types, and with Ctrl, Alt or Shift, no key is taken: those of a
// screen reader and of the browser stay theirs. Only the focus moves; nothing is renamed.
"use strict";
(() => {
  const LISTS = "[data-list]";
  const TYPED = "input, textarea, select, [contenteditable]";
  const linesIn = (area) => [...area.querySelectorAll(`${LISTS} > li, ${LISTS} > tr`)].filter((line) => line.querySelector("a[href]"));
  const go = (line) => {
    const link = line?.querySelector("a[href]");
    if (!link) return;
    link.focus();
    line.scrollIntoView({ block: "nearest" });
  };
  // On from where one is: each step is a place among the lines of the same part of the page.
  const STEPS = {
    ArrowDown: (at) => at + 1,
    j: (at) => at + 1,
    ArrowUp: (at) => Math.max(at - 1, 0),
    k: (at) => Math.max(at - 1, 0),
    Home: () => 0,
    End: (_at, lines) => lines.length - 1,
  };
  const enter = () => {
    const lines = linesIn(document.querySelector(`main ${LISTS} a[href]`) ? document.querySelector("main") : document);
    go(lines.find((line) => line.querySelector("[aria-current=page]")) ?? lines[0]);
    return lines.length > 0;
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.altKey) {
      if (event.code === "KeyL" && !event.repeat && enter()) event.preventDefault();
      return;
    }
    const step = STEPS[event.key];
    const list = event.target.closest?.(LISTS);
    if (!step || !list || event.target.closest(TYPED)) return;
    const lines = linesIn(list.closest("main, aside") ?? document);
    const at = lines.findIndex((line) => line.contains(event.target));
    event.preventDefault();
    go(lines[step(at, lines)]);
  });
})();
