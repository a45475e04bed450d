/* The desk by keyboard, and what happens while the connection is lost. Every page works without it. */
(() => {
  "use strict";
  const RETRY = 4000;
  const note = () => document.getElementById("note");
  const kept = () => document.getElementById("kept");
  const typing = (place) => place.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
    if (event.key === "Escape" && typing(event.target)) return leave(event.target);
    if (!plain(event) || typing(event.target)) return;
    if (event.key === "j" || event.key === "k") walk(event, event.key === "j" ? 1 : -1);
    if (event.key === "n" && first()) { event.preventDefault(); first().focus(); }
  });

  /* Sends the form one is in, and the note from anywhere else. */
  function send(event) {
    const form = event.target.closest("form[method=post]") || note();
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".deed") || undefined);
  }

  function first() {
    return note() && (note().querySelector("[autofocus]") || note().querySelector("textarea"));
  }

  /* Out of a field, to where j and k go on. */
  function leave(field) {
    field.blur();
    const at = document.querySelector("[data-walk][aria-current]") || document.querySelector("[data-walk]");
    if (at) at.focus();
  }

  function walk(event, step) {
    const links = [...document.querySelectorAll("[data-walk]")];
    if (!links.length) return;
    event.preventDefault();
    const now = links.indexOf(document.activeElement);
    const from = now >= 0 ? now : links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = Math.max(0, Math.min(links.length - 1, from + step));
    links[next].focus();
  }

  /* What is swapped in has its first field ready: that of the mistake, where there is one. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "middle" && event.target.id !== "correct") return;
    const field = event.target.querySelector("[autofocus]");
    if (field) field.focus();
  });

  /* The connection is lost: say so, keep trying, and send what was to be sent. */
  let again = null;
  let waiting = null;
  function lost(event) {
    const from = event.detail.elt;
    const isNote = note() && from === note();
    if (!isNote && from !== kept()) return;
    if (isNote) waiting = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent ? event.detail.requestConfig.triggeringEvent.submitter : null;
    if (isNote) note().dataset.unsent = "1";
    say(isNote || note().dataset.unsent ? note().dataset.sends : kept().dataset.keeps);
    clearTimeout(again);
    again = setTimeout(retry, RETRY);
  }

  function retry() {
    if (!note()) return;
    if (note().dataset.unsent) return note().requestSubmit(waiting && waiting.isConnected ? waiting : undefined);
    if (kept()) window.htmx.trigger(kept(), "keep");
  }

  function say(text) {
    if (!kept()) return;
    kept().textContent = text + " ";
    kept().classList.toggle("warn-text", text !== "");
  }

  /* What stands in front of a server that starts anew answers 502 or 503: that is a lost connection, and no page to
     go to. Of anything else that is no success the agent is told; the words stay in any case. */
  document.addEventListener("htmx:responseError", (event) => {
    const from = event.detail.elt;
    const passes = event.detail.xhr.status >= 500 || event.detail.xhr.status === 429;
    const words = note() && (from === note() || from === kept());
    if (!words && !(passes && from.closest("#waiting"))) return;
    event.preventDefault();
    if (words && passes) lost(event);
    else if (words) say(note().dataset.refused);
  }, true);

  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  window.addEventListener("online", () => { if (again) { clearTimeout(again); retry(); } });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    if (event.detail.elt === kept()) kept().classList.remove("warn-text");
    if (event.detail.elt === note()) delete note().dataset.unsent;
    if (event.detail.elt === kept() || event.detail.elt === note()) { clearTimeout(again); again = null; }
  });

  /* Logged out meanwhile: what was typed since it was last kept waits in this tab, and stands here again after the
     login of the same person. */
  const WORDS = "balie.words";
  const OF_THE_PAGE = ["csrfmiddlewaretoken", "window", "based_on"];
  const who = () => document.querySelector(".desk-who").textContent;
  let unkept = false;
  document.addEventListener("input", (event) => { if (note() && note().contains(event.target)) unkept = true; });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt === kept()) unkept = false; });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const login = (event.detail.xhr.getResponseHeader("HX-Redirect") || "").split("?")[0];
    if (!note() || !unkept || !login || login.startsWith("/desk/")) return;
    event.preventDefault();
    const said = [...new FormData(note())].filter(([name]) => !OF_THE_PAGE.includes(name));
    sessionStorage.setItem(WORDS, JSON.stringify({ said, who: who(), place: place() }));
    touched = false;
    window.location.assign(`${login}?next=${encodeURIComponent(place())}`);
  });

  /* The address at which this very note stands: that of the desk may lead to another call by then. */
  function place() {
    const at = new URL(note().action);
    return at.pathname.replace(/send\/$/, "") + at.search;
  }

  function standAgain() {
    const held = JSON.parse(sessionStorage.getItem(WORDS) || "null");
    sessionStorage.removeItem(WORDS);
    if (!held || !note() || held.who !== who() || held.place !== place()) return;
    for (const field of note().elements) {
      const said = held.said.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = said.includes(field.value);
      else if (said.length) field.value = said[0];
    }
    unkept = true;
    window.htmx.trigger(kept(), "keep");
  }

  /* A browser that leaves with words not kept yet asks first; one that sent them does not. */
  let touched = false;
  document.addEventListener("input", (event) => { if (note() && note().contains(event.target)) touched = true; });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt === kept()) touched = false; });
  document.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched && note() && note().dataset.unsent !== undefined) event.preventDefault(); });

  window.addEventListener("load", standAgain);
})();
