/** What KPI values are told of: a terminal, a crane, a call or a berth. The id alone does not tell which. */

import { sideOf } from "../cranes/crane.ts";
import type { KpiInfo } from "../model/facts.ts";
import type { Picture } from "../live/terminal-data.ts";

export type Kind = "terminal" | "crane" | "yard crane" | "call" | "berth";

/** What a subject may be; null while nobody knows: devices have not been told yet, or not the values of all windows. */
export function kindsOf(subject: string, terminal: string, picture: Picture): readonly Kind[] | null {
  if (subject === terminal) return ["terminal"];
  if (picture.ids("crane").includes(subject)) {
    return [sideOf(subject, picture.device("crane", subject)?.type ?? null) === "yard" ? "yard crane" : "crane"];
  }
  if (picture.devices.size === 0 || !picture.allWindows) return null;
  const told = picture.kpisOf(subject);
  // Of a call that is over nothing is told any more, and both may be.
  if (told.length === 0) return ["call", "berth"];
  return [told.some((one) => one.window === "day") ? "berth" : "call"];
}

/** Windows over which a KPI is told of a subject of such a kind, the main one first. Yard cranes work no calls. */
export function windowsFor(info: KpiInfo | undefined, kinds: readonly Kind[]): string[] {
  const of = (kind: Kind): string[] =>
    kind === "yard crane" ? (info?.windows.get("crane") ?? []).filter((one) => one !== "call") : (info?.windows.get(kind) ?? []);
  return [...new Set(kinds.flatMap(of))];
}
