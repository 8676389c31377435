/** Crane moves. Times in ms since 1970 UTC. */

import { boolean, fields, number, text, texts, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Move = NonNullable<ReturnType<typeof readMove>>;

/** A move; null without crane, lock or unlock. */
export function readMove(raw: unknown) {
  const from = fields<api.Move>(raw);
  const [device, lockedAt, unlockedAt] = [text(from.device), timestamp(from.locked_at), timestamp(from.unlocked_at)];
  if (device === null || lockedAt === null || unlockedAt === null) return null;
  return {
    device,
    kind: text(from.kind) ?? "–",
    boxes: number(from.boxes),
    /** End of the move before; null where that is not known. */
    beganAt: timestamp(from.began_at),
    lockedAt,
    liftedAt: timestamp(from.lifted_at),
    landedAt: timestamp(from.landed_at),
    unlockedAt,
    inferred: boolean(from.inferred) ?? false,
    /** 1 where everything was seen and agrees. */
    confidence: number(from.confidence) ?? 1,
    peakLoadT: number(from.peak_load_t),
    sizeFt: number(from.size_ft),
    twin: boolean(from.twin) ?? false,
    containerIds: texts(from.container_ids),
    energyKwh: number(from.energy_kwh),
    waitedEmptyS: number(from.waited_empty_s),
    waitedLadenS: number(from.waited_laden_s),
  };
}

/** Name of a move among those of a terminal. */
export function moveKey(move: Move): string {
  return `${move.device}/${move.lockedAt}`;
}

/** What a move is called: `load, 2 boxes`. */
export function moveTitle(move: Move): string {
  const kind = spaced(move.kind);
  if (move.boxes === null || move.boxes === 0) return kind;
  return `${kind}, ${move.boxes} ${move.boxes === 1 ? "box" : "boxes"}${move.twin ? " (twin)" : ""}`;
}

/** How well a move is known, as people read it; "" where all of it was seen. */
export function confidenceText(move: Move): string {
  if (!move.inferred && move.confidence >= 1) return "";
  return `${move.inferred ? "* " : ""}${Math.round(move.confidence * 100)} %`;
}

/** An id of the API as words: `hatch cover`. */
export function spaced(id: string): string {
  return id.replaceAll("_", " ");
}
