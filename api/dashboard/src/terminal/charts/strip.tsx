/** One chart strip: title, legend with the values under the cursor, plot. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { onSchemeChange } from "../../shared/charts/axis.ts";
import { fixed } from "../../shared/format/numbers.ts";
import { zoneTitle } from "../../shared/format/shown-zone.ts";
import { hourMinute } from "../../shared/format/times.ts";
import type { Drawn } from "./feed.ts";
import { type Reach, reach } from "./scales.ts";
import { StripPlot, type Style } from "./strip-plot.ts";

interface Properties {
  id: string;
  title: string;
  style: Style;
  /** Null before there is anything to draw. */
  drawn: Drawn | null;
}

export function Strip({ id, title, style, drawn }: Properties) {
  const cursor = useSignal<number | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<StripPlot | null>(null);
  const held = drawn === null || style.plausible === null ? null : reach(drawn.values, style.plausible);
  useEffect(() => {
    const drawing = new StripPlot(host.current!, style, (index) => (cursor.value = index));
    plot.current = drawing;
    const observer = new ResizeObserver(() => drawing.resize());
    observer.observe(host.current!);
    const endScheme = onSchemeChange(() => drawing.rebuild());
    return () => {
      endScheme();
      observer.disconnect();
      drawing.destroy();
    };
  }, []);
  useEffect(() => {
    if (drawn !== null) plot.current?.draw(drawn.lines, drawn.times, drawn.values, held?.top ?? null);
  }, [drawn]);
  const index = cursor.value;
  return (
    <div class="strip" id={id} data-time={index === null ? "" : hourMinute((drawn?.times[index] ?? 0) * 1000)}>
      <div class="strip-head">
        <h3>
          {title}
          {style.times ? <span class="note"> times in {zoneTitle()}</span> : null}
        </h3>
        {drawn === null ? <ul class="legend" /> : <Legend drawn={drawn} index={index} held={held} />}
      </div>
      <div class="plot" ref={host} role="img" aria-label={drawn === null ? undefined : newestText(drawn)}>
        {drawn === null ? <p class="empty">No data yet</p> : null}
      </div>
    </div>
  );
}

/** @param index of the step under the cursor; null: the newest. @param held what the scale holds; null: everything. */
function Legend({ drawn, index, held }: { drawn: Drawn; index: number | null; held: Reach | null }) {
  const beyond = held?.beyond.map(([line, highest]) => `${drawn.lines[line]?.label} up to ${fixed(highest)}`) ?? [];
  return (
    <ul class="legend">
      {drawn.lines.map((line, number) => (
        <li key={line.label}>
          <span class={line.dash.length > 0 ? "swatch dashed" : "swatch"} aria-hidden="true" style={{ "--colour": `var(${line.colour})` }} />
          {line.label} <b>{fixed(drawn.values[number]?.at(index ?? -1) ?? null, line.decimals)}</b>
        </li>
      ))}
      <li class="beyond" hidden={beyond.length === 0} title="Drawn, the others would be flat lines.">
        {beyond.length === 0 ? "" : `▲ above the scale: ${beyond.join(", ")}`}
      </li>
    </ul>
  );
}

function newestText({ lines, values }: Drawn): string {
  const newest = lines.map((line, index) => `${line.label} ${fixed(values[index]?.at(-1) ?? null, line.decimals)}`);
  return `Chart, last six hours. Newest: ${newest.join(", ")}`;
}
