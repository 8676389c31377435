/** A list of the terminal operating system beside what was detected, as the server compared them. */

import { type Answer, ask, route } from "../shared/api/client.ts";
import { each, figure, flag, moment, record, text, texts } from "../shared/api/fields.ts";

export interface Line {
  line: number | null;
  crane: string | null;
  at: number | null;
  container: string | null;
  kind: string;
  checkOk: boolean;
}

export interface FoundBox {
  device: string;
  lockedAt: number;
  unlockedAt: number | null;
  kind: string;
  container: string | null;
  inferred: boolean;
}

export interface Pair {
  found: FoundBox;
  line: Line;
  matchedBy: string;
  differs: string[];
}

export interface Reconciliation {
  importedAt: number | null;
  importedBy: string;
  detected: number | null;
  listed: number | null;
  difference: number | null;
  differencePct: number | null;
  equal: boolean;
  matched: number | null;
  onlyFoundCount: number;
  onlyListedCount: number;
  differingCount: number;
  byCrane: { crane: string | null; kind: string; detected: number | null; listed: number | null; difference: number | null }[];
  onlyFound: FoundBox[];
  onlyListed: Line[];
  differing: Pair[];
}

export function reconciliationOf(terminal: string, call: string): Promise<Answer<Reconciliation>> {
  return ask(route("calls", terminal, call, "reconciliation"), {}, reconciliation);
}

export function reconciliation(raw: unknown): Reconciliation {
  const from = record(raw);
  return {
    importedAt: moment(from["imported_at"]),
    importedBy: text(from["imported_by"]) ?? "",
    detected: figure(from["detected_boxes"]),
    listed: figure(from["tos_boxes"]),
    difference: figure(from["difference"]),
    differencePct: figure(from["difference_pct"]),
    equal: flag(from["equal"]) ?? false,
    matched: figure(from["matched"]),
    onlyFoundCount: figure(from["only_found_count"]) ?? 0,
    onlyListedCount: figure(from["only_tos_count"]) ?? 0,
    differingCount: figure(from["differing_count"]) ?? 0,
    byCrane: each(from["by_crane"], (one) => ({
      crane: text(record(one)["crane"]),
      kind: text(record(one)["kind"]) ?? "",
      detected: figure(record(one)["detected_boxes"]),
      listed: figure(record(one)["tos_boxes"]),
      difference: figure(record(one)["difference"]),
    })),
    onlyFound: each(from["only_found"], foundBox),
    onlyListed: each(from["only_tos"], line),
    differing: each(from["differing"], pair),
  };
}

/** A difference with its sign always there. */
export function signed(value: number | null, decimals = 0): string {
  if (value === null) return "–";
  return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${Math.abs(value).toFixed(decimals)}`;
}

function foundBox(raw: unknown): FoundBox | null {
  const from = record(raw);
  const [device, lockedAt] = [text(from["device"]), moment(from["locked_at"])];
  if (device === null || lockedAt === null) return null;
  return { device, lockedAt, unlockedAt: moment(from["unlocked_at"]), kind: text(from["kind"]) ?? "", container: text(from["container_id"]), inferred: flag(from["inferred"]) ?? false };
}

function line(raw: unknown): Line | null {
  const from = record(raw);
  const number = figure(from["line"]);
  if (number === null) return null;
  return { line: number, crane: text(from["crane"]), at: moment(from["at"]), container: text(from["container_id"]), kind: text(from["kind"]) ?? "", checkOk: flag(from["check_ok"]) ?? true };
}

function pair(raw: unknown): Pair | null {
  const from = record(raw);
  const [found, told] = [foundBox(from["found"]), line(from["line"])];
  return found === null || told === null ? null : { found, line: told, matchedBy: text(from["matched_by"]) ?? "", differs: texts(from["differs"]) };
}
