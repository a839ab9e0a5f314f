// Steps through the trace of an Engine's run, forward and back.
(() => {
  "use strict";

  function follow(section) {
    if (section.dataset.following) return;
    section.dataset.following = "yes";
    const trace = JSON.parse(section.querySelector("script[type='application/json']").textContent);
    const told = (name) => section.querySelector(`[data-told=${name}]`);
    const lines = section.querySelectorAll("[data-line]");
    let done = 0;  // how many cards have been executed

    function registers() {
      const held = done ? trace.cards[done - 1].registers : trace.before;
      const before = done > 1 ? trace.cards[done - 2].registers : trace.before;
      told("registers").replaceChildren(...Object.entries(held).map(([name, value]) => {
        const row = document.createElement("tr");
        const head = row.appendChild(document.createElement("th"));
        head.scope = "row";
        head.textContent = name;
        const cell = row.appendChild(document.createElement("td"));
        cell.className = done && value !== before[name] ? "num changed" : "num";
        cell.appendChild(document.createElement("code")).textContent = value;
        return row;
      }));
    }

    function show() {
      registers();
      const last = trace.cards[done - 1];
      const next = trace.cards[done];
      told("where").textContent = `${done} of ${trace.cards.length} cards${next ? `; next ${next.text}` : "; that was the last"}`;
      told("columns").textContent = last?.columns.length
        ? last.columns.map(([at, was, is]) => `[${at}] ${was} → ${is}`).join(", ") : "none by this card";
      told("printed").textContent = trace.cards.slice(0, done).map((card) => card.printed.join("")).join("") || " ";
      lines.forEach((line) => {
        const here = next !== undefined && Number(line.dataset.line) === next.line;
        line.classList.toggle("here", here);
        if (here) line.setAttribute("aria-current", "step"); else line.removeAttribute("aria-current");
      });
    }

    const moves = {
      first: () => { done = 0; },
      back: () => { done = Math.max(0, done - 1); },
      next: () => { done = Math.min(trace.cards.length, done + 1); },
      line: () => {
        const from = trace.cards[done]?.line;
        do { moves.next(); } while (done < trace.cards.length && [from, 0].includes(trace.cards[done].line));
      },
      last: () => { done = trace.cards.length; },
    };
    section.addEventListener("click", (event) => {
      const move = moves[event.target.closest("[data-step]")?.dataset.step];
      if (move) { move(); show(); }
    });
    show();
  }

  const followAll = () => document.querySelectorAll("[data-engine]").forEach(follow);
  document.addEventListener("DOMContentLoaded", followAll);
  document.addEventListener("htmx:afterSettle", followAll);
})();
