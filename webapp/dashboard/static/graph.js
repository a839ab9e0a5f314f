// The graph of causes, and the filter that graph and table share.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function begin(holder) {
    if (echarts.getInstanceByDom(holder)) return;
    const told = JSON.parse(holder.querySelector("script").textContent);
    const filters = document.querySelector("[data-edges]");
    const [least, only] = [filters.querySelector("#least"), filters.querySelector("#only")];
    const rows = [...document.querySelectorAll(".edges tbody tr")];
    const chart = echarts.init(holder, null, { renderer: "canvas" });
    const passes = (verdict, stability) => stability >= Number(least.value) && (!only.checked || verdict === "accepted");

    function show() {
      const edges = told.edges.filter((edge) => passes(edge.verdict, edge.stability));
      rows.forEach((row) => { row.hidden = !passes(row.dataset.verdict, Number(row.dataset.stability)); });
      chart.setOption({
        animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
        tooltip: { renderMode: "richText" },
        series: [{
          type: "graph",
          layout: "circular",
          roam: false,
          symbolSize: 46,
          label: { show: true, color: token("--ink"), fontSize: 12 },
          itemStyle: { color: token("--tint"), borderColor: token("--accent"), borderWidth: 1.5 },
          edgeSymbol: ["none", "arrow"],
          edgeSymbolSize: 10,
          emphasis: { focus: "adjacency" },
          data: told.names.map((name) => ({ name })),
          links: edges.map((edge, place) => ({
            source: edge.source,
            target: edge.target,
            value: edge.stability,
            label: { show: true, formatter: `lag ${edge.lag}`, color: token("--quiet"), fontSize: 11 },
            lineStyle: {
              width: 1 + 4 * edge.stability,
              opacity: 0.25 + 0.75 * edge.stability,
              color: edge.effect < 0 ? token("--s2") : token("--s1"),
              curveness: edge.source === edge.target ? 0.6 : 0.12 + 0.06 * (place % 4),
              type: edge.verdict === "accepted" ? "solid" : "dashed",
            },
          })),
        }],
      }, true);
    }

    filters.hidden = false;
    filters.addEventListener("input", show);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    new ResizeObserver(() => chart.resize()).observe(holder);
    show();
  }

  const beginAll = () => document.querySelectorAll("[data-graph]").forEach(begin);
  document.addEventListener("DOMContentLoaded", beginAll);
  document.addEventListener("htmx:afterSettle", beginAll);
})();
