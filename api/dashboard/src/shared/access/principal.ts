/** Who looks at the page, and whether the server wants to know that first. */

import { signal } from "@preact/signals";
import { get, request, send, type Result, unlock } from "../api/client.ts";
import { fields, text } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export interface Principal {
  /** Of the user or key; null on a machine without both. */
  name: string | null;
  role: string;
  /** Whose data only; null: all terminals. */
  terminal: string | null;
  /** By what they are known: user, key, or local. */
  kind: string;
}

/** What somebody logs in with. */
export type Login = { key: string } | { name: string; password: string };

/** Null until it is known. */
export const principal = signal<Principal | null>(null);

function read(body: unknown): Principal {
  const session = fields<api.Session>(body);
  return {
    name: text(session.name),
    role: text(session.role) ?? "",
    terminal: text(session.terminal),
    kind: text(session.kind) ?? "",
  };
}

/** Ask who looks; where the server does not know, the page asks for a login. */
export async function readPrincipal(): Promise<void> {
  const found = await get("session", {}, read);
  if (!found.ok) return;
  principal.value = found.value;
  unlock();
}

export function logIn(login: Login): Promise<Result<Principal>> {
  return send("POST", "session", {}, login, read);
}

/** Become the first user, an admin, by the link that `quaystream up` has printed. */
export function beFirst(token: string, name: string, password: string): Promise<Result<Principal>> {
  return send("POST", "session/first", {}, { token, name, password }, read);
}

export function logOut(): Promise<Result<Principal>> {
  return request("session", { method: "DELETE" }, read);
}
