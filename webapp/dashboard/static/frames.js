// Goes through the frames of a simulation, moment by moment.
(() => {
  "use strict";
  const WIDTH = 200;
  const NS = "http://www.w3.org/2000/svg";
  const shown = (value) => `${Number(value.toPrecision(4))}`;

  function part(name, attributes) {
    const element = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  }

  function bar(value, least, most) {
    const place = (at) => (WIDTH * (at - least)) / (most - least || 1);
    const picture = part("svg", { viewBox: `0 0 ${WIDTH} 14`, class: "chart interval", "aria-hidden": "true" });
    picture.append(
      part("line", { class: "axis", x1: place(0), x2: place(0), y1: 0, y2: 14 }),
      part("line", { class: "stroke l1", x1: place(value.low), x2: place(value.high), y1: 7, y2: 7 }),
      part("circle", { class: "f1", cx: place(value.median), cy: 7, r: 4 }),
    );
    return picture;
  }

  function follow(section) {
    if (section.dataset.following) return;
    section.dataset.following = "yes";
    const { names, frames } = JSON.parse(section.querySelector("script[type='application/json']").textContent);
    const told = (name) => section.querySelector(`[data-told=${name}]`);
    const slider = section.querySelector("input[type=range]");
    const spans = Object.fromEntries(names.map((name) => {
      const all = frames.map((frame) => frame.values[name]);
      return [name, [Math.min(0, ...all.map((one) => one.low)), Math.max(0, ...all.map((one) => one.high))]];
    }));

    function show() {
      const frame = frames[Number(slider.value)];
      told("when").textContent = shown(frame.time);
      slider.setAttribute("aria-valuetext", shown(frame.time));
      told("bars").replaceChildren(...names.map((name) => {
        const value = frame.values[name];
        const row = document.createElement("tr");
        const head = row.appendChild(document.createElement("th"));
        head.scope = "row";
        head.className = "first";
        head.textContent = name.replaceAll("_", " ");
        row.appendChild(document.createElement("td")).append(bar(value, ...spans[name]));
        const words = row.appendChild(document.createElement("td"));
        words.className = "num nowrap";
        words.textContent = `${shown(value.median)} (${shown(value.low)} to ${shown(value.high)})`;
        return row;
      }));
    }

    slider.addEventListener("input", show);
    told("stage").removeAttribute("hidden");
    told("table").setAttribute("hidden", "");
    show();
  }

  const all = () => document.querySelectorAll("[data-frames]").forEach(follow);
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:afterSettle", all);
})();
