// A talk that goes on: asks for news every two seconds and puts in what is new; sends a line
// without leaving the page; keeps what is half written. Every page works without it.
"use strict";
(() => {
  const EVERY = 2000;
  const EVERY_HIDDEN = 10000;
  const PAUSE = 1000;
  const TITLE = document.title;
  // What calls is read on the tab, too, from whatever page it is on.
  const entitle = (part) => {
    if ("title" in part.dataset) document.title = part.dataset.title + TITLE;
  };

  // Whoever pressed something is on the way already: news must not lead the page elsewhere then,
  // or what the next page shows once (the code) is gone before it is read.
  let leaving = false;
  addEventListener("beforeunload", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));

  // Put what `html` holds in the place of what stands there; in a log, add what is new.
  const put = (place, html) => {
    const news = new DOMParser().parseFromString(html, "text/html").body;
    const away = news.querySelector("[data-go]");
    if (away) {
      if (!leaving) location.replace(away.dataset.go);
      return;
    }
    for (const part of news.querySelectorAll("[data-part]")) {
      const old = place.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!old) continue;
      entitle(part);
      if (part.dataset.part !== "log") {
        if (old.innerHTML !== part.innerHTML) old.innerHTML = part.innerHTML;
        continue;
      }
      let last = null;
      for (const line of part.children) {
        const there = document.getElementById(line.id);
        if (!there) old.append((last = line.cloneNode(true)));
        else if (there.innerHTML !== line.innerHTML) there.innerHTML = line.innerHTML;
      }
      last?.scrollIntoView({ block: "nearest" });
    }
  };

  const follow = (place) => {
    const every = Number(place.dataset.every) || EVERY;
    let mark = "";
    let timer = 0;
    const ask = async () => {
      clearTimeout(timer);
      try {
        const answer = await fetch(place.dataset.live, { headers: mark ? { "If-None-Match": mark } : {} });
        if (answer.redirected) leaving || location.reload(); // signed out meanwhile
        else if (answer.ok) {
          mark = answer.headers.get("ETag") ?? "";
          put(place, await answer.text());
        } else if (answer.status === 404) return;
      } catch {
        // No connection: the next time, perhaps.
      }
      timer = setTimeout(ask, document.hidden ? EVERY_HIDDEN : every);
    };
    timer = setTimeout(ask, every);
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    return { ask, forget: () => (mark = "") };
  };

  // Keep what is typed a second after the typing began, and again as long as it goes on.
  const keep = (form) => {
    const kept = {};
    const save = (field) => {
      const body = new FormData(form);
      body.set("field", field.dataset.field ?? "");
      body.set("words", field.value);
      kept.sending = fetch(form.dataset.typed, { method: "POST", body }).catch(() => {});
    };
    form.addEventListener("input", (event) => {
      const field = event.target;
      if (field.tagName !== "TEXTAREA" || kept.timer) return;
      kept.timer = setTimeout(() => {
        kept.timer = 0;
        save(field);
      }, PAUSE);
    });
    kept.stop = () => {
      clearTimeout(kept.timer);
      kept.timer = 0;
      return kept.sending;
    };
    return kept;
  };

  const sends = (form, place, followed, kept) => {
    const field = form.querySelector("textarea");
    const said = form.querySelector("[data-said]");
    const once = form.querySelector("input[name=once]");
    const press = form.querySelector("button[type=submit]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const words = field.value;
      if (!words.trim() || press.disabled) return;
      press.disabled = true;
      said.hidden = true;
      try {
        await kept.stop();
        const body = new FormData(form);
        const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Live": "1" } });
        if (!answer.ok) throw new Error(answer.status);
        if (answer.redirected) {
          location.replace(answer.url);
          return;
        }
        // What was typed while it was on its way stays.
        field.value = field.value.startsWith(words) ? field.value.slice(words.length) : field.value;
        if (once) once.value = crypto.getRandomValues(new Uint32Array(4)).join("");
        put(place, await answer.text());
        followed.forget();
      } catch {
        said.textContent = form.dataset.failed;
        said.hidden = false;
      }
      press.disabled = false;
      field.focus();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(press);
    });
  };

  document.querySelectorAll("[data-live] [data-title]").forEach(entitle);
  for (const place of document.querySelectorAll("[data-live]")) {
    const followed = follow(place);
    const form = document.getElementById(place.dataset.form ?? "");
    if (form) sends(form, place, followed, keep(form));
  }
  for (const form of document.querySelectorAll("form[data-typed]:not([data-sends])")) {
    if (!document.querySelector(`[data-form="${form.id}"]`)) keep(form);
  }
})();
