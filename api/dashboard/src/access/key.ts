/** Keys of the API, and requests about them. */

import { get, pathOf, request, type Result, send } from "../shared/api/client.ts";
import { each, fields, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Key {
  id: string;
  name: string;
  role: string;
  /** Whose data only; null: all terminals. */
  terminal: string | null;
  addedMs: number | null;
  expiresMs: number | null;
  revokedMs: number | null;
  usedMs: number | null;
}

export interface NewKey {
  name: string;
  role: Role;
  terminal: string | null;
  days: number | null;
}

export function keys(): Promise<Result<Key[]>> {
  return get("keys", {}, (body) => each(fields<api.Keys>(body).keys, readKey));
}

/** The key itself, which nobody can read again. */
export function addKey(key: NewKey): Promise<Result<string>> {
  return send("POST", "keys", {}, key, (body) => text(fields<api.NewKey>(body).key) ?? "");
}

export function revokeKey(key: Key): Promise<Result<null>> {
  return request(pathOf("keys", key.id), { method: "DELETE" }, () => null);
}

/** How it stands now. */
export function stateOf(key: Key, nowMs: number): "revoked" | "expired" | "in force" {
  if (key.revokedMs !== null) return "revoked";
  return key.expiresMs !== null && key.expiresMs <= nowMs ? "expired" : "in force";
}

function readKey(value: unknown): Key | null {
  const found = fields<api.Key>(value);
  const id = text(found.id);
  if (id === null) return null;
  return {
    id,
    name: text(found.name) ?? "",
    role: text(found.role) ?? "",
    terminal: text(found.terminal),
    addedMs: timestamp(found.added_at),
    expiresMs: timestamp(found.expires_at),
    revokedMs: timestamp(found.revoked_at),
    usedMs: timestamp(found.last_used_at),
  };
}
