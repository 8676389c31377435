/** Chooses the span of time that a page shows: live, one that ends now, or from one moment to another. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useSession } from "../live/context.ts";
import { SpanForm } from "./form.tsx";
import { type Bounds, presets, spanText } from "./span.ts";
import type { PageSpan } from "./use-span.ts";

export function SpanPicker({ span }: { span: PageSpan }) {
  const session = useSession();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const form = useId();
  useEffect(() => setOpen(false), [span.key]);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const choose = (bounds: Bounds | null): void => {
    span.choose(bounds);
    setOpen(false);
  };
  return (
    <div class="span-picker" onKeyDown={(event) => (event.key === "Escape" && open ? close() : undefined)}>
      <div class="span-buttons" role="group" aria-label="Span of time">
        <button type="button" aria-pressed={span.live} onClick={() => choose(null)}>
          Live
        </button>
        {presets(session.listed?.shiftBeganAt ?? null).map(({ name, until }) => (
          <button key={name} type="button" onClick={() => choose(until(session.exactNowMs))}>
            {name}
          </button>
        ))}
        <button ref={opener} type="button" class="span-own" aria-pressed={!span.live} aria-expanded={open} aria-controls={form} onClick={() => setOpen(!open)}>
          {span.live ? "From – to" : spanText(span.bounds())} <span aria-hidden="true">▾</span>
        </button>
      </div>
      <div id={form} hidden={!open}>
        {open ? <SpanForm bounds={span.bounds()} choose={choose} /> : null}
      </div>
      <p class="span-problem" role="alert">
        {span.problem}
      </p>
    </div>
  );
}
