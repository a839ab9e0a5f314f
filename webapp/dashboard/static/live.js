// Where live news comes from is decided here, and nowhere else.
//
// A page marks what is live with `data-live`, the topic that it is about, and says with htmx how to fetch it
// (`hx-trigger="news"`). News is heard from the stream process, by a ticket for the topics of the page; it only says that
// something has changed, and the page asks for it. Where no stream can be had a clock takes its place, every two seconds.
(() => {
  "use strict";
  const EVERY_MS = 2000;
  const COVERING_MS = 5000;  // relative times go on even where nothing is told
  const AT_MOST_EACH_MS = 500;
  const AGAIN_MS = 30000;
  const LONGEST_MS = 30000;
  let heard = false;
  let erringMs = 0;
  let waiting = false;
  let owing = false;

  const regions = () => [...document.querySelectorAll("[data-live]")];

  function isBusy(region) {
    // What somebody is choosing or reading in must not be taken from under the hand.
    return region.querySelector("input:checked, select:focus, details[open] input:focus") !== null;
  }

  function tell() {
    regions().forEach((region) => {
      // What is told during a fetch comes after it: htmx would fetch again even where the page is no longer live by then,
      // and put the whole page into the region.
      if (region.classList.contains("htmx-request")) owing = true;
      else if (!isBusy(region)) htmx.trigger(region, "news");
    });
  }

  function tellSoon() {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; tell(); }, AT_MOST_EACH_MS);
  }

  function tick() {
    if (!document.hidden) tell();
    setTimeout(tick, Math.max(heard ? COVERING_MS : EVERY_MS, erringMs));
  }

  async function listen() {
    const topics = [...new Set(regions().map((region) => region.dataset.live))];
    if (!topics.length) return;
    const word = document.querySelector("meta[name=csrf]").content;
    const form = new URLSearchParams([["csrf", word], ...topics.map((topic) => ["topics", topic])]);
    try {
      const answer = await fetch("/dashboard/news", { method: "POST", body: form });
      if (!answer.ok) throw new Error(answer.statusText);
      const socket = new WebSocket((await answer.json()).websocket_url);
      socket.addEventListener("open", () => { heard = true; });
      socket.addEventListener("message", (event) => {
        const type = JSON.parse(event.data).type;
        if (!type.startsWith("stream.") || type === "stream.restored") { heard = true; tellSoon(); }
        else if (type === "stream.degraded") heard = false;
      });
      socket.addEventListener("close", () => { heard = false; setTimeout(listen, AGAIN_MS); });
    } catch {
      setTimeout(listen, AGAIN_MS);
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) tell(); });
  document.addEventListener("htmx:responseError", () => { erringMs = Math.min(LONGEST_MS, 2 * (erringMs || EVERY_MS)); });
  document.addEventListener("htmx:sendError", () => { erringMs = Math.min(LONGEST_MS, 2 * (erringMs || EVERY_MS)); });
  document.addEventListener("htmx:afterRequest", () => { if (owing) { owing = false; tellSoon(); } });
  document.addEventListener("htmx:afterOnLoad", () => { erringMs = 0; });
  document.addEventListener("DOMContentLoaded", () => { setTimeout(tick, EVERY_MS); listen(); });
})();
