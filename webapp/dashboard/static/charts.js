// Charts that the server has drawn become ones that tell values under the pointer.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const plots = new WeakMap();  // by the figure that each is drawn in
  const widths = new ResizeObserver((changes) => changes.forEach(({ target }) => {
    plots.get(target)?.setSize({ width: target.clientWidth, height: 230 });
  }));

  const hour = (at) => new Date(at * 1000).toISOString().slice(11, 16);

  function draw(figure) {
    const told = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const still = figure.querySelector("svg.chart");
    const holder = document.createElement("div");
    const width = still.clientWidth;
    if (!width || figure.querySelector(".plot")) return;
    holder.className = "plot";
    holder.setAttribute("aria-hidden", "true");
    still.after(holder);
    const axis = { stroke: token("--quiet"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
    const lines = told.lines.map((line) => ({
      label: line.name,
      stroke: token(`--s${line.color}`),
      width: 2,
      dash: line.dashed ? [6, 5] : undefined,
      points: { show: false },
      paths: line.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
      value: (_plot, value) => (value === null ? "—" : `${Number(value.toPrecision(5))} ${told.unit}`),
    }));
    const plot = new uPlot({
      width, height: 230,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
      scales: { x: { time: told.time } },
      axes: [told.time ? { ...axis, values: (_plot, at) => at.map(hour) } : axis, { ...axis, size: 54 }],
      series: [{ label: told.time ? "At" : told.at, value: (_plot, at) => (at === null ? "—" : told.time ? hour(at) : at) }, ...lines],
      bands: told.bands.map((pair) => ({
        series: pair.map((place) => place + 1),
        fill: `${token(`--s${told.lines[pair[0]].color}`)}2e`,
      })),
      legend: { live: true },
      cursor: { y: false, sync: { key: "page" } },
    }, told.data, holder);
    still.setAttribute("hidden", "");
    figure.querySelector(".legend")?.setAttribute("hidden", "");
    plots.set(figure, plot);
    widths.observe(figure);
  }

  function drawAnew(figure) {
    plots.get(figure)?.destroy();
    figure.querySelector(".plot")?.remove();
    figure.querySelector("svg.chart").removeAttribute("hidden");
    draw(figure);
  }

  const figures = () => document.querySelectorAll("[data-chart]");
  const drawAll = () => figures().forEach(draw);
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  // Colors are drawn into the canvas. Loading the page anew would lose what was typed, and cut off who is on the way elsewhere.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => figures().forEach(drawAnew));
})();
