/** What all plots have in common: the page's colours and type on a canvas. */

import type uPlot from "uplot";

/** The value of a CSS variable of the page. */
export function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function axis(options: uPlot.Axis): uPlot.Axis {
  const font = "11px system-ui, sans-serif";
  const thin = { stroke: css("--line"), width: 1 };
  return {
    stroke: css("--muted"),
    font,
    labelFont: font,
    labelSize: 14,
    gap: 4,
    ticks: { ...thin, size: 4 },
    ...options,
    grid: { ...thin, ...options.grid },
  };
}

/** Calls when the page turns dark or light; returns what ends it. */
export function onSchemeChange(redraw: () => void): () => void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", redraw);
  return () => scheme.removeEventListener("change", redraw);
}
