/** Entries of the audit log. */

import { get, type Result } from "../shared/api/client.ts";
import { each, fields, number, record, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

const MOST = 200;

export interface Entry {
  id: number;
  atMs: number | null;
  terminal: string | null;
  principal: string;
  action: string;
  subject: string;
  /** Each field that changed: its name, before and after; what was not there is null. */
  changes: readonly (readonly [string, string | null, string | null])[];
}

export function audit(): Promise<Result<Entry[]>> {
  return get("audit", { limit: MOST }, (body) => each(fields<api.Audit>(body).entries, readEntry));
}

export function readEntry(value: unknown): Entry | null {
  const found = fields<api.AuditEntry>(value);
  const id = number(found.id);
  if (id === null) return null;
  return {
    id,
    atMs: timestamp(found.at),
    terminal: text(found.terminal),
    principal: text(found.principal) ?? "",
    action: text(found.action) ?? "",
    subject: text(found.subject) ?? "",
    changes: changesOf(record(found.before), record(found.after)),
  };
}

function changesOf(before: Record<string, unknown>, after: Record<string, unknown>): Entry["changes"] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => [name, written(before[name]), written(after[name])] as const).filter(([, one, other]) => one !== other);
}

function written(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
