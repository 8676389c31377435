/** The lines of the three strips: crane rates, trucks, reefers. */

import type { Line } from "./strip-plot.ts";

export interface Trace extends Line {
  kpi: string;
  subject: string;
}

const CRANE_COLOURS = 8;
const PLAIN = { dash: [], width: 1.5, stepped: false, right: false };

export function traceKey(trace: Trace): string {
  return `${trace.kpi}/${trace.subject}`;
}

export function rateTraces(terminal: string, cranes: readonly string[]): Trace[] {
  const trace = { ...PLAIN, kpi: "gross_crane_rate", decimals: 1 };
  const each = cranes.map((id, index) => ({
    ...trace,
    subject: id,
    label: id,
    colour: `--series-${(index % CRANE_COLOURS) + 1}`,
    dash: index % 2 === 1 ? [5, 3] : [],
  }));
  return [...each, { ...trace, subject: terminal, label: "terminal", colour: "--text", width: 2.5 }];
}

export function truckTraces(terminal: string): Trace[] {
  const trace = { ...PLAIN, subject: terminal, decimals: 1 };
  return [
    { ...trace, kpi: "truck_turn_time_median", label: "median", colour: "--series-1", width: 2 },
    { ...trace, kpi: "truck_turn_time_p90", label: "p90", colour: "--series-3", dash: [5, 3] },
    { ...trace, kpi: "gate_queue_length", label: "queue", colour: "--series-2", stepped: true, decimals: 0, right: true },
  ];
}

export function reeferTraces(terminal: string): Trace[] {
  const trace = { ...PLAIN, subject: terminal, decimals: 0, stepped: true, width: 2 };
  return [
    { ...trace, kpi: "reefers_out_of_range", label: "out of range", colour: "--alarm" },
    { ...trace, kpi: "reefers_unpowered", label: "unpowered", colour: "--warn", dash: [5, 3] },
  ];
}
