/** Which delays are listed: of which crane, and how far back. */

import { useTerminalData } from "../shared/live/context.ts";
import { type StopsRoute, stopsRoute } from "./route.ts";

/** As far back as the shift reaches. */
export const SHIFT = "shift";
const SPANS_H = [4, 12, 24];
const ALL = "";

export function CraneFilter({ route }: { route: StopsRoute }) {
  const ids = useTerminalData().ids("crane");
  const choose = (id: string): void => {
    location.hash = stopsRoute.link({ ...route, device: id === ALL ? null : id });
  };
  return (
    <select aria-label="Crane" value={route.device ?? ALL} onChange={(event) => choose(event.currentTarget.value)}>
      <option value={ALL}>all cranes</option>
      {ids.map((id) => (
        <option key={id} value={id} selected={id === route.device}>
          {id}
        </option>
      ))}
    </select>
  );
}

/** @param value hours, or the shift. */
export function SpanFilter({ value, choose }: { value: string; choose: (value: string) => void }) {
  return (
    <select aria-label="How far back" value={value} onChange={(event) => choose(event.currentTarget.value)}>
      <option value={SHIFT}>this shift</option>
      {SPANS_H.map((hours) => (
        <option key={hours} value={hours} selected={String(hours) === value}>
          last {hours} h
        </option>
      ))}
    </select>
  );
}
