// Comforts that pages do without where scripts are off: choosing all rows, asking back, following a log, filters at once.
(() => {
  "use strict";
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-all]");
    if (all) document.querySelectorAll(all.dataset.all).forEach((box) => { box.checked = all.checked; });
    if (event.target.matches("form[data-at-once] select")) event.target.form.requestSubmit();
  });

  document.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    const told = document.querySelector(`output[for="${event.target.id}"]`);
    if (told) told.value = event.target.value;
  });

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A log is followed as long as its end is in sight.
  const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  document.addEventListener("htmx:beforeSwap", () => {
    document.querySelectorAll(".log").forEach((log) => { log.dataset.follow = atEnd(log) ? "yes" : ""; });
  });
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll(".log").forEach((log) => { if (log.dataset.follow) log.scrollTop = log.scrollHeight; });
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".log").forEach((log) => { log.scrollTop = log.scrollHeight; });
    document.querySelector(".field-error")?.closest(".field")?.querySelector("input, select, textarea")?.focus();
  });
})();
