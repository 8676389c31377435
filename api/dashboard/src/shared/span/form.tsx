/** Two moments, to be written in the zone that the page shows. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { shownZone, zoneTitle } from "../format/shown-zone.ts";
import { momentOf, wallTime } from "../format/zones.ts";
import { useSession } from "../live/context.ts";
import { type Bounds, spanProblem } from "./span.ts";

interface Properties {
  /** What is shown now. */
  bounds: Bounds;
  choose: (bounds: Bounds) => void;
}

const MINUTE_DIGITS = "2026-11-28T13:05".length;

export function SpanForm({ bounds, choose }: Properties) {
  const session = useSession();
  const zone = shownZone.value;
  const minute = (ms: number): string => wallTime(ms, zone).slice(0, MINUTE_DIGITS);
  const [from, setFrom] = useState(minute(bounds.fromMs));
  const [to, setTo] = useState(minute(bounds.toMs));
  const [problem, setProblem] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    const [fromMs, toMs] = [momentOf(from, zone), momentOf(to, zone)];
    const found = spanProblem(fromMs, toMs, session.exactNowMs);
    setProblem(found);
    if (found === null) choose({ fromMs: fromMs!, toMs: toMs! });
  };
  return (
    <form class="span-form" noValidate onSubmit={submit}>
      <Moment label={`From (${zoneTitle()})`} value={from} write={setFrom} field={first} />
      <Moment label={`To (${zoneTitle()})`} value={to} write={setTo} />
      <button type="submit" class="main">
        Show
      </button>
      <p class="span-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

interface MomentProperties {
  label: string;
  value: string;
  write: (value: string) => void;
  field?: { current: HTMLInputElement | null };
}

function Moment({ label, value, write, field }: MomentProperties) {
  const id = useId();
  return (
    <span class="span-moment">
      <label for={id}>{label}</label>
      <input id={id} ref={field ?? null} type="datetime-local" value={value} onInput={(event) => write(event.currentTarget.value)} />
    </span>
  );
}
