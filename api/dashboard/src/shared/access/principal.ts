/** Who looks at the page, and whether the server wants to know that first. */

import { signal } from "@preact/signals";
import { get, locked, request, send, type Result } from "../api/client.ts";
import { fields, text } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export interface Principal {
  /** Of their key; null on a machine without keys. */
  name: string | null;
  role: string;
  /** Whose data only; null: all terminals. */
  terminal: string | null;
}

/** Null until it is known. */
export const principal = signal<Principal | null>(null);

function read(body: unknown): Principal {
  const session = fields<api.Session>(body);
  return { name: text(session.name), role: text(session.role) ?? "", terminal: text(session.terminal) };
}

/** Ask who looks; where the server does not know, the page asks for a key. */
export async function readPrincipal(): Promise<void> {
  const found = await get("session", {}, read);
  if (found.ok) [principal.value, locked.value] = [found.value, false];
}

export function logIn(key: string): Promise<Result<Principal>> {
  return send("POST", "session", {}, { key }, read);
}

export function logOut(): Promise<Result<Principal>> {
  return request("session", { method: "DELETE" }, read);
}
