/** One raw signal: title, value under the cursor, plot. */

import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { onSchemeChange } from "../../shared/charts/axis.ts";
import { fixed } from "../../shared/format/numbers.ts";
import { valueAt } from "../signals/trace.ts";
import { type Listener, type Signal, SignalCanvas, type View } from "./signal-canvas.ts";

interface Properties {
  signal: Signal;
  view: View;
  /** What lies on either side of the level. */
  sides: string;
  /** Time under the cursor. [ms since 1970 UTC] */
  cursor: ReadonlySignal<number | null>;
  listener: Listener;
}

export function SignalPlot({ signal, view, sides, cursor, listener }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<SignalCanvas | null>(null);
  const current = useRef(listener);
  current.current = listener;
  useEffect(() => {
    const drawing = new SignalCanvas(host.current!, signal, {
      point: (ms) => current.current.point(ms),
      pick: (span) => current.current.pick(span),
      click: (ms) => current.current.click(ms),
    });
    canvas.current = drawing;
    const observer = new ResizeObserver(() => drawing.resize());
    observer.observe(host.current!);
    const endScheme = onSchemeChange(() => drawing.rebuild());
    return () => {
      endScheme();
      observer.disconnect();
      drawing.destroy();
    };
  }, []);
  useEffect(() => canvas.current?.draw(view), [view]);
  return (
    <div class="signal" data-times={String(signal.times)} role="img" aria-label={signal.title}>
      <p class="signal-title">
        <span class="swatch" aria-hidden="true" style={{ "--colour": `var(${signal.colour})` }} />
        {`${signal.title}, ${signal.unit} `}
        <Value signal={signal} view={view} cursor={cursor} />
        <span class="sides">{sides}</span>
      </p>
      <div class="signal-plot" ref={host} />
    </div>
  );
}

function Value({ signal, view, cursor }: Pick<Properties, "signal" | "view" | "cursor">) {
  const ms = cursor.value;
  return <b>{ms === null ? "" : fixed(valueAt(view.trace, signal.name, ms), 1)}</b>;
}
