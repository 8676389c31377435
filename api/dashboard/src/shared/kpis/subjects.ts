/** Subjects of KPI values: a terminal, a device, a call or a berth. The id alone does not show which. */

import { sideOf } from "../cranes/crane.ts";
import type { TerminalData } from "../live/terminal-data.ts";
import { KINDS_OF_STREAMS } from "../model/constants.ts";
import type { KpiInfo } from "../model/kpi.ts";

/** As in the windows of the catalogue: `terminal`, `call`, `berth`, `vehicle`, `lane`; and `yard crane`. */
export type Kind = string;

/** Windows that berths and calls have: they come before devices of other streams. */
const OF_CALLS = new Set(["call", "day"]);

/** What a subject may be; null while that is not known: devices have not come yet, or not the values of all windows. */
export function kindsOf(subject: string, terminal: string, data: TerminalData): readonly Kind[] | null {
  if (subject === terminal) return ["terminal"];
  if (data.ids("crane").includes(subject)) {
    return [sideOf(subject, data.device("crane", subject)?.type ?? null) === "yard" ? "yard crane" : "crane"];
  }
  if (data.devices.size === 0 || !data.allWindows) return null;
  const values = data.kpisOf(subject);
  const device = [...data.devices.values()].find((one) => one.device === subject);
  if (device !== undefined && !values.some((one) => OF_CALLS.has(one.window))) {
    return [KINDS_OF_STREAMS.get(device.stream) ?? device.stream];
  }
  // A call that has ended has no values any more, and both may be.
  if (values.length === 0) return ["call", "berth"];
  const has = (window: string): boolean => values.some((one) => one.window === window);
  if (has("now") || has("PT1H")) return ["rack"]; // calls and berths have no windows that slide
  return [has("day") ? "berth" : "call"];
}

/** Windows of a KPI for such subjects, the main one first. Yard cranes work no calls. */
export function windowsFor(info: KpiInfo | undefined, kinds: readonly Kind[]): string[] {
  const of = (kind: Kind): string[] =>
    kind === "yard crane" ? (info?.windows.get("crane") ?? []).filter((one) => one !== "call") : (info?.windows.get(kind) ?? []);
  return [...new Set(kinds.flatMap(of))];
}
