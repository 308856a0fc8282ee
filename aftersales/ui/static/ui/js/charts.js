// Draws every [data-chart] with ECharts, in the colours of the palette. The library is fetched when a chart comes into sight.
const TONES = ["progress", "info", "success", "warning", "danger", "neutral"];
let library;

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    token,
    font: getComputedStyle(document.body).fontFamily,
    tone: (name) => token(`${name}-solid`),
    row: [token("primary"), ...TONES.map((name) => token(`${name}-solid`))],
  };
}

function series(spec, colours) {
  const kind = spec.kind === "line" ? "line" : "bar";
  const drawn = spec.series.map((one, place) => ({
    name: one.name,
    type: kind,
    data: one.values,
    stack: spec.stacked ? "all" : undefined,
    barMaxWidth: 32,
    symbol: "circle",
    symbolSize: 6,
    lineStyle: { width: 2.5 },
    itemStyle: {
      color: one.tone ? colours.tone(one.tone) : colours.row[place % colours.row.length],
      borderRadius: spec.stacked || kind === "line" ? 0 : spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0],
    },
  }));
  if (spec.kind === "pareto") {
    drawn.push({
      name: spec.shareName,
      type: "line",
      yAxisIndex: 1,
      data: spec.share,
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { width: 2 },
      itemStyle: { color: colours.tone("warning") },
    });
  }
  return drawn;
}

function options(spec, colours) {
  const quiet = { color: colours.token("ink-2"), fontFamily: colours.font, fontSize: 12 };
  const line = { lineStyle: { color: colours.token("line-strong") } };
  const grid = { lineStyle: { color: colours.token("line") } };
  const names = {
    type: "category",
    data: spec.labels,
    axisLabel: { ...quiet, hideOverlap: true },
    axisLine: line,
    axisTick: { show: false },
    inverse: spec.horizontal,
  };
  const figures = { type: "value", axisLabel: quiet, splitLine: grid, minInterval: 1 };
  const share = { type: "value", min: 0, max: 100, axisLabel: { ...quiet, formatter: "{value} %" }, splitLine: { show: false } };
  const many = spec.series.length > 1 || spec.kind === "pareto";
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true, label: { enabled: true }, decal: { show: false } },
    textStyle: { fontFamily: colours.font },
    grid: { left: 8, right: spec.horizontal ? 24 : 12, top: many ? 40 : 16, bottom: 4, containLabel: true },
    legend: many ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: quiet } : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // HTML tooltips would need inline styles
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow", shadowStyle: { color: colours.token("ink"), opacity: 0.06 } },
      backgroundColor: colours.token("raised"),
      borderColor: colours.token("line-strong"),
      textStyle: { color: colours.token("ink"), fontFamily: colours.font, fontSize: 13 },
    },
    xAxis: spec.horizontal ? figures : names,
    yAxis: spec.horizontal ? names : spec.kind === "pareto" ? [figures, share] : figures,
    series: series(spec, colours),
  };
}

async function draw(figure) {
  const canvas = figure.querySelector("[data-chart-canvas]");
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  let echarts;
  try {
    echarts = await load(figure.dataset.echarts);
  } catch {
    figure.querySelector("details").open = true; // the figures are still there, as a table
    canvas.hidden = true;
    return;
  }
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(options(spec, palette()));
  new ResizeObserver(() => chart.resize()).observe(canvas);
  document.addEventListener("theme:changed", () => chart.setOption(options(spec, palette()), true));
  window.addEventListener("beforeprint", () => chart.resize());
  figure.dataset.drawn = "yes";
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target);
    }
  },
  { rootMargin: "200px" },
);
const watch = (root) => root.querySelectorAll?.("[data-chart]:not([data-drawn])").forEach((figure) => watcher.observe(figure));
watch(document);
document.addEventListener("htmx:afterSettle", (event) => watch(event.target));
