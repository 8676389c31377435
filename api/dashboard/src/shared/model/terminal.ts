/** Terminals. Times in ms since 1970 UTC. */

import { each, fields, number, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Terminal = NonNullable<ReturnType<typeof readTerminal>>;

function readTerminal(raw: unknown) {
  const from = fields<api.Terminal>(raw);
  const terminal = text(from.terminal);
  if (terminal === null) return null;
  return {
    terminal,
    devices: number(from.devices) ?? 0,
    /** IANA name. */
    timeZone: text(from.time_zone),
    shiftBeganAt: timestamp(fields<api.CurrentShift>(from.shift).begin),
  };
}

export function readTerminals(raw: unknown): Terminal[] {
  return each(fields<api.Terminals>(raw).terminals, readTerminal);
}
