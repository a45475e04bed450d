/* What makes pages quicker to use. Every page works without it. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const find = () => document.getElementById("find");
  const found = () => document.getElementById("found");
  const typing = (place) => place.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && find()) {
      event.preventDefault();
      find().focus();
      find().select();
    }
    if (event.key === "Escape") {
      if (found()) found().replaceChildren();
      document.querySelectorAll("details.account[open]").forEach((menu) => menu.removeAttribute("open"));
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".find-place")) walk(event);
  });

  /* From the search box down its list and up again. */
  function walk(event) {
    const links = [...found().querySelectorAll("a")];
    if (!links.length) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) find().focus();
    else links[Math.min(next, links.length - 1)].focus();
  }

  /* What is found for the last letters may come when somebody walks in the list already: who is at a client stays there. */
  let walkedTo = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const at = event.target === found() && document.activeElement?.closest("#found a");
    walkedTo = at ? at.getAttribute("href") : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== found() || walkedTo === null) return;
    const same = [...found().querySelectorAll("a")].find((link) => link.getAttribute("href") === walkedTo);
    (same || find()).focus();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
    const copies = event.target.closest("[data-copy]");
    if (copies) copy(copies);
    if (found() && !event.target.closest(".find-place")) found().replaceChildren();
    document.querySelectorAll("details.account[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });

  /* Puts a code into the clipboard, which browsers allow on safe pages only, and says so for a moment. */
  if (navigator.clipboard) document.documentElement.classList.add("copies");
  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    const words = button.querySelector("span") || button.appendChild(document.createElement("span"));
    const before = words.textContent;
    words.setAttribute("role", "status");
    words.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; button.classList.remove("copied"); }, 1500);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-send-on-change]");
    if (form) form.requestSubmit();
    const filter = event.target.closest(".filter");
    if (filter) filter.classList.toggle("on", event.target.value !== "");
  });

  /* Of a file of which only the beginning is looked at, no more is sent. */
  document.addEventListener("change", (event) => {
    const field = event.target.closest("input[data-head]");
    const file = field && field.files[0];
    const most = field && Number(field.dataset.head) + 1;
    if (!file || file.size <= most) return;
    const kept = new DataTransfer();
    kept.items.add(new File([file.slice(0, most)], file.name));
    field.files = kept.files;
  });

  /* Filters that filter nothing stay out of the address. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("[data-drop-empty]")) return;
    const fields = event.detail.formData;
    for (const name of [...fields.keys()]) if (fields.get(name) === "") fields.delete(name);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-drop-empty]") && !form.hasAttribute("hx-get")) {
      for (const field of form.elements) if (field.name && field.value === "") switchOff(field);
    }
    if (form.matches("[data-shows-progress]")) {
      form.querySelector(".working").hidden = false;
      switchOff(form.querySelector(".deed"));
    }
  });

  function switchOff(field) {
    field.disabled = true;
    field.dataset.off = "";
  }

  /* Back to a page whose fields were switched off when it was left. Those that are never on stay as they are. */
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form [data-off]").forEach((field) => { field.disabled = false; });
  });

  /* A table that fits its sheet lets the page scroll, so that its head can stay in sight. */
  function measure() {
    document.querySelectorAll(".sheet.scroll").forEach((sheet) => {
      sheet.classList.remove("fits");
      sheet.classList.toggle("fits", sheet.scrollWidth <= sheet.clientWidth);
    });
  }
  measure();
  window.addEventListener("resize", measure);
  document.addEventListener("htmx:afterSettle", measure);
  document.addEventListener("toggle", measure, true);

  /* Of a row of tabs wider than the screen, the one that is open is in sight. */
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;
  });

  /* Who goes back sees the page of the address: what was asked for before and answers late is not shown over it. */
  let restoring = null;
  document.addEventListener("htmx:historyCacheMiss", (event) => {
    if (restoring) restoring.abort();
    restoring = event.detail.xhr;
    document.querySelectorAll(".htmx-request").forEach((asking) => window.htmx.trigger(asking, "htmx:abort"));
  });

  /* An answer that is no success is a page too: show it instead of doing nothing; not where words would be lost. */
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.defaultPrevented && event.detail.xhr.status >= 400) window.location.assign(event.detail.pathInfo.finalRequestPath);
  });
})();
