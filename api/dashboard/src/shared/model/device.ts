/** Devices with their counters, and their newest samples. Times in ms since 1970 UTC. */

import { boolean, fields, type Json, number, record, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Device = NonNullable<ReturnType<typeof readDevice>>;

/** A device; null without stream or id. */
export function readDevice(raw: unknown) {
  const from = fields<api.Device>(raw);
  const [stream, device] = [text(from.stream), text(from.device)];
  if (stream === null || device === null) return null;
  return {
    stream,
    device,
    type: text(from.type),
    online: boolean(from.online),
    lastTime: timestamp(from.last_time),
    stored: number(from.stored) ?? 0,
    duplicate: number(from.duplicate) ?? 0,
    late: number(from.late) ?? 0,
    outOfRange: number(from.out_of_range) ?? 0,
    unknownKeys: number(from.unknown_keys) ?? 0,
    quarantined: number(from.quarantined) ?? 0,
    contradictory: Object.entries(record(from.contradictory_by_signals)).map(([signals, count]) => ({
      signals,
      count: number(count) ?? 0,
    })),
  };
}

export interface Sample {
  stream: string;
  device: string;
  time: number;
  signals: Json;
}

/** The newest sample of a device; null without stream, id or time. */
export function readSample(raw: unknown): Sample | null {
  const from = fields<api.Latest>(raw);
  const [stream, device, time] = [text(from.stream), text(from.device), timestamp(from.time)];
  if (stream === null || device === null || time === null) return null;
  return { stream, device, time, signals: record(from.signals) };
}
