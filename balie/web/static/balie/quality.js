/* Quality by keyboard: marking several findings, and going through notes with scores. Every page works without it. */
(() => {
  "use strict";
  const typing = (place) => place.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;
  const form = () => document.querySelector("form[data-review]");

  document.addEventListener("keydown", (event) => {
    if (!form()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return form().requestSubmit();
    }
    if (event.key === "Escape" && typing(event.target) && form().contains(event.target)) return event.target.blur();
    if (!plain(event) || typing(event.target)) return;
    if (event.key >= "1" && event.key <= "5") choose(event);
    if (event.key === "c") { event.preventDefault(); document.getElementById("comment").focus(); }
    if (event.key === "l" && form().querySelector("[data-later]")) form().querySelector("[data-later]").click();
  });

  function choose(event) {
    const score = form().querySelector(`input[name=score][value="${event.key}"]`);
    event.preventDefault();
    score.checked = true;
    score.focus();
  }

  /* All findings of the page at once, and how many are marked. */
  document.addEventListener("change", (event) => {
    const heap = event.target.closest("form[data-heap]");
    if (!heap) return;
    const boxes = [...heap.querySelectorAll("input[name=finding]")];
    if (event.target.matches("[data-heap-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
    const marked = boxes.filter((box) => box.checked).length;
    const all = heap.querySelector("[data-heap-all]");
    if (all) { all.checked = marked === boxes.length && marked > 0; all.indeterminate = marked > 0 && marked < boxes.length; }
    const count = heap.querySelector("[data-heap-count]");
    if (count) count.textContent = marked ? `(${marked})` : "";
  });
})();
