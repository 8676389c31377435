/** A list of the terminal operating system beside the detected boxes, as the server compared them. Times in ms since 1970 UTC. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { boolean, each, fields, number, text, texts, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export type Reconciliation = ReturnType<typeof readReconciliation>;
export type DetectedBox = NonNullable<ReturnType<typeof readBox>>;
export type ListLine = NonNullable<ReturnType<typeof readLine>>;
export type Pair = NonNullable<ReturnType<typeof readPair>>;
export type CraneCount = ReturnType<typeof readCraneCount>;

export function reconciliationOf(terminal: string, call: string): Promise<Result<Reconciliation>> {
  return get(pathOf("calls", terminal, call, "reconciliation"), {}, readReconciliation);
}

export function readReconciliation(raw: unknown) {
  const from = fields<api.Reconciliation>(raw);
  return {
    importedAt: timestamp(from.imported_at),
    importedBy: text(from.imported_by) ?? "",
    detected: number(from.detected_boxes),
    listed: number(from.tos_boxes),
    difference: number(from.difference),
    differencePct: number(from.difference_pct),
    equal: boolean(from.equal) ?? false,
    matched: number(from.matched),
    onlyFoundCount: number(from.only_found_count) ?? 0,
    onlyListedCount: number(from.only_tos_count) ?? 0,
    differingCount: number(from.differing_count) ?? 0,
    byCrane: each(from.by_crane, readCraneCount),
    onlyFound: each(from.only_found, readBox),
    onlyListed: each(from.only_tos, readLine),
    differing: each(from.differing, readPair),
  };
}

function readCraneCount(raw: unknown) {
  const from = fields<api.CraneCount>(raw);
  return {
    crane: text(from.crane),
    kind: text(from.kind) ?? "",
    detected: number(from.detected_boxes),
    listed: number(from.tos_boxes),
    difference: number(from.difference),
  };
}

function readBox(raw: unknown) {
  const from = fields<api.FoundBox>(raw);
  const [device, lockedAt] = [text(from.device), timestamp(from.locked_at)];
  if (device === null || lockedAt === null) return null;
  return {
    device,
    lockedAt,
    unlockedAt: timestamp(from.unlocked_at),
    kind: text(from.kind) ?? "",
    containerId: text(from.container_id),
    inferred: boolean(from.inferred) ?? false,
  };
}

function readLine(raw: unknown) {
  const from = fields<api.Line>(raw);
  const line = number(from.line);
  if (line === null) return null;
  return {
    line,
    crane: text(from.crane),
    at: timestamp(from.at),
    containerId: text(from.container_id),
    kind: text(from.kind) ?? "",
    checkOk: boolean(from.check_ok) ?? true,
  };
}

function readPair(raw: unknown) {
  const from = fields<api.Pairing>(raw);
  const [box, line] = [readBox(from.found), readLine(from.line)];
  return box === null || line === null ? null : { box, line, differs: texts(from.differs) };
}
