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

  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  window.addEventListener("online", () => { if (again) { clearTimeout(again); retry(); } });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    if (event.detail.elt === kept()) kept().classList.remove("warn-text");
    if (event.detail.elt === note()) delete note().dataset.unsent;
    if (event.detail.elt === kept() || event.detail.elt === note()) { clearTimeout(again); again = null; }
  });

  /* A browser that leaves with words not kept yet asks first; one that sent them does not. */
  let touched = false;
  document.addEventListener("input", (event) => { if (note() && note().contains(event.target)) touched = true; });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt === kept()) touched = false; });
  document.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched && note() && note().dataset.unsent !== undefined) event.preventDefault(); });
})();
